import type { Relationship } from "../../orm/index.js";
import { tableKey } from "../mapping/columns.js";
import { declarationOf } from "../mapping/declaration.js";
import { baseTable, leavesOf } from "../mapping/keys.js";
import type { Mapping } from "../mapping/mapping.js";
import { onClause } from "../mapping/relationships.js";
import { adapted } from "../sql/adapt.js";
import { refuse, type EntityUse, type From, type Sql, type SqlKind } from "../sql/ir.js";
import { equal, junction } from "../sql/make.js";
import { pythonTypeOf } from "../sql/types.js";

type Column = SqlKind<"column">;

/** How rows of a relationship's two sides meet, seen from the side that is in memory. */
export interface Meeting {
  readonly owner: EntityUse;
  readonly target: EntityUse;
  readonly secondary?: From;
  /** Between the owner and the target, or the owner and the secondary table. */
  readonly near: Sql;
  /** Between the secondary table and the target. */
  readonly far?: Sql;
  /** Tables of the owner. */
  readonly local: ReadonlySet<From>;
}

export function meetingOf(mapping: Mapping, owner: EntityUse, relationship: Relationship, target: EntityUse): Meeting {
  const declaration = declarationOf(mapping, owner, relationship);
  for (const name of ["omit_join", "_local_remote_pairs", "bake_queries"])
    if (declaration.argument(name)) refuse(`${name}= of ${relationship.name}`);
  const bases = new Set(leavesOf(target.selectable).map(baseTable));
  const shared = leavesOf(owner.selectable).some((leaf) => bases.has(baseTable(leaf)));
  // Both sides in one table: an alias tells them apart.
  const seen = shared && !owner.aliased ? mapping.alias(owner.entity) : owner;
  const use = { kind: "relationship", owner: seen, name: relationship.name, criteria: [] } as const;
  const { on, secondary, secondaryOn } = onClause(mapping, use, target, true);
  const local = new Set(leavesOf(seen.selectable));
  if (!secondary || !secondaryOn) return { owner: seen, target, near: on, local };
  return { owner: seen, target, secondary, near: secondaryOn, far: on, local };
}

/** The condition with values of the owner's row in the place of its columns. */
export function withValues(meeting: Meeting, sql: Sql): Sql {
  const binds = new Map<string, Sql>();
  const replace = new Map<object, object>();
  for (const column of columnsOf(sql)) {
    if (!meeting.local.has(column.from)) continue;
    const key = `${tableKeyOf(column.from)}\n${String(column.name)}`;
    const bind = binds.get(key) ?? valueOf(meeting.owner, column);
    binds.set(key, bind);
    replace.set(column, bind);
  }
  return adapted(sql, replace);
}

/** The value that the row in memory has in a column. */
export function valueOf(owner: EntityUse, column: Sql, base = "param"): Sql {
  if (column.kind !== "column") return refuse("a key is no column");
  const attribute = owner.columns.find((one) => one.column.column === column.name)?.attribute;
  const pythonType = pythonTypeOf(column.type);
  return {
    kind: "bind",
    bound: {
      name: `${owner.entity.name}.${attribute ?? String(column.name)}`,
      ...(pythonType === undefined ? {} : { pythonType }),
    },
    type: column.type,
    base,
    column,
  };
}

/** Columns in an expression, without those of subqueries, of which nothing is known here. */
function columnsOf(sql: Sql): Column[] {
  if (sql.kind === "column") return [sql];
  const inside = (value: unknown): Column[] => {
    if (Array.isArray(value)) return value.flatMap(inside);
    if (typeof value !== "object" || value === null) return [];
    if ("statement" in value) return refuse("a relationship's condition has a subquery in it");
    if ("kind" in value && value.kind === "column") return [value as Column];
    return Object.entries(value).flatMap(([key, child]) => (key === "column" || key === "bound" ? [] : inside(child)));
  };
  return inside(Object.values(sql));
}

const tableKeyOf = (from: From): string => {
  const table = baseTable(from);
  return table ? tableKey({ schema: table.schema, table: table.name }) : "";
};

/** One `left = right` of a condition, its side in memory first. */
export interface Pair {
  readonly local: Column;
  readonly remote: Column;
}

/** Undefined where the condition says more than that columns are equal. */
export function pairsOf({ local }: Meeting, sql: Sql): readonly Pair[] | undefined {
  const items = sql.kind === "boolean" && sql.op === "AND" ? sql.items : [sql];
  const pairs: Pair[] = [];
  for (const item of items) {
    if (item.kind !== "operator" || item.op !== "=" || item.form) return undefined;
    const [left, right] = item.items;
    if (left?.kind !== "column" || right?.kind !== "column" || local.has(left.from) === local.has(right.from)) return undefined;
    pairs.push(local.has(left.from) ? { local: left, remote: right } : { local: right, remote: left });
  }
  return pairs;
}

/** The columns of a primary key, each in all tables that hold it. */
export const primaryKey = (use: EntityUse) => use.columns.filter(({ column }) => column.primaryKey && !column.computed);

/** The columns in the order of the primary key that they are; undefined where they are something else. */
export function asPrimaryKey<T>(use: EntityUse, items: readonly T[], columnOf: (item: T) => Column): readonly T[] | undefined {
  const keys = primaryKey(use);
  if (keys.length === 0 || keys.length !== items.length) return undefined;
  const found = keys.flatMap(
    ({ column, tables }) =>
      items.find((item) => columnOf(item).name === column.column && tables.includes(tableKeyOf(columnOf(item).from))) ?? [],
  );
  return found.length === keys.length ? found : undefined;
}

/** The columns of the primary key as the statement names them. */
export function keyColumns(mapping: Mapping, use: EntityUse): readonly Column[] {
  const columns = primaryKey(use).map((ordered) => mapping.physical(use, ordered, ordered.tables.at(-1)!));
  if (columns.length === 0) return refuse(`the primary key of ${use.entity.name} is not known`);
  return columns.map((sql) => (sql.kind === "column" ? sql : refuse("a key is no column")));
}

/** `users.id = $1`: the row itself. */
export const byKey = (mapping: Mapping, use: EntityUse): Sql =>
  junction(
    "AND",
    keyColumns(mapping, use).map((column) => equal(column, valueOf(use, column, "pk"))),
  );

/** `users.id IN ($1)`, for as many rows as there are. */
export function amongKeys(columns: readonly Sql[]): Sql {
  const binds = columns.map((column): Sql => ({
    kind: "bind",
    bound: { name: "primary_keys", expanding: true },
    type: column.type,
    base: "primary_keys",
    column,
  }));
  const [first] = columns;
  const single = columns.length === 1;
  const item: Sql = single ? first! : { kind: "tuple", items: columns, type: "" };
  const list: Sql = single ? binds[0]! : { kind: "tuple", items: binds, type: "" };
  return { kind: "inList", item, list, not: false, type: "boolean" };
}

/** Whether a foreign key leads from the owner to the target: many-to-one. */
export function isToOne(mapping: Mapping, pairs: readonly Pair[], name: string): boolean {
  const leads = (from: Column, to: Column) => {
    const table = baseTable(from.from);
    const key = [...(mapping.infoOf(from.from)?.columns.values() ?? [])].find((one) => one.column === from.name)?.foreignKey;
    return table !== undefined && key !== undefined && mapping.keyTarget(key, table) === baseTable(to.from) && key.column === to.name;
  };
  const out = pairs.every(({ local, remote }) => leads(local, remote));
  const into = pairs.every(({ local, remote }) => leads(remote, local));
  return out === into ? refuse(`the direction of ${name} is not known`) : out;
}
