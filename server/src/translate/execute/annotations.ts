import type { Expr } from "../../python/index.js";
import { shapeOf } from "../../orm/entities/annotations.js";
import { dottedOf } from "../../orm/entities/classes.js";
import type { PythonType, Value } from "../values.js";
import type { Machine } from "./machine.js";

/** What an annotation says of a value, with `| None` told apart. */
export function typeOf(m: Machine, file: string, annotation: Expr | undefined): { type?: PythonType; optional: boolean } {
  if (!annotation) return { optional: false };
  if (annotation.kind === "constant" || annotation.kind === "other") return { optional: false };
  if (annotation.kind === "string") return { optional: false };
  if (annotation.kind === "subscript" && ["type", "Type"].includes(dottedOf(annotation.of).split(".").at(-1) ?? "")) {
    const inner = plain(m, file, annotation.index);
    return { ...(inner ? { type: { ...inner, itself: true } } : {}), optional: false };
  }
  const shape = shapeOf(annotation);
  const inner = shape.type && plain(m, file, shape.type);
  if (!inner) return { optional: shape.optional };
  return { type: shape.collection ? { name: `list[${inner.name}]`, list: inner } : inner, optional: shape.optional && !shape.collection };
}

function plain(m: Machine, file: string, type: Expr): PythonType | undefined {
  const word = dottedOf(type).split(".").at(-1);
  if (!word) return undefined;
  if (["list", "List", "Sequence", "set", "Set", "Iterable", "Collection", "tuple", "frozenset"].includes(word))
    return { name: "list", list: { name: "" } };
  const symbol = m.index.symbols.resolve(file, type);
  const entity = m.index.entity(symbol);
  if (entity) return { name: word, entity };
  const ref = m.index.classes.of(symbol);
  return { name: word, ...(ref ? { class: ref } : {}) };
}

/** A value of that type that is known only when the code runs. */
export function valueOfType(m: Machine, name: string, type: PythonType | undefined, optional = false): Value {
  if (type?.itself) {
    if (type.entity) return { kind: "entity", use: m.mapping.use(type.entity) };
    return { kind: "unknown", reason: `which class ${name} is is not known` };
  }
  if (type?.entity) return { kind: "instance", name, entity: type.entity, attributes: new Map() };
  if (type?.class && !isEnumLike(m, type)) return { kind: "instance", name, class: type.class, attributes: new Map() };
  return { kind: "parameter", name, ...(type ? { type } : {}), ...(optional ? { optional } : {}) };
}

function isEnumLike(m: Machine, type: PythonType): boolean {
  return (
    type.class !== undefined &&
    m.index.classes
      .linear(type.class)
      .some((at) =>
        at.fact.bases.some((base) => ["Enum", "IntEnum", "StrEnum", "Flag", "str", "int"].includes(dottedOf(base).split(".").at(-1) ?? "")),
      )
  );
}
