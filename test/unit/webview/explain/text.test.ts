import { expect, test } from "vitest";
import { lineStarts, nodeOfLine, stretchOfLines } from "../../../../webview/src/explain/text/lines.js";
import { planOf } from "../plans.js";

const text = "[\n  one\n  two\n  three";

test.each([
  [1, 1, "["],
  [2, 3, "  one\n  two"],
  [4, 4, "  three"],
  [4, 9, "  three"],
  [9, 9, undefined],
  [3, 2, undefined],
])("lines %s to %s", (first, last, expected) => {
  const stretch = stretchOfLines(text, lineStarts(text), first, last);
  expect(stretch && text.slice(stretch.start, stretch.end)).toBe(expected);
});

test.each([
  [1, undefined],
  [2, "0"],
  [3, "0"],
  [5, "1"],
  [6, undefined],
])("line %s belongs to node %s", (line, node) => {
  const plan = planOf(["0", undefined, { lines: { first: 2, last: 3 } }], ["1", "0", { lines: { first: 5, last: 5 } }], ["2", "0"]);
  expect(nodeOfLine(plan, line)).toBe(node);
});
