import { expect, test } from "vitest";
import { moveBy, typedAhead, type OutlineMove } from "../../../../webview/src/explain/outline/keys.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { shownTree } from "../../../../webview/src/explain/tree/shownTree.js";
import { planOf } from "../plans.js";

const none: ReadonlySet<string> = new Set();
const index = indexPlan(planOf(["0", undefined], ["1", "0"], ["2", "1"], ["3", "0"]));
const rowsWith = (...folded: string[]) => shownTree(index, { folded: new Set(folded), unfolded: none }).rows;

test.each<[string, string, string[], OutlineMove | undefined]>([
  ["ArrowDown", "0", [], { select: "1" }],
  ["ArrowDown", "3", [], undefined],
  ["ArrowUp", "3", [], { select: "2" }],
  ["ArrowUp", "0", [], undefined],
  ["Home", "3", [], { select: "0" }],
  ["End", "0", [], { select: "3" }],
  ["PageDown", "0", [], { select: "3" }],
  ["PageUp", "3", [], { select: "0" }],
  ["ArrowRight", "0", [], { select: "1" }],
  ["ArrowRight", "1", ["1"], { expand: "1" }],
  ["ArrowRight", "3", [], undefined],
  ["ArrowLeft", "1", [], { collapse: "1" }],
  ["ArrowLeft", "2", [], { select: "1" }],
  ["ArrowLeft", "1", ["1"], { select: "0" }],
  ["ArrowLeft", "0", ["0"], undefined],
  ["x", "0", [], undefined],
])("%s on row %s", (key, selected, folded, expected) => {
  expect(moveBy(key, rowsWith(...folded), selected)).toEqual(expected);
});

const named = indexPlan(
  planOf(
    ["0", undefined, { type: "Hash Join" }],
    ["1", "0", { type: "Seq Scan", relation: "orders" }],
    ["2", "0", { type: "Hash" }],
    ["3", "2", { type: "Seq Scan", relation: "customers" }],
  ),
);

test.each<[string, string, string | undefined]>([
  ["s", "0", "1"],
  ["s", "1", "3"],
  ["s", "3", "1"],
  ["seq", "1", "1"],
  ["HASH", "1", "2"],
  ["hash j", "2", "0"],
  ["cust", "0", "3"],
  ["x", "0", undefined],
])("typing %j on row %s", (typed, selected, expected) => {
  expect(typedAhead(typed, shownTree(named, { folded: none, unfolded: none }).rows, selected)).toBe(expected);
});
