import type { Plan } from "#protocol/plan";
import { numberAt, objectsAt, textAt, type JsonObject } from "./json.js";
import type { RawNode } from "./rawTree.js";
import { timeRounding } from "./measures.js";

export type Trigger = Plan["triggers"][number];

export function readTriggers(document: JsonObject): readonly Trigger[] {
  return objectsAt(document, "Triggers").map((trigger) => ({
    name: textAt(trigger, "Trigger Name") ?? "(unnamed)",
    constraint: textAt(trigger, "Constraint Name"),
    relation: textAt(trigger, "Relation"),
    timeMs: numberAt(trigger, "Time"),
    calls: numberAt(trigger, "Calls") ?? 0,
  }));
}

/**
 * AFTER triggers (all constraint triggers are) run when the plan has ended; BEFORE triggers run inside the node that changes the table, and
 * EXPLAIN does not say which is which. When everything together is longer than the execution, the ones without a constraint were inside.
 * @param excess milliseconds by which root, triggers and serialization exceed the execution time
 */
export function placeTriggers(triggers: readonly Trigger[], nodes: readonly RawNode[], excess: number): readonly Trigger[] {
  let missing = excess;
  return triggers.map((trigger) => {
    const time = trigger.timeMs ?? 0;
    if (missing <= timeRounding * 4 || trigger.constraint !== undefined || time === 0) return trigger;
    const host = nodes.find((node) => node.type === "ModifyTable" && changes(node, trigger.relation) && (node.processTime ?? 0) >= time);
    if (!host) return trigger;
    missing -= time;
    return { ...trigger, inside: String(host.index) };
  });
}

function changes(node: RawNode, relation: string | undefined): boolean {
  const name = textAt(node.keys, "Relation Name");
  return relation === undefined || name === undefined || name === relation;
}
