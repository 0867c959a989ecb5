import type { Expr, FieldFact } from "../../python/index.js";
import type { ClassRef } from "../../orm/entities/classes.js";
import type { ColumnAttribute, Entity, OrmIndex } from "../../orm/index.js";
import { wordOf } from "../../orm/project/names.js";
import { columnOf } from "../../orm/entities/columns.js";
import { declaredIn } from "./fields.js";

/** An attribute that is a column (or computed) in the place where SQLAlchemy selects it. */
export interface OrderedColumn {
  readonly attribute: string;
  readonly column: ColumnAttribute;
  /** Mapped classes whose tables hold it, nearest first: the key of a joined child stands in two tables. */
  readonly tables: readonly string[];
  readonly declared?: { readonly file: string; readonly field: FieldFact; readonly class: ClassRef };
}

export const tableKey = (entity: Pick<Entity, "schema" | "table">) =>
  entity.schema === undefined ? (entity.table ?? "") : `${entity.schema}.${entity.table ?? ""}`;

/** The nearest mapped class above. */
export function parentOf(index: OrmIndex, entity: Entity): Entity | undefined {
  const [first] = entity.parents;
  return first === undefined ? undefined : index.entities.get(first);
}

/** `concrete=True`: the table is whole, nothing is inherited but attributes. */
export function hasOwnTable(index: OrmIndex, entity: Entity): boolean {
  const parent = parentOf(index, entity);
  return !parent || tableKey(parent) !== tableKey(entity);
}

/**
 * Columns in the order of SQLAlchemy's SELECT (2.0: the class's own before those of its mixins, in the order of the text; inherited ones
 * first; computed ones before all).
 */
export function orderedColumns(index: OrmIndex, entity: Entity): readonly OrderedColumn[] {
  const parent = parentOf(index, entity);
  const inherited = parent ? orderedColumns(index, parent) : [];
  const own = ownColumns(index, entity, parent);
  const joined = parent !== undefined && hasOwnTable(index, entity);
  const merged = inherited.map((column) => {
    const again = joined ? own.find((one) => one.attribute === column.attribute) : undefined;
    return again ? { ...again, tables: [...again.tables, ...column.tables] } : column;
  });
  const fresh = own.filter((column) => !inherited.some((one) => one.attribute === column.attribute));
  const all = [...merged, ...fresh];
  return [...all.filter((one) => one.column.computed), ...all.filter((one) => !one.column.computed)];
}

function ownColumns(index: OrmIndex, entity: Entity, parent: Entity | undefined): OrderedColumn[] {
  const ref = index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  const above = parent && index.classes.of({ kind: "class", file: parent.file, index: parent.class });
  const skipped = new Set(above ? index.classes.linear(above).map((at) => `${at.file}\n${at.index}`) : []);
  const result = new Map<string, OrderedColumn>();
  const table = tableKey(entity);
  if (ref && isSqlModel(index, ref)) return sqlModelColumns(index, entity, ref, parent, table);
  for (const at of ref ? index.classes.linear(ref) : []) {
    if (skipped.has(`${at.file}\n${at.index}`)) continue;
    for (const field of declaredIn(index, at)) {
      const column = entity.columns.get(field.name);
      if (column && !result.has(field.name))
        result.set(field.name, { attribute: field.name, column, tables: [table], declared: { file: at.file, field, class: at } });
    }
  }
  // What no field declares comes from a `Table`.
  const inherited = new Set(parent?.columns.keys());
  for (const [attribute, column] of entity.columns)
    if (!result.has(attribute) && !inherited.has(attribute)) result.set(attribute, { attribute, column, tables: [table] });
  return [...result.values()];
}

function isSqlModel(index: OrmIndex, ref: ClassRef): boolean {
  return index.classes.linear(ref).some((at) => at.fact.bases.some((base) => wordOf(index.symbols, at.file, base) === "SQLModel"));
}

/** pydantic goes through the fields of the bases first; every annotated field is a column, whatever its default is. */
function sqlModelColumns(index: OrmIndex, entity: Entity, ref: ClassRef, parent: Entity | undefined, table: string): OrderedColumn[] {
  const fields = new Map<string, NonNullable<OrderedColumn["declared"]>>();
  for (const at of index.classes.linear(ref).toReversed())
    for (const field of declaredIn(index, at)) fields.set(field.name, { file: at.file, field, class: at });
  const result = [...fields].flatMap(([attribute, declared]): OrderedColumn[] => {
    const column = entity.columns.get(attribute) ?? impliedColumn(index, entity, declared);
    return column && !parent?.columns.has(attribute) ? [{ attribute, column, tables: [table], declared }] : [];
  });
  const rest = [...entity.columns].filter(([attribute]) => !fields.has(attribute) && !parent?.columns.has(attribute));
  return [...result, ...rest.map(([attribute, column]) => ({ attribute, column, tables: [table] }))];
}

function impliedColumn(
  index: OrmIndex,
  entity: Entity,
  { file, field }: NonNullable<OrderedColumn["declared"]>,
): ColumnAttribute | undefined {
  const { name, start, end, annotation, value } = field;
  if (!annotation || name.startsWith("_") || name === "model_config" || entity.relationships.has(name)) return undefined;
  if (annotation.kind === "subscript" && annotation.of.kind === "name" && annotation.of.id === "ClassVar") return undefined;
  if (value?.kind === "call") return undefined;
  return columnOf(index.symbols, file, { name, start, end, annotation }, "sqlmodel");
}

/** A keyword argument of a call, also one in `sa_column_kwargs` and the like. */
export const argumentOf = (expr: Expr | undefined, name: string): Expr | undefined =>
  expr?.kind === "call" ? expr.args.find((arg) => arg.name === name)?.value : undefined;
