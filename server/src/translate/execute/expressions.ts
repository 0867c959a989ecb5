import { childrenOf, type Expr } from "../../python/index.js";
import { buildsSql, listOf, type Args, type DictValue, type Value } from "../values.js";
import { attribute } from "./attributes.js";
import { assign } from "./assign.js";
import { decide, truth } from "./decide.js";
import { Frame } from "./frame.js";
import { elementsOf, loopVariable } from "./loops.js";
import { lookUp } from "./names.js";
import { operate } from "./operators.js";
import { subscript } from "./subscripts.js";
import type { Machine } from "./machine.js";
import { unparse } from "./unparse.js";

export function evaluate(m: Machine, expr: Expr, frame: Frame): Value {
  switch (expr.kind) {
    case "name":
      return lookUp(m, expr.id, frame);
    case "attribute":
      return attribute(m, m.eval(expr.of, frame), expr.name, expr, frame);
    case "call": {
      const callee = m.eval(expr.callee, frame);
      return m.call(callee, argsOf(m, expr, frame), expr, frame);
    }
    case "subscript":
      return subscript(m, m.eval(expr.of, frame), expr, frame);
    case "string":
      return expr.bytes ? { kind: "parameter", name: "bytes", type: { name: "bytes" } } : { kind: "constant", value: expr.value };
    case "number":
      return numberOf(expr.text);
    case "constant":
      return expr.value === "..." ? { kind: "unknown", reason: "..." } : { kind: "constant", value: expr.value };
    case "format":
      for (const part of expr.parts) m.eval(part, frame);
      return { kind: "parameter", name: "f-string", type: { name: "str" } };
    case "list":
    case "tuple":
    case "set":
      return sequence(m, expr, frame);
    case "dict":
      return dictionary(m, expr, frame);
    case "await":
    case "splat":
      return m.eval(expr.value, frame);
    case "walrus": {
      const value = m.eval(expr.value, frame);
      frame.set(expr.target, value);
      return value;
    }
    case "conditional":
      return conditional(m, expr, frame);
    case "operator":
      return operate(m, expr, frame);
    case "comprehension":
      return comprehension(m, expr, frame);
    case "lambda":
      return { kind: "lambda", expr, closure: frame };
    case "yield":
      if (expr.value) m.eval(expr.value, frame);
      return { kind: "parameter", name: "yield" };
    default:
      for (const child of childrenOf(expr)) m.eval(child, frame);
      return { kind: "unknown", reason: `${unparse(expr)} is not understood`, file: frame.file, start: expr.start };
  }
}

function numberOf(text: string): Value {
  const clean = text.replaceAll("_", "");
  const value = Number(clean);
  if (Number.isNaN(value)) return { kind: "parameter", name: text };
  return Number.isInteger(value) && clean.includes(".")
    ? { kind: "parameter", name: text, type: { name: "float" } }
    : { kind: "constant", value };
}

function sequence(m: Machine, expr: Expr & { kind: "list" | "tuple" | "set" }, frame: Frame): Value {
  const result = listOf([], expr.kind);
  for (const item of expr.items) {
    const value = m.eval(item, frame);
    if (item.kind !== "splat") result.items.push(value);
    else {
      const elements = elementsOf(m, value);
      if (elements) result.items.push(...elements);
      else result.open = `*${unparse(item.value)} is not known`;
    }
  }
  return result;
}

function dictionary(m: Machine, expr: Expr & { kind: "dict" }, frame: Frame): Value {
  const result: DictValue = { kind: "dict", entries: new Map(), others: [] };
  for (const { key, value } of expr.entries) {
    const evaluated = m.eval(value, frame);
    const name = key && m.eval(key, frame);
    if (!name) {
      if (evaluated.kind === "dict" && evaluated.open === undefined) for (const [k, v] of evaluated.entries) result.entries.set(k, v);
      else result.open = `**${unparse(value)} is not known`;
    } else if (name.kind === "constant" && typeof name.value === "string") result.entries.set(name.value, evaluated);
    else (result.others as [Value, Value][]).push([name, evaluated]);
  }
  return result;
}

