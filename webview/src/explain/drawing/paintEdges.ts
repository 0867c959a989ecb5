import type { Ink } from "./ink.js";
import { firstRightOf, type Placed } from "./scene.js";

/** Rows span nine orders of magnitude: thickness follows their logarithm. */
export function edgeWidth(rows: number | undefined): number {
  if (!rows || rows <= 0) return 1;
  return Math.min(14, 1.5 + 1.7 * Math.log10(rows + 1));
}

/** What of the drawing is in sight, in its own units. */
export interface Window {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Edges of one thickness are one stroke. */
export type Edges = Map<number, Path2D>;

/**
 * Edges from a card to those below it. Lines that would lie on one pixel are drawn once; beyond the window's sides, where lines only
 * pass through, fewer the farther their cards are.
 * @param k zoom: pixels per unit
 */
export function addEdges(edges: Edges, parent: Placed, sight: Window, k: number): void {
  const { below } = parent;
  if (below.length === 0) return;
  const first = below[0] as Placed;
  if (parent.y + parent.height > sight.bottom || first.y < sight.top) return;
  const start = firstRightOf(below, sight.left);
  const seen = below.length > 12 ? 3 / k : 0;
  let last = -Infinity;
  let i = start;
  for (; i < below.length; i++) {
    const box = below[i] as Placed;
    if (box.x > sight.right) break;
    if (box.x - last < seen) continue;
    last = box.x;
    add(edges, parent, box, k);
  }
  // To both sides, in steps that double.
  for (let step = 1, at = i; at < below.length; at += step, step *= 2) add(edges, parent, below[at] as Placed, k);
  for (let step = 1, at = start - 1; at >= 0; at -= step, step *= 2) add(edges, parent, below[at] as Placed, k);
}

/** Rows flow upwards: from the middle of the child's top to the middle of the parent's bottom. */
function add(edges: Edges, parent: Placed, child: Placed, k: number): void {
  const fromX = child.x + child.width / 2;
  const toX = parent.x + parent.width / 2;
  const toY = parent.y + parent.height;
  // Halves: few different thicknesses, few strokes. No thinner than a pixel can show.
  const width = Math.max(Math.round(edgeWidth(child.rows) * 2) / 2, 0.75 / k);
  let path = edges.get(width);
  if (!path) edges.set(width, (path = new Path2D()));
  const middle = (child.y + toY) / 2;
  path.moveTo(fromX, child.y);
  path.bezierCurveTo(fromX, middle, toX, middle, toX, toY);
}

export function strokeEdges({ context, theme }: Ink, edges: Edges): void {
  context.strokeStyle = theme.edge;
  for (const [width, path] of edges) {
    context.lineWidth = width;
    context.stroke(path);
  }
}
