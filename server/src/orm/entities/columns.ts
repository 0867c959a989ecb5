import type { CallExpr, Expr, FieldFact } from "../../python/index.js";
import { lastWord, wordOf } from "../project/names.js";
import type { Symbols } from "../project/symbols.js";
import { shapeOf } from "./annotations.js";
import { asArguments, isFalse, isTrue, keyword, positional, stringOf } from "./calls.js";
import { dottedOf } from "./classes.js";
import type { ColumnAttribute } from "./entity.js";
import { typeOfAnnotation, typeOfColumnType, type AnnotationTypes } from "./types.js";

const columnWords = new Set(["Column", "mapped_column"]);
const computedWords = new Set(["column_property", "query_expression", "hybrid_property"]);

export interface ForeignKeyArgument {
  readonly table: string;
  readonly column: string;
  readonly onDelete: string;
  /** The class that is named instead of a table, where it is found. */
  readonly entity?: string;
}

/** `ForeignKey("users.id", ondelete="CASCADE")`; also `ForeignKey(User.id)`, whose table the caller looks up by class name. */
function foreignKeyOf(symbols: Symbols, file: string, call: CallExpr): ForeignKeyArgument | undefined {
  if (wordOf(symbols, file, call.callee) !== "ForeignKey") return undefined;
  const target = keyword(call, "column") ?? positional(call)[0];
  const key = target && keyTarget(target, stringOf(keyword(call, "ondelete")) ?? "");
  const owner = target?.kind === "attribute" ? symbols.resolve(file, target.of) : undefined;
  const fact = owner?.kind === "class" ? symbols.files.get(owner.file)?.classes[owner.index] : undefined;
  return key && owner?.kind === "class" && fact ? { ...key, entity: `${owner.file}#${fact.qualifiedName}` } : key;
}
function keyTarget(target: Expr, onDelete: string): ForeignKeyArgument | undefined {
  const path = stringOf(target) ?? dottedOf(target);
  const dot = path.lastIndexOf(".");
  // Without a string the table is known by its class: the caller finds it under "class:".
  const table = path.slice(0, dot);
  return dot < 0
    ? undefined
    : { table: target.kind === "string" ? table : `class:${table.split(".").at(-1)}`, column: path.slice(dot + 1), onDelete };
}

/** The call that makes a column, seen through `deferred(Column(...))`, `Annotated` aliases and SQLModel's `Field`. */
interface ColumnCall {
  readonly call?: CallExpr;
  readonly deferred: boolean;
  readonly computed: boolean;
  readonly sqlmodel: boolean;
  /** Reading it never sends a query. */
  readonly loadsNothing?: true;
}
/** A group makes it deferred too. */
const isDeferred = (call: CallExpr) => isTrue(keyword(call, "deferred")) || keyword(call, "deferred_group") !== undefined;
function columnCall(symbols: Symbols, file: string, value: Expr | undefined): ColumnCall | undefined {
  if (value?.kind !== "call") return undefined;
  const word = wordOf(symbols, file, value.callee) ?? "";
  const plain = { deferred: false, computed: false, sqlmodel: false };
  if (columnWords.has(word)) return { ...plain, call: value, deferred: isDeferred(value) };
  if (word === "deferred") {
    const inner = positional(value)[0];
    return { ...plain, deferred: true, ...(inner?.kind === "call" ? { call: inner } : {}) };
  }
  if (computedWords.has(word)) {
    const inner = positional(value)[0];
    const column = inner?.kind === "call" && columnWords.has(wordOf(symbols, file, inner.callee) ?? "");
    const nothing = word === "column_property" ? {} : { loadsNothing: true as const };
    return column
      ? { ...plain, call: inner, deferred: isDeferred(value) }
      : { ...plain, computed: true, deferred: isDeferred(value), ...nothing };
  }
  return word === "Field" ? { ...plain, call: value, sqlmodel: true } : undefined;
}

/** `intpk = Annotated[int, mapped_column(primary_key=True)]`, used as `Mapped[intpk]`. */
function annotatedAlias(symbols: Symbols, file: string, type: Expr | undefined): { type?: Expr; call?: CallExpr; file: string } {
  const symbol = type && symbols.resolve(file, type);
  if (symbol?.kind !== "variable" || !symbol.value) return { ...(type ? { type } : {}), file };
  const shape = shapeOf(symbol.value);
  const call = shape.metadata.find((entry) => entry.kind === "call" && columnWords.has(wordOf(symbols, symbol.file, entry.callee) ?? ""));
  return { ...(shape.type ? { type: shape.type } : {}), ...(call?.kind === "call" ? { call } : {}), file: symbol.file };
}

/**
 * A field of a mapped class as a column; undefined where it is none.
 * @param annotationTypes what the base's `type_annotation_map` says
 * @param bare whether an annotation without a value makes a column (`Mapped[int]`, or any field of a SQLModel table)
 */
