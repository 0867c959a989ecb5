import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Plan } from "#protocol/plan";
import { planFromJson } from "../../../../server/src/plan/index.js";
import { layoutFlame, type Frame } from "../../../../webview/src/explain/flame/layoutFlame.js";
import { measuresOf } from "../../../../webview/src/explain/flame/measure.js";
import { everything, hit, neighbour, pathTo, rectsOf } from "../../../../webview/src/explain/flame/view.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { planOf } from "../plans.js";

function frames(plan: Plan, id = "wall"): Frame[] {
  const measure = measuresOf(plan).find((one) => one.id === id);
  return measure ? layoutFlame(indexPlan(plan), measure) : [];
}

const plan = {
  ...planOf(
    ["0", undefined, { title: "Aggregate", selfTimeMs: 10, processTimeMs: 80 }],
    ["1", "0", { title: "CTE Scan a", selfTimeMs: 20, processTimeMs: 30 }],
    ["2", "0", { title: "CTE Scan b", selfTimeMs: 10, processTimeMs: 10 }],
    ["3", "0", { title: "Seq Scan", subplanName: "CTE x", selfTimeMs: 40, processTimeMs: 40, includedIn: ["1", "2"] }],
  ),
  executionTimeMs: 100,
  unattributedMs: 20,
};
const round = (share: number) => Math.round(share * 1e9) / 1e9;
const shape = (all: readonly Frame[]) => all.map(({ node, label, depth, x, width }) => [node?.id ?? label, depth, round(x), round(width)]);

describe("layout", () => {
  test("a CTE lies in its scans, with the part that each had; what is no node lies beside", () => {
    expect(shape(frames(plan))).toEqual([
      ["Execution", 0, 0, 1],
      ["0", 1, 0, 0.8],
      ["1", 2, 0, 0.5],
      ["3", 3, 0, 0.3],
      ["2", 2, 0.5, 0.2],
      ["3", 3, 0.5, 0.1],
      ["Unattributed", 1, 0.8, 0.2],
    ]);
  });
  test("costs of a plan that was not run stay within their parents'", () => {
    const limited = planOf(["0", undefined, { totalCost: 10 }], ["1", "0", { totalCost: 400 }], ["2", "0", { totalCost: 100 }]);
    expect(shape(frames(limited, "cost"))).toEqual([
      ["0", 0, 0, 1],
      ["1", 1, 0, 0.8],
      ["2", 1, 0.8, 0.2],
    ]);
  });
  test("only measures that the plan has", () => {
    expect(measuresOf(plan).map(({ id }) => id)).toEqual(["wall", "process"]);
    expect(measuresOf(planOf(["0", undefined, { totalCost: 1 }])).map(({ id }) => id)).toEqual(["cost"]);
  });
});

const folder = join(import.meta.dirname, "../../../fixtures/plans");
const recorded = (await readdir(folder)).filter((name) => name.endsWith(".json"));
test.each(recorded)("frames of %s lie in one another and sum up", async (name) => {
  const { plan: real } = planFromJson(await readFile(join(folder, name), "utf8"));
  for (const measure of measuresOf(real!)) {
    const all = layoutFlame(indexPlan(real!), measure);
    for (const frame of all.slice(1)) expect(pathTo(all, frame), `${measure.id} ${frame.label}`).toHaveLength(frame.depth + 1);
    const overlap = all.some((a, i) =>
      all.some((b, j) => j > i && a.depth === b.depth && a.x + a.width > b.x + 1e-9 && b.x + b.width > a.x + 1e-9),
    );
    expect(overlap, measure.id).toBe(false);
  }
  const wall = frames(real!);
  if (wall[0]) expect(wall[0].value).toBeCloseTo(real!.executionTimeMs ?? 0, 1);
});

describe("view", () => {
  const all = frames(plan);
  test("pixels, and what lies under the pointer", () => {
    const rects = rectsOf(all, everything, 1000);
    expect(hit(rects, 100, 50)?.frame.node?.id).toBe("1");
    expect(hit(rects, 900, 30)?.frame.label).toBe("Unattributed");
    expect(hit(rects, 900, 50)).toBeUndefined();
  });
  test("zoomed into a subtree its ancestors fill the width, the others are gone", () => {
    const [, , one] = all;
    const rects = rectsOf(all, { x: one!.x, width: one!.width, depth: 2 }, 1000);
    expect(rects.map(({ frame, x, width }) => [frame.node?.id ?? frame.label, x, Math.round(width)])).toEqual([
      ["Execution", 0, 1000],
      ["0", 0, 1000],
      ["1", 0, 1000],
      ["3", 0, 600],
    ]);
  });
  test.each([
    ["ArrowDown", 1, "1"],
    ["ArrowDown", 2, "3"],
    ["ArrowRight", 2, "2"],
    ["ArrowLeft", 4, "1"],
    ["ArrowUp", 3, "1"],
    ["ArrowUp", 0, undefined],
    ["ArrowLeft", 2, undefined],
  ])("%s from frame %s", (key, from, to) => {
    expect(neighbour(all, all[from]!, key)?.node?.id).toBe(to);
  });
});
