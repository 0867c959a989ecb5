import type { CallExpr, ComprehensionExpr, Expr, SubscriptExpr } from "../../python/index.js";
import { childrenOf } from "../../python/index.js";
import { collection, join, mapValue, never, none, together, unknown, type Value } from "../values/value.js";
import { attributeValue } from "./attributes.js";
import { callValue } from "./calls.js";
import { all, comparison } from "./conditions.js";
import { decided } from "./decided.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf, enter, leave, iterationOf } from "./iterations.js";
import { evaluateHanded, plain } from "./keysInHand.js";
import { textOfValue } from "./members.js";
import { nameValue } from "./names.js";
import { fewRows } from "./queries.js";
import { assign, targetNames } from "./targets.js";
import { noteEscape } from "./uses.js";

/** The value of an expression; what it does on the way is recorded. */
export function evaluate(ev: Evaluator, expr: Expr): Value {
  if (!ev.spend()) return unknown;
  switch (expr.kind) {
    case "name":
      return plain(nameValue(ev, expr));
    case "attribute":
      return (expr.of.kind === "name" && ev.env.get(`${expr.of.id}.${expr.name}`)) || attributeValue(ev, evaluate(ev, expr.of), expr);
    case "call":
      return callValue(ev, expr, false);
    case "await":
      return expr.value.kind === "call" ? callValue(ev, expr.value, true) : evaluate(ev, expr.value);
    case "string":
      return { kind: "string", literal: expr, file: ev.file };
    case "number":
      return { kind: "number", value: Number(expr.text) };
    case "constant":
      if (typeof expr.value === "boolean") return { kind: "boolean", value: expr.value };
      return expr.value === null ? none : unknown;
    case "list":
    case "set":
      return collection(sequence(ev, expr.items), written(expr.items));
    case "tuple":
      return { kind: "tuple", items: expr.items.map((item) => evaluate(ev, item.kind === "splat" ? item.value : item)) };
    case "dict":
      return dictionary(ev, expr.entries);
    case "subscript":
      return subscript(ev, expr);
    case "comprehension":
      return comprehension(ev, expr);
    case "conditional":
      return conditional(ev, expr);
    case "operator":
      return operator(ev, expr);
    case "walrus": {
      const value = evaluate(ev, expr.value);
      ev.bind(expr.target, value);
      return value;
    }
    case "lambda":
      return { kind: "closure", file: ev.file, code: expr, fn: ev.fn, env: ev.env };
    case "yield":
      return yielded(ev, expr);
    case "format":
      for (const part of expr.parts) {
        const value = evaluate(ev, part);
        noteEscape(ev, value);
        textOfValue(ev, value, part);
      }
      return unknown;
    case "splat":
      return evaluate(ev, expr.value);
    default:
      for (const child of childrenOf(expr)) noteEscape(ev, evaluate(ev, child));
      return unknown;
  }
}

export function evaluateArguments(ev: Evaluator, call: CallExpr): Value[] {
  const takesFirst = call.callee.kind === "name" && call.callee.id === "next";
  return call.args.map(({ value }, at) =>
    takesFirst && at === 0 && value.kind === "comprehension" ? comprehension(ev, value, true) : evaluateHanded(ev, value),
  );
}

function yielded(ev: Evaluator, expr: Expr & { kind: "yield" }): Value {
  if (!expr.value) return unknown;
  const value = evaluate(ev, expr.value);
  ev.yieldsMany ||= expr.from === true || ev.iterations.length > ev.outer;
  ev.yielded = join(ev.yielded, expr.from ? elementsOf(ev, value, expr.value) : value);
  noteEscape(ev, value);
  return unknown;
}

/** A written-out list has as many elements as it has. */
const written = (items: readonly Expr[]) => ({
  few: items.every((item) => item.kind !== "splat"),
  ...(items.some((item) => item.kind !== "splat") ? { full: true } : {}),
});

