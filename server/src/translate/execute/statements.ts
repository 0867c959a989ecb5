import { namesBoundBy, type Expr, type Stmt } from "../../python/index.js";
import { buildsSql, type Value } from "../values.js";
import { assign, widen } from "./assign.js";
import { afterStatement } from "./boundary.js";
import { decide } from "./decide.js";
import { evaluateImport } from "./names.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";
import { PathEnd } from "./oracle.js";
import type { Slice } from "./slice.js";
import { unparse } from "./unparse.js";
import { elementsOf, loopVariable } from "./loops.js";

export type Flow = "next" | "return" | "break" | "continue";

export function runBlock(m: Machine, body: readonly Stmt[], frame: Frame, slice: Slice): Flow {
  for (const statement of body) {
    if (!slice.relevant(statement) && !alwaysRun.has(statement.kind)) continue;
    const flow = runStatement(m, statement, frame, slice);
    if (flow !== "next") return flow;
    afterStatement(m, statement, frame, slice);
  }
  return "next";
}
const alwaysRun = new Set(["import", "function", "class"]);

function runStatement(m: Machine, statement: Stmt, frame: Frame, slice: Slice): Flow {
  m.step();
  switch (statement.kind) {
    case "expression":
      m.eval(statement.value, frame);
      handOver(m, statement.value, frame);
      return "next";
    case "assign":
      if (statement.value) {
        const value = m.eval(statement.value, frame);
        for (const target of statement.targets) assign(m, target, value, frame);
      }
      return "next";
    case "augment": {
      const value = m.eval(
        {
          kind: "operator",
          op: statement.op.replace("=", ""),
          items: [statement.target, statement.value],
          start: statement.start,
          end: statement.end,
        },
        frame,
      );
      assign(m, statement.target, value, frame);
      return "next";
    }
    case "return":
      frame.returned = statement.value ? m.eval(statement.value, frame) : { kind: "constant", value: null };
      return "return";
    case "raise":
      throw new PathEnd();
    case "break":
    case "continue":
      return statement.kind;
    case "if":
      return runIf(m, statement, frame, slice);
    case "for":
      return runFor(m, statement, frame, slice);
    case "while":
      widenAssigned(m, statement.body, frame);
      return runLoopBody(m, statement.body, frame, slice);
    case "with":
      for (const item of statement.items) {
        const value = m.eval(item.value, frame);
        if (item.target)
          assign(m, item.target, value.kind === "unknown" ? { kind: "parameter", name: unparse(item.target) } : value, frame);
      }
      return runBlock(m, statement.body, frame, slice);
    case "try":
      return runTry(m, statement, frame, slice);
    case "match":
      return runMatch(m, statement, frame, slice);
    case "function": {
      const name = m.facts(frame.file).functions[statement.index]!.name;
      frame.set(name, { kind: "function", file: frame.file, index: statement.index, closure: frame });
      return "next";
    }
    case "class":
      return "next";
    case "import":
      evaluateImport(m, statement.index, frame);
      return "next";
    case "other":
      for (const item of statement.items) m.eval(item, frame);
      return "next";
  }
}

/** `service.restrict(conditions)`: what is called is not known, and may add to the list that it gets. */
function handOver(m: Machine, expr: Expr, frame: Frame): void {
  const call = expr.kind === "await" ? expr.value : expr;
  if (call.kind !== "call" || (call.callee.kind === "attribute" && harmless.has(call.callee.name))) return;
  for (const { value } of call.args) {
    const held = value.kind === "name" ? frame.get(value.id) : undefined;
    if (held?.kind !== "list" && held?.kind !== "dict") continue;
    const callee = m.eval(call.callee, frame);
    if (callee.kind !== "parameter" && callee.kind !== "unknown" && callee.kind !== "instance") continue;
    held.open = `${unparse(value)} is handed to ${unparse(call.callee)}(), which is not known`;
  }
}
/** Methods that write down or send what they get, and containers' own. */
const harmless = new Set([
  ...["debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print", "write"],
  ...["execute", "scalars", "scalar", "exec", "add_all", "bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings"],
  ...["append", "extend", "add", "insert", "update", "setdefault", "put", "send", "publish"],
]);

/** It leaves the function or the round without touching the query. */
function leaves(body: readonly Stmt[], slice: Slice): boolean {
  const last = body.at(-1);
  const jumps = last?.kind === "raise" || last?.kind === "continue" || last?.kind === "break" || last?.kind === "return";
  return jumps && !body.some((statement) => slice.relevant(statement));
}

function runIf(m: Machine, statement: Stmt & { kind: "if" }, frame: Frame, slice: Slice): Flow {
  const only = m.goal?.rounds === 0 ? wayToGoal(statement, slice) : undefined;
  for (const { test, body } of statement.branches) {
    if (only) {
      if (decide(m, test, frame, body === only) !== (body === only)) throw new PathEnd();
      if (body === only) return runBlock(m, body, frame, slice);
      continue;
    }
    if (leaves(body, slice)) {
      // Passed by: what follows is what matters.
      m.eval(test, frame);
      decide(m, test, frame, false);
      continue;
    }
    if (decide(m, test, frame)) return runBlock(m, body, frame, slice);
  }
  if (!statement.else) return "next";
  if (leaves(statement.else, slice)) throw new PathEnd();
  return runBlock(m, statement.else, frame, slice);
}

