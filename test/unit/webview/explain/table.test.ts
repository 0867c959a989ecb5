import { describe, expect, test } from "vitest";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { planFromJson } from "../../../../server/src/plan/index.js";
import { columns, knownColumns, shownColumns, type Column } from "../../../../webview/src/explain/table/columns.js";
import { moveCell } from "../../../../webview/src/explain/table/cells.js";
import { groupNodes, sortGroups, sumOf } from "../../../../webview/src/explain/table/groups.js";
import { remaindersOf } from "../../../../webview/src/explain/table/remainder.js";
import { nextSort, sortRows, treeRows } from "../../../../webview/src/explain/table/rows.js";
import { scrollTo } from "../../../../webview/src/common/scrollTo.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { planOf } from "../plans.js";

const column = (id: string): Column => columns.find((one) => one.id === id)!;
const plan = {
  ...planOf(
    ["0", undefined, { type: "Hash Join", selfTimeMs: 5, rows: 10, rowsRatio: 0.01 }],
    ["1", "0", { type: "Seq Scan", relation: "orders", alias: "o", selfTimeMs: 60, rows: 1000, rowsRatio: 2 }],
    ["2", "0", { type: "Hash", rowsRatio: 40 }],
    ["3", "2", { type: "Seq Scan", relation: "orders", alias: "p", selfTimeMs: 25, rows: 1000 }],
  ),
  executionTimeMs: 100,
  unattributedMs: 4,
  serializationMs: 1,
  triggers: [
    { name: "fk", calls: 2, timeMs: 3 },
    { name: "audit", calls: 2, timeMs: 2 },
  ],
};
const rows = treeRows(indexPlan(plan));
const ids = (some: typeof rows) => some.map(({ node }) => node.id);

describe("rows", () => {
  test("the tree's order with depths", () => {
    expect(rows.map(({ node, depth }) => [node.id, depth])).toEqual([
      ["0", 0],
      ["1", 1],
      ["2", 1],
      ["3", 2],
    ]);
  });
  test.each<[string, boolean, string[]]>([
    ["self", true, ["1", "3", "0", "2"]],
    ["self", false, ["0", "3", "1", "2"]],
    ["ratio", true, ["0", "2", "1", "3"]],
    ["rows", true, ["1", "3", "0", "2"]],
  ])("by %s, descending: %s", (id, descending, expected) => {
    expect(ids([...sortRows(rows, column(id), descending)])).toEqual(expected);
  });
  test("a header is pressed three times", () => {
    const first = nextSort(undefined, "self");
    const second = nextSort(first, "self");
    expect([first, second, nextSort(second, "self"), nextSort(second, "rows")]).toEqual([
      { column: "self", descending: true },
      { column: "self", descending: false },
      undefined,
      { column: "rows", descending: true },
    ]);
  });
  test("deeper than the stack", () => {
    const deep = planOf(["0", undefined], ...Array.from({ length: 3 }, (_, i) => [`${i + 1}`, `${i}`] as [string, string]));
    expect(treeRows(indexPlan(deep)).at(-1)?.depth).toBe(3);
  });
});

describe("columns", () => {
  test("what the plan does not know is not offered; zeros are not shown at first", () => {
    const zero = planOf(["0", undefined, { loops: 0, totalCost: 3 }]);
    expect(knownColumns(zero).map(({ id }) => id)).toEqual(["loops", "cost"]);
    expect(shownColumns(zero, undefined).map(({ id }) => id)).toEqual(["cost"]);
    expect(shownColumns(zero, ["loops", "gone"]).map(({ id }) => id)).toEqual(["loops"]);
  });
  test.each([
    [3.24, "3.2×"],
    [0.25, "÷ 4.0"],
    [0, "÷ ∞"],
  ])("ratio %s is %s", (ratio, said) => expect(column("ratio").format(ratio)).toBe(said));
});

describe("groups", () => {
  test("by relation, whatever the alias; the rest at the end", () => {
    expect(groupNodes(plan, "relation").map(({ name, nodes }) => [name, nodes.map(({ id }) => id)])).toEqual([
      ["orders", ["1", "3"]],
      ["Without a relation", ["0", "2"]],
    ]);
  });
  test("by type, greatest first", () => {
    const groups = sortGroups(groupNodes(plan, "type"), column("self"));
    expect(groups.map(({ name, nodes }) => [name, sumOf(nodes, column("self"))])).toEqual([
      ["Seq Scan", 85],
      ["Hash Join", 5],
      ["Hash", undefined],
    ]);
  });
});

test("nodes and remainders are the execution", () => {
  const self = column("self");
  const lines = remaindersOf(plan).map(({ label, value }) => [label, value(self)] as const);
  expect(lines).toEqual([
    ["Triggers", 5],
    ["Serialization", 1],
    ["Unattributed", 4],
    ["Execution", 100],
  ]);
  expect(remaindersOf({ ...plan, analyzed: false })).toEqual([]);
});

const folder = join(import.meta.dirname, "../../../fixtures/plans");
const recorded = (await readdir(folder)).filter((name) => name.endsWith(".json"));
test.each(recorded)("every column of %s sums up to its total", async (name) => {
  const { plan: real } = planFromJson(await readFile(join(folder, name), "utf8"));
  for (const one of columns.filter(({ total }) => total && total(real!) !== undefined)) {
    const parts = [sumOf(real!.nodes, one), ...remaindersOf(real!).map((line) => (line.total ? 0 : line.value(one)))];
    const sum = parts.reduce<number>((all, part) => all + (part ?? 0), 0);
    const bound = one.id === "self" ? (real!.timeErrorMs ?? 0) + 0.001 : 1e-6;
    expect(Math.abs(sum - (one.total?.(real!) ?? 0)), one.id).toBeLessThanOrEqual(bound);
  }
});

test.each([
  [10, 0, 225],
  [3, 0, 50],
  [1, 0, 0],
  [3, 250, 75],
])("row %s from %s scrolls to %s", (row, from, to) => {
  expect(scrollTo(row, from, 80, 25, 30)).toBe(to);
});

test.each<[string, boolean, [number, number], [number, number] | undefined]>([
  ["ArrowDown", false, [-1, 2], [0, 2]],
  ["ArrowUp", false, [0, 2], [-1, 2]],
  ["ArrowUp", false, [-1, 2], [-1, 2]],
  ["ArrowRight", false, [4, 9], [4, 9]],
  ["Home", false, [4, 3], [4, 0]],
  ["End", false, [4, 3], [4, 9]],
  ["Home", true, [4, 3], [0, 0]],
  ["End", true, [4, 3], [99, 9]],
  ["PageDown", false, [95, 3], [99, 3]],
  ["PageUp", false, [5, 3], [0, 3]],
  ["a", false, [5, 3], undefined],
])("grid: %s (ctrl %s) from %j", (key, ctrl, [row, at], to) => {
  const moved = moveCell(key, ctrl, { row, column: at }, { rows: 100, columns: 10, page: 20 });
  expect(moved && [moved.row, moved.column]).toEqual(to);
});
