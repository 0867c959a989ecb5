import type { Node } from "libpg-query";
import { as, columnFields, quoteIdentifier, Scopes, sideKind, walk, type NodeOf, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { findTable, isSmall } from "../schema.js";
import { expressionSpan } from "./extent.js";
import { statementProblem } from "./statementProblem.js";

/** A page that is reached by a constant of this size is deep; below it the skipped rows cost little. */
const deepOffset = 1000;

export const offsetPagination: Rule<SqlStatement> = {
  meta: {
    id: "offset-pagination",
    summary: "`OFFSET` reads and throws away every row before the page.",
    severity: "info",
    enabledByDefault: true,
    languages: ["sql", "python"],
  },
  docs: {
    whatItDoes: `Finds \`OFFSET\` with a value from outside or a constant of ${deepOffset} or more, over a table that is not known to be small. It is silent for \`LIMIT 1\`, which looks for one row at a distance and has no pages, and for groups in another order than that of their keys, all of which are made for every page.`,
    whyBad:
      "PostgreSQL produces the skipped rows, sorted, and throws them away: the time grows with the page number. On a million rows, page 10,000 takes 147 ms by `OFFSET` and 0.13 ms by key. Rows that are inserted between two pages are shown twice or never.",
    bad: "SELECT id, title FROM posts ORDER BY created_at DESC, id DESC LIMIT 20 OFFSET $1;",
    good: "SELECT id, title FROM posts WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20;",
    fixSafety:
      "There is no automatic fix: the caller must remember the last row of a page. The order must be unique (add the key as the last column), NULLs in it need their own branch, and jumping to page n is no longer possible.",
    references: ["https://use-the-index-luke.com/no-offset", "https://www.postgresql.org/docs/current/queries-limit.html"],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const scopes = new Scopes();
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      const problem = visit.tag === "SelectStmt" && offsetProblem(statement, visit, scopes, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

function offsetProblem(
  statement: SqlStatement,
  visit: Extract<Visit, { tag: "SelectStmt" }>,
  scopes: Scopes,
  context: RuleContext,
): Problem | undefined {
  const { limitOffset, limitCount, sortClause } = visit.node;
  // The n-th row is looked for where batches begin; there is no page before it to continue from.
  if (limitCount && as(limitCount, "A_Const")?.ival?.ival === 1) return undefined;
  const depth = limitOffset && depthOf(limitOffset);
  const relations = scopes.at(visit)?.relations ?? [];
  if (!limitOffset || depth === undefined || !relations.some(({ kind }) => kind !== "function")) return undefined;
  // All groups are made before the first is known, unless they come in the order of what they are grouped by.
  if (visit.node.groupClause?.length && !isGroupedInOrder(visit.node)) return undefined;
  const tables = relations.map((relation) => findTable(context, relation.table)?.table);
  if (tables.length > 0 && tables.every(isSmall)) return undefined;
  const value = expressionSpan(statement, limitOffset);
  const offset = value && statement.tokens.findLast((token) => token.end <= value.start && token.text.toLowerCase() === "offset");
  if (!value || !offset) return undefined;
  const rows = Math.max(...tables.map((table) => table?.size?.rows ?? 0));
  return statementProblem(statement, {
    span: { start: offset.start, end: value.end },
    message:
      `OFFSET ${depth === "unknown" ? "with a value from outside" : depth} reads and throws away every row before the page, so later pages get slower and slower. ` +
      `Page by key: remember the last row's sort values and continue behind them, ${keyCondition(sortClause)}`,
    certainty: depth === "unknown" ? "likely" : "certain",
    evidence:
      rows > 0 ? { level: "schema", facts: [`the largest table has about ${Math.round(rows)} rows`] } : { level: "code", facts: [] },
    anchor: "offset",
  });
}

function isGroupedInOrder({ groupClause, sortClause }: NodeOf<"SelectStmt">): boolean {
  const first = sortColumn(sortClause?.[0])?.name;
  return first !== undefined && (groupClause ?? []).some((item) => columnFields(as(item, "ColumnRef")?.fields)?.at(-1) === first);
}

function sortColumn(item: Node | undefined): { name: string; written: string; descending: boolean } | undefined {
  const sort = as(item, "SortBy");
  const fields = columnFields(as(sort?.node, "ColumnRef")?.fields);
  const name = fields?.at(-1);
  if (!fields || name === undefined) return undefined;
  return { name, written: fields.map(quoteIdentifier).join("."), descending: sort?.sortby_dir === "SORTBY_DESC" };
}

/** `WHERE (created_at, id) < (…)`, where all columns go one way; else in words. */
function keyCondition(sort: readonly Node[] | undefined): string {
  const columns = (sort ?? []).map(sortColumn);
  const [first] = columns;
  if (!first)
    return sort?.length ? "with a condition on what it is sorted by and a unique key after it." : "WHERE id > … with ORDER BY id.";
  if (columns.some((column) => column?.descending !== first.descending))
    return "with a condition on what it is sorted by and a unique key after it.";
  const keyed = columns.some((column) => column?.name === "id");
  const names = [...columns.map((column) => column?.written ?? ""), ...(keyed ? [] : ["id"])];
  const sign = first.descending ? "<" : ">";
  if (names.length === 1) return `WHERE ${names[0]} ${sign} ….`;
  return `WHERE (${names.join(", ")}) ${sign} (…)${keyed ? "." : ", with a key such as id as the last of ORDER BY."}`;
}

/** How many rows are skipped; undefined where it is known to be few. */
function depthOf(node: Node): number | "unknown" | undefined {
  const constant = as(node, "A_Const");
  if (constant) {
    const rows = constant.ival?.ival ?? Number(constant.fval?.fval ?? 0);
    return rows >= deepOffset ? rows : undefined;
  }
  return sideKind(node) === "column" ? undefined : "unknown";
}
