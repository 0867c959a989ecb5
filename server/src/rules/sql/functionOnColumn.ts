import type { Node } from "libpg-query";
import { expressionShape, operatorOf, resolveColumn, Scopes, walk, type SqlStatement, type Visit } from "../../sql/index.js";
import type { Table } from "../../catalog/catalog.js";
import type { FixDraft, Problem, Rule, RuleContext } from "../rule.js";
import { columnsOf, expressionIndex, findColumn, findTable, hasUnknownExpression, indexesLedBy, isSmall } from "../schema.js";
import { columnsBelow, equalColumns, isNarrowed } from "./conditions.js";
import { dateRange } from "./dateRange.js";
import { indexAdvice, type Wrapping } from "./indexAdvice.js";
import { beginsWithWildcard } from "./patterns.js";
import { fillsNull, isServable } from "./servable.js";
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
      "Finds conditions that compare a function, cast or calculation of a column with a value: `lower(email) = …`, `date(created_at) = …`, `id::text = …`, `price * 2 > …`. It is `possible` at most where nothing is known of the table, which may have an index on the expression, and no range can take the place of the function. It is silent where an index on that very expression is known, where the cast changes nothing, where another condition already finds the rows through an index, under an `OR` that other arms keep from any index, for columns of subqueries, and for small tables. One finding stands for all conditions of a statement on the same column.",
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
    const byColumn = new Map<string, Hidden[]>();
    walk(statement.tree, (visit) => {
      const hidden = visit.tag === "A_Expr" && hiddenColumn(statement, visit, scopes, context);
      if (!hidden) return;
      const key = `${hidden.relation?.table?.schema ?? ""}.${hidden.relation?.table?.name ?? ""}.${hidden.name}`;
      byColumn.set(key, [...(byColumn.get(key) ?? []), hidden]);
    });
    yield* [...byColumn.values()].flatMap((found) => problemOf(statement, found.toSorted(byPlace)) ?? []);
  },
};

type Comparison = Extract<Visit, { tag: "A_Expr" }>;

/** A condition that wraps a column. */
interface Hidden extends Wrapping {
  readonly fix: FixDraft | undefined;
}

const indexable = new Set(["=", "<", ">", "<=", ">=", "IN", "BETWEEN", "~~"]);

function hiddenColumn(statement: SqlStatement, visit: Comparison, scopes: Scopes, context: RuleContext): Hidden | undefined {
  if (!indexable.has(operatorOf(visit.node))) return undefined;
  const sides = sidesOf(statement, visit.node);
  const scope = scopes.at(visit);
  const relation = sides && resolveColumn(sides.wrapped.fields, scope, columnsOf(context));
  if (!sides || (relation && relation.kind !== "table")) return undefined;
  const { wrapped, node } = sides;
  const operator = operatorOf(visit.node);
  // A pattern that begins with a wildcard is another rule's.
  if (operator === "~~" && beginsWithWildcard(visit.node.rexpr)) return undefined;
  if (!isServable(visit, relation, scope, context, !fillsNull(node))) return undefined;
  const name = wrapped.fields.at(-1) ?? "";
  const table = findTable(context, relation?.table)?.table;
  const type = findColumn(table, name)?.type;
  if (isSmall(table) || (type !== undefined && wrapped.changesNothing(type))) return undefined;
  if (table && (expressionIndex(table, expressionShape(node)) || hasUnknownExpression(table))) return undefined;
  if (isNarrowed(visit, relation, scopes, context)) return undefined;
  const fix = dateRange(statement, visit.node, wrapped, type, standsAlone(visit));
  const beside = equalColumns(visit, relation, scopes, context).filter((column) => column !== name);
  return { name, relation, table, type, wrapped, node, beside, fix, pattern: operator === "~~" };
}

const byPlace = (a: Hidden, b: Hidden): number => a.wrapped.span.start - b.wrapped.span.start;

function problemOf(statement: SqlStatement, found: readonly Hidden[]): Problem | undefined {
  const [hidden] = found;
  if (!hidden) return undefined;
  const { name, relation, table, wrapped, beside } = hidden;
  const index = table && indexesLedBy(table, name)[0];
  const fix = together(found.map((one) => one.fix));
  const read = beside[0] === undefined ? "every row is read" : `every row with the ${beside[0]} asked for is read`;
  const others = found.length > 1 ? ` The statement does so in ${found.length} conditions.` : "";
  return statementProblem(statement, {
    span: wrapped.span,
    message:
      `\`${statement.originalText(wrapped.span)}\` hides ${name} from ${index ? `the index ${index.name}` : "any index on the column"}: ${read} and the expression computed for it.${others} ` +
      (fix ? "Compare the bare column with a range." : indexAdvice(statement, hidden)),
    certainty: index && beside.length === 0 ? "certain" : table || fix ? "likely" : "possible",
    evidence: { level: table ? "schema" : "code", facts: factsOf(table, name, index?.name) },
    fixes: fix ? [fix] : [],
    anchor: `${relation?.table?.name ?? ""}.${name} in ${wrapped.what}`,
  });
}

/** The fixes of one finding as one; none where a condition would stay as it is. */
function together(fixes: readonly (FixDraft | undefined)[]): FixDraft | undefined {
  const [first, ...more] = fixes;
  if (!first || more.includes(undefined)) return undefined;
  const all = [first, ...more.flatMap((fix) => fix ?? [])];
  return {
    ...first,
    applicability: all.every(({ applicability }) => applicability === "safe") ? "safe" : "unsafe",
    edits: all.flatMap(({ edits }) => edits),
  };
}

/** No parentheses are needed around two conditions in its place. */
function standsAlone({ parent, field }: Comparison): boolean {
  return field === "whereClause" || (parent?.tag === "BoolExpr" && parent.node.boolop === "AND_EXPR");
}

/** The side that wraps a column, if the other one has no columns: a value that is computed once. */
function sidesOf(statement: SqlStatement, { kind, lexpr, rexpr }: Comparison["node"]): { node: Node; wrapped: WrappedColumn } | undefined {
  for (const [side, other] of [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ] as const) {
    // `value = ANY (column)` looks into arrays, which no B-tree index can do.
    if (!side || !other || columnsBelow(other).length > 0 || (side === rexpr && (kind === "AEXPR_OP_ANY" || kind === "AEXPR_OP_ALL")))
      continue;
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
