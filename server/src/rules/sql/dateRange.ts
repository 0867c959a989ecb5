import type { Node } from "libpg-query";
import type { Span } from "#protocol/place";
import { as, type NodeOf, type SqlStatement } from "../../sql/index.js";
import type { FixDraft } from "../rule.js";
import { tokenIndexAt } from "./extent.js";
import { statementFix } from "./statementProblem.js";
import type { WrappedColumn } from "./wrappedColumn.js";

/**
 * `date(ts) = d` → `ts >= CAST(d AS date) AND ts < CAST(d AS date) + 1`, and the like for the other comparisons. Both forms take midnight in
 * the session's time zone. Only where the other side is one value, written in one token.
 */
export function dateRange(
  statement: SqlStatement,
  comparison: NodeOf<"A_Expr">,
  wrapped: WrappedColumn,
  columnType: string | undefined,
): FixDraft | undefined {
  if (wrapped.what !== "date" || wrapped.kind === "calculation" || comparison.kind !== "AEXPR_OP" || !comparison.rexpr) return undefined;
  const operator = (as(comparison.name?.[0], "String") ?? {}).sval ?? "";
  const value = dateValue(statement, comparison.rexpr);
  const isSide = value && value.span.start >= wrapped.span.end;
  if (!value || !isSide) return undefined;
  const column = statement.originalText(wrapped.column);
  const newText = rangeFor(operator, column, `CAST(${statement.originalText(value.span)} AS date)`);
  if (!newText) return undefined;
  const span: Span = { start: wrapped.span.start, end: value.span.end };
  const certain = value.isDate && columnType !== undefined && columnType.startsWith("timestamp");
  return statementFix(statement, "Compare with a range", certain ? "safe" : "unsafe", [{ span, newText }]);
}

function rangeFor(operator: string, column: string, day: string): string | undefined {
  switch (operator) {
    case "=":
      return `(${column} >= ${day} AND ${column} < ${day} + 1)`;
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

/** A parameter, a literal or `current_date`; `isDate` where it is known to have no time of day. */
function dateValue(statement: SqlStatement, node: Node): { span: Span; isDate: boolean } | undefined {
  const literal = as(node, "A_Const");
  const parameter = as(node, "ParamRef");
  const today = as(node, "SQLValueFunction");
  const found = literal?.sval ? literal : (parameter ?? (today?.op === "SVFOP_CURRENT_DATE" ? today : undefined));
  if (!found) return undefined;
  const index = tokenIndexAt(statement, statement.at(found.location));
  const token = statement.tokens[index];
  // A cast behind the value is not part of it.
  if (!token || statement.tokens[index + 1]?.text === "::") return undefined;
  return { span: token, isDate: today !== undefined || /^\d{4}-\d{2}-\d{2}$/.test(literal?.sval?.sval ?? "") };
}
