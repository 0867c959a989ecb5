import type { Relationship } from "../entities/entity.js";
import { membersOf, type EntityValue, type QueryValue, type Value } from "../values/value.js";
import { originKey } from "../values/origins.js";
import { planned } from "../values/plan.js";
import type { Evaluator } from "./evaluator.js";
import { byPrimaryKey } from "./queries.js";

/** Deeper than this nothing is looked for. */
const deepest = 3;

/**
 * Whether names in sight hold the rows that a many-to-one leads to, so that the session has them already: `all` where a query without
 * conditions gave them, `some` where it was asked for certain keys.
 */
export function heldIn(ev: Evaluator, owner: EntityValue, relationship: Relationship): "all" | "some" | undefined {
  const { target } = relationship;
  if (relationship.collection !== false || target === undefined || !byPrimaryKey(ev.index, relationship)) return undefined;
  if (owner.entity === target) return isWholeTable(ev, target) ? "all" : undefined;
  let best: "some" | undefined = readAsCollection(ev, owner, target) ? "some" : undefined;
  for (const value of ev.env.values()) {
    const held = holds(ev, value, target, 0);
    if (held === "all") return "all";
    best ??= held;
  }
  return best;
}

/** A list of all rows of the owner's own table: `employee.boss` is one of them. */
const isWholeTable = (ev: Evaluator, target: string): boolean =>
  [...ev.env.values()].some((value) => holds(ev, value, target, 0) === "all");

/** A collection of the same class was read from the same row, or is there already: the one may be among the many. */
function readAsCollection(ev: Evaluator, owner: EntityValue, target: string): boolean {
  if (wasRead(ev, owner, target, () => true)) return true;
  // `share.user` of `persona.shares`, next to `persona.users` by way of the same table.
  const { origin } = owner;
  if (origin.kind !== "relationship" || origin.relationship.collection !== true) return false;
  const across = [...(ev.index.entities.get(origin.parent.entity)?.relationships.values() ?? [])].filter(
    (one) => one.collection === true && one.secondary && one.target === target,
  );
  return (
    across.some((one) => planned(origin.parent.plan, one).loading === "eager") ||
    wasRead(ev, origin.parent, target, ({ name }) => across.some((one) => one.name === name))
  );
}

function wasRead(ev: Evaluator, owner: EntityValue, target: string, matches: (relationship: Relationship) => boolean): boolean {
  const key = originKey(owner);
  return ev.found.effects.some(
    (effect) =>
      effect.kind === "lazyLoad" &&
      effect.relationship.collection === true &&
      effect.relationship.target === target &&
      originKey(effect.owner) === key &&
      matches(effect.relationship),
  );
}

function holds(ev: Evaluator, value: Value, target: string, depth: number): "all" | "some" | undefined {
  if (depth > deepest) return undefined;
  for (const member of membersOf(value)) {
    const held = ofOne(ev, member, target, depth);
    if (held) return held;
  }
  return undefined;
}

function ofOne(ev: Evaluator, value: Value, target: string, depth: number): "all" | "some" | undefined {
  switch (value.kind) {
    case "collection":
      return membersOf(value.of)
        .map((row) => givesAll(ev, row, target))
        .find((held) => held !== undefined);
    case "mapping":
      return membersOf(value.value)
        .map((row) => givesAll(ev, row, target))
        .find((held) => held !== undefined);
    case "instance":
      return [...(value.fields ?? ev.context.instanceFields(value.class)).values()]
        .map((field) => holds(ev, field, target, depth + 1))
        .find((held) => held !== undefined);
    default:
      return undefined;
  }
}

function givesAll(ev: Evaluator, row: Value, target: string): "all" | "some" | undefined {
  if (row.kind !== "entity" || row.origin.kind !== "query" || !isOrAbove(ev, row.entity, target)) return undefined;
  const { query } = row.origin;
  if (ev.gone.has(siteKey(query))) return undefined;
  if (!query.flags.filtered && !query.flags.compound && !query.joins?.some((join) => !join.outer)) return "all";
  return isByKeys(ev, query, target) ? "some" : undefined;
}

const siteKey = ({ site }: QueryValue) => `${site.file}:${site.start}`;

/** Queries of which names in sight hold rows. */
export function heldQueries(ev: Evaluator): Set<string> {
  const found = new Set<string>();
  for (const value of ev.env.values())
    for (const member of membersOf(value)) {
      const rows = member.kind === "collection" ? membersOf(member.of) : [member];
      for (const row of rows) if (row.kind === "entity" && row.origin.kind === "query") found.add(siteKey(row.origin.query));
    }
  return found;
}

const isOrAbove = (ev: Evaluator, entity: string, target: string) =>
  entity === target || ev.index.entities.get(target)?.parents.includes(entity) === true;

/** `where(Customer.id.in_(ids))` */
const isByKeys = (ev: Evaluator, query: QueryValue, target: string) =>
  query.fixed.some(
    (one) => one.several && (one.entity ?? target) === target && ev.index.entities.get(target)?.columns.get(one.name)?.primaryKey,
  );
