import type { Node } from "libpg-query";
import type { Span } from "#protocol/place";
import { as, typeName, type NodeOf, type SqlStatement } from "../../sql/index.js";
import type { FixDraft } from "../rule.js";
import { expressionSpan } from "./extent.js";
import { statementFix } from "./statementProblem.js";
import type { WrappedColumn } from "./wrappedColumn.js";

/**
 * `date(ts) = d` → `ts >= CAST(d AS date) AND ts < CAST(d AS date) + 1`, and the like for the other comparisons. Both forms take midnight in
 * the session's time zone. Only where the other side is one value. `beside`: the comparison stands alone or between ANDs.
 */
export function dateRange(
  statement: SqlStatement,
  comparison: NodeOf<"A_Expr">,
  wrapped: WrappedColumn,
  columnType: string | undefined,
  beside: boolean,
): FixDraft | undefined {
  if (wrapped.what !== "date" || wrapped.kind === "calculation" || comparison.kind !== "AEXPR_OP" || !comparison.rexpr) return undefined;
  const operator = (as(comparison.name?.[0], "String") ?? {}).sval ?? "";
  const value = dateValue(statement, comparison.rexpr);
  const isSide = value && value.span.start >= wrapped.span.end;
  if (!value || !isSide) return undefined;
  const column = statement.originalText(wrapped.column);
  const range = rangeFor(operator, column, value.text);
  if (!range) return undefined;
  const newText = range.includes(" AND ") && !beside ? `(${range})` : range;
  const span: Span = { start: wrapped.span.start, end: value.span.end };
  const certain = value.isDate && columnType !== undefined && columnType.startsWith("timestamp");
  return statementFix(statement, "Compare with a range", certain ? "safe" : "unsafe", [{ span, newText }]);
}

function rangeFor(operator: string, column: string, day: string): string | undefined {
  switch (operator) {
    case "=":
      return `${column} >= ${day} AND ${column} < ${day} + 1`;
    case ">=":
      return `${column} >= ${day}`;
    case "<":
      return `${column} < ${day}`;
    case ">":
      return `${column} >= ${day} + 1`;
    case "<=":
      return `${column} < ${day} + 1`;
    default:
      return undefined;
  }
}

/** One value, written once and the same for all rows; `isDate` where it is known to have no time of day. */
function dateValue(statement: SqlStatement, node: Node): { text: string; span: Span; isDate: boolean } | undefined {
  if (!isSingleValue(node)) return undefined;
  const span = expressionSpan(statement, node);
  if (!span) return undefined;
  const text = statement.originalText(span);
  const cast = as(node, "TypeCast");
  const literal = as(node, "A_Const")?.sval?.sval ?? "";
  const isDate = as(node, "SQLValueFunction") !== undefined || (cast !== undefined && typeName(cast.typeName?.names) === "date");
  return { text: isDate ? text : `CAST(${text} AS date)`, span, isDate: isDate || /^\d{4}-\d{2}-\d{2}$/.test(literal) };
}

/** A parameter, a text literal, `current_date`, or one of these with a cast. */
function isSingleValue(node: Node): boolean {
  const cast = as(node, "TypeCast")?.arg;
  if (cast) return isSingleValue(cast);
  return (
    as(node, "ParamRef") !== undefined ||
    as(node, "A_Const")?.sval !== undefined ||
    as(node, "SQLValueFunction")?.op === "SVFOP_CURRENT_DATE"
  );
}
