import type { Plan, PlanNode } from "#protocol/plan";
import type { Table } from "../../../catalog/catalog.js";
import type { Candidate } from "./candidate.js";
import { estimateIndexSize } from "./statistics.js";

const pageBytes = 8192;
/** Entries of an inner page of a B-tree, roughly. */
const fanOut = 300;
/** What the planner charges per page of a descent: 50 × cpu_operator_cost. */
const perLevel = 50 * 0.0025;

/**
 * What HypoPG leaves out: it does not know a B-tree's height and charges nothing for going down it, which flatters an index that is
 * looked into once per row of another table.
 * @returns planner cost to add to the plan's
 */
export function descentCost(plan: Plan, candidate: Candidate, table: Table | undefined, usedIndexes: readonly string[]): number {
  const size = (table && estimateIndexSize(candidate, table)) ?? 10 * 1024 ** 2;
  const height = size <= pageBytes ? 0 : Math.ceil(Math.log(size / pageBytes) / Math.log(fanOut));
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const scans = plan.nodes.filter((node) => node.index !== undefined && usedIndexes.includes(node.index));
  return scans.reduce((sum, scan) => sum + descents(scan, byId) * (height + 1) * perLevel, 0);
}

/** How often the planner expects the scan to begin: once per row of the outer side of each nested loop around it. */
function descents(scan: PlanNode, byId: ReadonlyMap<string, PlanNode>): number {
  let times = 1;
  for (
    let node: PlanNode | undefined = scan, parent = byId.get(scan.parent ?? "");
    node && parent;
    node = parent, parent = byId.get(parent.parent ?? "")
  ) {
    if (node.type === "Memoize" || node.type === "Materialize") return times;
    if (parent.type !== "Nested Loop" || node.relationship !== "Inner") continue;
    const outer = parent.children.map((id) => byId.get(id)).find((child) => child?.relationship === "Outer");
    times *= Math.max(outer?.estimatedRows ?? 1, 1);
  }
  return times;
}
