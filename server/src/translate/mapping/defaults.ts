import type { Argument, CallExpr, Expr } from "../../python/index.js";
import { asArguments } from "../../orm/entities/calls.js";
import { wordOf } from "../../orm/project/names.js";
import type { Entity, OrmIndex } from "../../orm/index.js";
import { shapeOf } from "../../orm/entities/annotations.js";
import { tableKey, type OrderedColumn } from "./columns.js";

/** What a column gets without being named: in every INSERT, in every UPDATE. */
export interface ColumnDefault {
  readonly column: string;
  readonly on: "insert" | "update";
  readonly expr: Expr;
  readonly file: string;
  readonly entity?: Entity;
}

/** The calls that make a column: `mapped_column(...)`, the one in `sa_column=`, that of an `Annotated` alias. */
function callsOf(index: OrmIndex, { declared }: OrderedColumn): readonly CallExpr[] {
  const value = declared?.field.value;
  const calls: CallExpr[] = value?.kind === "call" ? [value] : [];
  for (const call of [...calls])
    for (const arg of call.args)
      if (arg.value.kind === "call" && (arg.name === "sa_column" || arg.name === undefined)) calls.push(arg.value);
  const annotation = declared?.field.annotation;
  const type = annotation && shapeOf(annotation).type;
  const symbol = type && declared && index.symbols.resolve(declared.file, type);
  if (symbol?.kind === "variable" && symbol.value)
    for (const entry of shapeOf(symbol.value).metadata) if (entry.kind === "call") calls.push(entry);
  return calls;
}

const argumentsOf = (call: CallExpr): readonly Argument[] => [
  ...call.args,
  ...asArguments(call.args.find((arg) => arg.name === "sa_column_kwargs")?.value),
];
const isNone = (expr: Expr) => expr.kind === "constant" && (expr.value === null || expr.value === "...");

function isDataclass(index: OrmIndex, entity: Entity): boolean {
  const ref = index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  return (
    ref !== undefined &&
    index.classes.linear(ref).some((at) => at.fact.bases.some((base) => wordOf(index.symbols, at.file, base) === "MappedAsDataclass"))
  );
}

export function entityDefaults(index: OrmIndex, entity: Entity, columns: readonly OrderedColumn[]): ColumnDefault[] {
  const names = isDataclass(index, entity) ? ["insert_default"] : ["default", "insert_default", "default_factory"];
  return columns
    .filter(({ tables, column }) => tables.includes(tableKey(entity)) && !column.computed)
    .flatMap((ordered) => {
      const args = callsOf(index, ordered).flatMap(argumentsOf);
      const file = ordered.declared?.file ?? entity.file;
      const column = ordered.column.column;
      return [...found(args, names, column, "insert", file, entity), ...found(args, ["onupdate"], column, "update", file, entity)];
    });
}

function found(
  args: readonly Argument[],
  names: readonly string[],
  column: string,
  on: ColumnDefault["on"],
  file: string,
  entity?: Entity,
): ColumnDefault[] {
  const expr = args.find((arg) => arg.name !== undefined && names.includes(arg.name) && !isNone(arg.value))?.value;
  return expr ? [{ column, on, expr, file, ...(entity ? { entity } : {}) }] : [];
}

/** Of a `Table(...)` in a variable. */
export function tableDefaults(index: OrmIndex, file: string, variable: string | undefined): ColumnDefault[] {
  const symbol = variable === undefined ? undefined : index.symbols.lookup(file, variable);
  const call = symbol?.kind === "variable" && symbol.value?.kind === "call" ? symbol.value : undefined;
  return (call?.args ?? []).flatMap(({ value }) => {
    if (value.kind !== "call" || value.args[0]?.value.kind !== "string") return [];
    const name = value.args[0].value.value;
    return [...found(value.args, ["default"], name, "insert", file), ...found(value.args, ["onupdate"], name, "update", file)];
  });
}
