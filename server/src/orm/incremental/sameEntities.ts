import type { Entity, EntityId, Relationship } from "../entities/entity.js";
import { equal } from "./equal.js";

/**
 * Entities as they were built anew, with those of their relationships that did not change as the objects that they were: values tell
 * relationships apart by identity, and some values outlive an edit.
 */
export function withKnownRelationships(
  before: ReadonlyMap<EntityId, Entity>,
  built: ReadonlyMap<EntityId, Entity>,
): ReadonlyMap<EntityId, Entity> {
  return new Map([...built].map(([id, entity]) => [id, withKnown(before.get(id), entity)]));
}

function withKnown(before: Entity | undefined, entity: Entity): Entity {
  if (!before || before === entity || before.relationships === entity.relationships) return entity;
  const kept = (name: string, relationship: Relationship): Relationship => {
    const known = before.relationships.get(name);
    return known && equal(known, relationship) ? known : relationship;
  };
  return { ...entity, relationships: new Map([...entity.relationships].map(([name, one]) => [name, kept(name, one)])) };
}

/** Where the class ends is of no interest, and every edit of a method moves it. */
export function sameEntity(before: Entity | undefined, now: Entity): boolean {
  if (before === now) return true;
  return before !== undefined && equal({ ...before, span: undefined }, { ...now, span: undefined });
}