export function columnOf(
  symbols: Symbols,
  file: string,
  field: FieldFact,
  bare: "mapped" | "sqlmodel",
  annotationTypes: AnnotationTypes = new Map(),
): ColumnAttribute | undefined {
  const shape = field.annotation ? shapeOf(field.annotation) : undefined;
  const found = columnCall(symbols, file, field.value);
  if (!found) {
    const implied = !field.value || field.value.kind === "constant" || field.value.kind === "string" || field.value.kind === "number";
    const annotated = bare === "sqlmodel" ? field.annotation !== undefined : shape?.mapped === "Mapped";
    if (!implied || !annotated || shape?.collection) return undefined;
  }
  const alias = annotatedAlias(symbols, file, shape?.type);
  const base = attributes(symbols, file, field.name, found?.call, alias.call);
  const nullable = found?.sqlmodel ? (shape?.optional ?? false) : shape ? shape.optional : true;
  const explicit = found?.call && keyword(found.call, "nullable");
  return {
    ...base,
    type: base.type || typeOfAnnotation([shape?.type, alias.type], annotationTypes),
    ...valueClassOf(symbols, [
      [file, shape?.type],
      [alias.file, alias.type],
      ...[found?.call, alias.call].map((call) => [file, enumerationIn(call)] as const),
    ]),
    notNull: base.primaryKey || (explicit ? isFalse(explicit) : !nullable),
    deferred: found?.deferred ?? false,
    computed: found?.computed ?? false,
    ...deferral(field.value),
    ...(found?.loadsNothing ? { alwaysLoaded: true } : {}),
  };
}

/** `Flow` in `Column(Enum(Flow))`. */
function enumerationIn(call: CallExpr | undefined): Expr | undefined {
  const types = call ? [...positional(call), keyword(call, "type_"), keyword(call, "sa_type")] : [];
  const type = types.find((one) => one?.kind === "call" && lastWord(dottedOf(one.callee)) === "Enum");
  return type?.kind === "call" ? positional(type)[0] : undefined;
}

/** The first of the expressions, each with its file, that names a class of the project. */
function valueClassOf(
  symbols: Symbols,
  candidates: readonly (readonly [file: string, type: Expr | undefined])[],
): Pick<ColumnAttribute, "valueClass"> {
  for (const [file, type] of candidates) {
    const symbol = type && symbols.resolve(file, type);
    if (symbol?.kind === "class") return { valueClass: { file: symbol.file, index: symbol.index } };
  }
  return {};
}

/** Group and `raiseload` of a deferred column: of `mapped_column`, or of 1.x's `deferred(..., group=...)`. */
function deferral(value: Expr | undefined): Pick<ColumnAttribute, "group" | "deferredRaises"> {
  if (value?.kind !== "call") return {};
  const group = stringOf(keyword(value, "deferred_group") ?? keyword(value, "group"));
  const raises = isTrue(keyword(value, "deferred_raiseload") ?? keyword(value, "raiseload"));
  return { ...(group === undefined ? {} : { group }), ...(raises ? { deferredRaises: true } : {}) };
}

/** What the arguments of `Column`, `mapped_column` or `Field` say; those of an `Annotated` alias stand behind them. */
function attributes(
  symbols: Symbols,
  file: string,
  name: string,
  call: CallExpr | undefined,
  alias: CallExpr | undefined,
): ColumnAttribute {
  const inner = call && keyword(call, "sa_column");
  const calls = [inner?.kind === "call" ? inner : undefined, call, alias].filter((one) => one !== undefined);
  const args = calls.flatMap((one) => positional(one));
  const flag = (key: string) => calls.some((one) => isTrue(keyword(one, key)));
  const options = calls.flatMap((one) => asArguments(keyword(one, "sa_column_kwargs")));
  const foreign = args.flatMap((arg) => (arg.kind === "call" ? (foreignKeyOf(symbols, file, arg) ?? []) : []))[0];
  const text = call && stringOf(keyword(call, "foreign_key"));
  const written = keyword(calls[0] ?? emptyCall, "name") ?? args[0];
  const typeExpr = calls.map((one) => keyword(one, "type_") ?? keyword(one, "sa_type")).find((one) => one !== undefined);
  const type = typeOfColumnType(typeExpr) || args.map(typeOfColumnType).find((one) => one !== "") || "";
  const foreignKey =
    foreign ?? (text === undefined ? undefined : keyTarget({ kind: "string", start: 0, end: 0, value: text, map: [] }, ""));
  const defaultText = calls.map((one) => stringOf(keyword(one, "server_default"))).find((one) => one !== undefined);
  return {
    name,
    column: stringOf(written) ?? name,
    type,
    primaryKey: flag("primary_key"),
    notNull: false,
    unique: flag("unique") || options.some((arg) => arg.name === "unique" && isTrue(arg.value)),
    index: flag("index"),
    deferred: false,
    computed: false,
    identity: args.some((arg) => arg.kind === "call" && wordOf(symbols, file, arg.callee) === "Identity"),
    ...(foreignKey ? { foreignKey } : {}),
    ...(defaultText === undefined ? {} : { default: defaultText }),
  };
}
const emptyCall: CallExpr = { kind: "call", start: 0, end: 0, callee: { kind: "name", start: 0, end: 0, id: "" }, args: [] };
