import type { Expr, FieldFact } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import { isTrue, keyword, stringOf } from "./calls.js";
import { Classes, type ClassRef } from "./classes.js";
import { columnOf } from "./columns.js";
import type { ColumnAttribute } from "./entity.js";
import { fieldsOf } from "./fields.js";
import { schemaOfClass } from "./metadata.js";
import { markedColumns, readMembers, type Members } from "./members.js";
import { relationshipOf, type RelationshipDraft } from "./relationships.js";
import { annotationTypesOf, type AnnotationTypes } from "./types.js";
import { tableArguments, tableOf, withConstraints, type DeclaredTable, type TableArguments } from "./tables.js";

/** A mapped class before targets and directions of its relationships are known. */
export interface Mapping {
  readonly ref: ClassRef;
  readonly id: string;
  readonly table?: string;
  readonly schema?: string;
  readonly columns: Map<string, ColumnAttribute>;
  readonly drafts: Map<string, RelationshipDraft>;
  readonly args: TableArguments;
  readonly members: Members;
}

export const idOf = (ref: ClassRef) => `${ref.file}#${ref.fact.qualifiedName}`;

const snake = (name: string) => {
  let result = "";
  for (let at = 0; at < name.length; at++) {
    const letter = name[at]!;
    const upper = letter !== letter.toLowerCase();
    const before = name[at - 1];
    const after = name[at + 1];
    // HTTPServer → http_server, UserID → user_id
    const starts =
      upper &&
      before !== undefined &&
      before !== "_" &&
      (before === before.toLowerCase() || (after !== undefined && after === after.toLowerCase() && after !== after.toUpperCase()));
    result += (starts ? "_" : "") + letter.toLowerCase();
  }
  return result;
};

/** `__tablename__` as a string, or as the usual expressions over the class's name. */
function tableName(value: Expr | undefined, className: string): string | undefined {
  const text = stringOf(value);
  if (text !== undefined) return text;
  const lowered =
    value?.kind === "call" && value.callee.kind === "attribute" && value.callee.name === "lower" ? value.callee.of : undefined;
  return lowered?.kind === "attribute" && lowered.name === "__name__" ? className.toLowerCase() : undefined;
}

const argumentList = (value: Expr | undefined): readonly Expr[] => {
  if (value?.kind === "tuple" || value?.kind === "list") return value.items;
  return value ? [value] : [];
};

type Style = "declarative" | "sqlmodel" | "flask" | undefined;
function styleOf(classes: Classes, ref: ClassRef): Style {
  if (!classes.isDeclarative(ref)) return undefined;
  for (const at of classes.linear(ref))
    for (const base of at.fact.bases) {
      const word = wordOf(classes.symbols, at.file, base);
      if (word === "SQLModel") return "sqlmodel";
      if (word === "Model") return "flask";
    }
  return "declarative";
}

/** The class as a mapping; undefined where it is none (abstract, a mixin, a plain class). */
export function mappingOf(classes: Classes, ref: ClassRef, tables: ReadonlyMap<string, DeclaredTable>): Mapping | undefined {
  const style = styleOf(classes, ref);
  const own = (name: string) => ref.fact.fields.findLast((field) => field.name === name)?.value;
  if (isTrue(own("__abstract__")) || classes.isOwnBase(ref)) return undefined;
  if (style === "sqlmodel" && !ref.fact.keywords.some((entry) => entry.name === "table" && isTrue(entry.value))) return undefined;
  if (!style && !own("__tablename__") && !own("__table__")) return undefined;
  const { columns, drafts, table, schema, args, named, members } = membersOf(classes, ref, style, tables);
  if (!style && columns.size === 0) return undefined;
  const implied =
    style === "sqlmodel" ? ref.fact.name.toLowerCase() : style === "flask" && hasKey(columns) ? snake(ref.fact.name) : undefined;
  if (!named && implied === undefined) return undefined;
  const name = table ?? implied;
  return {
    ref,
    id: idOf(ref),
    columns,
    drafts,
    args,
    members,
    ...(name === undefined ? {} : { table: name }),
    ...(schema === undefined ? {} : { schema }),
  };
}

const hasKey = (columns: ReadonlyMap<string, ColumnAttribute>) => [...columns.values()].some((column) => column.primaryKey);

function membersOf(classes: Classes, ref: ClassRef, style: Style, tables: ReadonlyMap<string, DeclaredTable>) {
  const { symbols } = classes;
  const columns = new Map<string, ColumnAttribute>();
  const drafts = new Map<string, RelationshipDraft>();
  let args = tableArguments(symbols, ref.file, []);
  let table: string | undefined;
  let schema: string | undefined;
  let named = false;
  const annotationTypes = annotationTypesOf(annotationMap(classes, ref));
  const fields = fieldsOf(classes, ref);
  for (const { file, field } of fields) {
    if (field.name === "__tablename__") {
      named = true;
      table = tableName(field.value, ref.fact.name);
    } else if (field.name === "__table__" && field.value) {
      const inner =
        tableOf(symbols, file, field.value) ?? (field.value.kind === "name" ? tables.get(`${file}\n${field.value.id}`) : undefined);
      named = true;
      table = inner?.name;
      schema = inner?.schema;
      for (const column of inner?.columns ?? []) columns.set(column.name, column);
    } else if (field.name === "__table_args__") {
      args = tableArguments(symbols, file, argumentList(field.value));
      schema = args.schema ?? schema;
    } else addMember(classes, file, field, style, columns, drafts, annotationTypes);
  }
  const constrained = new Map(withConstraints([...columns.values()], args).map((column) => [column.name, column]));
  const members = readMembers(classes, ref, fields);
  schema ??= schemaOfClass(classes, ref);
  return { columns: markedColumns(constrained, members), drafts, args, table, schema, named, members };
}

/** On the base itself, or on the registry that the base names. */
function annotationMap(classes: Classes, ref: ClassRef): Expr | undefined {
  const own = classes.field(ref, "type_annotation_map")?.field.value;
  if (own) return own;
  const registry = classes.field(ref, "registry")?.field.value;
  return registry?.kind === "call" ? keyword(registry, "type_annotation_map") : undefined;
}

function addMember(
  classes: Classes,
  file: string,
  field: FieldFact,
  style: Style,
  columns: Map<string, ColumnAttribute>,
  drafts: Map<string, RelationshipDraft>,
  annotationTypes: AnnotationTypes,
): void {
  if (field.name.startsWith("__")) return;
  const draft = relationshipOf(classes.symbols, file, field);
  if (draft) {
    drafts.set(field.name, draft);
    columns.delete(field.name);
    return;
  }
  const column = columnOf(classes.symbols, file, field, style === "sqlmodel" ? "sqlmodel" : "mapped", annotationTypes);
  if (!column) return;
  columns.set(field.name, column);
  drafts.delete(field.name);
}

/** `User.orders = relationship(...)` after the class, at module level. */
export function lateRelationships(classes: Classes, file: string, add: (ref: ClassRef, draft: RelationshipDraft) => void): void {
  for (const statement of classes.symbols.files.get(file)!.functions[0]!.body) {
    if (statement.kind !== "assign" || statement.value?.kind !== "call") continue;
    const [target] = statement.targets;
    if (target?.kind !== "attribute") continue;
    const ref = classes.of(classes.symbols.resolve(file, target.of));
    const draft =
      ref &&
      relationshipOf(classes.symbols, file, { name: target.name, start: statement.start, end: statement.end, value: statement.value });
    if (ref && draft) add(ref, draft);
  }
}
