import type { Catalog, Column, ForeignKey, Index, Table } from "../catalog/catalog.js";
import type { ColumnAttribute, DeclaredIndex, Entity } from "./entities/entity.js";
import type { OrmIndex } from "./project/ormIndex.js";

interface Source {
  readonly name: string;
  readonly schema?: string;
  readonly columns: readonly ColumnAttribute[];
  readonly indexes: readonly DeclaredIndex[];
  readonly uniques: readonly (readonly string[])[];
}

/** The tables that the project's entities and `Table(...)` objects declare. Where several map one table, their columns are put together. */
export function catalogOf(index: OrmIndex): Catalog {
  const sources = new Map<string, Source[]>();
  const add = (source: Source) => {
    const key = `${source.schema ?? "public"}.${source.name}`;
    sources.set(key, [...(sources.get(key) ?? []), source]);
  };
  for (const table of index.tables) add(table);
  for (const entity of index.entities.values()) if (entity.table !== undefined) add(ofEntity(entity, entity.table));
  return { source: { kind: "entities" }, tables: [...sources.values()].map((group) => tableOf(merge(group), index)), extensions: [] };
}

const ofEntity = (entity: Entity, name: string): Source => ({
  name,
  ...(entity.schema === undefined ? {} : { schema: entity.schema }),
  columns: [...entity.columns.values()].filter((column) => !column.computed),
  indexes: entity.indexes,
  uniques: entity.uniques,
});

function merge(group: readonly Source[]): Source {
  const columns = new Map<string, ColumnAttribute>();
  for (const source of group) for (const column of source.columns) if (!columns.has(column.column)) columns.set(column.column, column);
  const first = group[0]!;
  return {
    ...first,
    columns: [...columns.values()],
    indexes: group.flatMap((one) => one.indexes),
    uniques: group.flatMap((one) => one.uniques),
  };
}

function tableOf(source: Source, index: OrmIndex): Table {
  const schema = source.schema ?? "public";
  const primaryKey = source.columns.filter((column) => column.primaryKey).map((column) => column.column);
  const byName = new Map(
    source.columns.flatMap((column) => [[column.name, column.column] as const, [column.column, column.column] as const]),
  );
  const named = (columns: readonly (string | undefined)[]) =>
    columns.map((column) => (column === undefined ? undefined : (byName.get(column) ?? column)));
  const declared = new Map<string, DeclaredIndex>();
  for (const one of [...source.indexes, ...source.columns.filter((column) => column.index).map(columnIndex)])
    declared.set(one.name ?? one.columns.join(), one);
  const uniques = [...source.uniques, ...source.columns.filter((c) => c.unique && !c.index).map((c) => [c.column])];
  return {
    schema,
    name: source.name,
    kind: "table",
    columns: source.columns.map(columnOf),
    ...(primaryKey.length ? { primaryKey } : {}),
    uniques: uniques.map((columns) => named(columns).flatMap((column) => column ?? [])),
    foreignKeys: source.columns.flatMap((column) => foreignKey(column, source.name, schema, index)),
    indexes: [...declared.values()].map((one) => indexOf({ ...one, columns: named(one.columns) }, source.name, schema)),
  };
}

const columnOf = (column: ColumnAttribute): Column => ({
  name: column.column,
  type: column.type,
  notNull: column.notNull,
  ...(column.default === undefined ? {} : { default: column.default }),
  ...(column.identity ? { identity: true } : {}),
});

const columnIndex = (column: ColumnAttribute): DeclaredIndex => ({ columns: [column.column], unique: column.unique, partial: false });

function foreignKey(column: ColumnAttribute, table: string, schema: string, index: OrmIndex): ForeignKey[] {
  if (!column.foreignKey) return [];
  const { table: target, column: referenced, onDelete } = column.foreignKey;
  const found = target.startsWith("class:")
    ? (index.entities.get(column.foreignKey.entity ?? "") ?? [...index.entities.values()].find((entity) => entity.name === target.slice(6)))
    : undefined;
  if (target.startsWith("class:") && found?.table === undefined) return [];
  const path = found?.table ?? target;
  const dot = path.lastIndexOf(".");
  return [
    {
      name: `${table}_${column.column}_fkey`,
      columns: [column.column],
      referencedSchema: dot < 0 ? (found?.schema ?? schema) : path.slice(0, dot),
      referencedTable: path.slice(dot + 1),
      referencedColumns: [referenced],
      onDelete: onDelete || "NO ACTION",
    },
  ];
}

/** `definition` stays empty: the server has not seen it yet. */
function indexOf(one: DeclaredIndex, table: string, schema: string): Index {
  return {
    schema,
    name: one.name ?? `ix_${table}_${one.columns.join("_")}`,
    method: one.method ?? "btree",
    unique: one.unique,
    primary: false,
    valid: true,
    keys: one.columns.map((column) => (column === undefined ? { expression: "", descending: false } : { column, descending: false })),
    include: [],
    ...(one.partial ? { predicate: "" } : {}),
    definition: "",
  };
}
