import { childrenOf, type CallExpr, type Expr } from "../../python/index.js";
import { membersOf, unknown, type Iteration, type QueryValue, type Value } from "../values/value.js";
import { iterationKey } from "../values/keys.js";
import type { Execution, WriteVerb } from "./effects.js";
import type { Evaluator } from "./evaluator.js";
import { opensInRound } from "./sessions.js";
import { iterationsBehind, iterationsOfNames, namesBehind, valuesOf } from "./varying.js";

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
  if (expr.kind === "call" && expr.callee.kind === "attribute") {
    const [first] = expr.args;
    const given = containment.has(expr.callee.name) ? listed(first?.value) : filters.has(expr.callee.name) ? first?.value : undefined;
    const handedOut = given?.kind === "name" && (containment.has(expr.callee.name) || valuesOf(ev.fn, given.id).length === 0);
    if (handedOut && iterationsBehind(ev, given).has(iteration)) return true;
  }
  return childrenOf(expr).some((child) => coversBatch(ev, child, iteration));
}

const copies = new Set(["list", "set", "tuple", "sorted", "frozenset"]);

/** What a list is made of: `ids` of `list(ids)` and of `[row.id for row in ids]`. */
function listed(expr: Expr | undefined): Expr | undefined {
  if (expr?.kind === "call" && expr.callee.kind === "name" && copies.has(expr.callee.id)) return listed(expr.args[0]?.value);
  if (expr?.kind !== "comprehension") return expr;
  const [clause] = expr.clauses;
  return clause?.kind === "for" ? listed(clause.iter) : undefined;
}

/** `delete(User)` is known by its name alone. */
const statementKinds = new Set<Value["kind"]>(["query", "external"]);

/** The expression, and what the names in it were made as. */
function written(ev: Evaluator, expr: Expr, names: ReadonlySet<string>): readonly Expr[] {
  const queries = [...names].filter((name) => membersOf(ev.env.get(name) ?? unknown).some(({ kind }) => statementKinds.has(kind)));
  return [expr, ...queries.flatMap((name) => valuesOf(ev.fn, name))];
}

interface Sent {
  readonly operation: Execution["operation"];
  readonly verb?: WriteVerb;
  readonly query?: QueryValue;
  readonly by?: Execution["by"];
  readonly async: boolean;
}

const tableTakers = new Set(["select", "query", "select_from"]);
const tableChangers = new Set(["insert", "update", "delete"]);
const takesTable = ({ callee, args }: CallExpr, word: string): boolean =>
  tableTakers.has(word) || (tableChangers.has(word) && callee.kind === "name") || (word === "get" && args.length > 1);

/** `select(model)` in `for model in models`, `select(key.column)` in `for key in foreign_keys`: no statement could ask all tables. */
function asksOtherTables(ev: Evaluator, expr: Expr, iteration: Iteration): boolean {
  if (expr.kind === "call") {
    const { callee, args } = expr;
    const word = callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "";
    const [first] = args;
    if (
      takesTable(expr, word) &&
      first &&
      !first.splat &&
      (first.value.kind === "name" || first.value.kind === "attribute") &&
      isTable(ev, first.value) &&
      iterationsBehind(ev, first.value).has(iteration)
    )
      return true;
  }
  return childrenOf(expr).some((child) => asksOtherTables(ev, child, iteration));
}

/** A name that may mean a class, or the column of one (`key.column`): not a key, a statement or a row. */
function isTable(ev: Evaluator, expr: Expr): boolean {
  if (expr.kind === "attribute") return isTable(ev, expr.of);
  if (expr.kind !== "name") return false;
  return membersOf(ev.env.get(expr.id) ?? unknown).some(({ kind }) => ["entityClass", "symbol", "unknown", "never", "none"].includes(kind));
}

const listKinds = new Set<Expr["kind"]>(["list", "comprehension"]);

/** A list of rows in `values(...)`. */
function takesList(expr: Expr): boolean {
  const values = expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "values";
  const [first] = values ? expr.args : [];
  return (first !== undefined && first.name === undefined && listKinds.has(first.value.kind)) || childrenOf(expr).some(takesList);
}

/** Notes that a statement is sent here. */
export function execute(ev: Evaluator, call: CallExpr | Expr, sent: Sent): void {
  const iterations = ev.active;
  const names = namesIn(call);
  const depends = iterationsOfNames(ev, names);
  const innermost = iterations.at(-1);
  const parts = innermost ? written(ev, call, names) : [];
  if (innermost && parts.some((one) => asksOtherTables(ev, one, innermost))) {
    ev.found.tableLoops.add(iterationKey(innermost));
    return void ev.found.sent++;
  }
  // `insert(User).values([...])`: all rows of the round at once.
  const operation = sent.verb === "insert" && parts.some(takesList) ? "unknown" : sent.operation;
  ev.record({
    kind: "execution",
    ...ev.at(call),
    operation,
    ...(sent.verb ? { verb: sent.verb } : {}),
    ...(sent.query ? { query: sent.query } : {}),
    ...(sent.by ? { by: sent.by } : {}),
    iterations,
    dependsOn: iterations.filter((iteration) => depends.has(iteration)),
    batched: innermost !== undefined && (innermost.batches || parts.some((one) => coversBatch(ev, one, innermost))),
    guarded: ev.conditions > 0,
    async: sent.async,
    ...(operation === "write" && (ev.answered > 0 || ev.answering) ? { answered: true as const } : {}),
    ...(opensInRound(ev) ? { ownSession: true as const } : {}),
    ...(ev.seldom ? { seldom: ev.seldom } : ev.early ? { seldom: "early" as const } : {}),
    names: iterations.length > 0 ? namesBehind(ev.fn, names) : names,
  });
}
