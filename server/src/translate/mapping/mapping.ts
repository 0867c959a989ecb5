import type { ColumnAttribute, Entity, EntityId, OrmIndex, Relationship } from "../../orm/index.js";
import type { DeclaredTable } from "../../orm/entities/tables.js";
import { refuse, type AliasFrom, type EntityUse, type From, type Name, type Sql, type TableFrom } from "../sql/ir.js";
import { anonymous, column as columnSql } from "../sql/make.js";
import { columnType } from "./arrays.js";
import { entityDefaults, tableDefaults, type ColumnDefault } from "./defaults.js";
import { lateFields } from "./late.js";
import { hasOwnTable, orderedColumns, parentOf, tableKey, type OrderedColumn } from "./columns.js";
import type { Declaration } from "./declaration.js";
import { joinCondition } from "./keys.js";
import type { OnClause } from "./relationships.js";

/** A table as far as the project's code declares it. */
export interface TableInfo {
  readonly from: TableFrom;
  readonly columns: ReadonlyMap<string, ColumnAttribute>;
}

/** How an attribute that is no plain column is written: `column_property`, composites; set by whoever can run the code. */
export type Computed = (use: EntityUse, column: OrderedColumn) => Sql;

/** Entities and tables of a project as FROM items. One object per table and class, so that identity can be compared. */
export class Mapping {
  private readonly tables = new Map<string, TableInfo>();
  private readonly uses = new Map<EntityId, EntityUse>();
  /** The table that `secondary=` names; joins that are written out: both need code to be run. */
  /** SQLAlchemy's version, of the translation that goes on. */
  version: "1.4" | "2.0" | "2.1" = "2.0";
  secondaryTable: (declaration: Declaration) => TableFrom | undefined = () => undefined;
  writtenJoin: (
    owner: EntityUse,
    relationship: Relationship,
    declaration: Declaration,
    target: EntityUse,
    plainSecondary: boolean,
  ) => OnClause = (_, { name }) => refuse(`${name} has a join condition of its own`);
  /** `order_by=` of a relationship. */
  orderOf: (owner: EntityUse, name: string, target: EntityUse) => readonly Sql[] = () => [];
  computed: Computed = (_, { attribute }) => refuse(`the expression of ${attribute} is not known`);

  constructor(readonly index: OrmIndex) {
    for (const entity of index.entities.values()) if (entity.table !== undefined) this.addEntity(entity);
    for (const table of index.tables) this.addTable(table);
  }

  private info(key: string, schema: string | undefined, name: string): { from: TableFrom; columns: Map<string, ColumnAttribute> } {
    const known = this.tables.get(key);
    if (known) return known as { from: TableFrom; columns: Map<string, ColumnAttribute> };
    const from: TableFrom = { kind: "table", name, ...(schema === undefined ? {} : { schema }) };
    const made = { from, columns: new Map<string, ColumnAttribute>() };
    this.tables.set(key, made);
    return made;
  }

  private addEntity(entity: Entity): void {
    const info = this.info(tableKey(entity), entity.schema, entity.table!);
    for (const ordered of orderedColumns(this.index, entity)) {
      const { column, tables } = ordered;
      if (column.computed || !tables.includes(tableKey(entity)) || info.columns.has(column.column)) continue;
      info.columns.set(column.column, { ...column, type: columnType(this.index, ordered) });
    }
  }

  private addTable(table: DeclaredTable): void {
    const info = this.info(tableKey({ schema: table.schema, table: table.name }), table.schema, table.name);
    for (const column of table.columns) if (!info.columns.has(column.column)) info.columns.set(column.column, column);
  }

  /** What columns of a table get without being named. */
  defaults(table: TableFrom): readonly ColumnDefault[] {
    const known = this.defaultsByTable.get(table);
    if (known) return known;
    const key = tableKey({ schema: table.schema, table: table.name });
    const entities = [...this.index.entities.values()].filter((entity) => tableKey(entity) === key);
    const declared = this.index.tables.filter((one) => tableKey({ schema: one.schema, table: one.name }) === key);
    const all = [
      ...entities.flatMap((entity) => entityDefaults(this.index, entity, orderedColumns(this.index, entity))),
      ...declared.flatMap((one) => tableDefaults(this.index, one.file, one.variable)),
    ];
    // Classes of one table say the same of its columns.
    const made = all.filter((one, at) => all.findIndex((other) => other.column === one.column && other.on === one.on) === at);
    this.defaultsByTable.set(table, made);
    return made;
  }
  private readonly defaultsByTable = new Map<TableFrom, readonly ColumnDefault[]>();
  defaultValue: (value: ColumnDefault, column: Sql) => Sql = ({ column }) => refuse(`the default of ${column} is not known`);

  table(key: string): TableInfo | undefined {
    return this.tables.get(key);
  }
  infoOf(from: From): TableInfo | undefined {
    if (from.kind === "alias") return this.infoOf(from.of);
    return from.kind === "table" ? this.tables.get(tableKey({ schema: from.schema, table: from.name })) : undefined;
  }

  /** A table by the variable that holds it, where only one is called so. */
  tableOfVariable(name: string): TableFrom | undefined {
    const found = this.index.tables.filter((table) => table.variable === name);
    return found.length === 1 ? this.tables.get(tableKey({ schema: found[0]!.schema, table: found[0]!.name }))?.from : undefined;
  }

