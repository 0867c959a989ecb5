import type { Table } from "../../catalog/catalog.js";
import { as, names, quoteIdentifier, Scopes, walk, type NodeOf, type Relation, type SqlStatement, type Visit } from "../../sql/index.js";
import type { FixDraft, Problem, Rule, RuleContext } from "../rule.js";
import { findTable } from "../schema.js";
import { nameSpan } from "./extent.js";
import { statementFix, statementProblem } from "./statementProblem.js";

export const selectStar: Rule<SqlStatement> = {
  meta: {
    id: "select-star",
    summary: "`SELECT *` reads and sends columns that nobody uses.",
    severity: "info",
    enabledByDefault: true,
    languages: ["sql", "python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Finds `SELECT *` and `SELECT t.*` over a table whose columns reach the client. It is silent in `EXISTS`, in definitions of views, where a subquery or CTE has already chosen the columns, and for tables that are known to have three narrow columns or fewer.",
    whyBad:
      "Every column is read, sent and turned into an object, wide ones (`text`, `jsonb`, `bytea`) from their own TOAST table, and an index that holds the needed columns cannot answer alone (index-only scan). A column added later makes the query slower without a change in the code.",
    bad: "SELECT * FROM orders WHERE customer_id = $1;",
    good: "SELECT id, status, total FROM orders WHERE customer_id = $1;",
    fixSafety:
      "The fix writes the columns that are known of the table. It is unsafe because the database may have columns that the code does not declare.",
    references: ["https://www.postgresql.org/docs/current/indexes-index-only-scans.html"],
  },
  check: function* (statement, context) {
    if (statement.kind !== "select") return;
    const scopes = new Scopes();
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      if (visit.tag !== "ColumnRef" || visit.parent?.tag !== "ResTarget" || !endsInStar(visit.node)) return;
      const select = visit.parent.parent;
      if (select?.tag !== "SelectStmt" || !reachesClient(select)) return;
      const tables = coveredTables(visit.node, scopes.at(select)?.relations ?? []);
      const problem = tables.length > 0 && starProblem(statement, visit.node, select.node, tables, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

function endsInStar(column: NodeOf<"ColumnRef">): boolean {
  const last = column.fields?.at(-1);
  return last !== undefined && as(last, "A_Star") !== undefined;
}

/** The planner drops columns that an outer query does not ask for: only what comes out at the top costs. */
function reachesClient(select: Visit): boolean {
  const { parent, field } = select;
  if (!parent) return true;
  if (parent.tag === "SelectStmt" && (field === "larg" || field === "rarg")) return reachesClient(parent);
  if (parent.tag === "RangeSubselect") {
    const outer = enclosingSelect(parent);
    return outer !== undefined && showsAll(outer.node, parent.node.alias?.aliasname) && reachesClient(outer);
  }
  const owner = parent.tag === "CommonTableExpr" ? enclosingSelect(parent) : undefined;
  const cte = parent.tag === "CommonTableExpr" ? parent.node.ctename : undefined;
  return (
    owner !== undefined &&
    fromNames(owner.node).some((name) => name.table === cte && showsAll(owner.node, name.visible)) &&
    reachesClient(owner)
  );
}

function enclosingSelect(visit: Visit): Extract<Visit, { tag: "SelectStmt" }> | undefined {
  for (let above = visit.parent; above; above = above.parent) if (above.tag === "SelectStmt") return above;
  return undefined;
}

/** Whether the output list has a star that covers the relation of this name. */
function showsAll(select: NodeOf<"SelectStmt">, name: string | undefined): boolean {
  return (select.targetList ?? []).some((target) => {
    const value = as(target, "ResTarget")?.val;
    const column = value && as(value, "ColumnRef");
    if (!column || !endsInStar(column)) return false;
    const qualifier = names(column.fields).at(-2);
    return qualifier === undefined || qualifier === "" || qualifier === name;
  });
}

function fromNames(select: NodeOf<"SelectStmt">): { table: string; visible: string }[] {
  const found: { table: string; visible: string }[] = [];
  walk(select.fromClause ?? [], ({ tag, node }) => {
    if (tag === "RangeVar") found.push({ table: node.relname ?? "", visible: node.alias?.aliasname ?? node.relname ?? "" });
    return tag !== "SelectStmt";
  });
  return found;
}

function coveredTables(star: NodeOf<"ColumnRef">, relations: readonly Relation[]): Relation[] {
  const qualifier = (star.fields?.length ?? 0) > 1 ? names(star.fields).at(-2) : undefined;
  return relations.filter(({ kind, visibleName }) => kind === "table" && (qualifier === undefined || visibleName === qualifier));
}

function starProblem(
  statement: SqlStatement,
  star: NodeOf<"ColumnRef">,
  select: NodeOf<"SelectStmt">,
  relations: readonly Relation[],
  context: RuleContext,
): Problem | undefined {
  const tables = relations.map((relation) => findTable(context, relation.table)?.table);
  if (tables.every((table) => table && isSlim(table))) return undefined;
  const span = nameSpan(statement, statement.at(star.location));
  if (!span) return undefined;
  const named = relations.map((relation) => relation.table?.name ?? "").join(", ");
  const counts = tables.map((table) => (table ? `${table.name} has ${table.columns.length} columns${wideWords(table)}` : []));
  const fix = expansion(statement, span, star, select, relations, tables);
  return statementProblem(statement, {
    span,
    message:
      `\`${statement.originalText(span)}\` reads every column of ${named}. Unused columns are read and sent with every row, and no index can answer ` +
      "the query alone. Name the columns that are used.",
    certainty: "certain",
    evidence: { level: counts.flat().length > 0 ? "schema" : "code", facts: counts.flat() },
    fixes: fix ? [fix] : [],
    anchor: `${statement.originalText(span)} of ${named}`,
  });
}

const wide = new Set(["text", "json", "jsonb", "bytea", "xml", "tsvector"]);
const isWide = (type: string): boolean => wide.has(type) || type.endsWith("[]");

function isSlim(table: Table): boolean {
  return table.columns.length > 0 && table.columns.length <= 3 && !table.columns.some(({ type }) => isWide(type));
}

function wideWords(table: Table): string {
  const columns = table.columns.filter(({ type }) => isWide(type)).map(({ name, type }) => `${name} ${type}`);
  return columns.length > 0 ? `, of them wide: ${columns.join(", ")}` : "";
}

/** The star written out, where the columns of every relation that it covers are known. */
function expansion(
  statement: SqlStatement,
  span: { start: number; end: number },
  star: NodeOf<"ColumnRef">,
  select: NodeOf<"SelectStmt">,
  relations: readonly Relation[],
  tables: readonly (Table | undefined)[],
): FixDraft | undefined {
  const qualified = (star.fields?.length ?? 0) > 1;
  // JOIN ... USING shows its columns once, and a bare star covers subqueries too.
  if (!qualified && (mergesColumns(select) || relations.length !== relationCount(select))) return undefined;
  const columns: string[] = [];
  for (const [index, relation] of relations.entries()) {
    const table = tables[index];
    if (!table || table.columns.length === 0) return undefined;
    const prefix = qualified || relations.length > 1 ? `${quoteIdentifier(relation.visibleName)}.` : "";
    columns.push(...table.columns.map(({ name }) => prefix + quoteIdentifier(name)));
  }
  return statementFix(statement, "Name the columns", "unsafe", [{ span, newText: columns.join(", ") }]);
}

function mergesColumns(select: NodeOf<"SelectStmt">): boolean {
  let merges = false;
  walk(select.fromClause ?? [], ({ tag, node }) => {
    if (tag === "JoinExpr" && (node.isNatural || (node.usingClause?.length ?? 0) > 0)) merges = true;
    return tag !== "SelectStmt";
  });
  return merges;
}

function relationCount(select: NodeOf<"SelectStmt">): number {
  let count = 0;
  walk(select.fromClause ?? [], ({ tag }) => {
    if (tag === "RangeVar" || tag === "RangeSubselect" || tag === "RangeFunction" || tag === "RangeTableFunc" || tag === "JsonTable")
      count++;
    return tag !== "RangeSubselect";
  });
  return count;
}
