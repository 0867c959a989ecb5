import { isGather, type RawNode } from "./rawTree.js";

/**
 * Processes that share the work of each node: under a Gather, loops of the Gather's child ÷ loops of the Gather. Never "workers launched + 1":
 * the leader may not take part, workers may not start. Everything deeper inherits it, because its time is a part of that child's.
 * @param runsIn node in whose process each node runs; the parent, but for InitPlans and CTEs
 */
export function countParticipants(nodes: readonly RawNode[], runsIn: (node: RawNode) => number | undefined): readonly number[] {
  const known: (number | undefined)[] = nodes.map(() => undefined);
  const resolve = (start: RawNode): void => {
    const path = new Set<RawNode>();
    for (let node: RawNode | undefined = start; node && known[node.index] === undefined && !path.has(node);) {
      path.add(node);
      const next = runsIn(node);
      node = next === undefined ? undefined : nodes[next];
    }
    for (const node of [...path].reverse()) known[node.index] = own(node, nodes, runsIn(node), known);
  };
  for (const node of nodes) if (known[node.index] === undefined) resolve(node);
  return known.map((count) => count ?? 1);
}

function own(node: RawNode, nodes: readonly RawNode[], host: number | undefined, known: readonly (number | undefined)[]): number {
  const parent = node.parent === undefined ? undefined : nodes[node.parent];
  if (parent && isGather(parent) && node.relationship === "Outer") {
    const times = parent.loops && node.loops ? node.loops / parent.loops : 1;
    return Math.max(times, 1);
  }
  return (host === undefined ? undefined : known[host]) ?? 1;
}
