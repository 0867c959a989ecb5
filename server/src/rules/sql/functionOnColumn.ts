import type { Node } from "libpg-query";
import { expressionShape, operatorOf, resolveColumn, Scopes, walk, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Table } from "../../catalog/catalog.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { columnsOf, expressionIndex, findColumn, findTable, hasUnknownExpression, indexesLedBy, isSmall } from "../schema.js";
import { columnsBelow, filteringRoot, isNarrowed } from "./conditions.js";
import { dateRange } from "./dateRange.js";
import { statementProblem } from "./statementProblem.js";
import { wrappedColumn, type WrappedColumn } from "./wrappedColumn.js";

export const functionOnColumn: Rule<SqlStatement> = {
  meta: {
    id: "function-on-column",
    summary: "A function or cast around a column hides it from its index.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Finds conditions that compare a function, cast or calculation of a column with a value: `lower(email) = …`, `date(created_at) = …`, `id::text = …`, `price * 2 > …`. It is silent where an index on that very expression is known, where the cast changes nothing, where another condition already finds the rows through an index, for columns of subqueries, and for small tables.",
    whyBad:
      "An index on the column holds the column's values, not the function's: every row is read and the function called for each. On a million rows `date(ts) = d` takes 156 ms, the same as a range 0.55 ms.",
    bad: "SELECT id FROM orders WHERE date(created_at) = '2026-07-01';",
    good: "SELECT id FROM orders WHERE created_at >= '2026-07-01' AND created_at < '2026-07-02';",
    fixSafety:
      "Comparisons of a timestamp's date become a half-open range. That is safe where the column is known to be a timestamp and the other side is a date literal or `current_date`, and unsafe otherwise: a parameter may carry a time of day.",
    references: [
      "https://www.postgresql.org/docs/current/indexes-expressional.html",
      "https://use-the-index-luke.com/sql/where-clause/obfuscation/dates",
    ],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const scopes = new Scopes();
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      const problem = visit.tag === "A_Expr" && comparisonProblem(statement, visit, scopes, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

type Comparison = Extract<Visit, { tag: "A_Expr" }>;

const indexable = new Set(["=", "<", ">", "<=", ">=", "IN", "BETWEEN", "~~"]);

function comparisonProblem(statement: SqlStatement, visit: Comparison, scopes: Scopes, context: RuleContext): Problem | undefined {
  if (!indexable.has(operatorOf(visit.node)) || !filteringRoot(visit)) return undefined;
  const sides = sidesOf(statement, visit.node);
  const relation = sides && resolveColumn(sides.wrapped.fields, scopes.at(visit), columnsOf(context));
  if (!sides || (relation && relation.kind !== "table")) return undefined;
  const name = sides.wrapped.fields.at(-1) ?? "";
  const table = findTable(context, relation?.table)?.table;
  const type = findColumn(table, name)?.type;
  if (isSmall(table) || (type !== undefined && sides.wrapped.changesNothing(type))) return undefined;
  if (table && (expressionIndex(table, expressionShape(sides.node)) || hasUnknownExpression(table))) return undefined;
  if (isNarrowed(visit, relation, scopes, context)) return undefined;
  const fix = dateRange(statement, visit.node, sides.wrapped, type, standsAlone(visit));
  const written = statement.originalText(sides.wrapped.span);
  const index = table && indexesLedBy(table, name)[0];
  return statementProblem(statement, {
    span: sides.wrapped.span,
    message:
      `\`${written}\` hides ${name} from ${index ? `the index ${index.name}` : "any index on the column"}: every row is read and the expression computed for it. ` +
      (fix ? "Compare the bare column with a range." : adviceFor(sides.wrapped, name, relation?.table?.name)),
    certainty: index ? "certain" : "likely",
    evidence: { level: table ? "schema" : "code", facts: factsOf(table, name, index?.name) },
    fixes: fix ? [fix] : [],
    anchor: `${relation?.table?.name ?? ""}.${name} in ${sides.wrapped.what}`,
  });
}

/** No parentheses are needed around two conditions in its place. */
function standsAlone({ parent, field }: Comparison): boolean {
  return field === "whereClause" || (parent?.tag === "BoolExpr" && parent.node.boolop === "AND_EXPR");
}

/** The side that wraps a column, if the other one has no columns: a value that is computed once. */
function sidesOf(statement: SqlStatement, { lexpr, rexpr }: Comparison["node"]): { node: Node; wrapped: WrappedColumn } | undefined {
  for (const [side, other] of [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ] as const) {
    if (!side || !other || columnsBelow(other).length > 0) continue;
    const wrapped = wrappedColumn(statement, side);
    if (wrapped) return { node: side, wrapped };
  }
  return undefined;
}

function factsOf(table: Table | undefined, column: string, index: string | undefined): string[] {
  if (!table) return [];
  return [
    index ? `index ${index} on ${table.name}.${column} cannot be used` : `no index on this expression of ${table.name}.${column} is known`,
  ];
}

function adviceFor(wrapped: WrappedColumn, column: string, table: string | undefined): string {
  if (wrapped.kind === "cast") return `Cast the value to the type of ${column} instead of the column.`;
  if (wrapped.kind === "calculation") return `Leave ${column} alone on its side and calculate with the value.`;
  if (wrapped.immutable) return `Create an index on the expression: CREATE INDEX ON ${table ?? "the table"} (${wrapped.text}).`;
  return `Compare the bare column with a range of values.`;
}
