import type { Catalog, Column, Index, Table } from "../catalog/catalog.js";
import { expressionShapeOf, isConstant, type ColumnsOf, type TableName } from "../sql/index.js";
import type { RuleContext } from "./rule.js";

/** A table with the catalog that knows it. */
export interface KnownTable {
  readonly table: Table;
  readonly catalog: Catalog;
}

/** The best catalog's entry for a table; a name without a schema is looked for in `public` first, then where it is unique. */
export function findTable(context: RuleContext, name: TableName | undefined): KnownTable | undefined {
  if (!name) return undefined;
  for (const catalog of context.catalogs) {
    const named = catalog.tables.filter((table) => table.name === name.name && (name.schema === undefined || table.schema === name.schema));
    const table = named.length === 1 ? named[0] : named.find(({ schema }) => schema === "public");
    if (table) return { table, catalog };
  }
  return undefined;
}

export function columnsOf(context: RuleContext): ColumnsOf {
  return (name) => {
    const known = findTable(context, name);
    return known && new Set(known.table.columns.map((column) => column.name));
  };
}

export function findColumn(table: Table | undefined, name: string): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** So few rows that reading all of them costs nothing: statistics say so, or the table is made for one row. */
export function isSmall(table: Table | undefined): boolean {
  if (!table) return false;
  return table.size?.rows === undefined ? isSingleton(table) : table.size.rows < 1000;
}

/** A key that is a constant by default, `lock char(1) UNIQUE DEFAULT 'x'`: the usual way to allow a single row. */
function isSingleton(table: Table): boolean {
  const keys = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
  return keys.some((columns) => {
    const value = columns.length === 1 ? findColumn(table, columns[0] ?? "")?.default : undefined;
    return value !== undefined && isConstant(value);
  });
}

/** Indexes that serve a condition on this column alone. */
export function indexesLedBy(table: Table, column: string): Index[] {
  return table.indexes.filter((index) => index.valid && index.predicate === undefined && index.keys[0]?.column === column);
}

/** Whether equality on the column leaves few rows by way of an index, a primary key or a unique constraint. */
export function isLookedUpBy(table: Table, column: string): boolean {
  return (
    indexesLedBy(table, column).length > 0 || table.primaryKey?.[0] === column || table.uniques.some((columns) => columns[0] === column)
  );
}

/** An index that holds an expression of this shape (see `expressionShape`), at whatever place among its keys. */
export function expressionIndex(table: Table, shape: string): Index | undefined {
  return table.indexes.find(
    (index) => index.valid && index.keys.some(({ expression }) => expression !== undefined && expressionShapeOf(expression) === shape),
  );
}

/** Some declarations say only that there is an expression: it may be any. */
export function hasUnknownExpression(table: Table): boolean {
  return table.indexes.some((index) => index.keys.some((key) => key.expression === ""));
}
