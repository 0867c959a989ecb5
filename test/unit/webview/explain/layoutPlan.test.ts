import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "#protocol/plan";
import { boundsOf, gap, layoutPlan, type Box, type Size } from "../../../../webview/src/explain/drawing/layoutPlan.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { shownTree, type Shown } from "../../../../webview/src/explain/tree/shownTree.js";
import { planOf } from "../plans.js";

function layout(plan: Plan, measure: (shown: Shown) => Size): Box[] {
  const none: ReadonlySet<string> = new Set();
  return layoutPlan(shownTree(indexPlan(plan), { folded: none, unfolded: none }).root, measure);
}

const size = { width: 100, height: 40 };
const byId = (boxes: readonly Box[]) => new Map(boxes.map((box) => [box.id, box]));
const middle = (box: Box) => box.x + box.width / 2;

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("layoutPlan", () => {
  test("one node lies at the origin", () => {
    expect(layout(planOf(["0", undefined]), () => size)).toEqual([{ id: "0", parent: undefined, x: 0, y: 0, ...size }]);
  });
  test("no node, no box", () => {
    expect(layout(planOf(), () => size)).toEqual([]);
    expect(boundsOf([])).toEqual({ width: 0, height: 0 });
  });
  test("a parent stands over the middle of its children", () => {
    const boxes = byId(layout(planOf(["0", undefined], ["1", "0"], ["2", "0"]), () => size));
    const [root, left, right] = ["0", "1", "2"].map((id) => boxes.get(id) as Box) as [Box, Box, Box];
    expect(middle(root)).toBeCloseTo((middle(left) + middle(right)) / 2);
    expect(right.x - (left.x + left.width)).toBeCloseTo(gap.beside);
    expect(left.y).toBe(root.y + root.height + gap.below);
  });
  test("a level is as high as its highest node", () => {
    const plan = planOf(["0", undefined], ["1", "0"], ["2", "0"], ["3", "1"]);
    const boxes = byId(layout(plan, (node) => ({ width: 100, height: node.id === "2" ? 90 : 40 })));
    expect(boxes.get("3")?.y).toBe(40 + gap.below + 90 + gap.below);
  });
  test("nodes that the root does not reach are left out", () => {
    expect(layout(planOf(["0", undefined], ["7", "6"]), () => size).map(({ id }) => id)).toEqual(["0"]);
  });
  test("a chain of 10,000 nodes does not exhaust the stack", () => {
    const chain = planOf(["0", undefined]).nodes[0]!;
    const nodes = Array.from({ length: 10_000 }, (_, i) => ({
      ...chain,
      id: String(i),
      parent: i === 0 ? undefined : String(i - 1),
      children: i === 9_999 ? [] : [String(i + 1)],
    }));
    expect(layout({ ...planOf(), nodes }, () => size)).toHaveLength(10_000);
  });
  test("boxes never overlap, keep their size, and lie at 0 and above", () => {
    const trees = fc.array(
      fc.record({ up: fc.nat(), width: fc.integer({ min: 20, max: 300 }), height: fc.integer({ min: 10, max: 120 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(trees, (rows) => {
        const plan = planOf(...rows.map((row, i) => [String(i), i === 0 ? undefined : String(row.up % i)] as const));
        const boxes = layout(plan, (node) => rows[Number(node.id)]!);
        expect(boxes).toHaveLength(rows.length);
        for (const [i, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(-1e-6);
          expect(box).toMatchObject({ width: rows[Number(box.id)]!.width, height: rows[Number(box.id)]!.height });
          for (const other of boxes.slice(i + 1)) expect(overlaps(box, other)).toBe(false);
        }
      }),
    );
  });
});
