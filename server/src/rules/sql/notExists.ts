import type { Span } from "#protocol/place";
import { as, columnFields, quoteIdentifier, resolveColumn, walk, type NodeOf, type Scope, type SqlStatement } from "../../sql/index.js";
import type { FixDraft, RuleContext } from "../rule.js";
import { columnsOf } from "../schema.js";
import { nameSpan, tokenIndexAt } from "./extent.js";
import { statementFix } from "./statementProblem.js";

interface Circumstances {
  readonly outer: Scope | undefined;
  readonly inner: Scope;
  /** Neither side can be NULL, so that the two conditions are equal. */
  readonly proven: boolean;
  readonly context: RuleContext;
}

/**
 * `x NOT IN (SELECT y FROM t WHERE p)` → `NOT EXISTS (SELECT 1 FROM t WHERE p AND t.y = x)`, where the subquery is plain and both
 * columns can be named without doubt from inside it.
 */
export function notExists(
  statement: SqlStatement,
  link: NodeOf<"SubLink">,
  select: NodeOf<"SelectStmt">,
  span: Span,
  { outer, inner, proven, context }: Circumstances,
): FixDraft | undefined {
  const outerName = qualifiedName(link.testexpr, outer, context);
  const [target] = select.targetList ?? [];
  const value = target && as(target, "ResTarget")?.val;
  const innerName = qualifiedName(value, inner, context);
  const column = value && as(value, "ColumnRef");
  if (!outerName || !innerName || !column || !isPlain(select) || select.targetList?.length !== 1) return undefined;
  // Inside, the outer name must still mean the outer relation; outside, NOT must stand right before IN.
  if (inner.relations.some(({ visibleName }) => visibleName === outerName.qualifier)) return undefined;
  if (!/^not\s+in\s*\($/i.test(betweenNames(statement, link, span))) return undefined;
  const output = nameSpan(statement, statement.at(column.location));
  const from = output && statement.tokens.find((token) => token.start >= output.end);
  if (from?.text.toLowerCase() !== "from") return undefined;
  const body = bodyOf(statement, select, { start: from.start, end: span.end });
  if (body === undefined) return undefined;
  return statementFix(statement, "Use NOT EXISTS", proven ? "safe" : "unsafe", [
    { span, newText: `NOT EXISTS (SELECT 1 ${body} ${innerName.text} = ${outerName.text})` },
  ]);
}

/** Nothing between the rows and the output: no grouping, limit, set operation, or own CTE. */
function isPlain(select: NodeOf<"SelectStmt">): boolean {
  let computes = false;
  walk(select.targetList ?? [], ({ tag }) => {
    if (tag === "FuncCall" || tag === "SubLink") computes = true;
  });
  return (
    !computes &&
    (select.op ?? "SETOP_NONE") === "SETOP_NONE" &&
    !select.groupClause &&
    !select.havingClause &&
    !select.limitCount &&
    !select.limitOffset &&
    !select.withClause &&
    !select.distinctClause &&
    !select.sortClause &&
    !select.lockingClause &&
    !select.windowClause
  );
}

/** What stands between the tested column and the subquery. */
function betweenNames(statement: SqlStatement, link: NodeOf<"SubLink">, span: Span): string {
  const tested = link.testexpr && as(link.testexpr, "ColumnRef");
  const name = tested && nameSpan(statement, statement.at(tested.location));
  const index = name ? statement.tokens.findIndex((token) => token.start >= name.end) : -1;
  if (!name || name.start !== span.start || index < 0) return "";
  return statement.tokens
    .slice(index, index + 3)
    .map((token) => token.text)
    .join(" ");
}

/** `FROM … WHERE (p) AND`, from FROM to before the closing parenthesis of the subquery. */
function bodyOf(statement: SqlStatement, select: NodeOf<"SelectStmt">, span: Span): string | undefined {
  const last = statement.tokens[tokenIndexAt(statement, span.end - 1) - 1];
  if (!last) return undefined;
  if (!select.whereClause) return `${statement.originalText({ start: span.start, end: last.end })} WHERE`;
  let depth = 0;
  const where = statement.tokens.find((token) => {
    if (token.start < span.start) return false;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    return depth === 0 && token.text.toLowerCase() === "where";
  });
  if (!where) return undefined;
  const condition = statement.originalText({ start: where.end, end: last.end }).trim();
  const or = as(select.whereClause, "BoolExpr")?.boolop === "OR_EXPR";
  return `${statement.originalText({ start: span.start, end: where.end })} ${or ? `(${condition})` : condition} AND`;
}

function qualifiedName(
  node: Parameters<typeof as>[0],
  scope: Scope | undefined,
  context: RuleContext,
): { text: string; qualifier: string } | undefined {
  const fields = columnFields(as(node, "ColumnRef")?.fields);
  const relation = fields && resolveColumn(fields, scope, columnsOf(context));
  if (!fields || !relation || !relation.visibleName || !scope?.relations.includes(relation)) return undefined;
  return { text: [relation.visibleName, fields.at(-1) ?? ""].map(quoteIdentifier).join("."), qualifier: relation.visibleName };
}
