import { shapeOf } from "../../orm/entities/annotations.js";
import { typeOfColumnType } from "../../orm/entities/types.js";
import { wordOf } from "../../orm/project/names.js";
import type { OrmIndex } from "../../orm/index.js";
import type { OrderedColumn } from "./columns.js";

/** The column's type; of an array under another name (`from … import ARRAY as PgArray`) too. "" where it is not certain. */
export function columnType(index: OrmIndex, { column, declared }: OrderedColumn): string {
  const { type } = column;
  if (!declared || type.endsWith("[]")) return type;
  const { value, annotation } = declared.field;
  for (const arg of value?.kind === "call" ? value.args : []) {
    const callee = arg.value.kind === "call" ? arg.value.callee : arg.value;
    if ((callee.kind !== "name" && callee.kind !== "attribute") || wordOf(index.symbols, declared.file, callee) !== "ARRAY") continue;
    const item = arg.value.kind === "call" ? typeOfColumnType(arg.value.args[0]?.value) : "";
    return item && `${item}[]`;
  }
  return annotation && !type.startsWith("json") && type !== "hstore" && shapeOf(annotation).collection ? "" : type;
}