/** What is evaluated under a condition. */
function maybe(ev: Evaluator, inside: () => Value): Value {
  ev.conditions++;
  const value = inside();
  ev.conditions--;
  return value;
}

function sequence(ev: Evaluator, items: readonly Expr[]): Value {
  const values = items.map((item) => (item.kind === "splat" ? elementsOf(ev, evaluate(ev, item.value), item) : evaluate(ev, item)));
  // A list of conditions is meant as their conjunction.
  return values.some((value) => value.kind === "condition") ? all(values) : values.reduce(together, never);
}

/** A written-out dict above this size is a table of its own. */
const fewEntries = 20;

function dictionary(ev: Evaluator, entries: readonly { key?: Expr; value: Expr }[]): Value {
  let key: Value = never;
  let value: Value = never;
  const named = new Map<string, Value>();
  for (const entry of entries) {
    if (entry.key) key = join(key, evaluate(ev, entry.key));
    const one = evaluate(ev, entry.value);
    if (entry.key?.kind === "string") named.set(entry.key.value, one);
    if (!entry.key && one.kind === "mapping") for (const [name, each] of one.entries ?? []) named.set(name, each);
    // What goes into a literal dict is looked at by somebody else.
    noteEscape(ev, one);
    value = join(value, entry.key ? one : unknown);
  }
  const few = entries.length > 0 && entries.length <= fewEntries && entries.every((entry) => entry.key);
  return { kind: "mapping", key, value, entries: named, ...(few ? { few: true } : {}) };
}

function conditional(ev: Evaluator, expr: Expr & { kind: "conditional" }): Value {
  const chosen = decided(ev, expr.test);
  evaluate(ev, expr.test);
  if (chosen !== undefined) return evaluate(ev, chosen ? expr.then : expr.else);
  return maybe(ev, () => join(evaluate(ev, expr.then), evaluate(ev, expr.else)));
}

/** Of `flag and row.rel` with a flag that a call has turned off, the flag alone; of `True and x`, what is left of it. */
function withoutExcluded(ev: Evaluator, { op, items }: Expr & { kind: "operator" }): readonly Expr[] {
  const stops = items.findIndex((item) => decided(ev, item) === (op === "or"));
  return stops < 0 ? items : items.slice(0, stops + 1);
}

function operator(ev: Evaluator, whole: Expr & { kind: "operator" }): Value {
  const shortCircuits = whole.op === "or" || whole.op === "and";
  const expr = shortCircuits ? { ...whole, items: withoutExcluded(ev, whole) } : whole;
  const [left] = expr.items;
  const first = expr.op === "or" && left?.kind === "name" ? ev.env.get(left.id) : undefined;
  // `given or [...]` with a list that a call has written out.
  if (first?.kind === "collection" && first.full) return first;
  const items: Value[] = [];
  for (const [at, item] of expr.items.entries()) {
    if (!shortCircuits || at === 0) items.push(expr.op === "or" ? evaluateHanded(ev, item, false) : evaluate(ev, item));
    else items.push(maybe(ev, () => (expr.op === "or" ? fallback(ev, item) : evaluate(ev, item))));
    // `order.customer_id or order.customer.id`: a key that cannot be NULL.
    const last = items[at]!;
    if (last.kind === "key") {
      if (!last.nullable && item.kind === "attribute") return unknown;
      items[at] = unknown;
    }
  }
  const [only] = items;
  if (expr.op === "not" && only?.kind === "boolean") return { kind: "boolean", value: !only.value };
  if (expr.op === "or") return items.reduce(join, never);
  if (expr.op === "and") return join(items.at(-1) ?? unknown, none);
  if (expr.op === "+" && items.every((item) => item.kind === "collection"))
    return collection(items.map((item) => item.of).reduce(together, never));
  return comparison(expr, items) ?? (expr.op === "&" ? all(items) : unknown);
}

