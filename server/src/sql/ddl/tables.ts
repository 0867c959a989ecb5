import { deparseSync } from "pgsql-deparser";
import type { Constraint, ColumnDef, IndexStmt, Node, RangeVar } from "libpg-query";
import type { Column, ForeignKey, Index, Table } from "../../catalog/catalog.js";
import { as, names } from "../tree.js";
import { isSerial, typeText } from "./typeText.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A table while its definition is being read. */
export class TableDraft {
  readonly columns: Mutable<Column>[] = [];
  primaryKey: readonly string[] | undefined;
  readonly uniques: (readonly string[])[] = [];
  readonly foreignKeys: ForeignKey[] = [];
  indexes: Index[] = [];

  constructor(
    readonly schema: string,
    public name: string,
    readonly kind: Table["kind"],
  ) {}

  toTable(): Table {
    const { schema, name, kind, columns, uniques, foreignKeys, indexes, primaryKey } = this;
    return { schema, name, kind, columns, ...(primaryKey ? { primaryKey } : {}), uniques, foreignKeys, indexes };
  }

  addColumn(definition: ColumnDef): void {
    const name = definition.colname ?? "";
    if (this.columns.some((column) => column.name === name)) return;
    const serial = isSerial(definition.typeName);
    const column: Mutable<Column> = { name, type: typeText(definition.typeName), notNull: serial || (definition.is_not_null ?? false) };
    this.columns.push(column);
    for (const node of definition.constraints ?? []) {
      const constraint = as(node, "Constraint");
      if (constraint) this.#columnConstraint(column, constraint);
    }
  }

  #columnConstraint(column: Mutable<Column>, constraint: Constraint): void {
    if (constraint.contype === "CONSTR_NOTNULL") column.notNull = true;
    else if (constraint.contype === "CONSTR_DEFAULT") column.default = expressionText(constraint.raw_expr);
    else if (constraint.contype === "CONSTR_IDENTITY") Object.assign(column, { identity: true, notNull: true });
    else this.addConstraint(constraint, [column.name]);
  }

  /** `columns` for a constraint that stands at its column. */
  addConstraint(constraint: Constraint, columns?: readonly string[]): void {
    const keys = columns ?? names(constraint.keys);
    if (constraint.contype === "CONSTR_PRIMARY") this.#key(constraint, keys, true);
    if (constraint.contype === "CONSTR_UNIQUE") this.#key(constraint, keys, false);
    if (constraint.contype === "CONSTR_NOTNULL") this.setNotNull(keys[0] ?? "", true);
    if (constraint.contype === "CONSTR_FOREIGN")
      this.foreignKeys.push(foreignKey(this.name, constraint, columns ?? names(constraint.fk_attrs)));
  }

  #key(constraint: Constraint, columns: readonly string[], primary: boolean): void {
    const used = this.indexes.find((index) => index.name === constraint.indexname);
    const keys = columns.length > 0 ? columns : (used?.keys.flatMap((key) => key.column ?? []) ?? []);
    if (keys.length === 0) return;
    if (primary) this.primaryKey = keys;
    else this.uniques.push(keys);
    if (primary) for (const key of keys) this.setNotNull(key, true);
    if (used) return;
    const name = constraint.conname ?? (primary ? `${this.name}_pkey` : `${this.name}_${keys.join("_")}_key`);
    this.indexes.push({
      schema: this.schema,
      name,
      method: "btree",
      unique: true,
      primary,
      valid: true,
      keys: keys.map((column) => ({ column, descending: false })),
      include: names(constraint.including),
      definition: `CREATE UNIQUE INDEX ${name} ON ${this.schema}.${this.name} USING btree (${keys.join(", ")})`,
    });
  }

  setNotNull(name: string, notNull: boolean): void {
    const column = this.columns.find((candidate) => candidate.name === name);
    if (column) column.notNull = notNull;
  }

  addIndex(statement: IndexStmt): void {
    this.indexes.push(toIndex(this.schema, this.name, statement));
  }
}

const deleteActions: Readonly<Record<string, string>> = { a: "NO ACTION", r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" };

function foreignKey(table: string, constraint: Constraint, columns: readonly string[]): ForeignKey {
  const { schema, name } = tableName(constraint.pktable);
  return {
    name: constraint.conname ?? `${table}_${columns.join("_")}_fkey`,
    columns,
    referencedSchema: schema,
    referencedTable: name,
    referencedColumns: names(constraint.pk_attrs),
    onDelete: deleteActions[constraint.fk_del_action ?? "a"] ?? "NO ACTION",
  };
}

function toIndex(schema: string, table: string, statement: IndexStmt): Index {
  const keys = (statement.indexParams ?? []).flatMap((node) => {
    const element = as(node, "IndexElem");
    if (!element) return [];
    const operatorClass = names(element.opclass).at(-1);
    return {
      ...(element.name ? { column: element.name } : { expression: expressionText(element.expr) }),
      descending: element.ordering === "SORTBY_DESC",
      ...(operatorClass ? { operatorClass } : {}),
    };
  });
  const predicate = statement.whereClause && expressionText(statement.whereClause);
  return {
    schema,
    name: statement.idxname ?? `${table}_${keys.map((key) => ("column" in key ? key.column : "expr")).join("_")}_idx`,
    method: statement.accessMethod ?? "btree",
    unique: statement.unique ?? false,
    primary: false,
    valid: true,
    keys,
    include: (statement.indexIncludingParams ?? []).flatMap((node) => as(node, "IndexElem")?.name ?? []),
    ...(predicate === undefined ? {} : { predicate }),
    definition: expressionText({ IndexStmt: statement }),
  };
}

function expressionText(node: Node | undefined): string {
  return node ? deparseSync(node) : "";
}

/** A name without a schema is taken to be in `public`. */
export function tableName(table: RangeVar | undefined): { schema: string; name: string } {
  return { schema: table?.schemaname ?? "public", name: table?.relname ?? "" };
}
