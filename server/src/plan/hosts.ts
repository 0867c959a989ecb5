import { textAt } from "./json.js";
import { isCte, isInitPlan, type RawNode } from "./rawTree.js";
import type { Columns } from "./columns.js";
import { placeInitPlans } from "./initPlans.js";
import { Room } from "./room.js";
import { isRuntimeKey, placeRuntimeKey } from "./runtimeKeys.js";

/**
 * Where each node's time and counters lie: inside its parent, but for CTEs (in their scans), InitPlans (in the first node that evaluates them) and
 * SubPlans in index conditions (in the node that starts the scan anew). Empty for the root and for a CTE that nobody scans.
 */
export function findHosts(nodes: readonly RawNode[], columns: Columns, shared: Float64Array): readonly (readonly number[])[] {
  const hosts = nodes.map((node): readonly number[] => (node.parent === undefined || isCte(node) ? [] : [node.parent]));
  for (const [cte, scans] of scansOfCtes(nodes)) hosts[cte] = scans;
  const keys = nodes.filter((node) => isRuntimeKey(node, nodes));
  if (keys.length === 0 && !nodes.some(isInitPlan)) return hosts;
  const room = new Room(nodes, columns, shared, new Set(keys));
  for (const subPlan of keys) hosts[subPlan.index] = [placeRuntimeKey(subPlan, nodes, room)];
  for (const [initPlan, host] of placeInitPlans(nodes, room)) hosts[initPlan] = [host];
  return hosts;
}

/** Whether a node's figures lie elsewhere than in its parent's. */
export function isGuest(node: RawNode, hosts: readonly (readonly number[])[]): boolean {
  return node.parent !== undefined && (isCte(node) || isInitPlan(node) || hosts[node.index]?.[0] !== node.parent);
}

/** A scan belongs to the nearest enclosing CTE of its name: inner ones shadow outer ones. */
function scansOfCtes(nodes: readonly RawNode[]): ReadonlyMap<number, readonly number[]> {
  const scansOf = new Map<number, number[]>();
  const declared = new Map<number, Map<string, number>>();
  for (const node of nodes) {
    if (!isCte(node) || node.parent === undefined || node.subplanName === undefined) continue;
    const names = declared.get(node.parent) ?? new Map<string, number>();
    declared.set(node.parent, names.set(node.subplanName, node.index));
  }
  if (declared.size === 0) return scansOf;
  for (const scan of nodes) {
    const name = scan.type === "CTE Scan" ? textAt(scan.keys, "CTE Name") : undefined;
    const cte = name === undefined ? undefined : declarationOf(`CTE ${name}`, scan, nodes, declared);
    if (cte === undefined) continue;
    const scans = scansOf.get(cte);
    if (scans) scans.push(scan.index);
    else scansOf.set(cte, [scan.index]);
  }
  return scansOf;
}

function declarationOf(
  name: string,
  scan: RawNode,
  nodes: readonly RawNode[],
  declared: ReadonlyMap<number, ReadonlyMap<string, number>>,
): number | undefined {
  // A level that is nothing but the scan has its CTEs hang on the scan.
  for (let above: number | undefined = scan.index; above !== undefined; above = nodes[above]?.parent) {
    const found = declared.get(above)?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