function conditional(m: Machine, expr: Expr & { kind: "conditional" }, frame: Frame): Value {
  const known = truth(m.eval(expr.test, frame));
  if (known !== undefined) return m.eval(known ? expr.then : expr.else, frame);
  const then = m.eval(expr.then, frame);
  const other = m.eval(expr.else, frame);
  const plain =
    !buildsSql(then) && !buildsSql(other) && !isNone(then) && !isNone(other) && then.kind !== "unknown" && other.kind !== "unknown";
  if (plain) return { kind: "parameter", name: unparse(expr), ...(then.kind === "parameter" && then.type ? { type: then.type } : {}) };
  return decide(m, expr.test, frame) ? then : other;
}
const isNone = (value: Value) => value.kind === "constant" && value.value === null;

function comprehension(m: Machine, expr: Expr & { kind: "comprehension" }, frame: Frame): Value {
  const inner = new Frame(frame.file, frame.index, frame.depth, frame);
  const result = listOf([], expr.of === "set" ? "set" : "list");
  const into: DictValue = { kind: "dict", entries: new Map(), others: [] };
  let open: string | undefined;
  const go = (at: number): void => {
    const clause = expr.clauses[at];
    if (!clause) {
      const element = m.eval(expr.element, inner);
      const key = expr.key && m.eval(expr.key, inner);
      if (key?.kind === "constant" && typeof key.value === "string") into.entries.set(key.value, element);
      else if (key) into.open = "keys of a comprehension are not known";
      else result.items.push(element);
    } else if (clause.kind === "if") {
      const known = truth(m.eval(clause.test, inner));
      if (known === undefined && open === undefined) {
        if (decide(m, clause.test, inner)) go(at + 1);
      } else if (known !== false) go(at + 1);
    } else {
      const over = m.eval(clause.iter, inner);
      const elements = elementsOf(m, over);
      if (!elements) {
        open = `${unparse(expr.element)} for each of ${unparse(clause.iter)}, which is not known`;
        assign(m, clause.target, loopVariable(m, over, unparse(clause.target)), inner);
        go(at + 1);
      } else {
        m.repeating++;
        for (const element of elements) {
          assign(m, clause.target, element, inner);
          go(at + 1);
        }
        m.repeating--;
      }
    }
  };
  go(0);
  if (expr.of === "dict") return open === undefined ? into : { ...into, open };
  if (open === undefined) return result;
  const [first] = result.items;
  // Plain values: a list that is known when the code runs.
  if (first && !buildsSql(first) && first.kind !== "unknown") {
    const type = first.kind === "parameter" ? first.type : undefined;
    return { kind: "parameter", name: unparse(expr), type: { name: type ? `list[${type.name}]` : "list", list: type ?? { name: "" } } };
  }
  return { ...result, open };
}

/** Arguments with splats spread; what cannot be spread makes the call refuse when it matters. */
export function argsOf(m: Machine, expr: Expr & { kind: "call" }, frame: Frame): Args {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  for (const arg of expr.args) {
    const value = m.eval(arg.value, frame);
    if (arg.splat === 1) {
      const elements = elementsOf(m, value);
      if (elements) positional.push(...elements);
      else positional.push({ kind: "unknown", reason: `*${unparse(arg.value)} is not known`, file: frame.file, start: arg.value.start });
    } else if (arg.splat === 2) {
      if (value.kind === "dict") for (const [key, item] of value.entries) keywords.set(key, item);
      if (value.kind !== "dict" || value.open !== undefined)
        keywords.set("**", { kind: "unknown", reason: `**${unparse(arg.value)} is not known`, file: frame.file, start: arg.value.start });
    } else if (arg.name !== undefined) keywords.set(arg.name, value);
    else positional.push(value);
  }
  return { positional, keywords, exprs: expr.args.map((arg) => arg.value) };
}