  /** The table that a foreign key names: as text, or by a class of the project. */
  keyTarget({ table: path, entity }: NonNullable<ColumnAttribute["foreignKey"]>, holder: TableFrom): TableFrom | undefined {
    const known = entity === undefined ? undefined : this.index.entities.get(entity);
    if (known) return this.tables.get(tableKey(known))?.from;
    // The metadata's own schema goes without saying.
    if (!path.startsWith("class:"))
      return (this.tables.get(path) ?? this.tables.get(tableKey({ schema: holder.schema, table: path })))?.from;
    const named = [...this.index.entities.values()].filter((one) => one.name === path.slice("class:".length));
    return named.length === 1 ? this.tables.get(tableKey(named[0]!))?.from : undefined;
  }

  /** The class itself. */
  use(entity: Entity): EntityUse {
    const known = this.uses.get(entity.id);
    if (known) return known;
    const made = this.make(entity, this.selectable(entity), false);
    this.uses.set(entity.id, made);
    return made;
  }

  /** `aliased(User)`. */
  alias(entity: Entity, name?: string): EntityUse {
    const plain = this.use(entity).selectable;
    if (plain.kind !== "table") return refuse(`an alias of ${entity.name}, which is mapped to a join`);
    const from: AliasFrom = { kind: "alias", of: plain, name: name ?? anonymous(plain.name) };
    return this.make(entity, from, true);
  }

  /** `aliased(User, subquery)`: columns by the names that the subquery gives them. */
  over(entity: Entity, from: From, columnNamed: (name: string) => Sql | undefined): EntityUse {
    const columns = orderedColumns(this.index, entity);
    const byName = new Map(columns.map((one) => [one.attribute, one]));
    return {
      entity,
      aliased: true,
      selectable: from,
      columns,
      columnOf: (attribute) => {
        const found = byName.get(attribute);
        return found && columnNamed(found.column.column);
      },
    };
  }

  private selectable(entity: Entity): From {
    const { table } = entity;
    if (table === undefined) return refuse(`the table of ${entity.name} is not known`);
    const own = this.tables.get(tableKey(entity))!.from;
    const parent = parentOf(this.index, entity);
    if (!parent || !hasOwnTable(this.index, entity)) return own;
    const above = this.use(parent).selectable;
    return { kind: "join", left: above, right: own, on: joinCondition(this, above, own), outer: false, full: false };
  }

  /** With those that are put on the class later. */
  private columns(entity: Entity): readonly OrderedColumn[] {
    this.late ??= lateFields(this.index);
    const late = [entity.id, ...entity.parents].flatMap((id) => this.late!.get(id) ?? []);
    const columns = orderedColumns(this.index, entity);
    const ref = this.index.classes.of({ kind: "class", file: entity.file, index: entity.class });
    if (late.length === 0 || !ref) return columns;
    const more = late.map(({ file, field }): OrderedColumn => ({
      attribute: field.name,
      column: {
        name: field.name,
        column: field.name,
        type: "",
        primaryKey: false,
        notNull: false,
        unique: false,
        index: false,
        deferred: false,
        computed: true,
        identity: false,
      },
      tables: [tableKey(entity)],
      declared: { file, field, class: ref },
    }));
    return [...columns, ...more];
  }
  private late: ReturnType<typeof lateFields> | undefined;

  private make(entity: Entity, selectable: From, aliased: boolean): EntityUse {
    const columns = this.columns(entity);
    const byName = new Map(columns.map((one) => [one.attribute, one]));
    const made = new Map<string, Sql>();
    const use: EntityUse = {
      entity,
      aliased,
      selectable,
      columns,
      columnOf: (written) => {
        const attribute = entity.synonyms.get(written) ?? written;
        const found = byName.get(attribute);
        if (!found) return undefined;
        const known = made.get(attribute);
        if (known) return known;
        const sql = found.column.computed ? this.computed(use, found) : this.physical(use, found, found.tables[0]!);
        made.set(attribute, sql);
        return sql;
      },
    };
    return use;
  }

  /** The column in the table of that key, as the class or its alias sees it. */
  physical(use: EntityUse, ordered: OrderedColumn, table: string): Sql {
    const { column, attribute, declared } = ordered;
    const from = use.aliased ? use.selectable : this.tables.get(table)!.from;
    return {
      kind: "column",
      from,
      name: column.column,
      type: columnType(this.index, ordered),
      key: attribute,
      use,
      ...(keepsValues(declared) ? { enumValues: true } : {}),
    };
  }
}

/** `Enum(Color, values_callable=…)` keeps values, not names. */
function keepsValues(declared: OrderedColumn["declared"]): boolean {
  const value = declared?.field.value;
  if (value?.kind !== "call") return false;
  const types = value.args.map((arg) => arg.value);
  return types.some((type) => type.kind === "call" && type.args.some((arg) => arg.name === "values_callable"));
}

/** Every column of a FROM item by name, as far as it is known here: tables and their aliases. */
export function tableColumns(mapping: Mapping, from: From): readonly Sql[] | undefined {
  const info = mapping.infoOf(from);
  return info && [...info.columns.values()].map((one) => columnSql(from, one.column as Name, one.type, one.column));
}
