import type { Node } from "libpg-query";
import { expressionShape, expressionShapeOf, names, resolveColumn, Scopes, walk, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Table } from "../../catalog/catalog.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { columnsOf, findColumn, findTable, isSmall } from "../schema.js";
import { columnsBelow, isNarrowed } from "./conditions.js";
import { expressionSpan } from "./extent.js";
import { beginning, type Beginning } from "./patterns.js";
import { createIndex, indexKey } from "./proposedIndex.js";
import { fillsNull, isServable } from "./servable.js";
import { statementProblem } from "./statementProblem.js";

export const leadingWildcardLike: Rule<SqlStatement> = {
  meta: {
    id: "leading-wildcard-like",
    summary: "`LIKE '%…'` cannot use a B-tree index.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python"],
  },
  docs: {
    whatItDoes:
      "Finds `LIKE` and `ILIKE` conditions whose pattern begins with a wildcard, also `'%' || value`. It is silent where a trigram index on the column is known, where another condition already finds the rows through an index, and for small tables.",
    whyBad:
      "A B-tree finds strings by their beginning. Without one, PostgreSQL reads every row of the table and compares its text: on a million rows 116 ms where a trigram index needs 12 ms.",
    bad: "SELECT id FROM customers WHERE name LIKE '%smith%';",
    good: "SELECT id FROM customers WHERE name LIKE 'smith%';",
    references: ["https://www.postgresql.org/docs/current/pgtrgm.html", "https://www.postgresql.org/docs/current/indexes-types.html"],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const scopes = new Scopes();
    // One for a column and pattern, however often they stand in the statement.
    const problems = new Map<string, Problem>();
    walk(statement.tree, (visit) => {
      const problem = visit.tag === "A_Expr" && wildcardProblem(statement, visit, scopes, context);
      if (problem && !problems.has(problem.anchor)) problems.set(problem.anchor, problem);
    });
    yield* problems.values();
  },
};

function wildcardProblem(
  statement: SqlStatement,
  visit: Extract<Visit, { tag: "A_Expr" }>,
  scopes: Scopes,
  context: RuleContext,
): Problem | undefined {
  const operator = names(visit.node.name).at(-1);
  const { lexpr, rexpr } = visit.node;
  // NOT LIKE keeps most rows: no index would be used for it.
  if ((operator !== "~~" && operator !== "~~*") || !lexpr || !rexpr) return undefined;
  const pattern = beginning(rexpr);
  const [column] = columnsBelow(lexpr);
  if (pattern === undefined || !/^[%_]/.test(pattern.text) || !/[^%_]/.test(pattern.text + (pattern.whole ? "" : "x")) || !column)
    return undefined;
  const relation = resolveColumn(column, scopes.at(visit), columnsOf(context));
  if (relation && relation.kind !== "table") return undefined;
  if (!isServable(visit, relation, scopes.at(visit), context, !fillsNull(lexpr))) return undefined;
  const table = findTable(context, relation?.table)?.table;
  const name = column.at(-1) ?? "";
  if (isSmall(table) || (table && hasTrigramIndex(table, name, lexpr)) || isNarrowed(visit, relation, scopes, context)) return undefined;
  const key = indexKey(statement, lexpr, (one) => findColumn(table, one)?.type);
  const index = relation?.table && key !== undefined ? createIndex(relation.table, [`${key} gin_trgm_ops`], "gin") : undefined;
  const [from, to] = [expressionSpan(statement, lexpr), expressionSpan(statement, rexpr)];
  if (!from || !to) return undefined;
  return statementProblem(statement, {
    span: { start: from.start, end: to.end },
    message:
      `The pattern begins with a wildcard, so no B-tree index on ${name} can be used. Every row is read and compared. ` +
      adviceFor(name, index, pattern),
    certainty: table ? "certain" : "likely",
    evidence: {
      level: table ? "schema" : "code",
      facts: [
        `pattern ${pattern.whole ? "" : "begins with "}'${pattern.text}'`,
        ...(table ? [`no trigram index on ${table.name}.${name} is known`] : []),
      ],
    },
    anchor: `${relation?.table?.name ?? ""}.${name} like '${pattern.text}'`,
  });
}

/** `name gin_trgm_ops`, also over the expression that is compared. */
function hasTrigramIndex(table: Table, column: string, side: Node): boolean {
  const shape = expressionShape(side);
  return table.indexes.some(
    (index) =>
      index.valid &&
      index.keys.some(
        (key) =>
          (key.operatorClass?.includes("trgm_ops") || index.definition.includes("trgm_ops")) &&
          (key.column === column || (key.expression !== undefined && expressionShapeOf(key.expression) === shape)),
      ),
  );
}

/** @param index the statement that makes the index, where it can be written */
function adviceFor(column: string, index: string | undefined, pattern: Beginning): string {
  const inner = pattern.text.replace(/^[%_]+/, "").replace(/[%_]+$/, "");
  const trigram = index === undefined ? "a trigram index (extension pg_trgm)" : `a trigram index (extension pg_trgm): ${index}`;
  if (pattern.whole && inner.length < 3)
    return "A trigram index cannot help either, the pattern has fewer than three letters: search for a longer text or for a beginning ('text%').";
  if (pattern.whole && !/[%_]$/.test(pattern.text))
    return `Search by the beginning ('text%'), index reverse(${column}) and compare it with the reversed ending, or create ${trigram}.`;
  return `Search by the beginning ('text%') where that serves, or create ${trigram}.`;
}
