import { expect, test } from "vitest";
import type { Box, Size } from "../../../../webview/src/explain/drawing/layoutPlan.js";
import { firstView, fit, keepInPlace, keepInSight, reveal, type View } from "../../../../webview/src/explain/drawing/viewport.js";

const box = (x: number, y: number): Box => ({ id: "1", parent: "0", x, y, width: 100, height: 40 });
const viewport = { width: 800, height: 400 };

test.each<[string, Size, Size, View]>([
  ["a small drawing stands in the middle at its own size", { width: 200, height: 100 }, viewport, { x: 300, y: 134, k: 1 }],
  ["a larger one is made to fit", { width: 940, height: 300 }, viewport, { x: 24, y: 64, k: 0.8 }],
  ["a high one shows its readable top", { width: 200, height: 4000 }, viewport, { x: 338, y: 24, k: 0.62 }],
  ["nothing to fit", { width: 0, height: 0 }, viewport, { x: 0, y: 0, k: 1 }],
  ["no room", { width: 200, height: 100 }, { width: 0, height: 0 }, { x: 0, y: 0, k: 1 }],
])("fit: %s", (_, bounds, room, expected) => {
  const view = fit(bounds, room);
  expect(view.k).toBeCloseTo(expected.k);
  expect(view.x).toBeCloseTo(expected.x);
  expect(view.y).toBeCloseTo(expected.y);
});

test("a drawing wider than the page starts with the root in the middle", () => {
  const view = firstView({ width: 4000, height: 200 }, viewport, box(2900, 0));
  expect((2950 * view.k + view.x) / 1).toBeCloseTo(400);
});

test.each<[string, Box, View, View]>([
  ["a box in sight moves nothing", box(100, 100), { x: 0, y: 0, k: 1 }, { x: 0, y: 0, k: 1 }],
  ["to the right", box(900, 100), { x: 0, y: 0, k: 1 }, { x: -224, y: 0, k: 1 }],
  ["above", box(100, 0), { x: 0, y: -200, k: 1 }, { x: 0, y: 24, k: 1 }],
  ["below, zoomed out", box(100, 1000), { x: 0, y: 0, k: 0.5 }, { x: 0, y: -176, k: 0.5 }],
])("reveal: %s", (_, target, view, expected) => {
  expect(reveal(target, view, viewport)).toEqual(expected);
});

test("what is folded stays where it was on the screen", () => {
  const view = keepInPlace(box(100, 40), box(700, 40), { x: 10, y: 20, k: 0.5 });
  expect(view).toEqual({ x: -290, y: 20, k: 0.5 });
  expect(keepInPlace(undefined, box(0, 0), view)).toBe(view);
});

test.each<[string, View, View]>([
  ["in sight it stays", { x: 10, y: 20, k: 1 }, { x: 10, y: 20, k: 1 }],
  ["too far to the right and below", { x: 2000, y: 900, k: 1 }, { x: 720, y: 320, k: 1 }],
  ["too far to the left and above", { x: -2000, y: -900, k: 0.5 }, { x: -420, y: -20, k: 0.5 }],
])("pushed away: %s", (_, view, expected) => {
  expect(keepInSight(view, { width: 1000, height: 200 }, viewport)).toEqual(expected);
});
