import { isCte, isGather, isInitPlan, type RawNode } from "./rawTree.js";
import { numberAt, textAt } from "./json.js";

/** One past the last node below each node: preorder numbers make a subtree an interval. */
export function subtreeEnds(nodes: readonly RawNode[]): readonly number[] {
  const ends = nodes.map((node) => node.index + 1);
  for (let index = nodes.length - 1; index > 0; index--) {
    const parent = nodes[index]?.parent;
    if (parent !== undefined) ends[parent] = Math.max(ends[parent] ?? 0, ends[index] ?? 0);
  }
  return ends;
}

/**
 * The order in which nodes first evaluate their own expressions: after their children have given a row, but for those that decide beforehand
 * whether and how far to read.
 */
export function evaluationRanks(nodes: readonly RawNode[]): readonly number[] {
  const ranks = nodes.map(() => 0);
  let rank = 0;
  const waiting: { readonly node: RawNode; readonly done: boolean }[] = nodes[0] ? [{ node: nodes[0], done: false }] : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, done } = next;
    if (done || evaluatesFirst(node)) ranks[node.index] = ++rank;
    if (done) continue;
    if (!evaluatesFirst(node)) waiting.push({ node, done: true });
    for (const child of readingOrder(node, nodes).reverse()) waiting.push({ node: child, done: false });
  }
  return ranks;
}

/** LIMIT's count, a one-time filter, the InitPlans that a Gather's workers need, the partitions that are left. */
function evaluatesFirst(node: RawNode): boolean {
  return node.type === "Limit" || node.type === "Result" || isGather(node);
}

function readingOrder(node: RawNode, nodes: readonly RawNode[]): RawNode[] {
  const children = node.children.flatMap((child) => nodes[child] ?? []);
  const inputs = children.filter((child) => child.relationship !== "InitPlan" && child.relationship !== "SubPlan");
  return [
    ...children.filter((child) => isCte(child) || isInitPlan(child)),
    ...(node.type === "Hash Join" && hashComesFirst(node, inputs) ? inputs.reverse() : inputs),
    ...children.filter((child) => child.relationship === "SubPlan"),
  ];
}

/** ExecHashJoin asks the outer side for one row first where that is cheaper than building the table, unless it needs the table anyway. */
function hashComesFirst(join: RawNode, [outer, hash]: readonly RawNode[]): boolean {
  const kind = textAt(join.keys, "Join Type");
  if (kind === "Right" || kind === "Full" || kind === "Right Anti" || join.keys["Parallel Aware"] === true) return true;
  if (kind === "Left" || kind === "Anti" || !outer || !hash) return false;
  const startup = numberAt(outer.keys, "Startup Cost");
  const table = numberAt(hash.keys, "Total Cost");
  return startup === undefined || table === undefined || startup >= table;
}
