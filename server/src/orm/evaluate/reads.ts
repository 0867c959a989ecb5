import { originKey } from "../values/origins.js";
import { withLoaded } from "../values/plan.js";
import { mapValue, type EntityValue, type Value } from "../values/value.js";
import type { Effect } from "./effects.js";

/** What a function has read of its rows is loaded when it gives them away. */
export function afterReads(value: Value, effects: readonly Effect[]): Value {
  const reads = effects.flatMap((effect) => (effect.kind === "lazyLoad" ? [effect] : []));
  return reads.length ? withReads(value, reads) : value;
}

function withReads(value: Value, reads: readonly (Effect & { kind: "lazyLoad" })[]): Value {
  const loaded = (member: EntityValue): EntityValue =>
    reads
      .filter(({ owner }) => originKey(owner) === originKey(member))
      .reduce((one, { relationship }) => ({ ...one, plan: withLoaded(one.plan, relationship.name) }), member);
  return mapValue(value, (member) => {
    if (member.kind === "entity") return loaded(member);
    return member.kind === "collection" || member.kind === "page" ? { ...member, of: withReads(member.of, reads) } : member;
  });
}
