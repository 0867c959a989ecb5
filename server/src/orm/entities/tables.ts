import type { CallExpr, Expr, FileFacts } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import type { Symbols } from "../project/symbols.js";
import { asArguments, isTrue, keyword, positional, stringOf } from "./calls.js";
import { columnOf, type ForeignKeyArgument } from "./columns.js";
import type { ColumnAttribute, DeclaredIndex } from "./entity.js";
import { metadataSchema } from "./metadata.js";

/** A `Table(...)` object, or the table of an entity. */
export interface DeclaredTable {
  readonly name: string;
  readonly schema?: string;
  readonly columns: readonly ColumnAttribute[];
  readonly indexes: readonly DeclaredIndex[];
  readonly uniques: readonly (readonly string[])[];
  readonly file: string;
  /** Variable that holds it, for `secondary=` and `__table__ =`. */
  readonly variable?: string;
}

export interface TableArguments {
  readonly schema?: string;
  readonly indexes: readonly DeclaredIndex[];
  readonly uniques: readonly (readonly string[])[];
  readonly primaryKey?: readonly string[];
  readonly foreignKeys: readonly { readonly column: string; readonly target: ForeignKeyArgument }[];
}

const strings = (exprs: readonly Expr[]) => exprs.flatMap((expr) => stringOf(expr) ?? []);
const listed = (expr: Expr | undefined) => (expr?.kind === "list" || expr?.kind === "tuple" ? strings(expr.items) : []);

/** A column of an index: its name, or what `User.name` and `table.c.name` end in; undefined for an expression. */
function indexedColumn(expr: Expr): string | undefined {
  if (expr.kind === "attribute") return expr.name;
  return expr.kind === "name" ? expr.id : stringOf(expr);
}

function indexOf(call: CallExpr): DeclaredIndex {
  const [name, ...columns] = positional(call);
  const method = stringOf(keyword(call, "postgresql_using"));
  const written = stringOf(name);
  return {
    ...(written === undefined ? {} : { name: written }),
    unique: isTrue(keyword(call, "unique")),
    columns: columns.map(indexedColumn),
    partial: keyword(call, "postgresql_where") !== undefined,
    ...(method === undefined ? {} : { method }),
  };
}

function foreignKeys(call: CallExpr): { column: string; target: ForeignKeyArgument }[] {
  const [columns, targets] = positional(call);
  const targetNames = listed(targets);
  const onDelete = stringOf(keyword(call, "ondelete")) ?? "";
  return listed(columns).flatMap((column, at) => {
    const path = targetNames[at] ?? "";
    const dot = path.lastIndexOf(".");
    return dot < 0 ? [] : [{ column, target: { table: path.slice(0, dot), column: path.slice(dot + 1), onDelete } }];
  });
}

/** What stands in `__table_args__` or behind the columns of a `Table(...)`. */
export function tableArguments(symbols: Symbols, file: string, args: readonly Expr[]): TableArguments {
  const indexes: DeclaredIndex[] = [];
  const uniques: string[][] = [];
  const keys: { column: string; target: ForeignKeyArgument }[] = [];
  let primaryKey: readonly string[] | undefined;
  let schema: string | undefined;
  for (const arg of args) {
    if (arg.kind === "dict") schema = stringOf(asArguments(arg).find((entry) => entry.name === "schema")?.value) ?? schema;
    if (arg.kind !== "call") continue;
    const word = wordOf(symbols, file, arg.callee);
    if (word === "Index") indexes.push(indexOf(arg));
    if (word === "UniqueConstraint") uniques.push(strings(positional(arg)));
    if (word === "PrimaryKeyConstraint") primaryKey = strings(positional(arg));
    if (word === "ForeignKeyConstraint") keys.push(...foreignKeys(arg));
  }
  return { indexes, uniques, foreignKeys: keys, ...(primaryKey ? { primaryKey } : {}), ...(schema === undefined ? {} : { schema }) };
}

/** The same columns with what the constraints add to them. */
export function withConstraints(columns: readonly ColumnAttribute[], args: TableArguments): readonly ColumnAttribute[] {
  return columns.map((column) => {
    const key = args.foreignKeys.find((entry) => entry.column === column.column);
    const primary = args.primaryKey?.includes(column.column) || args.primaryKey?.includes(column.name);
    return { ...column, ...(key ? { foreignKey: key.target } : {}), ...(primary ? { primaryKey: true, notNull: true } : {}) };
  });
}

/** `Table("name", metadata, Column(...), …)`, also as `db.Table`. */
export function tableOf(symbols: Symbols, file: string, value: Expr, variable?: string): DeclaredTable | undefined {
  if (value.kind !== "call" || wordOf(symbols, file, value.callee) !== "Table") return undefined;
  const [nameArg, ...rest] = positional(value);
  const name = stringOf(nameArg);
  if (name === undefined) return undefined;
  const columns = rest.flatMap((arg) => {
    if (arg.kind !== "call" || wordOf(symbols, file, arg.callee) !== "Column") return [];
    const columnName = stringOf(keyword(arg, "name") ?? positional(arg)[0]);
    return columnName === undefined
      ? []
      : (columnOf(symbols, file, { name: columnName, start: arg.start, end: arg.end, value: arg }, "mapped") ?? []);
  });
  const args = tableArguments(symbols, file, rest);
  const schema =
    stringOf(keyword(value, "schema")) ??
    metadataSchema(
      symbols,
      file,
      rest.find((arg) => arg.kind !== "string" && arg.kind !== "call"),
    );
  return {
    name,
    columns: withConstraints(columns, args),
    indexes: args.indexes,
    uniques: args.uniques,
    file,
    ...(schema === undefined ? {} : { schema }),
    ...(variable === undefined ? {} : { variable }),
  };
}

/** The tables that a file keeps in module-level variables. */
export function tablesOf(symbols: Symbols, file: string, facts: FileFacts): DeclaredTable[] {
  return facts.functions[0]!.body.flatMap((statement) => {
    if (statement.kind === "expression") return tableOf(symbols, file, statement.value) ?? [];
    if (statement.kind !== "assign" || !statement.value) return [];
    const [target] = statement.targets;
    return tableOf(symbols, file, statement.value, target?.kind === "name" ? target.id : undefined) ?? [];
  });
}
