import type { AlterTableStmt, CreateStmt, DropStmt, Node, RangeVar, RenameStmt, ViewStmt } from "libpg-query";
import type { Catalog } from "../../catalog/catalog.js";
import type { SqlStatement } from "../statement.js";
import { as, names } from "../tree.js";
import { tableName, TableDraft } from "./tables.js";

/** What a sequence of definitions leaves: tables, views, keys and indexes. Temporary tables are left out, unknown statements skipped. */
export function catalogFromDdl(statements: readonly SqlStatement[]): Catalog {
  const schema = new SchemaDraft();
  for (const statement of statements) schema.apply(statement.tree);
  return {
    source: { kind: "ddl", files: [...new Set(statements.map(({ source }) => source.file))] },
    tables: [...schema.tables.values()].map((table) => table.toTable()),
    extensions: schema.extensions.map((name) => ({ name, version: "" })),
  };
}

const key = (schema: string, name: string): string => `${schema}\n${name}`;

class SchemaDraft {
  readonly tables = new Map<string, TableDraft>();
  readonly extensions: string[] = [];

  apply(tree: Node): void {
    const create = as(tree, "CreateStmt");
    if (create) this.#create(create);
    const alter = as(tree, "AlterTableStmt");
    if (alter) this.#alter(alter);
    const index = as(tree, "IndexStmt");
    if (index) this.#find(index.relation)?.addIndex(index);
    const view = as(tree, "ViewStmt");
    if (view) this.#view(view);
    const drop = as(tree, "DropStmt");
    if (drop) this.#drop(drop);
    const rename = as(tree, "RenameStmt");
    if (rename) this.#rename(rename);
    const extension = as(tree, "CreateExtensionStmt")?.extname;
    if (extension && !this.extensions.includes(extension)) this.extensions.push(extension);
  }

  #find(table: RangeVar | undefined): TableDraft | undefined {
    const { schema, name } = tableName(table);
    return this.tables.get(key(schema, name));
  }

  #create(statement: CreateStmt): void {
    const { schema, name } = tableName(statement.relation);
    if (statement.relation?.relpersistence === "t" || this.tables.has(key(schema, name))) return;
    const table = new TableDraft(schema, name, statement.partspec ? "partitioned" : "table");
    for (const parent of statement.inhRelations ?? []) this.#inherit(table, as(parent, "RangeVar"));
    const elements = statement.tableElts ?? [];
    for (const element of elements) {
      const column = as(element, "ColumnDef");
      if (column) table.addColumn(column);
      const like = as(element, "TableLikeClause");
      if (like) this.#inherit(table, like.relation);
    }
    // Keys after all columns: PRIMARY KEY makes columns NOT NULL wherever it stands.
    for (const element of elements) {
      const constraint = as(element, "Constraint");
      if (constraint) table.addConstraint(constraint);
    }
    this.tables.set(key(schema, name), table);
  }

  #inherit(table: TableDraft, parent: RangeVar | undefined): void {
    for (const column of this.#find(parent)?.columns ?? []) table.columns.push({ ...column });
  }

  #alter({ relation, cmds }: AlterTableStmt): void {
    const table = this.#find(relation);
    if (!table) return;
    for (const node of cmds ?? []) {
      const command = as(node, "AlterTableCmd");
      const column = command?.def && as(command.def, "ColumnDef");
      const constraint = command?.def && as(command.def, "Constraint");
      const name = command?.name ?? "";
      if (command?.subtype === "AT_AddColumn" && column) table.addColumn(column);
      if (command?.subtype === "AT_AddConstraint" && constraint) table.addConstraint(constraint);
      if (command?.subtype === "AT_SetNotNull") table.setNotNull(name, true);
      if (command?.subtype === "AT_DropNotNull") table.setNotNull(name, false);
      if (command?.subtype === "AT_DropColumn") dropColumn(table, name);
      if (command?.subtype === "AT_AlterColumnType" && column) retype(table, name, column);
    }
  }

  #view(statement: ViewStmt): void {
    const { schema, name } = tableName(statement.view);
    const view = new TableDraft(schema, name, "view");
    const targets = statement.query && as(statement.query, "SelectStmt")?.targetList;
    const aliases = names(statement.aliases);
    for (const [index, target] of (targets ?? []).entries()) {
      const value = as(target, "ResTarget");
      const column = aliases[index] ?? value?.name ?? (value?.val && names(as(value.val, "ColumnRef")?.fields).at(-1));
      // A star or an expression without a name: the columns are not known, and half of them would mislead.
      if (!column) return;
      view.columns.push({ name: column, type: "", notNull: false });
    }
    this.tables.set(key(schema, name), view);
  }

  #drop({ removeType, objects }: DropStmt): void {
    for (const object of objects ?? []) {
      const path = names(as(object, "List")?.items);
      const [name = "", schema = "public"] = [path.at(-1), path.at(-2)];
      if (removeType === "OBJECT_TABLE" || removeType === "OBJECT_VIEW") this.tables.delete(key(schema, name));
      if (removeType === "OBJECT_INDEX")
        for (const table of this.tables.values()) table.indexes = table.indexes.filter((index) => index.name !== name);
    }
  }

  #rename({ renameType, relation, subname, newname = "" }: RenameStmt): void {
    const table = this.#find(relation);
    if (!table) return;
    if (renameType === "OBJECT_COLUMN") {
      const column = table.columns.find(({ name }) => name === subname);
      if (column) column.name = newname;
    }
    if (renameType === "OBJECT_TABLE") {
      this.tables.delete(key(table.schema, table.name));
      table.name = newname;
      this.tables.set(key(table.schema, newname), table);
    }
  }
}

function dropColumn(table: TableDraft, name: string): void {
  const at = table.columns.findIndex((column) => column.name === name);
  if (at >= 0) table.columns.splice(at, 1);
  table.indexes = table.indexes.filter((index) => !index.keys.some((part) => part.column === name));
}

function retype(table: TableDraft, name: string, definition: Parameters<TableDraft["addColumn"]>[0]): void {
  const scratch = new TableDraft(table.schema, table.name, table.kind);
  scratch.addColumn({ ...definition, colname: name });
  const column = table.columns.find((candidate) => candidate.name === name);
  const type = scratch.columns[0]?.type;
  if (column && type) column.type = type;
}
