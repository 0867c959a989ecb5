import type { Expr } from "../../python/index.js";
import { isEnumeration } from "../../orm/evaluate/enumerations.js";
import type { ClassRef } from "../../orm/entities/classes.js";
import type { OrmIndex } from "../../orm/index.js";

export interface EnumMember {
  readonly class: ClassRef;
  readonly member: string;
  readonly value?: string | number;
  /** What an `Enum(...)` column keeps: the member's name. */
  readonly database?: string;
}

/** `Color.RED`, seen by module-level code of a file. */
export function enumValue(index: OrmIndex, file: string, expr: Expr): EnumMember | undefined {
  const of = expr.kind === "attribute" ? index.classes.of(index.symbols.resolve(file, expr.of)) : undefined;
  return of && expr.kind === "attribute" ? enumMember(index, of, expr.name) : undefined;
}

export function enumMember(index: OrmIndex, ref: ClassRef, name: string): EnumMember | undefined {
  if (name.startsWith("_") || !isEnumeration(index, ref)) return undefined;
  const value = index.classes.field(ref, name)?.field.value;
  if (!value) return undefined;
  const known = value.kind === "string" ? value.value : value.kind === "number" ? Number(value.text) : undefined;
  return { class: ref, member: name, database: name, ...(known === undefined ? {} : { value: known }) };
}

export const isEnum = (index: OrmIndex, ref: ClassRef) => isEnumeration(index, ref);
