import { describe, expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { availableMeasures, groupHeatScale, heatScale, type HeatMeasure } from "../../../../webview/src/explain/heat.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { planOf } from "../plans.js";

const blocks = {
  sharedHit: 0,
  sharedRead: 0,
  sharedDirtied: 0,
  sharedWritten: 0,
  localHit: 0,
  localRead: 0,
  localDirtied: 0,
  localWritten: 0,
};
const buffers = (sharedHit: number, tempRead = 0) => ({ ...blocks, sharedHit, tempRead, tempWritten: 0 });
const node = (selfTimeMs: number, rows: number, totalCost: number, rowsRatio: number, hit: number): Partial<PlanNode> => ({
  selfTimeMs,
  rows,
  totalCost,
  rowsRatio,
  selfBuffers: buffers(hit),
});
const plan = planOf(["0", undefined, node(1, 5, 100, 1, 0)], ["1", "0", node(6, 1000, 70, 20, 30)], ["2", "0", node(2, 100, 10, 0.25, 10)]);
const index = indexPlan({ ...plan, executionTimeMs: 10 });

test.each<[HeatMeasure, [number, number][]]>([
  [
    "time",
    [
      [0.1, 1],
      [0.6, 3],
      [0.2, 1],
    ],
  ],
  [
    "rows",
    [
      [0.005, 0],
      [1, 3],
      [0.1, 1],
    ],
  ],
  [
    "cost",
    [
      [0.2, 1],
      [0.7, 3],
      [0.1, 1],
    ],
  ],
  [
    "buffers",
    [
      [0, 0],
      [0.75, 3],
      [0.25, 1],
    ],
  ],
  [
    "misestimate",
    [
      [0, 0],
      [Math.log10(20) / 3, 2],
      [Math.log10(4) / 3, 1],
    ],
  ],
])("%s", (measure, expected) => {
  const scale = heatScale(index, measure);
  const warmths = index.plan.nodes.map((one) => scale(one)!);
  expect(warmths.map(({ heat }) => heat)).toEqual(expected.map(([, heat]) => heat));
  warmths.forEach(({ part }, i) => expect(part).toBeCloseTo(expected[i]![0]));
});

describe("several partitions together", () => {
  const group = { id: "g", parent: "0", members: index.plan.nodes.slice(1) };
  test.each<[HeatMeasure, string]>([
    ["time", "8.00 ms, 80 %"],
    ["rows", "1,100 rows"],
    ["cost", "80.00, 80 %"],
    ["buffers", "40 blocks, 100 %"],
    ["misestimate", "20× more rows"],
  ])("%s", (measure, label) => expect(groupHeatScale(index, measure)(group)?.label).toBe(label));
});

test.each([
  ["measured", index, ["time", "rows", "misestimate", "cost", "buffers"]],
  ["planned only", indexPlan(planOf(["0", undefined, { totalCost: 1, estimatedRows: 2 }])), ["rows", "cost"]],
  ["without numbers", indexPlan(planOf(["0", undefined])), []],
])("measures of a plan that is %s", (_, of, expected) => expect(availableMeasures(of)).toEqual(expected));

test("never executed nodes have no rows to be warm by", () => {
  const of = indexPlan(planOf(["0", undefined, { rows: 0, neverExecuted: true, loops: 0 }], ["1", "0", { rows: 3 }]));
  expect(of.plan.nodes.map((one) => heatScale(of, "rows")(one)?.part)).toEqual([undefined, 1]);
});
