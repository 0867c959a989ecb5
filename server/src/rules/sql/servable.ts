import type { Node } from "libpg-query";
import { as, columnFields, names, operatorOf, resolveColumn, type Relation, type Scope, type Visit, walk } from "../../sql/index.js";
import type { RuleContext } from "../rule.js";
import { columnsOf } from "../schema.js";
import { columnsBelow, filteringRoot } from "./conditions.js";

/**
 * Whether an index could find the rows for a condition. It cannot under NOT, CASE or a function, nor under an OR one of whose arms would
 * have to read the whole table anyway, nor where an outer join adds rows after the condition was applied.
 * @param strict the condition fails where the columns of its relation are NULL, so that an outer join is none
 */
export function isServable(
  visit: Visit,
  relation: Relation | undefined,
  scope: Scope | undefined,
  context: RuleContext,
  strict: boolean,
): boolean {
  const filtering = filteringRoot(visit);
  if (!filtering) return false;
  for (let here = visit; here.parent && here.parent !== filtering.holder; here = here.parent) {
    const above = here.parent;
    if (above.tag !== "BoolExpr" || above.node.boolop === "NOT_EXPR") return false;
    const sameRelation = (arm: Node) => isLookup(arm, relation, scope, context);
    if (above.node.boolop === "OR_EXPR" && !(above.node.args ?? []).every((arm) => arms(arm).some(sameRelation))) return false;
  }
  return joinsAllow(filtering.holder, relation, strict);
}

/** The conditions one of which is enough to find the rows of an arm of OR. */
function arms(arm: Node): Node[] {
  const and = as(arm, "BoolExpr");
  return and?.boolop === "AND_EXPR" ? (and.args ?? []) : [arm];
}

const comparisons = new Set(["=", "<", ">", "<=", ">=", "IN", "BETWEEN", "~~", "~~*"]);

/** A comparison of something of the relation with a value: of the bare column by equality, of an expression as the rule finds them. */
function isLookup(node: Node, relation: Relation | undefined, scope: Scope | undefined, context: RuleContext): boolean {
  const or = as(node, "BoolExpr");
  if (or?.boolop === "OR_EXPR") return (or.args ?? []).every((arm) => arms(arm).some((one) => isLookup(one, relation, scope, context)));
  const comparison = as(node, "A_Expr");
  const { lexpr, rexpr } = comparison ?? {};
  if (!comparison || !lexpr || !rexpr || !comparisons.has(operatorOf(comparison))) return false;
  return [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ].some(([side, other]) => {
    if (!side || !other || columnsBelow(other).length > 0) return false;
    const columns = columnsBelow(side);
    const [fields] = columns;
    if (!fields || columns.length !== 1 || resolveColumn(fields, scope, columnsOf(context)) !== relation) return false;
    return columnFields(as(side, "ColumnRef")?.fields) === undefined || ["=", "IN", "~~", "~~*"].includes(operatorOf(comparison));
  });
}

/** The side of each outer join above that the relation stands on. */
function joinsAllow(holder: Visit, relation: Relation | undefined, strict: boolean): boolean {
  if (!relation) return true;
  // In ON: of the side that an outer join keeps whole, nothing is left out by it.
  if (holder.tag === "JoinExpr") {
    const { jointype, larg, rarg } = holder.node;
    if (jointype === "JOIN_FULL") return false;
    if (jointype === "JOIN_LEFT" && within(larg, relation)) return false;
    return !(jointype === "JOIN_RIGHT" && within(rarg, relation));
  }
  const { fromClause } = holder.node as { fromClause?: Node[] };
  return strict || !(fromClause ?? []).some((item) => isNullable(item, relation));
}

function isNullable(item: Node, relation: Relation): boolean {
  const join = as(item, "JoinExpr");
  if (!join) return false;
  const { jointype, larg, rarg } = join;
  if ((jointype === "JOIN_LEFT" || jointype === "JOIN_FULL") && within(rarg, relation)) return true;
  if ((jointype === "JOIN_RIGHT" || jointype === "JOIN_FULL") && within(larg, relation)) return true;
  return [larg, rarg].some((side) => side !== undefined && isNullable(side, relation));
}

function within(item: Node | undefined, relation: Relation): boolean {
  const join = item && as(item, "JoinExpr");
  if (join) return within(join.larg, relation) || within(join.rarg, relation);
  const table = item && as(item, "RangeVar");
  return table !== undefined && (table.alias?.aliasname ?? table.relname) === relation.visibleName;
}

/** `coalesce(column, 0)` has a value where the column has none. */
export function fillsNull(node: Node): boolean {
  let fills = false;
  walk([node], ({ tag, node: inner }) => {
    if (tag === "CoalesceExpr" || (tag === "FuncCall" && names(inner.funcname).at(-1) === "concat")) fills = true;
  });
  return fills;
}
