import { hierarchy, tree } from "d3-hierarchy";
import type { PlanNode } from "#protocol/plan";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A node's place: its upper left corner, in the units of `measure`. */
export interface Box extends Size {
  readonly id: string;
  readonly parent: string | undefined;
  readonly x: number;
  readonly y: number;
}

export const gap = { beside: 24, cousins: 40, below: 36 };

/**
 * Places a plan's nodes as a tidy tree, root on top, everything at coordinates of 0 and above. Each level is as high as its
 * highest node. Nodes that the root does not reach are left out.
 */
export function layoutPlan(plan: { readonly nodes: readonly PlanNode[] }, measure: (node: PlanNode) => Size): Box[] {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const root = plan.nodes.find((node) => node.parent === undefined);
  if (!root) return [];
  const sizes = new Map(plan.nodes.map((node) => [node.id, measure(node)]));
  const sizeOf = (node: PlanNode) => sizes.get(node.id) as Size;
  const top = hierarchy(root, (node) => node.children.flatMap((id) => byId.get(id) ?? []));
  const placed = tree<PlanNode>()
    .nodeSize([1, 1])
    .separation((a, b) => (sizeOf(a.data).width + sizeOf(b.data).width) / 2 + (a.parent === b.parent ? gap.beside : gap.cousins))(top)
    .descendants();
  const levels: number[] = [];
  for (const { data, depth } of placed) levels[depth] = Math.max(levels[depth] ?? 0, sizeOf(data).height);
  let below = 0;
  const tops = levels.map((height) => (below += height + gap.below) - height - gap.below);
  const left = placed.reduce((least, { data, x }) => Math.min(least, x - sizeOf(data).width / 2), Infinity);
  return placed.map(({ data, parent, x, depth }) => {
    const size = sizeOf(data);
    return { id: data.id, parent: parent?.data.id, x: x - size.width / 2 - left, y: tops[depth] ?? 0, ...size };
  });
}

export function boundsOf(boxes: readonly Box[]): Size {
  return {
    width: boxes.reduce((most, box) => Math.max(most, box.x + box.width), 0),
    height: boxes.reduce((most, box) => Math.max(most, box.y + box.height), 0),
  };
}
