import type { Expr } from "../../python/index.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import type { Statement } from "../sql/ir.js";
import type { Args, Value } from "../values.js";
import { getByKey, queryOf } from "./query.js";

const senders = new Set([
  "execute",
  "scalars",
  "scalar",
  "exec",
  "stream",
  "stream_scalars",
  "fetch_all",
  "fetch_one",
  "fetch_val",
  "iterate",
]);

/** Methods of whatever a session is: it is known by what it is given. Undefined where the call is something else. */
export function sessionMethod(m: Machine, name: string, args: Args, expr: Expr & { kind: "call" }, frame: Frame): Value | undefined {
  const [first, second] = args.positional;
  if (senders.has(name)) {
    const statement = first?.kind === "statement" ? first.statement : undefined;
    if (!statement) return undefined;
    m.send(statement, "", expr.start);
    return resultOf(statement, name);
  }
  if (name === "query" && args.positional.length > 0) return queryOf(m, args, expr, frame);
  if ((name === "get" || name === "get_one") && first?.kind === "entity" && second)
    return getByKey(m, first.use, second, { file: frame.file, span: { start: expr.start, end: expr.end } }, true, expr.start);
  return undefined;
}

/** Rows as far as it matters: whose attributes are read later. */
function resultOf(statement: Statement, name: string): Value {
  void name;
  const entity =
    statement.kind === "select" && statement.columns.length === 1 && statement.columns[0]?.kind === "entity"
      ? statement.columns[0].use.entity
      : undefined;
  return { kind: "parameter", name: "result", ...(entity ? { type: { name: "rows", list: { name: entity.name, entity } } } : {}) };
}