/** What stands behind `or` is looked at only where what stands before it is nothing: a load in it may never happen. */
function fallback(ev: Evaluator, expr: Expr): Value {
  const { effects } = ev.found;
  const before = effects.length;
  const value = evaluate(ev, expr);
  for (let at = before; at < effects.length; at++) {
    const effect = effects[at]!;
    if (effect.kind === "lazyLoad") effects[at] = { ...effect, owner: { ...effect.owner, doubt: effect.owner.doubt ?? "likely" } };
  }
  return value;
}

function subscript(ev: Evaluator, expr: SubscriptExpr): Value {
  const of = evaluate(ev, expr.of);
  const index = evaluate(ev, expr.index);
  return mapValue(of, (value) => {
    // Behind a test for None, what is left of the value.
    if (value.kind === "none") return never;
    if (value.kind === "tuple") return itemOf(value, index);
    // `Page[UserOut]`
    if (value.kind === "symbol" && value.symbol.kind === "class") return value;
    if (value.kind === "mapping") return (index.kind === "string" && value.entries?.get(index.literal.value)) || value.value;
    if (value.kind === "query" && value.bound)
      return expr.index.kind === "slice"
        ? collection(elementsOf(ev, value, expr), shortSlice(expr.index) ? { few: true } : {})
        : elementsOf(ev, value, expr);
    if (value.kind !== "collection") return unknown;
    return expr.index.kind === "slice" ? { ...value, full: false, ...(shortSlice(expr.index) ? { few: true } : {}) } : value.of;
  });
}
/** `row[0]`, `row["User"]` */
function itemOf(value: Value & { kind: "tuple" }, index: Value): Value {
  if (index.kind === "number") return value.items.at(index.value) ?? unknown;
  const at = index.kind === "string" ? (value.names?.indexOf(index.literal.value) ?? -1) : -1;
  return value.items[at] ?? unknown;
}
/** `[:1]`, `[:5]`. */
function shortSlice(slice: Expr & { kind: "slice" }): boolean {
  const [only] = slice.parts;
  return slice.parts.length === 1 && only?.kind === "number" && Number(only.text) <= fewRows;
}

/** Every element is left out by a condition that a call has decided. */
function nothingOf(ev: Evaluator, { of }: ComprehensionExpr, before: Evaluator["env"], entered: number): Value {
  while (ev.iterations.length > entered) leave(ev);
  ev.env = before;
  return of === "dict" ? { kind: "mapping", key: never, value: never } : collection(never, { few: true });
}

/** @param first nobody asks for more than its first element */
function comprehension(ev: Evaluator, expr: ComprehensionExpr, first = false): Value {
  const before = ev.env;
  ev.env = before.child();
  const entered = ev.iterations.length;
  for (const clause of expr.clauses) {
    if (clause.kind === "if") {
      const excluded = decided(ev, clause.test) === false;
      evaluate(ev, clause.test);
      if (excluded) return nothingOf(ev, expr, before, entered);
      continue;
    }
    const over = evaluate(ev, clause.iter);
    const bound = new Set(targetNames(clause.target));
    const found = iterationOf(
      ev,
      {
        kind: "comprehension",
        target: clause.target,
        iter: clause.iter,
        start: clause.start,
        end: clause.end,
        async: clause.async === true,
      },
      over,
      bound,
    );
    const iteration = first ? { ...found, few: true } : found;
    const element = elementsOf(ev, over, clause.iter, clause.async === true);
    enter(ev, iteration);
    assign(ev, clause.target, element, iteration);
  }
  const key = expr.key ? evaluate(ev, expr.key) : never;
  const element = evaluate(ev, expr.element);
  const loops = ev.iterations.slice(entered);
  const layout = {
    ...(loops.every((one) => one.few) ? { few: true } : {}),
    ...(loops.some((one) => one.batches) ? { batches: true } : {}),
  };
  while (ev.iterations.length > entered) leave(ev);
  ev.env = before;
  if (expr.of === "dict") return { kind: "mapping", key, value: element };
  return collection(element, layout);
}
