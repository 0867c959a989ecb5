import { describe, expect, test } from "vitest";
import { comparePlans } from "../../../../server/src/plan/index.js";
import { difference, factsOf, firstOf, measureOf, rowsOf, scaleOf } from "../../../../webview/src/comparison/model.js";
import { estimated, indexScan, plan, scan, step } from "../../plan/compare/plans.js";

const before = plan(
  step("Limit", { ms: 10 }, {}, step("Sort", { ms: 9 }, { "Sort Key": ["id"] }, scan("t", { ms: 6 }, { Filter: "(a = 1)" }))),
);
const after = plan(step("Limit", { ms: 2 }, {}, indexScan("t", "ix", { ms: 1 }, { "Index Cond": "(a = 1)" })));
const { nodes } = comparePlans(before, after);

describe("rows of the merged tree", () => {
  test("levels and places among siblings", () => {
    const two = comparePlans(
      plan(step("Append", { ms: 2 }, {}, scan("a", {}), scan("b", {}))),
      plan(step("Append", { ms: 2 }, {}, scan("a", {}), scan("b", {}))),
    );
    expect(rowsOf(two.nodes).map(({ level, position, siblings }) => [level, position, siblings])).toEqual([
      [1, 1, 1],
      [2, 1, 2],
      [2, 2, 2],
    ]);
    expect(rowsOf(nodes).map(({ node, level }) => `${level} ${node.kind}`)).toEqual(["1 same", "2 removed", "3 changed"]);
  });
});

describe("what is compared", () => {
  test("times where both were run, else costs", () => {
    expect(measureOf(nodes)).toBe("selfTimeMs");
    expect(measureOf(comparePlans(estimated(scan("t", {})), plan(scan("t", {}))).nodes)).toBe("cost");
  });

  const changes = [
    { change: { before: 3, after: 1 }, expected: -2 },
    { change: { before: 3 }, expected: -3 },
    { change: { after: 1 }, expected: 1 },
    { change: undefined, expected: undefined },
  ];
  test.each(changes)("difference of $change is $expected", ({ change, expected }) => expect(difference(change)).toBe(expected));

  test("a full bar is the largest difference, and the first step the one done otherwise that has it", () => {
    expect(scaleOf(nodes, "selfTimeMs")).toBe(5);
    expect(nodes.find(({ id }) => id === firstOf(nodes, "selfTimeMs"))?.title).toBe("Index Scan using ix on t");
    const same = comparePlans(before, before).nodes;
    expect(firstOf(same, "selfTimeMs")).toBe(same[0]!.id);
  });
});

test("facts: the differing first, each side's own included", () => {
  const facts = factsOf(before.nodes[2], after.nodes[1]);
  expect(facts.map(({ key, before: old, after: now }) => [key, old, now])).toEqual([
    ["Index Cond", undefined, "(a = 1)"],
    ["Filter", "(a = 1)", undefined],
  ]);
  expect(factsOf(undefined, undefined)).toEqual([]);
});
