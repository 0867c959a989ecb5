import type { Expr } from "../../python/index.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Statement } from "../sql/ir.js";
import { withRows } from "./changes.js";
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
    const values = second ?? args.keywords.get("params");
    if (values && values.kind !== "constant" && statement.kind === "update" && !namesBinds(statement, values))
      return refuse("an UPDATE that is sent with values", { file: frame.file, start: expr.start });
    if (values && statement.kind === "insert" && values.kind !== "constant") {
      m.send(withRows(m, statement, values), "", expr.start);
      return resultOf(statement, name);
    }
    m.send(statement, "", expr.start);
    return resultOf(statement, name);
  }
  if (name === "query" && args.positional.length > 0) return queryOf(m, args, expr, frame);
  if (
    (name === "get" || name === "get_one") &&
    first?.kind === "entity" &&
    second &&
    [...args.keywords.keys()].some((key) => key === "with_for_update" || key === "options" || key === "**")
  )
    return refuse("get() with options or a lock", { file: frame.file, start: expr.start });
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

/** Values of `bindparam()`s, not of columns. */
function namesBinds(statement: Statement, values: Value): boolean {
  const names = new Set<string>();
  JSON.stringify(statement, (key, value: unknown) => {
    if (key === "use" || key === "entity") return undefined;
    const { kind, base, bound } = (value ?? {}) as { kind?: string; base?: string; bound?: { name?: string } };
    if (kind === "bind" && base !== undefined && bound?.name === base) names.add(base);
    return value;
  });
  return (
    values.kind === "dict" &&
    values.open === undefined &&
    values.others.length === 0 &&
    [...values.entries.keys()].every((name) => names.has(name))
  );
}
