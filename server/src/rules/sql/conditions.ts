import type { Node } from "libpg-query";
import { as, columnFields, names, resolveColumn, sideKind, Scopes, type Relation, type Visit } from "../../sql/index.js";
import type { RuleContext } from "../rule.js";
import { columnsOf, findTable, isLookedUpBy } from "../schema.js";

/** Where a condition decides which rows are read: WHERE or a join's ON. HAVING and the output list come after reading. */
export function filteringRoot(visit: Visit): { root: Node; holder: Visit } | undefined {
  let here = visit;
  for (let above = visit.parent; above; above = here.parent) {
    if (here.field === "whereClause" || (above.tag === "JoinExpr" && here.field === "quals")) {
      const root = (above.node as { whereClause?: Node; quals?: Node })[here.field as "whereClause" | "quals"];
      return root && { root, holder: above };
    }
    if (["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].includes(above.tag)) return undefined;
    here = above;
  }
  return undefined;
}

/** The conditions that must all hold. */
export function conjuncts(condition: Node | undefined): Node[] {
  if (!condition) return [];
  const and = as(condition, "BoolExpr");
  return and?.boolop === "AND_EXPR" ? (and.args ?? []).flatMap(conjuncts) : [condition];
}

/**
 * Whether another condition beside this one already finds the few rows through an index, so that what is done to them costs nothing.
 * Where nothing is known of the table, a column called `id` is taken for its key.
 */
export function isNarrowed(visit: Visit, relation: Relation | undefined, scopes: Scopes, context: RuleContext): boolean {
  const filter = filteringRoot(visit);
  if (!filter) return false;
  return conjuncts(filter.root).some((condition) => {
    const column = equalityColumn(condition);
    if (!column) return false;
    const found = resolveColumn(column, scopes.at(filter.holder), columnsOf(context));
    const name = column.at(-1) ?? "";
    if (!found || (relation && found.visibleName !== relation.visibleName)) return false;
    const known = findTable(context, found.table);
    return known ? isLookedUpBy(known.table, name) : ["id", "pk", "uuid"].includes(name);
  });
}

function equalityColumn(condition: Node): string[] | undefined {
  const comparison = as(condition, "A_Expr");
  if (!comparison?.lexpr || !comparison.rexpr || names(comparison.name).at(-1) !== "=") return undefined;
  for (const [side, other] of [
    [comparison.lexpr, comparison.rexpr],
    [comparison.rexpr, comparison.lexpr],
  ] as const) {
    const fields = columnFields(as(side, "ColumnRef")?.fields);
    if (fields && (sideKind(other) === "parameter" || sideKind(other) === "constant")) return fields;
  }
  return undefined;
}

/** Every column reference below a node, subqueries left out. */
export function columnsBelow(node: Node): string[][] {
  const found: string[][] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) {
      const fields = columnFields(as(value as Node, "ColumnRef")?.fields);
      if (fields) found.push(fields);
      else if (!as(value as Node, "SubLink")) Object.values(value).forEach(visit);
    }
  };
  visit(node);
  return found;
}
