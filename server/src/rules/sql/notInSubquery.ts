import type { Node } from "libpg-query";
import {
  as,
  columnFields,
  names,
  resolveColumn,
  Scopes,
  walk,
  type NodeOf,
  type Scope,
  type SqlStatement,
  type Visit,
} from "../../sql/index.js";
import type { Problem, Rule, RuleContext } from "../rule.js";
import { columnsOf, findTable } from "../schema.js";
import { closingIndex, tokenIndexAt } from "./extent.js";
import { notExists } from "./notExists.js";
import { isNeverNull } from "./nullability.js";
import { statementProblem } from "./statementProblem.js";

/** So many rows may not fit into work_mem as a hash table, and the subquery is then searched once per row. */
const manyRows = 50_000;

export const notInSubquery: Rule<SqlStatement> = {
  meta: {
    id: "not-in-subquery",
    summary: "`NOT IN (SELECT …)` cannot become an anti-join, and one NULL empties the result.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Finds `NOT IN (SELECT …)` and `<> ALL (SELECT …)` where either side may be NULL, or where statistics show the subquery to be large. It is silent where both sides are known to be NOT NULL and the subquery is not known to be large.",
    whyBad:
      "A NULL among the subquery's rows makes the condition unknown for every row: the result is empty. Because of that PostgreSQL cannot plan an anti-join; as soon as the hashed rows do not fit into work_mem, the subquery is searched again for each row: on a million rows more than 25 s where `NOT EXISTS` takes 0.5 s.",
    bad: "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders);",
    good: "SELECT id FROM customers AS c WHERE NOT EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = c.id);",
    fixSafety:
      "The fix is safe where schema or conditions prove that neither side can be NULL. Otherwise it is unsafe: `NOT EXISTS` returns the rows that NULLs made `NOT IN` withhold, which is most often what was meant.",
    references: ["https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_NOT_IN"],
  },
  check: function* (statement, context) {
    if (statement.kind === "other") return;
    const scopes = new Scopes();
    const problems: Problem[] = [];
    walk(statement.tree, (visit) => {
      const problem = visit.tag === "SubLink" && isNegated(visit) && subqueryProblem(statement, visit, scopes, context);
      if (problem) problems.push(problem);
    });
    yield* problems;
  },
};

type SubLinkVisit = Extract<Visit, { tag: "SubLink" }>;

function isNegated(visit: SubLinkVisit): boolean {
  const { subLinkType, operName } = visit.node;
  if (subLinkType === "ALL_SUBLINK") return names(operName).at(-1) === "<>";
  return subLinkType === "ANY_SUBLINK" && !operName && visit.parent?.tag === "BoolExpr" && visit.parent.node.boolop === "NOT_EXPR";
}

function subqueryProblem(statement: SqlStatement, visit: SubLinkVisit, scopes: Scopes, context: RuleContext): Problem | undefined {
  const select = visit.node.subselect && as(visit.node.subselect, "SelectStmt");
  const tested = visit.node.testexpr;
  if (!select || !tested || select.valuesLists) return undefined;
  const inner = scopes.at({ tag: "SelectStmt", node: select, parent: visit, field: "subselect" });
  const [target] = select.targetList ?? [];
  const value = target && as(target, "ResTarget")?.val;
  // A VALUES list, unnest() and the like are what the caller made of them: small, and no table to join.
  if (!value || !inner?.relations.some(({ kind }) => kind !== "function")) return undefined;
  const outerSelect = holder(visit);
  const innerNeverNull = isNeverNull(value, select, inner, context);
  const proven = innerNeverNull && isNeverNull(tested, outerSelect, scopes.at(visit), context);
  const rows = rowsOf(value, inner, context);
  if (proven && (rows === undefined || rows < manyRows)) return undefined;
  const span = sublinkSpan(statement, visit);
  if (!span) return undefined;
  const fix = notExists(statement, visit.node, select, span, { outer: scopes.at(visit), inner, proven, context });
  const table = inner.relations[0]?.table?.name ?? "the subquery";
  return statementProblem(statement, {
    span,
    message: proven
      ? `NOT IN over about ${Math.round(rows ?? 0).toLocaleString("en")} rows of ${table} is no anti-join. Once the rows do not fit into work_mem, they are searched again for every row. Use NOT EXISTS.`
      : `${innerNeverNull ? "NOT IN drops the rows whose compared value is NULL" : `NOT IN returns nothing as soon as one value from ${table} is NULL`}, so PostgreSQL cannot plan an anti-join. ` +
        "A large subquery is searched again for every row. Use NOT EXISTS.",
    certainty: proven || knownNullable(value, inner, context) ? "certain" : "likely",
    evidence: findTable(context, inner.relations[0]?.table)
      ? { level: "schema", facts: nullFacts(value, inner, context) }
      : { level: "code", facts: [] },
    fixes: fix ? [fix] : [],
    anchor: `not in ${table}`,
  });
}

function holder(visit: Visit): NodeOf<"SelectStmt"> | undefined {
  for (let above = visit.parent; above; above = above.parent) if (above.tag === "SelectStmt") return above.node;
  return undefined;
}

function known(value: Node, scope: Scope | undefined, context: RuleContext) {
  const fields = columnFields(as(value, "ColumnRef")?.fields);
  const table = fields && findTable(context, resolveColumn(fields, scope, columnsOf(context))?.table)?.table;
  return { table, column: table?.columns.find(({ name }) => name === fields?.at(-1)) };
}

function rowsOf(value: Node, scope: Scope | undefined, context: RuleContext): number | undefined {
  return known(value, scope, context).table?.size?.rows;
}

function knownNullable(value: Node, scope: Scope | undefined, context: RuleContext): boolean {
  return known(value, scope, context).column?.notNull === false;
}

function nullFacts(value: Node, scope: Scope | undefined, context: RuleContext): string[] {
  const { table, column } = known(value, scope, context);
  return table && column ? [`${table.name}.${column.name} is ${column.notNull ? "NOT NULL" : "nullable"}`] : [];
}

/** From the tested column, or from NOT, to the subquery's closing parenthesis. */
function sublinkSpan(statement: SqlStatement, { node, parent }: SubLinkVisit): { start: number; end: number } | undefined {
  const column = node.testexpr && as(node.testexpr, "ColumnRef");
  const at = tokenIndexAt(statement, statement.at(node.location));
  let open = at;
  while (open >= 0 && open < statement.tokens.length && !opensSubquery(statement, open)) open++;
  const close = open >= 0 ? closingIndex(statement, open) : undefined;
  const end = close === undefined ? undefined : statement.tokens[close]?.end;
  const not = parent?.tag === "BoolExpr" ? statement.at(parent.node.location) : Infinity;
  const start = Math.min(column ? statement.at(column.location) : Infinity, not, statement.tokens[at]?.start ?? Infinity);
  return end === undefined || start === Infinity ? undefined : { start, end };
}

function opensSubquery(statement: SqlStatement, index: number): boolean {
  return statement.tokens[index]?.text === "(" && ["select", "with", "("].includes(statement.tokens[index + 1]?.text.toLowerCase() ?? "");
}
