import { hierarchy, tree } from "d3-hierarchy";
import type { Shown } from "../tree/shownTree.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A card's place: its upper left corner, in the units of `measure`. */
export interface Box extends Size {
  readonly id: string;
  readonly parent: string | undefined;
  readonly x: number;
  readonly y: number;
}

export const gap = { beside: 24, cousins: 40, below: 36 };

/**
 * Places a tree's cards tidily, root on top, everything at coordinates of 0 and above, in time linear to the cards. Each level is as
 * high as its highest card; the boxes come level by level, each level from left to right.
 */
export function layoutPlan(root: Shown | undefined, measure: (shown: Shown) => Size): Box[] {
  if (!root) return [];
  const top = hierarchy(root, ({ children }) => children as Shown[]);
  const sizes = new Map<Shown, Size>();
  top.each(({ data }) => sizes.set(data, measure(data)));
  const sizeOf = (shown: Shown) => sizes.get(shown) as Size;
  const placed = tree<Shown>()
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
