import type { Node } from "libpg-query";
import { parseSql } from "../../sql/index.js";
import { refuse } from "../sql/ir.js";

export const string = (sval: string): Node => ({ String: { sval } });
export const integer = (ival: number): Node => ({ A_Const: { ival: ival === 0 ? {} : { ival } } }) as Node;
export const columnRef = (...parts: readonly string[]): Node => ({ ColumnRef: { fields: parts.map(string) } });
export const starRef = (...parts: readonly string[]): Node => ({ ColumnRef: { fields: [...parts.map(string), { A_Star: {} }] } });
export const target = (val: Node, name?: string): Node => ({ ResTarget: { ...(name === undefined ? {} : { name }), val } });
export const infix = (op: string, lexpr: Node | undefined, rexpr: Node): Node => ({
  A_Expr: { kind: "AEXPR_OP", name: [string(op)], ...(lexpr ? { lexpr } : {}), rexpr },
});

const parsed = new Map<string, Node>();

/**
 * What PostgreSQL's parser makes of an expression with `$1` … in it, with the nodes in their places: so forms that its grammar writes in
 * its own way (coalesce, extract, casts) come out as it has them.
 */
export function template(sql: string, items: readonly Node[]): Node {
  let tree = parsed.get(sql);
  if (!tree) {
    const outcome = parseSql(`SELECT ${sql}`);
    const first = outcome.ok ? outcome.tree.stmts?.[0]?.stmt : undefined;
    const select = first && "SelectStmt" in first ? first.SelectStmt : undefined;
    const only = select?.targetList?.length === 1 ? select.targetList[0] : undefined;
    const value = only && "ResTarget" in only && only.ResTarget.name === undefined ? only.ResTarget.val : undefined;
    if (!outcome.ok || outcome.tree.stmts?.length !== 1 || !value || Object.keys(select!).some((key) => !plainSelect.has(key)))
      return refuse(`PostgreSQL does not read ${sql} as an expression`);
    tree = withoutPlaces(value) as Node;
    parsed.set(sql, tree);
  }
  return substituted(tree, items) as Node;
}
const plainSelect = new Set(["targetList", "limitOption", "op"]);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function substituted(value: unknown, items: readonly Node[]): unknown {
  if (Array.isArray(value)) return value.map((item) => substituted(item, items));
  if (!isObject(value)) return value;
  if (isObject(value.ParamRef)) return items[Number(value.ParamRef.number ?? 0) - 1] ?? refuse("a template has too few items");
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, substituted(child, items)]));
}

/** Offsets in the text are no part of the meaning. */
const places = new Set([
  "location",
  "stmt_location",
  "stmt_len",
  "list_start",
  "list_end",
  "rexpr_list_start",
  "rexpr_list_end",
  "name_location",
]);
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !places.has(key))
      .map(([key, child]) => [key, withoutPlaces(child)]),
  );
}

/** What says nothing: the parser leaves it out, a builder may not. */
const isNothing = (value: unknown) => value === undefined || value === false || (Array.isArray(value) && value.length === 0);

/** Whether two trees are one but for their places. */
export function sameTree(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameTree(item, b[at]));
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false;
  for (const key in a) if (!places.has(key) && !isNothing(a[key]) && !sameTree(a[key], b[key])) return false;
  for (const key in b) if (!places.has(key) && !isNothing(b[key]) && isNothing(a[key])) return false;
  return true;
}

/** `CYCLE a SET b USING c`, `SEARCH …`: the parts of a CTE's node that such a text makes. */
export function cteSuffix(suffix: string): object {
  const outcome = parseSql(`WITH RECURSIVE c AS (SELECT 1) ${suffix} SELECT 1`);
  const first = outcome.ok && outcome.tree.stmts?.length === 1 ? outcome.tree.stmts[0]?.stmt : undefined;
  const only = first && "SelectStmt" in first ? first.SelectStmt.withClause?.ctes : undefined;
  const cte = only?.length === 1 && only[0] && "CommonTableExpr" in only[0] ? only[0].CommonTableExpr : undefined;
  if (!cte || first === undefined || !isSelectOfOne(first)) return refuse(`PostgreSQL does not read ${suffix} behind a CTE`);
  const { cycle_clause, search_clause } = withoutPlaces(cte) as typeof cte;
  return { ...(search_clause ? { search_clause } : {}), ...(cycle_clause ? { cycle_clause } : {}) };
}
/** The text was no more than the suffix. */
const isSelectOfOne = (statement: Node): boolean =>
  "SelectStmt" in statement && Object.keys(statement.SelectStmt).every((key) => plainSelect.has(key) || key === "withClause");

/** The tree of a type's name. */
export function typeName(type: string): Node {
  const cast = template(`CAST($1 AS ${type})`, [{ A_Const: { isnull: true } } as Node]);
  return "TypeCast" in cast ? (cast.TypeCast.typeName as unknown as Node) : refuse(`${type} is no type`);
}
