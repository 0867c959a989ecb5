import type { Catalog, Column, ForeignKey, Index, Table } from "../../catalog/catalog.js";
import { as, names, quoteIdentifier, type Node, type NodeOf, type ParsedSql } from "../../sql/index.js";
import { isSerial, typeText } from "./typeText.js";

type Draft = { -readonly [K in keyof Table]: Table[K] extends readonly (infer E)[] ? E[] : Table[K] };

/** Tables, keys and indexes as CREATE and ALTER statements declare them, in the order of the files. */
export function catalogOfDdl(files: readonly { readonly file: string; readonly parsed: ParsedSql }[]): Catalog {
  const tables = new Map<string, Draft>();
  const sources = new Set<string>();
  for (const { file, parsed } of files) {
    for (const { tree } of parsed.statements) if (apply(tree, tables)) sources.add(file);
  }
  return { source: { kind: "ddl", files: [...sources] }, tables: [...tables.values()], extensions: [] };
}

/** Whether the statement declared something. */
function apply(tree: Node, tables: Map<string, Draft>): boolean {
  const create = as(tree, "CreateStmt");
  if (create) return createTable(create, tables);
  const index = as(tree, "IndexStmt");
  if (index) return addIndex(index, tables);
  const alter = as(tree, "AlterTableStmt");
  return alter ? alterTable(alter, tables) : false;
}

const schemaOf = (range: NodeOf<"RangeVar"> | undefined): string => range?.schemaname ?? "public";
const keyOf = (range: NodeOf<"RangeVar"> | undefined): string => `${schemaOf(range)}.${range?.relname ?? ""}`;

function createTable(create: NodeOf<"CreateStmt">, tables: Map<string, Draft>): boolean {
  const { relation } = create;
  if (!relation?.relname || tables.has(keyOf(relation))) return false;
  const kind = create.partspec ? "partitioned" : "table";
  const table: Draft = { schema: schemaOf(relation), name: relation.relname, kind, columns: [], uniques: [], foreignKeys: [], indexes: [] };
  for (const element of create.tableElts ?? []) {
    const column = as(element, "ColumnDef");
    const constraint = as(element, "Constraint");
    if (column) addColumn(table, column);
    if (constraint) addConstraint(table, constraint, names(constraint.keys));
  }
  tables.set(keyOf(relation), table);
  return true;
}

function addColumn(table: Draft, definition: NodeOf<"ColumnDef">): void {
  const constraints = (definition.constraints ?? []).flatMap((node) => as(node, "Constraint") ?? []);
  const has = (type: string): boolean => constraints.some(({ contype }) => contype === type);
  const name = definition.colname ?? "";
  const column: Column = {
    name,
    type: typeText(definition.typeName),
    notNull: has("CONSTR_NOTNULL") || has("CONSTR_PRIMARY") || has("CONSTR_IDENTITY") || isSerial(definition.typeName),
    ...(has("CONSTR_IDENTITY") ? { identity: true } : {}),
  };
  table.columns.push(column);
  for (const constraint of constraints) addConstraint(table, constraint, [name]);
}

function addConstraint(table: Draft, constraint: NodeOf<"Constraint">, columns: string[]): void {
  switch (constraint.contype) {
    case "CONSTR_PRIMARY":
      table.primaryKey = columns;
      table.indexes.push(indexOf(table, constraint.conname ?? `${table.name}_pkey`, columns, true, true));
      break;
    case "CONSTR_UNIQUE":
      table.uniques.push(columns);
      table.indexes.push(indexOf(table, constraint.conname ?? `${table.name}_${columns.join("_")}_key`, columns, true, false));
      break;
    case "CONSTR_FOREIGN":
      table.foreignKeys.push(foreignKeyOf(table, constraint, columns));
      break;
    default:
  }
}

const actions: Readonly<Record<string, string>> = { a: "NO ACTION", r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" };

function foreignKeyOf(table: Draft, constraint: NodeOf<"Constraint">, own: string[]): ForeignKey {
  const columns = constraint.fk_attrs ? names(constraint.fk_attrs) : own;
  return {
    name: constraint.conname ?? `${table.name}_${columns.join("_")}_fkey`,
    columns,
    referencedSchema: schemaOf(constraint.pktable),
    referencedTable: constraint.pktable?.relname ?? "",
    referencedColumns: names(constraint.pk_attrs),
    onDelete: actions[constraint.fk_del_action ?? "a"] ?? "NO ACTION",
  };
}

function indexOf(table: Draft, name: string, columns: readonly string[], unique: boolean, primary: boolean): Index {
  const keys = columns.map((column) => ({ column, descending: false }));
  const on = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
  const definition = `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(name)} ON ${on} USING btree (${columns.map(quoteIdentifier).join(", ")})`;
  return { schema: table.schema, name, method: "btree", unique, primary, valid: true, keys, include: [], definition };
}

function addIndex(index: NodeOf<"IndexStmt">, tables: Map<string, Draft>): boolean {
  const table = tables.get(keyOf(index.relation));
  if (!table) return false;
  const elements = (index.indexParams ?? []).flatMap((node) => as(node, "IndexElem") ?? []);
  const plain = elements.map((element) => element.name ?? "");
  const name = index.idxname ?? `${table.name}_${plain.filter(Boolean).join("_")}_idx`;
  table.indexes.push({
    ...indexOf(table, name, plain.filter(Boolean), index.unique ?? false, false),
    method: index.accessMethod ?? "btree",
    keys: elements.map((element) => ({
      // The text of an expression is not kept: that there is one is what matters.
      ...(element.name ? { column: element.name } : { expression: "(expression)" }),
      descending: element.ordering === "SORTBY_DESC",
      ...(element.opclass ? { operatorClass: names(element.opclass).join(".") } : {}),
    })),
    include: (index.indexIncludingParams ?? []).flatMap((node) => as(node, "IndexElem")?.name ?? []),
    ...(index.whereClause ? { predicate: "(predicate)" } : {}),
  });
  return true;
}

function alterTable(alter: NodeOf<"AlterTableStmt">, tables: Map<string, Draft>): boolean {
  const table = tables.get(keyOf(alter.relation));
  if (!table) return false;
  for (const node of alter.cmds ?? []) {
    const command = as(node, "AlterTableCmd");
    const column = command?.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
    const constraint = command?.subtype === "AT_AddConstraint" ? as(command.def, "Constraint") : undefined;
    if (column && !table.columns.some(({ name }) => name === column.colname)) addColumn(table, column);
    if (constraint) addConstraint(table, constraint, names(constraint.keys));
    if (command?.subtype === "AT_DropColumn") table.columns = table.columns.filter(({ name }) => name !== command.name);
  }
  return true;
}
