import { parseSql } from "../../../server/src/sql/index.js";

/** A statement's syntax tree with everything removed that two writings of the same statement may differ in. */
export interface CanonicalTree {
  /** With names of aliases by order of appearance. */
  readonly tree: Tree;
  /** With the names of aliases as they stand. */
  readonly named: Tree;
  /** The placeholders' numbers as written, by order of first appearance; several where a list of placeholders became one. */
  readonly slots: readonly (readonly number[])[];
  /** Byte offsets of the placeholders, by the number as written. */
  readonly places: readonly { readonly number: number; readonly start: number }[];
}

export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [key: string]: Tree };
type Fields = { readonly [key: string]: Tree };

const isFields = (value: Tree | undefined): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: Tree | undefined): value is readonly Tree[] => Array.isArray(value);

/** PostgreSQL's parser does not take a text as one statement. */
export class NoStatement extends Error {}

const known = new Map<string, CanonicalTree>();

/** Throws `NoStatement`. */
export function canonicalTree(sql: string): CanonicalTree {
  const found = known.get(sql) ?? readTree(sql);
  known.set(sql, found);
  return found;
}

function readTree(sql: string): CanonicalTree {
  const outcome = parseSql(sql);
  if (!outcome.ok) throw new NoStatement(`${outcome.message}: ${sql}`);
  const [first, ...others] = outcome.tree.stmts ?? [];
  if (!first?.stmt || others.length > 0) throw new NoStatement(`not one statement: ${sql}`);
  const tree = first.stmt as unknown as Tree;
  const slots: number[][] = [];
  const named = withSlots(withListsAsOne(withoutPlaces(tree)), slots);
  return { tree: withAliases(named), named, slots, places: [...placesOf(tree)] };
}

/** Offsets say where something stands, not what it is. */
const isPlace = (key: string): boolean => key.endsWith("location") || key === "stmt_len" || /^r?(expr_)?list_(start|end)$/.test(key);

function mapFields(value: Tree, change: (child: Tree, key: string) => Tree | undefined): Tree {
  if (isList(value)) return value.map((child) => change(child, "") ?? null);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).flatMap(([key, child]) => {
    const changed = change(child, key);
    return changed === undefined ? [] : [[key, changed] as const];
  });
  return Object.fromEntries(entries);
}

const withoutPlaces = (value: Tree): Tree => mapFields(value, (child, key) => (isPlace(key) ? undefined : withoutPlaces(child)));

function* placesOf(value: Tree): Generator<{ number: number; start: number }> {
  if (isList(value)) for (const child of value) yield* placesOf(child);
  if (!isFields(value)) return;
  const { ParamRef: reference } = value;
  if (isFields(reference)) yield { number: Number(reference.number), start: Number(reference.location ?? 0) };
  else for (const child of Object.values(value)) yield* placesOf(child);
}

/** `IN ($1, $2, $3)` is one list of three: how many elements it has is decided when the code runs. */
function withListsAsOne(value: Tree): Tree {
  if (isFields(value) && isFields(value.A_Expr) && value.A_Expr.kind === "AEXPR_IN" && isFields(value.A_Expr.rexpr)) {
    const { List: list } = value.A_Expr.rexpr;
    const items = isFields(list) && isList(list.items) ? list.items : [];
    const numbers = items.map((item) => numbersOf(item));
    const shapes = new Set(items.map((item) => JSON.stringify(withNumbers(item, () => 0))));
    if (items.length > 0 && shapes.size === 1 && items.every(isOnlyParameters)) {
      let at = 0;
      const one = withNumbers(items[0]!, () => {
        const column = numbers.map((row) => row[at]!);
        at++;
        return column;
      });
      return { A_Expr: { ...(withListsAsOne(value.A_Expr) as Fields), rexpr: { List: { items: [one] } } } };
    }
  }
  return mapFields(value, withListsAsOne);
}

function isOnlyParameters(item: Tree): boolean {
  if (!isFields(item)) return false;
  if (isFields(item.ParamRef)) return true;
  if (isFields(item.TypeCast)) return isOnlyParameters(item.TypeCast.arg ?? null);
  const { RowExpr: row } = item;
  return isFields(row) && isList(row.args) && row.args.every(isOnlyParameters);
}

function numbersOf(item: Tree): number[] {
  return [...placesOf(item)].map(({ number }) => number);
}

function withNumbers(value: Tree, number: () => Tree): Tree {
  if (isFields(value) && isFields(value.ParamRef)) return { ParamRef: { number: number() } };
  return mapFields(value, (child) => withNumbers(child, number));
}

/** Placeholders get the numbers of their first appearance; `slots` tells which they were. */
function withSlots(value: Tree, slots: number[][]): Tree {
  if (!isFields(value) || !isFields(value.ParamRef)) return mapFields(value, (child) => withSlots(child, slots));
  const { number } = value.ParamRef;
  const mine = isList(number) ? number.map(Number) : [Number(number)];
  let slot = slots.findIndex((one) => one.join() === mine.join());
  if (slot < 0) slot = slots.push(mine) - 1;
  return { ParamRef: { slot: slot + 1, ...(isList(number) ? { list: true } : {}) } };
}

/** Aliases of tables, subqueries and functions, and names of common table expressions, become a1, a2, … */
function withAliases(tree: Tree): Tree {
  const defined = new Set(definedNames(tree));
  const given = new Map<string, string>();
  const rename = (name: Tree | undefined): Tree | undefined => {
    if (typeof name !== "string" || !defined.has(name)) return name;
    if (!given.has(name)) given.set(name, `a${given.size + 1}`);
    return given.get(name);
  };
  const visit = (value: Tree, key = ""): Tree => {
    if (isFields(value)) {
      if (key === "alias" && "aliasname" in value) return { ...visitFields(value), aliasname: rename(value.aliasname) ?? null };
      if (isFields(value.CommonTableExpr))
        return {
          CommonTableExpr: { ...visitFields(value.CommonTableExpr), ctename: rename(value.CommonTableExpr.ctename) ?? null },
        };
      if ("relname" in value && !("schemaname" in value)) return { ...visitFields(value), relname: rename(value.relname) ?? null };
      if (isFields(value.ColumnRef) && isList(value.ColumnRef.fields))
        return { ColumnRef: { fields: qualified(value.ColumnRef.fields, rename) } };
    }
    return mapFields(value, visit);
  };
  const visitFields = (value: Fields): Fields => mapFields(value, visit) as Fields;
  return visit(tree);
}

/** `schema.table.column` has no alias in it. */
function qualified(fields: readonly Tree[], rename: (name: Tree | undefined) => Tree | undefined): Tree {
  const [first, ...rest] = fields;
  if (fields.length > 2 || !isFields(first) || !isFields(first.String)) return fields;
  return [{ String: { ...first.String, sval: rename(first.String.sval) ?? null } }, ...rest];
}

function* definedNames(value: Tree): Generator<string> {
  if (isList(value)) for (const child of value) yield* definedNames(child);
  if (!isFields(value)) return;
  if (typeof value.aliasname === "string") yield value.aliasname;
  if (typeof value.ctename === "string") yield value.ctename;
  for (const child of Object.values(value)) yield* definedNames(child);
}

/** The rows' order is part of the result. */
export function isOrdered({ tree }: CanonicalTree): boolean {
  return isFields(tree) && isFields(tree.SelectStmt) && isList(tree.SelectStmt.sortClause) && tree.SelectStmt.sortClause.length > 0;
}

export const sameTree = (a: Tree, b: Tree): boolean => JSON.stringify(a) === JSON.stringify(b);
