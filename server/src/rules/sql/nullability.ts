import type { Node } from "libpg-query";
import { as, columnFields, fromItems, names, resolveColumn, type NodeOf, type Scope } from "../../sql/index.js";
import type { RuleContext } from "../rule.js";
import { columnsOf, findColumn, findTable } from "../schema.js";
import { conjuncts } from "./conditions.js";

/** Whether a column reference can never be NULL: its table says so and no outer join can have made it NULL, or a condition rules it out. */
export function isNeverNull(node: Node, select: NodeOf<"SelectStmt"> | undefined, scope: Scope | undefined, context: RuleContext): boolean {
  const constant = as(node, "A_Const");
  if (constant) return !constant.isnull;
  const fields = columnFields(as(node, "ColumnRef")?.fields);
  if (!fields) return false;
  if (conjuncts(select?.whereClause).some((condition) => rejectsNull(condition, fields))) return true;
  const relation = resolveColumn(fields, scope, columnsOf(context));
  if (relation?.kind !== "table" || !scope?.relations.includes(relation) || nullableSides(select?.fromClause).has(relation.visibleName))
    return false;
  return findColumn(findTable(context, relation.table)?.table, fields.at(-1) ?? "")?.notNull ?? false;
}

/** Conditions that are never true for NULL: IS NOT NULL and comparisons. */
function rejectsNull(condition: Node, fields: readonly string[]): boolean {
  const isColumn = (node: Node | undefined): boolean => {
    const found = columnFields(node && as(node, "ColumnRef")?.fields);
    return found !== undefined && found.join(".") === fields.join(".");
  };
  const test = as(condition, "NullTest");
  if (test) return test.nulltesttype === "IS_NOT_NULL" && isColumn(test.arg);
  const comparison = as(condition, "A_Expr");
  if (!comparison || (comparison.kind !== "AEXPR_OP" && comparison.kind !== "AEXPR_IN")) return false;
  return (
    ["=", "<", ">", "<=", ">="].includes(names(comparison.name).at(-1) ?? "") && (isColumn(comparison.lexpr) || isColumn(comparison.rexpr))
  );
}

/** Relations whose rows an outer join may replace by NULLs. */
function nullableSides(from: readonly Node[] | undefined): Set<string> {
  const found = new Set<string>();
  for (const item of from ?? []) {
    const join = as(item, "JoinExpr");
    if (!join) continue;
    const sides = [join.larg, join.rarg].filter((side) => side !== undefined);
    for (const name of nullableSides(sides)) found.add(name);
    const add = (side: Node | undefined): void => {
      for (const { visibleName } of fromItems(side ? [side] : [], new Set())) found.add(visibleName);
    };
    if (join.jointype === "JOIN_LEFT" || join.jointype === "JOIN_FULL") add(join.rarg);
    if (join.jointype === "JOIN_RIGHT" || join.jointype === "JOIN_FULL") add(join.larg);
  }
  return found;
}
