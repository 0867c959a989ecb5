import type { Plan, PlanNode } from "#protocol/plan";
import { counterTables } from "./counters.js";
import { groupsOf } from "./groups.js";

/** Everything of a node as text, to be pasted into a message. */
export function nodeText(plan: Plan, node: PlanNode): string {
  const groups = groupsOf(plan, node).flatMap(({ title, facts }) => [
    "",
    title,
    ...facts.map(({ label, value }) => `  ${label}${value === "" ? "" : `: ${value}`}`),
  ]);
  const counters = counterTables(node).flatMap(({ title, rows }) => [
    "",
    title,
    ...rows.map(({ label, self, total }) => `  ${label}: ${total}${self === undefined ? "" : `, self ${self}`}`),
  ]);
  return [node.title, ...groups, ...counters, ""].join("\n");
}
