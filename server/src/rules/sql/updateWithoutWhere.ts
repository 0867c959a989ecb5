import { as, tagOf, walk, type NodeOf, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { findTable, isSmall } from "../schema.js";
import { nameSpan, tokenIndexAt } from "./extent.js";
import { statementFix, statementProblem } from "./statementProblem.js";

export const updateWithoutWhere: Rule<SqlStatement> = {
  meta: {
    id: "update-without-where",
    summary: "`UPDATE` or `DELETE` without `WHERE` writes every row of the table.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Finds `UPDATE` and `DELETE` that have no condition, also inside a CTE. It is silent for tables that statistics show to be small, and where `WHERE true` says that every row is meant. In scripts that change definitions or empty several tables it is reported as merely possible.",
    whyBad:
      "Each row is written anew with all its index entries, the old versions stay as dead rows until vacuum, every row is locked until the transaction ends, and the whole table goes through the write-ahead log. Most often the condition was forgotten.",
    bad: "UPDATE orders SET status = 'archived';",
    good: "UPDATE orders SET status = 'archived' WHERE created_at < now() - interval '1 year';",
    fixSafety:
      "The fix adds `WHERE true`: the statement still writes every row, but says so. It is unsafe because a forgotten condition would be hidden.",
    references: [
      "https://www.postgresql.org/docs/current/sql-update.html",
      "https://www.postgresql.org/docs/current/routine-vacuuming.html",
    ],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      const problem = (visit.tag === "UpdateStmt" || visit.tag === "DeleteStmt") && writesAll(statement, visit, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

function writesAll(
  statement: SqlStatement,
  visit: Extract<Visit, { tag: "UpdateStmt" | "DeleteStmt" }>,
  context: RuleContext,
): Problem | undefined {
  const { relation, whereClause } = visit.node;
  if (!relation?.relname || whereClause) return undefined;
  const known = findTable(context, { name: relation.relname, ...(relation.schemaname ? { schema: relation.schemaname } : {}) });
  if (isSmall(known?.table)) return undefined;
  const table = nameSpan(statement, statement.at(relation.location));
  if (!table) return undefined;
  const deletes = visit.tag === "DeleteStmt";
  const rows = known?.table.size?.rows;
  const start = keywordBefore(statement, table.start, deletes ? "delete" : "update");
  const fix = visit.parent ? undefined : explicitly(statement, visit.node, start);
  return statementProblem(statement, {
    span: { start, end: table.end },
    message:
      `This ${deletes ? "DELETE removes" : "UPDATE writes"} every row of ${relation.relname}${rows === undefined ? "" : ` (about ${Math.round(rows).toLocaleString("en")})`}. ` +
      "All of them are locked, logged, and left behind as dead rows until vacuum. " +
      (deletes ? "Add a condition, use TRUNCATE where the table shall be empty, " : "Add a condition, work in batches, ") +
      "or write WHERE true to say that every row is meant.",
    certainty: isMaintenance(statement) ? "possible" : "certain",
    evidence:
      rows === undefined ? { level: "code", facts: [] } : { level: "schema", facts: [`${relation.relname}: ${Math.round(rows)} rows`] },
    fixes: fix ? [fix] : [],
    anchor: `${deletes ? "delete" : "update"} all of ${relation.relname}`,
  });
}

/**
 * A script that empties several tables, or changes definitions and then fills in values, means every row: it is run once, by hand or as a
 * migration, and nobody forgot a condition.
 */
function isMaintenance({ script, source }: SqlStatement): boolean {
  // Data of measurements and examples is emptied on purpose.
  if (
    source.file
      .split("/")
      .slice(-3, -1)
      .some((folder) => throwaway.has(folder))
  )
    return true;
  if (source.origin !== "file") return false;
  const emptied = script.filter(({ tree }) => as(tree, "DeleteStmt") && !as(tree, "DeleteStmt")?.whereClause).length;
  return emptied >= 3 || script.some(({ tree }) => definitions.has(tagOf(tree)));
}

const throwaway: ReadonlySet<string> = new Set(["bench", "benches", "benchmark", "benchmarks", "seeds", "fixtures"]);

const definitions: ReadonlySet<string> = new Set([
  "AlterTableStmt",
  "CreateStmt",
  "CreateTableAsStmt",
  "IndexStmt",
  "DropStmt",
  "RenameStmt",
  "TruncateStmt",
]);

function keywordBefore(statement: SqlStatement, offset: number, keyword: string): number {
  for (let index = tokenIndexAt(statement, offset); index >= 0; index--) {
    const token = statement.tokens[index];
    if (token?.text.toLowerCase() === keyword) return token.start;
  }
  return offset;
}

/** `WHERE true` behind the last clause that may stand before it; RETURNING comes after. */
function explicitly(statement: SqlStatement, node: NodeOf<"UpdateStmt"> | NodeOf<"DeleteStmt">, start: number) {
  const exprs = node.returningClause?.exprs;
  const tokens = statement.tokens.filter((token) => token.start >= start);
  const returning = exprs ? tokens.findLastIndex((token) => token.text.toLowerCase() === "returning") : -1;
  const last = returning > 0 ? tokens[returning - 1] : tokens.at(-1);
  // The last token is replaced by itself and the condition: an edit needs letters that stand in the file.
  return (
    last &&
    statementFix(statement, "Say that every row is meant: WHERE true", "unsafe", [
      { span: last, newText: `${statement.originalText(last)} WHERE true` },
    ])
  );
}
