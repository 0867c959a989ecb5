import { childrenOf, type CallExpr, type Expr } from "../../python/index.js";
import type { Iteration, QueryValue } from "../values/value.js";
import type { Execution } from "./effects.js";
import type { Evaluator } from "./evaluator.js";
import { opensInRound } from "./sessions.js";
import { iterationsBehind, iterationsOfNames } from "./varying.js";

/** Names that an expression mentions. */
export function namesIn(expr: Expr, into: Set<string> = new Set()): Set<string> {
  if (expr.kind === "name") into.add(expr.id);
  for (const child of childrenOf(expr)) namesIn(child, into);
  return into;
}

export const containment = new Set(["in_", "not_in", "notin_", "any_"]);

const filters = new Set(["filter", "where"]);

/** `in_(chunk)` with what the loop hands out: one statement for a batch. */
function coversBatch(ev: Evaluator, expr: Expr, iteration: Iteration): boolean {
  // `filter(window)`: a condition that the loop makes covers a range of rows.
  if (expr.kind === "call" && expr.callee.kind === "attribute" && (containment.has(expr.callee.name) || filters.has(expr.callee.name))) {
    const [first] = expr.args;
    if (first?.value.kind === "name" && iterationsBehind(ev, first.value).has(iteration)) return true;
  }
  return childrenOf(expr).some((child) => coversBatch(ev, child, iteration));
}

interface Sent {
  readonly operation: Execution["operation"];
  readonly query?: QueryValue;
  readonly async: boolean;
}

/** Notes that a statement is sent here. */
export function execute(ev: Evaluator, call: CallExpr | Expr, sent: Sent): void {
  const iterations = ev.active;
  const names = namesIn(call);
  const depends = iterationsOfNames(ev, names);
  const innermost = iterations.at(-1);
  ev.record({
    kind: "execution",
    ...ev.at(call),
    operation: sent.operation,
    ...(sent.query ? { query: sent.query } : {}),
    iterations,
    dependsOn: iterations.filter((iteration) => depends.has(iteration)),
    batched: innermost !== undefined && (innermost.batches || coversBatch(ev, call, innermost)),
    guarded: ev.conditions > 0,
    async: sent.async,
    ...(opensInRound(ev) ? { ownSession: true as const } : {}),
    ...(ev.seldom ? { seldom: ev.seldom } : ev.early ? { seldom: "early" as const } : {}),
    names,
  });
}
