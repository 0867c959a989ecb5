import type { Entity, LoadPlan, OptionPlace, OrmIndex, Relationship } from "../../orm/index.js";

/** A collection that the query's own SELECT joins. */
export interface JoinedBranch {
  /** From the query's entity to the collection. */
  readonly way: readonly Relationship[];
  /** The option that says so; absent where the mapping does. */
  readonly place?: OptionPlace;
}

/** Mapped joins end somewhere, also where entities lead to each other in a circle. */
const deepest = 4;

/** Collections side by side of which the SELECT gives every combination; undefined where there are none. */
export function multipliedBy(
  index: OrmIndex,
  entity: Entity,
  plan: LoadPlan,
  way: readonly Relationship[] = [],
): readonly JoinedBranch[] | undefined {
  if (way.length >= deepest) return undefined;
  const branches: JoinedBranch[] = [];
  for (const relationship of entity.relationships.values()) {
    const joined = joinedBy(plan, relationship);
    const target = relationship.target === undefined ? undefined : index.entities.get(relationship.target);
    if (!joined || !target) continue;
    const here = [...way, relationship];
    const below = plan.relationships.get(relationship.name)?.plan ?? emptyPlan;
    const deeper = multipliedBy(index, target, below, here);
    if (deeper) return deeper;
    const collection = relationship.collection ? { way: here, ...joined } : firstCollection(index, target, below, here);
    if (collection) branches.push(collection);
  }
  return branches.length > 1 ? branches : undefined;
}
const emptyPlan: LoadPlan = { relationships: new Map(), uncertain: false };

function firstCollection(index: OrmIndex, entity: Entity, plan: LoadPlan, way: readonly Relationship[]): JoinedBranch | undefined {
  if (way.length >= deepest) return undefined;
  for (const relationship of entity.relationships.values()) {
    const joined = joinedBy(plan, relationship);
    const target = relationship.target === undefined ? undefined : index.entities.get(relationship.target);
    if (!joined || !target || way.includes(relationship)) continue;
    const here = [...way, relationship];
    if (relationship.collection) return { way: here, ...joined };
    const found = firstCollection(index, target, plan.relationships.get(relationship.name)?.plan ?? emptyPlan, here);
    if (found) return found;
  }
  return undefined;
}

function joinedBy(plan: LoadPlan, relationship: Relationship): { place?: OptionPlace } | undefined {
  const entry = plan.relationships.get(relationship.name);
  if (entry && entry.loading !== "default") {
    const joined = (entry.loader === "joinedload" || entry.loader === "eagerload") && entry.sometimes === undefined;
    return joined ? { ...(entry.place ? { place: entry.place } : {}) } : undefined;
  }
  const others = plan.wildcard ?? plan.everywhere;
  return relationship.lazy === "joined" && !others && entry?.sometimes === undefined ? {} : undefined;
}
