import type { Span } from "#protocol/place";
import type { EntityId } from "../entities/entity.js";
import { collection, mapValue, unknown, type EntityValue, type Value } from "../values/value.js";
import { attributeNamed } from "./attributes.js";
import type { Evaluator } from "./evaluator.js";
import { asRow, enter, iterationOf, leave } from "./iterations.js";
import { subclassWith } from "./queries.js";

/** An attribute that stands for others: a synonym, a composite, an association proxy, or what only a subclass of the entity has. */
export function derivedAttribute(ev: Evaluator, owner: EntityValue, name: string, place: Span): Value | undefined {
  const entity = ev.index.entities.get(owner.entity)!;
  const synonym = entity.synonyms.get(name);
  if (synonym !== undefined && synonym !== name) return attributeNamed(ev, owner, synonym, place);
  const columns = entity.composites.get(name);
  if (columns) {
    for (const column of columns) if (entity.columns.has(column)) attributeNamed(ev, owner, column, place);
    return unknown;
  }
  const proxy = entity.proxies.get(name);
  if (proxy && entity.relationships.has(proxy.relationship)) return throughProxy(ev, owner, proxy, place);
  const subclass = subclassWith(ev.index, owner.entity, name);
  return subclass && attributeNamed(ev, narrowed(owner, subclass.id), name, place);
}

const narrowed = (owner: EntityValue, entity: EntityId): EntityValue => ({ ...owner, entity });

/** Going through a proxy's elements reads the attribute of each. */
function throughProxy(ev: Evaluator, owner: EntityValue, proxy: { relationship: string; attribute: string }, place: Span): Value {
  const related = attributeNamed(ev, owner, proxy.relationship, place);
  return mapValue(related, (value) => {
    if (value.kind === "entity") return attributeNamed(ev, value, proxy.attribute, place);
    if (value.kind !== "collection") return unknown;
    const iteration = iterationOf(ev, { kind: "callback", ...place }, value, new Set());
    enter(ev, iteration);
    const element = attributeNamed(ev, asRow(value.of, iteration), proxy.attribute, place);
    leave(ev);
    return collection(element);
  });
}
