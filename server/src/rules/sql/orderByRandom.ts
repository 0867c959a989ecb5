import type { Node } from "libpg-query";
import { as, names, Scopes, walk, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { findTable, isSmall } from "../schema.js";
import { isNarrowed } from "./conditions.js";
import { callSpan } from "./extent.js";
import { statementProblem } from "./statementProblem.js";

const randomFunctions = new Set(["random", "gen_random_uuid", "uuid_generate_v4", "gen_random_bytes"]);

export const orderByRandom: Rule<SqlStatement> = {
  meta: {
    id: "order-by-random",
    summary: "`ORDER BY random()` reads and sorts the whole table to pick a few rows.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python"],
  },
  docs: {
    whatItDoes:
      "Finds `ORDER BY random()` and its kin over a table. It is silent for small tables, for sets that are not tables (`VALUES`, functions, CTEs), with `TABLESAMPLE`, and where a key already picks the rows.",
    whyBad: "Every row of the table is read, given a random number and sorted, for the few that `LIMIT` lets through. No index can help.",
    bad: "SELECT id, name FROM products ORDER BY random() LIMIT 5;",
    good: "SELECT id, name FROM products TABLESAMPLE SYSTEM_ROWS (5);",
    fixSafety:
      "There is no automatic fix, since each way changes which rows are likely: `TABLESAMPLE` (extension tsm_system_rows) takes neighbouring rows, a random key from the range of ids prefers rows behind gaps.",
    references: [
      "https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM",
      "https://www.postgresql.org/docs/current/tsm-system-rows.html",
    ],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const scopes = new Scopes();
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      const problem = visit.tag === "SelectStmt" && randomProblem(statement, visit, scopes, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

function randomProblem(
  statement: SqlStatement,
  visit: Extract<Visit, { tag: "SelectStmt" }>,
  scopes: Scopes,
  context: RuleContext,
): Problem | undefined {
  const call = visit.node.sortClause?.map((sort) => randomCall(as(sort, "SortBy")?.node)).find((found) => found !== undefined);
  const relations = scopes.at(visit)?.relations ?? [];
  const tables = relations.filter(({ kind }) => kind === "table");
  if (!call || tables.length === 0 || isSampled(visit.node.fromClause)) return undefined;
  const known = tables.map((relation) => findTable(context, relation.table)?.table);
  if (known.every(isSmall) || picksByKey(visit, scopes, context)) return undefined;
  const span = callSpan(statement, statement.at(call.location));
  if (!span) return undefined;
  const name = tables[0]?.table?.name ?? "the table";
  const rows = known[0]?.size?.rows;
  const limited = visit.node.limitCount !== undefined;
  return statementProblem(statement, {
    span,
    message:
      `Sorting by ${statement.originalText(span)} reads and sorts every row of ${name}${rows === undefined ? "" : ` (about ${Math.round(rows).toLocaleString("en")})`}` +
      `${limited ? " to return a few" : ""}, and no index can help. ` +
      `Use ${name} TABLESAMPLE SYSTEM_ROWS (n), pick random ids in the application, or shuffle there what is read anyway.`,
    certainty: limited ? "certain" : "likely",
    evidence: rows === undefined ? { level: "code", facts: [] } : { level: "schema", facts: [`${name}: ${Math.round(rows)} rows`] },
    anchor: `order ${name} by random`,
  });
}

/** `random()` itself or something computed from it alone, such as `md5(random()::text)`. */
function randomCall(node: Node | undefined): { location?: number } | undefined {
  if (!node) return undefined;
  const cast = as(node, "TypeCast")?.arg;
  if (cast) return randomCall(cast);
  const call = as(node, "FuncCall");
  if (!call) return undefined;
  if (randomFunctions.has(names(call.funcname).at(-1) ?? "")) return call;
  return (call.args ?? []).length === 1 && randomCall(call.args?.[0]) ? call : undefined;
}

function isSampled(from: readonly Node[] | undefined): boolean {
  return (from ?? []).some((item) => as(item, "RangeTableSample") !== undefined);
}

/** A condition on a key, seen from the statement's own WHERE. */
function picksByKey(visit: Extract<Visit, { tag: "SelectStmt" }>, scopes: Scopes, context: RuleContext): boolean {
  const where = visit.node.whereClause;
  if (!where) return false;
  const inside = { tag: "BoolExpr", node: {}, parent: visit, field: "whereClause" } as Visit;
  return isNarrowed(inside, undefined, scopes, context);
}
