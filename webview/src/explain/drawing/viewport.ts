import type { Box, Size } from "./layoutPlan.js";

/** Screen = drawing × k + (x, y). */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

const closest = 3;
const margin = 24;
/** Below the drawing stand the legend and the buttons. */
const marginBelow = 56;
/** Below this, a card's text cannot be read: rather show the upper part than everything. */
const readable = 0.62;

/** From where all of it is in sight to where a card fills the page. */
export function zoomLimits(bounds: Size, viewport: Size): [number, number] {
  return [Math.min(0.05, fit(bounds, viewport, 0).k), closest];
}

/** The whole drawing in the middle where it fits readably, else its top. */
export function fit(bounds: Size, viewport: Size, least = readable): View {
  if (bounds.width === 0 || bounds.height === 0 || viewport.width === 0 || viewport.height === 0) return { x: 0, y: 0, k: 1 };
  const whole = Math.min((viewport.width - 2 * margin) / bounds.width, (viewport.height - margin - marginBelow) / bounds.height);
  const k = Math.max(least, Math.min(1, whole));
  const height = bounds.height * k;
  return {
    x: (viewport.width - bounds.width * k) / 2,
    y: margin + Math.max(0, viewport.height - margin - marginBelow - height) / 2,
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
  const dx = shift(box.x * view.k + view.x, box.width * view.k, viewport.width, margin);
  const dy = shift(box.y * view.k + view.y, box.height * view.k, viewport.height, marginBelow);
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

function shift(start: number, length: number, space: number, after: number): number {
  if (start < margin || length + margin + after > space) return margin - start;
  return Math.min(0, space - after - (start + length));
}

/** The view that leaves a box where it was on the screen though its place in the drawing has changed. */
export function keepInPlace(was: Box | undefined, is: Box | undefined, view: View): View {
  return was && is ? { ...view, x: view.x + (was.x - is.x) * view.k, y: view.y + (was.y - is.y) * view.k } : view;
}

/** Pixels of the drawing that stay in sight, however far it is pushed. */
const leastInSight = 80;

/** The nearest view that does not lose the drawing. */
export function keepInSight(view: View, bounds: Size, viewport: Size): View {
  const along = (at: number, length: number, space: number) => Math.min(space - leastInSight, Math.max(leastInSight - length * view.k, at));
  return { k: view.k, x: along(view.x, bounds.width, viewport.width), y: along(view.y, bounds.height, viewport.height) };
}
