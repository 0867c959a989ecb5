import type { Expr } from "../../python/index.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Select, type Sql, type Statement } from "../sql/ir.js";
import type { Value } from "../values.js";
import { countBind } from "./select.js";

/** `query[5:10]`, `query[0]`: LIMIT and OFFSET. */
export function sliceStatement(m: Machine, statement: Statement, expr: Expr & { kind: "subscript" }, frame: Frame): Value {
  if (statement.kind !== "select" || !statement.legacy) return refuse("a slice of a statement that is no Query");
  const { index } = expr;
  const place = { file: frame.file, start: expr.start };
  if (statement.limit || statement.offset) return refuse("a slice of a Query with LIMIT", place);
  if (index.kind === "slice") return refuse("a slice of a Query", place);
  const at = m.eval(index, frame);
  if (at.kind !== "constant" || typeof at.value !== "number" || at.value < 0)
    return refuse("a row of a Query by a number that is not a constant", place);
  const sent = slice(m, statement, at, { kind: "constant", value: at.value + 1 });
  m.send(sent, "", expr.start);
  return { kind: "parameter", name: "row" };
}

/** `.slice(start, stop)` with numbers that the code says. */
export function slice(m: Machine, select: Select, start: Value, stop: Value): Select {
  const number = (value: Value) => (value.kind === "constant" && typeof value.value === "number" ? value.value : undefined);
  const [from, to] = [number(start), number(stop)];
  if (from === undefined || to === undefined) return refuse("slice() with numbers that are not constants");
  const limit: Sql = countBind(m, { kind: "constant", value: to - from })!;
  const offset = from === 0 ? undefined : countBind(m, { kind: "constant", value: from });
  return { ...select, limit, ...(offset ? { offset } : {}) };
}
