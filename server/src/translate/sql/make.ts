import { type Anonymous, type EntityUse, type From, type Name, type Sql } from "./ir.js";

export const anonymous = (base: string): Anonymous => ({ base });
export const sqlNull: Sql = { kind: "constant", value: "null", type: "" };
export const sqlTrue: Sql = { kind: "constant", value: "true", type: "boolean" };
export const sqlFalse: Sql = { kind: "constant", value: "false", type: "boolean" };
export const star: Sql = { kind: "constant", value: "star", type: "" };

export const column = (from: From, name: Name, type = "", key?: string): Sql => ({
  kind: "column",
  from,
  name,
  type,
  ...(key === undefined ? {} : { key }),
});

/** Like operators of one kind stand side by side without brackets: `a + (b + c)` is written `a + b + c`, which is `(a + b) + c`. */
const associative = new Set(["+", "*", "||"]);

export function operator(op: string, items: readonly Sql[], type: string): Sql {
  const [left, right] = items;
  if (associative.has(op) && left && right?.kind === "operator" && right.op === op && right.items.length === 2)
    return operator(op, [operator(op, [left, right.items[0]!], type), right.items[1]!], type);
  return { kind: "operator", op, items, type };
}
export const equal = (left: Sql, right: Sql): Sql => operator("=", [left, right], "boolean");

/** `and_` and `or_` flatten what is of their own kind; one condition stays itself; none (`or_(*[])`) says nothing in another condition. */
export function junction(op: "AND" | "OR", items: readonly Sql[]): Sql {
  const flat = items.flatMap((item) => (item.kind === "boolean" && (item.op === op || item.items.length === 0) ? item.items : [item]));
  const neutral = op === "AND" ? "true" : "false";
  const absorbing = op === "AND" ? "false" : "true";
  // `and_(true(), x)` is x, `and_(false(), x)` is false: SQLAlchemy does so when it builds the list.
  const is = (item: Sql, value: string) => item.kind === "constant" && item.value === value && !item.settled;
  if (flat.some((item) => is(item, absorbing))) return { ...(op === "AND" ? sqlFalse : sqlTrue), settled: true } as Sql;
  const kept = flat.filter((item) => !is(item, neutral));
  if (kept.length === 0 && flat.length > 0) return { ...flat[0]!, settled: true } as Sql;
  return kept.length === 1 ? kept[0]! : { kind: "boolean", op, items: kept, type: "boolean" };
}

/** `or_()`, `and_()`: as a WHERE clause, none. */
export const saysNothing = (sql: Sql): boolean => sql.kind === "boolean" && sql.items.length === 0;

const opposites: Readonly<Record<string, string>> = {
  "=": "<>",
  "<>": "=",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  IS: "IS NOT",
  "IS NOT": "IS",
  "~": "!~",
  "!~": "~",
  "~*": "!~*",
  "!~*": "~*",
  LIKE: "NOT LIKE",
  "NOT LIKE": "LIKE",
  ILIKE: "NOT ILIKE",
  "NOT ILIKE": "ILIKE",
  BETWEEN: "NOT BETWEEN",
  "NOT BETWEEN": "BETWEEN",
  "IS DISTINCT FROM": "IS NOT DISTINCT FROM",
  "IS NOT DISTINCT FROM": "IS DISTINCT FROM",
};

/** `~condition`: comparisons turn into their opposite, lists and constants too; all else gets NOT before it. */
export function negated(sql: Sql): Sql {
  if (sql.kind === "operator") {
    const opposite = sql.items.length >= 2 ? opposites[sql.op] : undefined;
    // Comparisons with ANY and ALL have no opposite.
    if (opposite && !sql.form) return { ...sql, op: opposite };
  }
  if (sql.kind === "inList" || sql.kind === "inSelect") return { ...sql, not: !sql.not };
  if (sql.kind === "not") return sql.item;
  if (sql.kind === "constant" && (sql.value === "true" || sql.value === "false")) return sql.value === "true" ? sqlFalse : sqlTrue;
  return { kind: "not", item: sql, type: "boolean" };
}

/** What `distinct(x)`, `x.distinct()` and `func.distinct(x)` are about; undefined for anything else. */
export function distinctOf(sql: Sql): Sql | undefined {
  if (sql.kind === "template" && sql.sql === "DISTINCT $1") return sql.items[0];
  return sql.kind === "call" && sql.name.length === 1 && sql.name[0] === "distinct" && sql.args.length === 1 ? sql.args[0] : undefined;
}

/** The expressions directly below one; subqueries are whole. */
function partsOf(sql: Sql): readonly Sql[] {
  switch (sql.kind) {
    case "operator":
    case "boolean":
    case "tuple":
    case "array":
    case "template":
      return sql.items;
    case "not":
    case "label":
    case "sort":
    case "inSelect":
      return [sql.item];
    case "call": {
      const { filter, order = [], withinGroup = [] } = sql.more ?? {};
      return [...sql.args, ...order, ...withinGroup, ...(filter ? [filter] : [])];
    }
    case "case":
      return [...(sql.value ? [sql.value] : []), ...sql.whens.flat(), ...(sql.else ? [sql.else] : [])];
    case "inList":
      return [sql.item, ...(Array.isArray(sql.list) ? (sql.list as readonly Sql[]) : [sql.list as Sql])];
    case "over":
      return [sql.item, ...sql.partition, ...sql.order];
    default:
      return [];
  }
}

/** The columns that an expression names; subqueries are whole. */
export const columnsIn = (sql: Sql): readonly (Sql & { kind: "column" })[] =>
  sql.kind === "column" ? [sql] : partsOf(sql).flatMap(columnsIn);

/** The FROM items that an expression brings with it; subqueries bring none. */
export function fromsOf(sql: Sql): readonly From[] {
  return sql.kind === "column" || sql.kind === "row" ? [sql.from] : partsOf(sql).flatMap(fromsOf);
}

/** The same for a column that is selected: one of an entity brings all tables of the entity. */
export function selectedFroms(sql: Sql): readonly From[] {
  if (sql.kind === "column") return [sql.use?.selectable ?? sql.from];
  return sql.kind === "row" ? [sql.from] : partsOf(sql).flatMap(selectedFroms);
}

/** Entities whose columns an expression names. */
export function usesOf(sql: Sql): readonly EntityUse[] {
  return sql.kind === "column" ? (sql.use ? [sql.use] : []) : partsOf(sql).flatMap(usesOf);
}

const proxies = new WeakMap<Sql, string>();
/** A hybrid's expression goes by the hybrid's name. */
export function withProxy(sql: Sql, name: string): Sql {
  const copy = { ...sql };
  proxies.set(copy, name);
  return copy;
}
export const proxyOf = (sql: Sql): string | undefined => proxies.get(sql);
