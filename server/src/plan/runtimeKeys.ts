import { textAt } from "./json.js";
import type { RawNode } from "./rawTree.js";
import type { Room } from "./room.js";

const indexScans = new Set(["Index Scan", "Index Only Scan", "Bitmap Index Scan"]);

/** What an index scan searches for when that has to be computed. */
export function keyConditions(node: RawNode): readonly string[] {
  if (!indexScans.has(node.type)) return [];
  return ["Index Cond", "Order By"].flatMap((key) => textAt(node.keys, key) ?? []);
}

/** Whether the value of a SubPlan is a key that an index scan searches for. */
export function isRuntimeKey(node: RawNode, nodes: readonly RawNode[]): boolean {
  const scan = node.relationship === "SubPlan" && node.parent !== undefined ? nodes[node.parent] : undefined;
  const name = node.subplanName?.split(" (returns ")[0];
  return scan !== undefined && name !== undefined && keyConditions(scan).some((condition) => condition.includes(`${name})`));
}

/**
 * PostgreSQL computes the keys of an index scan when it starts the scan anew, before the scan's own clock runs: it is the node above that counts
 * it. A SubPlan depends on other rows, so each of its values comes that way.
 */
export function placeRuntimeKey(subPlan: RawNode, nodes: readonly RawNode[], room: Room): number {
  const scan = subPlan.parent ?? 0;
  const above = nodes[scan]?.parent;
  const host = above !== undefined && room.holds(above, subPlan.index) ? above : scan;
  room.take(host, subPlan.index);
  return host;
}

/** Whether the node above starts an index scan anew before its first row, so that it is there that the keys are computed. */
export function isStartedAnew(scan: RawNode, nodes: readonly RawNode[]): boolean {
  const above = scan.parent === undefined ? undefined : nodes[scan.parent];
  return (scan.loops ?? 0) > 1 || (above?.type === "Nested Loop" && scan.relationship === "Inner");
}
