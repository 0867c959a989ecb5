import { describe, expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { indexPlan, type PlanIndex } from "../../../../webview/src/explain/planIndex.js";
import { fewestPartitions, partitionsOf } from "../../../../webview/src/explain/tree/partitions.js";
import { groupCard } from "../../../../webview/src/explain/tree/groupCard.js";
import { shownTree, standIn } from "../../../../webview/src/explain/tree/shownTree.js";
import { planOf } from "../plans.js";

const none: ReadonlySet<string> = new Set();
const index = indexPlan(planOf(["0", undefined], ["1", "0"], ["2", "1"], ["3", "0"]));
const show = (of: PlanIndex, folded: readonly string[] = [], unfolded: readonly string[] = []) =>
  shownTree(of, { folded: new Set(folded), unfolded: new Set(unfolded) });

test.each<[string, string[], string[]]>([
  ["all", [], ["0:1", "1:2", "2:3", "3:2"]],
  ["a folded node hides what is below", ["1"], ["0:1", "1:2", "3:2"]],
  ["the root too", ["0"], ["0:1"]],
  ["leaves cannot be folded", ["3"], ["0:1", "1:2", "2:3", "3:2"]],
])("rows: %s", (_, folded, expected) => {
  expect(show(index, folded).rows.map(({ id, level }) => `${id}:${level}`)).toEqual(expected);
});

test("positions among siblings, as ARIA wants them", () => {
  expect(show(index).rows.map(({ position, siblings }) => [position, siblings])).toEqual([
    [1, 1],
    [1, 2],
    [1, 1],
    [2, 2],
  ]);
});

test.each([
  ["2", [], "2"],
  ["2", ["1"], "1"],
  ["2", ["0", "1"], "0"],
  ["99", [], undefined],
])("what stands for node %s with %j folded", (selected, folded, expected) => {
  expect(standIn(show(index, folded), index, { selected, group: undefined })?.id).toBe(expected);
});

describe("sibling partitions", () => {
  /** An Append over `scans` sequential scans and bitmap scans of two nodes each. */
  function partitioned(scans: number, bitmaps: number, type = "Append", extra: Partial<PlanNode> = {}): PlanIndex {
    const rows: [string, string | undefined, Partial<PlanNode>][] = [["0", undefined, { type }]];
    const add = (parent: string, kind: string, more: Partial<PlanNode> = {}) => {
      const id = String(rows.length);
      rows.push([id, parent, { type: kind, ...more }]);
      return id;
    };
    for (let i = 0; i < Math.max(scans, bitmaps); i++) {
      if (i < scans) add("0", "Seq Scan", { relation: `p${i}`, ...extra });
      if (i < bitmaps) add(add("0", "Bitmap Heap Scan", { relation: `b${i}`, ...extra }), "Bitmap Index Scan", extra);
    }
    return indexPlan(planOf(...rows));
  }
  const counts = (of: PlanIndex) => show(of).rows.map(({ node, group }) => `${group?.members.length ?? 1} ${node.type}`);
  const few = fewestPartitions - 1;

  test.each<[string, PlanIndex, string[]]>([
    ["of one kind are one row", partitioned(6, 0), ["1 Append", "6 Seq Scan"]],
    ["of two kinds are two", partitioned(6, 7), ["1 Append", "6 Seq Scan", "7 Bitmap Heap Scan"]],
    ["too few stay as they are", partitioned(few, 0), ["1 Append", ...Array<string>(few).fill("1 Seq Scan")]],
    ["below a Merge Append", partitioned(5, 0, "Merge Append"), ["1 Merge Append", "5 Seq Scan"]],
    ["children of a join are none", partitioned(5, 0, "Hash Join"), ["1 Hash Join", ...Array<string>(5).fill("1 Seq Scan")]],
  ])("%s", (_, of, expected) => expect(counts(of)).toEqual(expected));

  test("unfolded, each stands below the group", () => {
    const of = partitioned(6, 0);
    const [group] = partitionsOf(of).byParent.get("0")!;
    const { rows } = show(of, [], [group!.id]);
    expect(rows.map(({ level, position, siblings }) => [level, position, siblings])).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      ...[1, 2, 3, 4, 5, 6].map((position) => [3, position, 6]),
    ]);
    expect(rows[2]?.parent?.id).toBe(group!.id);
  });

  test("a folded group stands for its members and what is below them", () => {
    const of = partitioned(0, 6);
    const tree = show(of);
    const [group] = partitionsOf(of).byParent.get("0")!;
    for (const selected of ["1", "2", "12"]) expect(standIn(tree, of, { selected, group: undefined })?.id).toBe(group!.id);
    expect(standIn(tree, of, { selected: "1", group: group! })?.id).toBe(group!.id);
  });

  test("the card of a group has the sums of all that it hides", () => {
    const buffers = { sharedDirtied: 0, sharedWritten: 0, localHit: 0, localRead: 0, localDirtied: 0, localWritten: 0 };
    const extra = { selfTimeMs: 2, rows: 10, selfBuffers: { ...buffers, sharedHit: 3, sharedRead: 1, tempRead: 0, tempWritten: 0 } };
    const of = partitioned(0, 5, "Append", extra);
    const [group] = partitionsOf(of).byParent.get("0")!;
    const card = groupCard({ ...of, plan: { ...of.plan, executionTimeMs: 40 } }, group!);
    expect(card).toMatchObject({
      type: "5 × Bitmap Heap Scan",
      subject: "b0 … b4",
      primary: "20.0 ms",
      share: "50 %",
      rows: "50 rows",
      buffers: "30 hit · 10 read",
    });
  });
});

test("a tree of 10,000 levels does not exhaust the stack", () => {
  const node = planOf(["0", undefined]).nodes[0]!;
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({
    ...node,
    id: String(i),
    parent: i === 0 ? undefined : String(i - 1),
    children: i === 9_999 ? [] : [String(i + 1)],
  }));
  expect(shownTree(indexPlan({ ...planOf(), nodes }), { folded: none, unfolded: none }).rows).toHaveLength(10_000);
});