/** The block in which the query stands: no other way leads to it. */
const wayToGoal = (statement: Stmt & { kind: "if" }, slice: Slice): readonly Stmt[] | undefined =>
  [...statement.branches.map(({ body }) => body), ...(statement.else ? [statement.else] : [])].find((body) =>
    body.some((one) => slice.contains(one)),
  );

function runFor(m: Machine, statement: Stmt & { kind: "for" }, frame: Frame, slice: Slice): Flow {
  const over = m.eval(statement.iter, frame);
  const elements = elementsOf(m, over);
  if (elements && elements.length <= 32) {
    const flow = m.inRounds(frame, elements, (element) => {
      assign(m, statement.target, element, frame);
      return runBlock(m, statement.body, frame, slice);
    });
    if (flow === "break") return "next";
    if (flow === "return") return flow;
    return statement.else ? runBlock(m, statement.else, frame, slice) : "next";
  }
  widenAssigned(m, statement.body, frame);
  assign(m, statement.target, loopVariable(m, over, unparse(statement.target)), frame);
  return runLoopBody(m, statement.body, frame, slice);
}

/** A loop whose number of rounds is not known: names that it changes are not known inside of it or behind it. */
function runLoopBody(m: Machine, body: readonly Stmt[], frame: Frame, slice: Slice): Flow {
  const flow = runBlock(m, body, frame, slice);
  // A loop that holds the query ends the path with it.
  if (flow === "return") return body.some((statement) => slice.contains(statement)) ? "return" : "next";
  widenAssigned(m, body, frame);
  return "next";
}

function assignedIn(body: readonly Stmt[], into: Map<string, Stmt>): void {
  const target = (expr: Expr, statement: Stmt): void => {
    if (expr.kind === "name") into.set(expr.id, statement);
    else if (expr.kind === "tuple" || expr.kind === "list") for (const item of expr.items) target(item, statement);
  };
  const mutated = (expr: Expr, statement: Stmt): void => {
    if (
      expr.kind === "call" &&
      expr.callee.kind === "attribute" &&
      expr.callee.of.kind === "name" &&
      ["append", "extend", "add", "insert", "update"].includes(expr.callee.name)
    )
      into.set(expr.callee.of.id, statement);
  };
  for (const statement of body) {
    if (statement.kind === "assign") for (const one of statement.targets) target(one.kind === "subscript" ? one.of : one, statement);
    else if (statement.kind === "augment" || statement.kind === "for") target(statement.target, statement);
    else if (statement.kind === "expression") mutated(statement.value, statement);
    for (const block of blocksOf(statement)) assignedIn(block, into);
  }
}

function blocksOf(statement: Stmt): readonly (readonly Stmt[])[] {
  if (statement.kind === "if") return [...statement.branches.map((branch) => branch.body), ...(statement.else ? [statement.else] : [])];
  if (statement.kind === "for" || statement.kind === "while" || statement.kind === "with") return [statement.body];
  return statement.kind === "try" ? [statement.body, ...statement.handlers.map((handler) => handler.body)] : [];
}

function widenAssigned(m: Machine, body: readonly Stmt[], frame: Frame): void {
  const names = new Map<string, Stmt>();
  assignedIn(body, names);
  for (const [name, statement] of names) {
    const before = frame.get(name);
    if (before) frame.set(name, widen(before, name, { file: frame.file, start: statement.start }));
  }
  void m;
}

function runTry(m: Machine, statement: Stmt & { kind: "try" }, frame: Frame, slice: Slice): Flow {
  const handler = statement.handlers.find(({ body }) => body.some((one) => slice.contains(one)));
  if (handler && !statement.body.some((one) => slice.contains(one))) {
    if (handler.name !== undefined) frame.set(handler.name, { kind: "parameter", name: handler.name });
    return runBlock(m, handler.body, frame, slice);
  }
  const flow = runBlock(m, statement.body, frame, slice);
  if (flow !== "next") return flow;
  const after = statement.else ? runBlock(m, statement.else, frame, slice) : "next";
  return after === "next" && statement.finally ? runBlock(m, statement.finally, frame, slice) : after;
}

function runMatch(m: Machine, statement: Stmt & { kind: "match" }, frame: Frame, slice: Slice): Flow {
  const subject = unparse(statement.subject);
  const open = statement.cases.filter(({ body }) => !leaves(body, slice));
  const question = m.question(`match ${frame.file} ${statement.start}`, m.eval(statement.subject, frame));
  const chosen = m.oracle.choose(Math.max(open.length, 1), question, (at) => (open.length > 1 ? `case ${at + 1} of match ${subject}` : ""));
  const one = open[chosen];
  if (!one) throw new PathEnd();
  for (const name of namesBoundBy(one.pattern)) frame.set(name, { kind: "parameter", name });
  return runBlock(m, one.body, frame, slice);
}

export const isPlain = (value: Value) => !buildsSql(value);
