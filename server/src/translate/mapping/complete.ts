import { shapeOf } from "../../orm/entities/annotations.js";
import { unsubscripted } from "../../orm/entities/classes.js";
import { lastWord } from "../../orm/project/names.js";
import type { Entity, OrmIndex } from "../../orm/index.js";
import { declaredIn } from "./fields.js";

/** Bases from outside that bring no columns. */
const bare = new Set([
  ...["DeclarativeBase", "DeclarativeBaseNoMeta", "MappedAsDataclass", "AsyncAttrs", "SQLModel", "Model", "Base", "BaseModel"],
  ...["ModelBase", "ModelIterator"],
  ...["object", "ABC", "Generic", "Protocol", "Enum", "str", "int", "Exception", "UserMixin", "RoleMixin", "TypedDict", "NamedTuple"],
]);
const known = new WeakMap<Entity, string>();

/** Why the columns of an entity may not all be known; "" where they are. */
export function incompleteness(index: OrmIndex, entity: Entity): string {
  let reason = known.get(entity);
  if (reason === undefined) known.set(entity, (reason = reasonOf(index, entity)));
  return reason;
}

function reasonOf(index: OrmIndex, entity: Entity): string {
  const ref = index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  for (const at of ref ? index.classes.linear(ref) : []) {
    for (const base of at.fact.bases) {
      const symbol = index.symbols.resolve(at.file, unsubscripted(base));
      if (symbol?.kind === "external" && !index.classes.base(at.file, base) && !bare.has(lastWord(symbol.name)))
        return `${entity.name} extends ${symbol.name}, whose columns are not known`;
    }
    for (const field of declaredIn(index, at)) {
      const mapped = field.annotation ? shapeOf(field.annotation).mapped === "Mapped" : false;
      if (mapped && !isKnown(entity, field.name)) return `what ${entity.name}.${field.name} is is not known`;
    }
  }
  return "";
}

const isKnown = (entity: Entity, name: string) =>
  entity.columns.has(name) ||
  entity.relationships.has(name) ||
  entity.synonyms.has(name) ||
  entity.composites.has(name) ||
  entity.proxies.has(name) ||
  entity.hybrids.has(name);
