import type { OutlinedNode } from "./outline.js";

/** Which node of the one plan is the same step as which of the other, by preorder index, both ways. */
export interface Matching {
  readonly toAfter: ReadonlyMap<number, number>;
  readonly toBefore: ReadonlyMap<number, number>;
}

type Key = (node: OutlinedNode) => string | undefined;

/** From what is surest to what is left. Position decides only between nodes that nothing else tells apart. */
const keys: readonly Key[] = [
  // A scan of the same relation under the same name, best by the same index and in the same way.
  ({ step, source, node, role }) => source && join(step, source, node.type, node.index, role),
  ({ step, source, role }) => source && join(step, source, role),
  ({ step, source }) => source && join(step, source),
  ({ step, node }) => (step === "bitmap" && node.index !== undefined ? join(step, node.index) : undefined),
  // Other steps do their work on the same set of sources.
  ({ source, sources, step, node, role }) => (source === undefined ? join(step, node.type, sources, role) : undefined),
  ({ source, sources, step, role }) => (source === undefined && step !== "helper" ? join(step, sources, role) : undefined),
  // The same relation under another name.
  ({ step, relation }) => (step === "scan" && relation !== undefined ? join(step, relation) : undefined),
];

export function match(before: readonly OutlinedNode[], after: readonly OutlinedNode[]): Matching {
  const toAfter = new Map<number, number>();
  const toBefore = new Map<number, number>();
  const pair = (one: OutlinedNode, other: OutlinedNode): void => {
    toAfter.set(one.index, other.index);
    toBefore.set(other.index, one.index);
  };
  for (const key of keys) {
    const waiting = new Map<string, OutlinedNode[]>();
    for (const node of after) if (!toBefore.has(node.index)) add(waiting, key(node), node);
    for (const list of waiting.values()) list.reverse();
    for (const node of before) {
      if (toAfter.has(node.index)) continue;
      const other = waiting.get(key(node) ?? "")?.pop();
      if (other) pair(node, other);
    }
  }
  for (const node of before) {
    if (toAfter.has(node.index) || node.step === "helper") continue;
    const other = kin(node, before, after, { toAfter, toBefore });
    if (other) pair(node, other);
  }
  const [root, newRoot] = [before[0], after[0]];
  if (root && newRoot && !toAfter.has(0) && !toBefore.has(0) && root.step === newRoot.step) pair(root, newRoot);
  return { toAfter, toBefore };
}

const join = (...parts: readonly (string | undefined)[]): string => parts.map((part) => part ?? "").join("\u0000");

function add(map: Map<string, OutlinedNode[]>, key: string | undefined, node: OutlinedNode): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list) list.push(node);
  else map.set(key, [node]);
}

/** Bounds of the search below: what decides is near. */
const asked = 16;
const climbed = 32;

/**
 * A step whose sources are not quite the same (a partition pruned, a join eliminated): the step of the same kind above most of those that its
 * sources were matched with.
 */
function kin(
  node: OutlinedNode,
  before: readonly OutlinedNode[],
  after: readonly OutlinedNode[],
  known: Matching,
): OutlinedNode | undefined {
  const votes = new Map<OutlinedNode, number>();
  let looked = 0;
  for (let below = node.index + 1; below < node.end && looked < asked; below++) {
    const partner = before[below]?.source === undefined ? undefined : known.toAfter.get(below);
    if (partner === undefined) continue;
    looked++;
    let above = after[partner]?.parent;
    for (let steps = 0; above !== undefined && steps < climbed; steps++) {
      const candidate: OutlinedNode = after[above]!;
      if (candidate.step === node.step && candidate.role === node.role && !known.toBefore.has(above))
        votes.set(candidate, (votes.get(candidate) ?? 0) + 1);
      above = candidate.parent;
    }
  }
  // The lowest of those that most agree on: preorder puts it last.
  const [best] = [...votes].sort((a, b) => b[1] - a[1] || b[0].index - a[0].index);
  return best && best[1] * 2 > looked ? best[0] : undefined;
}
