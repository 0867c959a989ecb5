import type { Frame } from "./layoutFlame.js";

/** The part of the whole that is in sight: a subtree, or everything. */
export interface Extent {
  readonly x: number;
  readonly width: number;
  readonly depth: number;
}

export const everything: Extent = { x: 0, width: 1, depth: 0 };

export interface Rect {
  readonly frame: Frame;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Narrower than this nothing is drawn; what lies side by side then shows as its parent's background. */
const leastPixels = 0.4;
export const rowHeight = 22;

/** The frames in sight as rectangles of pixels, for a canvas of `width`. Frames above the extent fill the width. */
export function rectsOf(frames: readonly Frame[], extent: Extent, width: number): Rect[] {
  const rects: Rect[] = [];
  for (const frame of frames) {
    const left = Math.max(0, ((frame.x - extent.x) / extent.width) * width);
    const right = Math.min(width, ((frame.x + frame.width - extent.x) / extent.width) * width);
    if (right - left < leastPixels) continue;
    rects.push({ frame, x: left, y: frame.depth * rowHeight, width: right - left, height: rowHeight });
  }
  return rects;
}

/** The rectangle under a point; the last drawn wins. */
export function hit(rects: readonly Rect[], x: number, y: number): Rect | undefined {
  return rects.findLast((rect) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height);
}

/** Frames that contain this one, outermost first, itself last: the breadcrumb. */
export function pathTo(frames: readonly Frame[], frame: Frame): Frame[] {
  const slack = 1e-12;
  const path: Frame[] = [];
  for (const other of frames) {
    const around = other.x <= frame.x + slack && other.x + other.width >= frame.x + frame.width - slack;
    if (other.depth < frame.depth && around) path[other.depth] = other;
  }
  return [...path.filter(Boolean), frame];
}

/** Where an arrow key leads: the nearest frame beside, the first inside, the one around. */
export function neighbour(frames: readonly Frame[], from: Frame, key: string): Frame | undefined {
  const middle = from.x + from.width / 2;
  switch (key) {
    case "ArrowUp":
      return pathTo(frames, from).at(-2);
    case "ArrowDown":
      return widest(frames.filter((frame) => frame.depth === from.depth + 1 && frame.x >= from.x - 1e-12 && frame.x < from.x + from.width));
    case "ArrowRight":
      return frames.filter(({ depth, x }) => depth === from.depth && x > middle).sort((a, b) => a.x - b.x)[0];
    case "ArrowLeft":
      return frames.filter(({ depth, x, width }) => depth === from.depth && x + width / 2 < from.x + 1e-12).sort((a, b) => b.x - a.x)[0];
    case "Home":
      return frames[0];
    default:
      return undefined;
  }
}

function widest(frames: readonly Frame[]): Frame | undefined {
  return frames.reduce<Frame | undefined>((best, frame) => (best === undefined || frame.width > best.width ? frame : best), undefined);
}
