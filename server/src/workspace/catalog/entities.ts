import type { Catalog, Column, ForeignKey, Index, Table } from "../../catalog/catalog.js";
import type { ColumnAttribute, DeclaredIndex, OrmIndex } from "../../orm/index.js";
import { quoteIdentifier } from "../../sql/index.js";

interface Declared {
  readonly name: string;
  readonly schema: string;
  readonly columns: readonly ColumnAttribute[];
  readonly indexes: readonly DeclaredIndex[];
  readonly uniques: readonly (readonly string[])[];
}

/** Tables as the project's entities and `Table(...)` objects declare them. */
export function catalogOfEntities(index: OrmIndex): Catalog {
  const tables = new Map<string, Table>();
  for (const declared of declarations(index)) {
    const key = `${declared.schema}.${declared.name}`;
    const known = tables.get(key);
    const table = tableOf(declared);
    tables.set(key, known ? merge(known, table) : table);
  }
  return { source: { kind: "entities" }, tables: [...tables.values()], extensions: [] };
}

function* declarations(index: OrmIndex): Iterable<Declared> {
  for (const entity of index.entities.values()) {
    const { table, columns, indexes, uniques, schema } = entity;
    if (table !== undefined) yield { name: table, schema: schema ?? "public", columns: [...columns.values()], indexes, uniques };
  }
  for (const { name, schema, columns, indexes, uniques } of index.tables)
    yield { name, schema: schema ?? "public", columns, indexes, uniques };
}

function tableOf({ name, schema, columns: attributes, indexes, uniques }: Declared): Table {
  const columns = attributes.filter((attribute) => !attribute.computed);
  const primaryKey = columns.filter((attribute) => attribute.primaryKey).map((attribute) => attribute.column);
  const single = columns.filter((attribute) => attribute.unique).map((attribute) => [attribute.column]);
  const where = { schema, name };
  return {
    schema,
    name,
    kind: "table",
    columns: columns.map(columnOf),
    ...(primaryKey.length > 0 ? { primaryKey } : {}),
    uniques: [...uniques, ...single],
    foreignKeys: columns.flatMap((attribute) => foreignKeyOf(name, attribute)),
    indexes: [
      ...(primaryKey.length > 0 ? [indexOf(where, { name: `${name}_pkey`, unique: true, columns: primaryKey, partial: false }, true)] : []),
      ...[...uniques, ...single].map((unique) => indexOf(where, { unique: true, columns: unique, partial: false }, false)),
      ...columns
        .filter((attribute) => attribute.index && !attribute.unique)
        .map((attribute) =>
          indexOf(where, { name: `ix_${name}_${attribute.column}`, unique: false, columns: [attribute.column], partial: false }, false),
        ),
      ...indexes.map((index) => indexOf(where, index, false)),
    ],
  };
}

function columnOf({ column, type, notNull, default: value, identity }: ColumnAttribute): Column {
  return { name: column, type, notNull, ...(value === undefined ? {} : { default: value }), ...(identity ? { identity } : {}) };
}

function foreignKeyOf(table: string, { column, foreignKey }: ColumnAttribute): ForeignKey[] {
  if (!foreignKey) return [];
  const path = foreignKey.table.split(".");
  const referencedTable = path.pop() ?? "";
  const referencedSchema = path.join(".") || "public";
  const name = `${table}_${column}_fkey`;
  return [
    { name, columns: [column], referencedSchema, referencedTable, referencedColumns: [foreignKey.column], onDelete: foreignKey.onDelete },
  ];
}

function indexOf(table: { schema: string; name: string }, index: DeclaredIndex, primary: boolean): Index {
  const name = index.name ?? `${table.name}_${index.columns.filter(Boolean).join("_")}_${index.unique ? "key" : "idx"}`;
  const method = index.method ?? "btree";
  const keys = index.columns.map((column) => ({
    ...(column === undefined ? { expression: "(expression)" } : { column }),
    descending: false,
  }));
  const on = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
  const list = index.columns.map((column) => (column === undefined ? "(expression)" : quoteIdentifier(column))).join(", ");
  const definition = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(name)} ON ${on} USING ${method} (${list})`;
  const predicate = index.partial ? { predicate: "(predicate)" } : {};
  return { schema: table.schema, name, method, unique: index.unique, primary, valid: true, keys, include: [], definition, ...predicate };
}

/** Two classes over one table (single-table inheritance, or a reduced view of it): what either declares exists. */
function merge(one: Table, other: Table): Table {
  const added = <T>(first: readonly T[], second: readonly T[], same: (a: T, b: T) => boolean): T[] => [
    ...first,
    ...second.filter((item) => !first.some((known) => same(known, item))),
  ];
  const sameList = (a: readonly string[], b: readonly string[]): boolean => a.join("\0") === b.join("\0");
  return {
    ...one,
    columns: added(one.columns, other.columns, (a, b) => a.name === b.name),
    uniques: added(one.uniques, other.uniques, sameList),
    foreignKeys: added(one.foreignKeys, other.foreignKeys, (a, b) => sameList(a.columns, b.columns)),
    indexes: added(one.indexes, other.indexes, (a, b) => a.name === b.name),
  };
}
