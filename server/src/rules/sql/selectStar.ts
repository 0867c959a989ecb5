import type { Certainty } from "#protocol/finding";
import type { Table } from "../../catalog/catalog.js";
import {
  as,
  names,
  quoteIdentifier,
  Scopes,
  walk,
  type NodeOf,
  type Relation,
  type RowsRead,
  type SqlStatement,
  type TableName,
  type Visit,
} from "../../sql/index.js";
import type { FixDraft, Problem, Rule, RuleContext } from "../rule.js";
import { findTable } from "../schema.js";
import { nameSpan } from "./extent.js";
import { isSlim, wideWords } from "./widths.js";
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
      "Finds `SELECT *` and `SELECT t.*` over a table whose columns reach the client. In Python it looks at what the function does with the rows, and is silent where each goes whole into a model or a dictionary that is returned; it is `possible` at most where the rows get to code that is not followed. It is silent in `EXISTS`, in definitions of views, where a subquery or CTE has already chosen the columns, and for tables that are known to have three narrow columns or fewer.",
    whyBad:
      "Every column is read, sent and turned into an object, wide ones (`text`, `jsonb`, `bytea`) from their own TOAST table, and an index that holds the needed columns cannot answer alone (index-only scan). A column added later makes the query slower without a change in the code.",
    bad: "SELECT * FROM orders WHERE customer_id = $1;",
    good: "SELECT id, status, total FROM orders WHERE customer_id = $1;",
    fixSafety:
      "The fix is offered where the code shows which columns it reads, and writes those. It is unsafe because rows may be read by other means too: by position, or in code that is given the result.",
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
      const problem = tables.length > 0 && starProblem(statement, visit.node, select, tables, context);
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
  select: Extract<Visit, { tag: "SelectStmt" }>,
  relations: readonly Relation[],
  context: RuleContext,
): Problem | undefined {
  const tables = relations.map((relation) => findTable(context, relation.table)?.table);
  if (tables.every((table, at) => (table ? isSlim(table) : isSystem(relations[at]?.table)))) return undefined;
  const span = nameSpan(statement, statement.at(star.location));
  const rows = statement.source.rows?.();
  const known = tables.every((table) => table !== undefined && table.columns.length > 0);
  if (!span || rows?.kind === "whole" || (known && usesAll(rows, tables))) return undefined;
  const named = relations.map((relation) => relation.table?.name ?? "").join(", ");
  const counts = tables.map((table) => (table ? `${table.name} has ${table.columns.length} columns${wideWords(table)}` : []));
  const fix = rows && fixOf(statement, span, star, select, relations, tables, rows);
  return statementProblem(statement, {
    span,
    message: `\`${statement.originalText(span)}\` reads every column of ${named}${words(rows)}`,
    certainty: certaintyOf(statement, rows, known),
    evidence: { level: counts.flat().length > 0 ? "schema" : "code", facts: counts.flat() },
    fixes: fix ? [fix] : [],
    anchor: `${statement.originalText(span)} of ${named}`,
  });
}

/** More columns than these may well be all that a table has of which nothing is known. */
const manyColumns = 4;

function certaintyOf({ source }: SqlStatement, rows: RowsRead | undefined, known: boolean): Certainty {
  // Code that hands its rows on whole, to a dump or to another function, mostly wants all of them.
  if (rows === undefined) return source.rows ? "possible" : "likely";
  if (rows.kind === "nothing") return "likely";
  if (known) return "certain";
  return rows.kind === "columns" && rows.columns.length > manyColumns ? "possible" : "likely";
}

/** What the code does with the rows, and what to do about it. */
function words(rows: RowsRead | undefined): string {
  const cost = "What is not used is read and sent with every row, and no index can answer the query alone.";
  switch (rows?.kind) {
    case "columns":
      return `; the code uses ${rows.columns.join(", ")}. ${cost} Name the columns that are used.`;
    case "existence":
      return ", and the code asks only whether there is a row. Every row that matches is found and sent. Ask for no more: SELECT EXISTS (SELECT 1 FROM …), or SELECT 1 … LIMIT 1.";
    case "nothing":
      return ", and the code looks at none of them. Every row is read and sent for nothing. Leave the query out, or ask for no more than it shall tell: SELECT 1 … LIMIT 1.";
    default:
      return `. ${cost} Name the columns that are used, unless all of them are.`;
  }
}

function usesAll(rows: RowsRead | undefined, tables: readonly (Table | undefined)[]): boolean {
  const used = new Set(rows?.kind === "columns" ? rows.columns : []);
  return tables.every((table) => table?.columns.every(({ name }) => used.has(name)));
}

/** PostgreSQL's own tables are small, and asked about seldom. */
function isSystem(name: TableName | undefined): boolean {
  if (name?.schema !== undefined) return name.schema === "pg_catalog" || name.schema === "information_schema";
  return name?.name.startsWith("pg_") === true;
}

/** What the code uses instead of the star, where it is known to be less. */
function fixOf(
  statement: SqlStatement,
  span: { start: number; end: number },
  star: NodeOf<"ColumnRef">,
  { node, parent }: Extract<Visit, { tag: "SelectStmt" }>,
  [relation, ...others]: readonly Relation[],
  [table]: readonly (Table | undefined)[],
  rows: RowsRead,
): FixDraft | undefined {
  const targets = node.targetList ?? [];
  if (parent || (node.distinctClause?.length ?? 0) > 0 || (node.groupClause?.length ?? 0) > 0) return undefined;
  if (rows.kind === "existence" && targets.length === 1)
    return statementFix(statement, "Ask only whether there is a row: SELECT 1", "unsafe", [{ span, newText: "1" }]);
  const qualified = (star.fields?.length ?? 0) > 1;
  if (rows.kind !== "columns" || others.length > 0 || !relation || !table || (!qualified && relationCount(node) !== 1)) return undefined;
  const used = table.columns.filter(({ name }) => rows.columns.includes(name));
  // What else is read must come from the rest of the list.
  const outputs = new Set(targets.map((target) => outputName(as(target, "ResTarget"))));
  const elsewhere = rows.columns.filter((name) => !used.some((column) => column.name === name));
  if (used.length === 0 || used.length === table.columns.length || elsewhere.some((name) => !outputs.has(name))) return undefined;
  const prefix = qualified ? `${quoteIdentifier(relation.visibleName)}.` : "";
  const newText = used.map(({ name }) => prefix + quoteIdentifier(name)).join(", ");
  return statementFix(statement, "Name the columns that are used", "unsafe", [{ span, newText }]);
}

function outputName(target: NodeOf<"ResTarget"> | undefined): string | undefined {
  return target?.name ?? names(as(target?.val, "ColumnRef")?.fields).at(-1);
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
