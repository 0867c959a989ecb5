import { isGather, type RawNode } from "./rawTree.js";

export interface Participants {
  /** Processes that share the work of each node. */
  readonly count: Float64Array;
  /** The Gather whose processes they are, where there is one. */
  readonly gather: readonly (number | undefined)[];
}

/**
 * By what a child's time is divided inside its parent: loops of a Gather's child ÷ loops of the Gather. Never "workers launched + 1": the leader
 * may not take part, workers may not start. 1 for all other nodes.
 */
export function sharedTimes(nodes: readonly RawNode[]): Float64Array {
  return Float64Array.from(nodes, (node) => {
    const parent = node.parent === undefined ? undefined : nodes[node.parent];
    return parent && isWorkersPlan(node, parent) && parent.loops && node.loops ? Math.max(node.loops / parent.loops, 1) : 1;
  });
}

/** Everything below a Gather's child inherits its processes, because its time is a part of that child's. */
export function countParticipants(nodes: readonly RawNode[], hosts: readonly (readonly number[])[], shared: Float64Array): Participants {
  const count = new Float64Array(nodes.length);
  const gather: (number | undefined)[] = nodes.map(() => undefined);
  const resolve = (node: RawNode): void => {
    const parent = node.parent === undefined ? undefined : nodes[node.parent];
    const host = hosts[node.index]?.[0] ?? node.parent;
    const below = parent !== undefined && isWorkersPlan(node, parent);
    count[node.index] = below ? (shared[node.index] ?? 1) : host === undefined ? 1 : count[host] || 1;
    gather[node.index] = below ? parent.index : host === undefined ? undefined : gather[host];
  };
  for (const node of nodes) for (const pending of unresolved(node, nodes, hosts, count)) resolve(pending);
  return { count, gather };
}

/** The node and those that it runs in, the outermost first, as far as they are not known yet. An InitPlan runs in a node that comes after it. */
function unresolved(
  start: RawNode,
  nodes: readonly RawNode[],
  hosts: readonly (readonly number[])[],
  count: Float64Array,
): readonly RawNode[] {
  const path = new Set<RawNode>();
  for (let node: RawNode | undefined = start; node && count[node.index] === 0 && !path.has(node);) {
    path.add(node);
    const next: number | undefined = hosts[node.index]?.[0] ?? node.parent;
    node = next === undefined ? undefined : nodes[next];
  }
  return [...path].reverse();
}

function isWorkersPlan(node: RawNode, parent: RawNode): boolean {
  return isGather(parent) && node.relationship === "Outer";
}
