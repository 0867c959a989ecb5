import type { Node } from "libpg-query";
import type { Span } from "#protocol/place";
import { as, typeName, type NodeOf, type SqlStatement } from "../../sql/index.js";
import type { FixDraft } from "../rule.js";
import { expressionSpan } from "./extent.js";
import { statementFix } from "./statementProblem.js";
import type { WrappedColumn } from "./wrappedColumn.js";

/**
 * `date(ts) = d` → `ts >= CAST(d AS date) AND ts < CAST(d AS date) + 1`, and the like for the other comparisons. Both forms take midnight in
 * the session's time zone, or in the one that is named: `date(ts AT TIME ZONE 'UTC') = d` asks for midnight there. Only where the other side is one value. `beside`: the comparison stands alone or between ANDs.
 */
export function dateRange(
  statement: SqlStatement,
  comparison: NodeOf<"A_Expr">,
  wrapped: WrappedColumn,
  columnType: string | undefined,
  beside: boolean,
): FixDraft | undefined {
  if (wrapped.what !== "date" || wrapped.kind === "calculation" || comparison.kind !== "AEXPR_OP" || !comparison.rexpr) return undefined;
  // Text that looks like a date compares with text only.
  if (columnType !== undefined && !columnType.startsWith("timestamp")) return undefined;
  const operator = (as(comparison.name?.[0], "String") ?? {}).sval ?? "";
  const value = dateValue(statement, comparison.rexpr);
  const isSide = value && value.span.start >= wrapped.span.end;
  if (!value || !isSide) return undefined;
  const column = statement.originalText(wrapped.column);
  const midnight = midnightOf(wrapped.argument, columnType);
  const range = midnight && rangeFor(operator, column, { day: midnight(value.text), next: midnight(`${value.text} + 1`) });
  if (!range) return undefined;
  const newText = range.includes(" AND ") && !beside ? `(${range})` : range;
  const span: Span = { start: wrapped.span.start, end: value.span.end };
  const isTimestamp = columnType?.startsWith("timestamp") ?? false;
  const certain = value.isDate && isTimestamp && (wrapped.argument === "column" || isUtc(wrapped.argument));
  return statementFix(statement, "Compare with a range", certain ? "safe" : "unsafe", [{ span, newText }]);
}

/** A day's text → the moment at which it begins. Undefined where more than the column would have to be kept. */
function midnightOf(argument: WrappedColumn["argument"], columnType: string | undefined): ((day: string) => string) | undefined {
  if (argument === "column") return (day) => day;
  if (argument === "more" || columnType === undefined || !/^timestamp(\(\d\))? with time zone$/.test(columnType)) return undefined;
  const zone = argument.zone.replaceAll("'", "''");
  return (day) => `CAST(${day} AS timestamp) AT TIME ZONE '${zone}'`;
}

/** Where clocks are put forward and back, a midnight may come twice. */
function isUtc(argument: WrappedColumn["argument"]): boolean {
  return typeof argument === "object" && ["utc", "etc/utc"].includes(argument.zone.toLowerCase());
}

function rangeFor(operator: string, column: string, { day, next }: { readonly day: string; readonly next: string }): string | undefined {
  switch (operator) {
    case "=":
      return `${column} >= ${day} AND ${column} < ${next}`;
    case ">=":
      return `${column} >= ${day}`;
    case "<":
      return `${column} < ${day}`;
    case ">":
      return `${column} >= ${next}`;
    case "<=":
      return `${column} < ${next}`;
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
