import type { OrmIndex } from "../project/ormIndex.js";
import type { ClassRef } from "../entities/classes.js";
import { lastWord } from "../project/names.js";
import { collection, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

const enumerations = new Set(["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"]);

/** Whether a class of the project is an enumeration: it has as many instances as its text says. */
export function isEnumeration(index: OrmIndex, ref: ClassRef): boolean {
  return index.classes.linear(ref).some((at) =>
    at.fact.bases.some((base) => {
      const symbol = index.symbols.resolve(at.file, base);
      return symbol?.kind === "external" && enumerations.has(lastWord(symbol.name));
    }),
  );
}

const isPrivate = (name: string) => name.startsWith("_");

/** `Mode.FLUSH`; `Mode.__members__`. Undefined where the class is no enumeration, or has no such member. */
export function memberOfEnumeration(ev: Evaluator, ref: ClassRef, name: string): Value | undefined {
  if (name !== "__members__" && (isPrivate(name) || !declares(ev.index, ref, name))) return undefined;
  if (!isEnumeration(ev.index, ref)) return undefined;
  const one: Value = { kind: "instance", class: ref };
  return name === "__members__" ? { kind: "mapping", key: { kind: "unknown" }, value: one, few: true } : { ...one, member: name };
}

/** A member has a value and no annotation. */
function declares(index: OrmIndex, ref: ClassRef, name: string): boolean {
  const found = index.classes.field(ref, name);
  return found?.field.value !== undefined && found.field.annotation === undefined;
}

/** `list(Mode)`, `for mode in Mode`: the members, where the class is an enumeration. */
export function membersOfEnumeration(ev: Evaluator, value: Value): Value | undefined {
  const ref = value.kind === "symbol" ? ev.index.classes.of(value.symbol) : undefined;
  return ref && isEnumeration(ev.index, ref) ? collection({ kind: "instance", class: ref }, { few: true }) : undefined;
}

/** Whether two members are one and the same; undefined where two names may stand for one value. */
export function sameMember(index: OrmIndex, a: Value & { kind: "instance" }, b: Value & { kind: "instance" }): boolean | undefined {
  if (a.member === undefined || b.member === undefined || a.class.file !== b.class.file || a.class.index !== b.class.index)
    return undefined;
  if (a.member === b.member) return true;
  const values = [a.member, b.member].map((name) => index.classes.field(a.class, name)?.field.value);
  const written = values.map((value) => (value?.kind === "string" ? value.value : value?.kind === "number" ? value.text : undefined));
  // `auto()` gives each another; what is computed may give two names the same.
  const automatic = values.every((value) => value?.kind === "call" && value.args.length === 0);
  if (automatic) return false;
  return written.includes(undefined) || written[0] === written[1] ? undefined : false;
}
