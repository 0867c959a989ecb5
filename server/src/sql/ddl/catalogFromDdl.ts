import type { AlterTableStmt, CreateStmt, Node, RangeVar, RenameStmt, ViewStmt } from "libpg-query";
import type { Catalog } from "../../catalog/catalog.js";
import type { SqlStatement } from "../statement.js";
import { as, names } from "../tree.js";
import { tableName, TableDraft } from "./tables.js";

/**
 * The tables, views, keys and indexes that the definitions of some files leave. Files are in no order that would mean anything: a table may
 * be created in a later one than its indexes, and a script that drops everything stands beside the one that creates it. So tables come
 * first, and DROP undoes only what its own file created before. Temporary tables are left out, unknown statements skipped.
 */
export function catalogFromDdl(statements: readonly SqlStatement[]): Catalog {
  const undone = droppedInTheirFile(statements);
  const trees = statements.filter((statement) => !undone.has(statement)).map(({ tree }) => tree);
  const schema = new SchemaDraft();
  for (const create of trees.map((tree) => as(tree, "CreateStmt")).sort(independentFirst)) if (create) schema.create(create);
  for (const tree of trees) schema.apply(tree);
  return {
    source: { kind: "ddl", files: [...new Set(statements.filter(({ tree }) => definedName(tree)).map(({ source }) => source.file))] },
    tables: [...schema.tables.values()].map((table) => table.toTable()),
    extensions: schema.extensions.map((name) => ({ name, version: "" })),
  };
}

/** Partitions and copies need the columns of another table. */
function independentFirst(a: CreateStmt | undefined, b: CreateStmt | undefined): number {
  const needs = (create: CreateStmt | undefined): number =>
    (create?.inhRelations?.length ?? 0) + (create?.tableElts ?? []).filter((element) => as(element, "TableLikeClause")).length;
  return Number(needs(a) > 0) - Number(needs(b) > 0);
}

function droppedInTheirFile(statements: readonly SqlStatement[]): ReadonlySet<SqlStatement> {
  const undone = new Set<SqlStatement>();
  const created = new Map<string, SqlStatement>();
  for (const statement of statements) {
    const { file } = statement.source;
    const name = definedName(statement.tree);
    if (name !== undefined) created.set(`${file}\n${name}`, statement);
    for (const dropped of droppedNames(statement.tree)) {
      const creation = created.get(`${file}\n${dropped}`);
      if (creation) undone.add(creation);
    }
  }
  return undone;
}

function definedName(tree: Node): string | undefined {
  const index = as(tree, "IndexStmt");
  if (index) return index.idxname && `index ${index.idxname}`;
  const relation = as(tree, "CreateStmt")?.relation ?? as(tree, "ViewStmt")?.view;
  const { schema, name } = tableName(relation);
  return relation && key(schema, name);
}

function droppedNames(tree: Node): string[] {
  const drop = as(tree, "DropStmt");
  return (drop?.objects ?? []).flatMap((object) => {
    const path = names(as(object, "List")?.items);
    const name = path.at(-1) ?? "";
    if (drop?.removeType === "OBJECT_INDEX") return `index ${name}`;
    return drop?.removeType === "OBJECT_TABLE" || drop?.removeType === "OBJECT_VIEW" ? key(path.at(-2) ?? "public", name) : [];
  });
}

const key = (schema: string, name: string): string => `${schema}\n${name}`;

class SchemaDraft {
  readonly tables = new Map<string, TableDraft>();
  readonly extensions: string[] = [];
  readonly #recreated = new Set<string>();

  apply(tree: Node): void {
    const alter = as(tree, "AlterTableStmt");
    if (alter) this.#alter(alter);
    const index = as(tree, "IndexStmt");
    if (index) this.#find(index.relation)?.addIndex(index);
    const view = as(tree, "ViewStmt");
    if (view) this.#view(view);
    const rename = as(tree, "RenameStmt");
    if (rename) this.#rename(rename);
    const extension = as(tree, "CreateExtensionStmt")?.extname;
    if (extension && !this.extensions.includes(extension)) this.extensions.push(extension);
  }

  #find(table: RangeVar | undefined): TableDraft | undefined {
    const { schema, name } = tableName(table);
    return this.tables.get(key(schema, name));
  }

  create(statement: CreateStmt): void {
    const { schema, name } = tableName(statement.relation);
    if (statement.relation?.relpersistence === "t") return;
    if (this.tables.has(key(schema, name))) {
      this.#recreated.add(key(schema, name));
      return;
    }
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

  #rename({ renameType, relation, subname, newname = "" }: RenameStmt): void {
    const table = this.#find(relation);
    if (!table) return;
    if (renameType === "OBJECT_COLUMN") {
      const column = table.columns.find(({ name }) => name === subname);
      if (column) column.name = newname;
    }
    // The old name may be created anew: that table is known already, and the old one is of no interest.
    if (renameType === "OBJECT_TABLE" && !this.#recreated.has(key(table.schema, table.name))) {
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
