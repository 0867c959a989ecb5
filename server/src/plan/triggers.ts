import type { Plan } from "#protocol/plan";
import { numberAt, objectsAt, textAt, type JsonObject } from "./json.js";
import { timeRounding } from "./measures.js";
import type { RawNode } from "./rawTree.js";

export type Trigger = Plan["triggers"][number];

export function readTriggers(document: JsonObject): readonly Trigger[] {
  return objectsAt(document, "Triggers").map((trigger) => ({
    name: textAt(trigger, "Trigger Name") ?? "(unnamed)",
    constraint: textAt(trigger, "Constraint Name"),
    relation: textAt(trigger, "Relation"),
    timeMs: atLeastZero(numberAt(trigger, "Time")),
    calls: atLeastZero(numberAt(trigger, "Calls")) ?? 0,
  }));
}

const atLeastZero = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.max(value, 0));

/**
 * AFTER triggers (all constraint triggers are) run when the plan has ended; BEFORE and INSTEAD OF triggers run inside the node that changes the
 * table, and EXPLAIN does not say which is which. When everything together is longer than the execution, some without a constraint were inside:
 * those whose sum is just enough, since opening and closing the plan takes a little time too.
 * @param excess milliseconds by which root, triggers and serialization exceed the execution time
 */
export function placeTriggers(triggers: readonly Trigger[], nodes: readonly RawNode[], excess: number): readonly Trigger[] {
  const missing = excess - timeRounding * (2 + triggers.length);
  if (missing <= 0) return triggers;
  const hosts = new Map<number, RawNode>();
  const modifying = nodes.filter((node) => node.type === "ModifyTable" && (node.loops ?? 0) > 0);
  triggers.forEach((trigger, position) => {
    const host = trigger.constraint === undefined ? hostOf(trigger, modifying) : undefined;
    if (host && (trigger.timeMs ?? 0) > 0) hosts.set(position, host);
  });
  const chosen = smallestSum([...hosts.keys()], (position) => triggers[position]?.timeMs ?? 0, missing);
  return triggers.map((trigger, position) => {
    const host = chosen.has(position) ? hosts.get(position) : undefined;
    return host ? { ...trigger, inside: String(host.index) } : trigger;
  });
}

/** The node that changes the trigger's table; a partition's trigger runs in the node that names the partitioned table. */
function hostOf(trigger: Trigger, modifying: readonly RawNode[]): RawNode | undefined {
  const able = modifying.filter((node) => (node.processTime ?? 0) + timeRounding >= (trigger.timeMs ?? 0));
  return able.find((node) => textAt(node.keys, "Relation Name") === trigger.relation) ?? able[0];
}

/** More would take too long to try; then the largest go first. */
const mostTried = 12;

/** The positions whose values reach the wanted sum and exceed it least; all of them if they do not reach it. */
function smallestSum(positions: readonly number[], value: (position: number) => number, wanted: number): ReadonlySet<number> {
  const all = positions.reduce((sum, position) => sum + value(position), 0);
  if (all <= wanted) return new Set(positions);
  const tried = [...positions].sort((a, b) => value(b) - value(a));
  if (tried.length > mostTried) return largestFirst(tried, value, wanted);
  let best: { readonly sum: number; readonly chosen: readonly number[] } = { sum: all, chosen: tried };
  for (let mask = 1; mask < 1 << tried.length; mask++) {
    const chosen = tried.filter((_, bit) => (mask & (1 << bit)) !== 0);
    const sum = chosen.reduce((total, position) => total + value(position), 0);
    if (sum >= wanted && sum < best.sum) best = { sum, chosen };
  }
  return new Set(best.chosen);
}

function largestFirst(positions: readonly number[], value: (position: number) => number, wanted: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let missing = wanted;
  for (const position of positions) {
    if (missing <= 0) break;
    chosen.add(position);
    missing -= value(position);
  }
  return chosen;
}
