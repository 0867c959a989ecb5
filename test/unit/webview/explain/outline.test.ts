import { expect, test } from "vitest";
import { moveBy, outlineRows, visibleAncestor, type OutlineMove } from "../../../../webview/src/explain/outline/rows.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { planOf } from "../plans.js";

const index = indexPlan(planOf(["0", undefined], ["1", "0"], ["2", "1"], ["3", "0"]));

test.each<[string, string[], string[]]>([
  ["all", [], ["0:1", "1:2", "2:3", "3:2"]],
  ["a collapsed node hides what is below", ["1"], ["0:1", "1:2", "3:2"]],
  ["the root too", ["0"], ["0:1"]],
  ["leaves cannot be collapsed", ["3"], ["0:1", "1:2", "2:3", "3:2"]],
])("rows: %s", (_, collapsed, expected) => {
  const rows = outlineRows(index, new Set(collapsed));
  expect(rows.map(({ node, level }) => `${node.id}:${level}`)).toEqual(expected);
});

test("positions among siblings, as ARIA wants them", () => {
  expect(outlineRows(index, new Set()).map(({ position, siblings }) => [position, siblings])).toEqual([
    [1, 1],
    [1, 2],
    [1, 1],
    [2, 2],
  ]);
});

test.each<[string, string, string[], OutlineMove | undefined]>([
  ["ArrowDown", "0", [], { select: "1" }],
  ["ArrowDown", "3", [], undefined],
  ["ArrowUp", "3", [], { select: "2" }],
  ["ArrowUp", "0", [], undefined],
  ["Home", "2", [], { select: "0" }],
  ["End", "0", [], { select: "3" }],
  ["ArrowRight", "1", ["1"], { expand: "1" }],
  ["ArrowRight", "1", [], { select: "2" }],
  ["ArrowRight", "2", [], undefined],
  ["ArrowLeft", "1", [], { collapse: "1" }],
  ["ArrowLeft", "2", [], { select: "1" }],
  ["ArrowLeft", "0", ["0"], undefined],
  ["x", "0", [], undefined],
])("%s on %s", (key, selected, collapsed, expected) => {
  expect(moveBy(key, outlineRows(index, new Set(collapsed)), selected)).toEqual(expected);
});

test("a hidden selection is stood for by its collapsed ancestor", () => {
  expect(visibleAncestor(index, outlineRows(index, new Set(["1"])), "2")).toBe("1");
  expect(visibleAncestor(index, outlineRows(index, new Set()), "2")).toBe("2");
});
