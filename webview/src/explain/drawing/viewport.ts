import type { Box, Size } from "./layoutPlan.js";

/** Screen = drawing × k + (x, y). */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export const zoomLimits: readonly [number, number] = [0.05, 3];
const margin = 24;
/** Below this, a card's text cannot be read: rather show the upper part than everything. */
const readable = 0.72;

/** The whole drawing in the middle where it fits readably, else its top. */
export function fit(bounds: Size, viewport: Size, least = readable): View {
  if (bounds.width === 0 || bounds.height === 0 || viewport.width === 0 || viewport.height === 0) return { x: 0, y: 0, k: 1 };
  const whole = Math.min((viewport.width - 2 * margin) / bounds.width, (viewport.height - 2 * margin) / bounds.height);
  const k = Math.max(least, Math.min(1, whole));
  const height = bounds.height * k;
  return {
    x: (viewport.width - bounds.width * k) / 2,
    y: height + 2 * margin <= viewport.height ? (viewport.height - height) / 2 : margin,
    k,
  };
}

/** Like `fit`, but keeps the root in sight when the drawing is wider than the viewport. */
export function firstView(bounds: Size, viewport: Size, root: Box | undefined): View {
  const view = fit(bounds, viewport);
  if (!root || bounds.width * view.k + 2 * margin <= viewport.width) return view;
  return { ...view, x: viewport.width / 2 - (root.x + root.width / 2) * view.k };
}

/** The smallest move that shows the box; the same view where it is in sight. */
export function reveal(box: Box, view: View, viewport: Size): View {
  const dx = shift(box.x * view.k + view.x, box.width * view.k, viewport.width);
  const dy = shift(box.y * view.k + view.y, box.height * view.k, viewport.height);
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

function shift(start: number, length: number, space: number): number {
  if (start < margin || length + 2 * margin > space) return margin - start;
  return Math.min(0, space - margin - (start + length));
}
