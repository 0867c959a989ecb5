import type { Node } from "libpg-query";
import {
  ancestors,
  as,
  columnFields,
  names,
  resolveColumn,
  sideKind,
  Scopes,
  type Relation,
  type Scope,
  type Visit,
} from "../../sql/index.js";
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
 * Whether other conditions already find the few rows of this relation through an index, so that what is done to them costs nothing: a
 * value for a key, or a join on a key with a relation that is narrowed itself. Where nothing is known of a table, a column called `id` is
 * taken for its key.
 */
export function isNarrowed(visit: Visit, relation: Relation | undefined, scopes: Scopes, context: RuleContext): boolean {
  const statement = [visit, ...ancestors(visit)].find(({ tag }) => statements.has(tag));
  if (!statement) return false;
  const equalities = conditionsOf(statement).flatMap((condition) => equality(condition, scopes.at(statement), context));
  const narrowed = reached(equalities);
  if (!relation) return equalities.some(({ of, isKey }) => isKey && narrowed.has(of));
  return equalities.some(({ of, by, isKey }) => of === relation && isKey && (by === "value" || (by !== relation && narrowed.has(by))));
}

/** Relations of which few rows are left: compared with a value, or with a relation of which few are left. */
function reached(equalities: readonly Equality[]): ReadonlySet<Relation> {
  const found = new Set(equalities.flatMap(({ of, by, isKey }) => (by === "value" && isKey ? [of] : [])));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { of, by } of equalities) if (by !== "value" && found.has(by)) found.add(of);
  }
  return found;
}

interface Equality {
  readonly of: Relation;
  readonly by: Relation | "value";
  /** The relation's rows are looked up by the column. */
  readonly isKey: boolean;
}

/** Columns of the relation that must equal a parameter or a constant, parameters first; TRUE and FALSE find nothing. */
export function equalColumns(visit: Visit, relation: Relation | undefined, scopes: Scopes, context: RuleContext): string[] {
  const statement = [visit, ...ancestors(visit)].find(({ tag }) => statements.has(tag));
  if (!statement || !relation) return [];
  const found = conditionsOf(statement).flatMap((condition) => {
    const comparison = as(condition, "A_Expr");
    const { lexpr, rexpr } = comparison ?? {};
    if (comparison?.kind !== "AEXPR_OP" || !lexpr || !rexpr || names(comparison.name).at(-1) !== "=") return [];
    return [[lexpr, rexpr] as const, [rexpr, lexpr] as const].flatMap(([side, other]) => {
      const name = columnFields(as(side, "ColumnRef")?.fields)?.at(-1);
      const kind = sideKind(other);
      const finds = kind === "parameter" || (kind === "constant" && !as(other, "A_Const")?.boolval && !as(other, "TypeCast"));
      return name !== undefined && finds && relationOf(side, scopes.at(statement), context) === relation ? [{ name, kind }] : [];
    });
  });
  return [...new Set([...found.filter(({ kind }) => kind === "parameter"), ...found].map(({ name }) => name))];
}

const statements = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** All that must hold for a row: WHERE and the joins' ON. */
function conditionsOf(statement: Visit): Node[] {
  const { whereClause, fromClause, usingClause } = statement.node as { whereClause?: Node; fromClause?: Node[]; usingClause?: Node[] };
  return [...conjuncts(whereClause), ...[...(fromClause ?? []), ...(usingClause ?? [])].flatMap(joinConditions)];
}

function joinConditions(item: Node): Node[] {
  const join = as(item, "JoinExpr");
  return join ? [...conjuncts(join.quals), ...[join.larg, join.rarg].flatMap((side) => (side ? joinConditions(side) : []))] : [];
}

/** `column = value` and `column = other.column`. */
function equality(condition: Node, scope: Scope | undefined, context: RuleContext): Equality[] {
  const comparison = as(condition, "A_Expr");
  const { lexpr, rexpr } = comparison ?? {};
  if (!lexpr || !rexpr || names(comparison?.name).at(-1) !== "=" || comparison?.kind === "AEXPR_OP_ALL") return [];
  return [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ].flatMap(([side, other]) => {
    const of = side && relationOf(side, scope, context);
    const kind = other && sideKind(other);
    const by = kind === "parameter" || kind === "constant" ? "value" : other && relationOf(other, scope, context);
    return of && by ? [{ of, by, isKey: keyColumn(side, scope, context) === of }] : [];
  });
}

function relationOf(node: Node, scope: Scope | undefined, context: RuleContext): Relation | undefined {
  const fields = columnFields(as(node, "ColumnRef")?.fields);
  return fields && resolveColumn(fields, scope, columnsOf(context));
}

function keyColumn(node: Node, scope: Scope | undefined, context: RuleContext): Relation | undefined {
  const name = columnFields(as(node, "ColumnRef")?.fields)?.at(-1) ?? "";
  const relation = relationOf(node, scope, context);
  const known = findTable(context, relation?.table);
  const isKey = known ? isLookedUpBy(known.table, name) : ["id", "pk", "uuid"].includes(name);
  return isKey ? relation : undefined;
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
