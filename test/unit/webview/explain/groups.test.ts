import { expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { counterTables } from "../../../../webview/src/explain/details/counters.js";
import { groupsOf } from "../../../../webview/src/explain/details/groups.js";
import { planOf } from "../plans.js";

function facts(node: Partial<PlanNode>, plan = {}): string[] {
  const whole = { ...planOf(["0", undefined, node]), ...plan };
  return groupsOf(whole, whole.nodes[0]!).flatMap((group) => group.facts.map((fact) => `${group.title} | ${fact.label} | ${fact.value}`));
}

test.each<[string, string]>([
  ["Filter", "Conditions"],
  ["Index Cond", "Conditions"],
  ["Rows Removed by Filter", "Rows"],
  ["Heap Fetches", "Rows"],
  ["Sort Method", "Sort, hash and memory"],
  ["Hash Batches", "Sort, hash and memory"],
  ["Workers Launched", "Parallel"],
  ["Shared I/O Read Time", "I/O and WAL"],
  ["WAL Bytes", "I/O and WAL"],
  ["Output", "Output"],
  ["Key of a version to come", "More"],
])("the key %s belongs to %s", (key, group) => {
  expect(facts({ details: [{ key, value: "x" }] })).toContain(`${group} | ${key} | x`);
});

test("zeros are folded, not dropped", () => {
  const node = planOf([
    "0",
    undefined,
    {
      details: [
        { key: "WAL Bytes", value: "0" },
        { key: "Disabled", value: "false" },
      ],
    },
  ]);
  const all = groupsOf(node, node.nodes[0]!).flatMap((group) => group.facts);
  expect(all.map(({ label, idle }) => [label, idle])).toEqual([
    ["WAL Bytes", true],
    ["Disabled", true],
  ]);
});

test("times carry their bound, rows theirs", () => {
  const shown = facts({
    selfTimeMs: 53.2,
    selfErrorMs: 0.02,
    processTimeMs: 60,
    timeErrorMs: 0.0005,
    loops: 40,
    rows: 400,
    rowsError: 20,
    estimatedRows: 2,
  });
  expect(shown).toContain("Time | Self | 53.200 ± 0.020 ms");
  expect(shown).toContain("Time | With children | 60.000 ms");
  expect(shown).toContain("Rows | Rows | 400 ± 20");
  expect(shown).toContain("Rows | Rows per loop | 10");
  expect(shown).toContain("Rows | Estimated per loop | 2");
});

test("the root tells where the execution time went", () => {
  const plan = {
    executionTimeMs: 10,
    unattributedMs: 0.5,
    serializationMs: 1,
    triggers: [{ name: "RI_1", constraint: "fk", calls: 3, timeMs: 4.28 }],
  };
  const shown = facts({ selfTimeMs: 4.22, loops: 1 }, plan).filter((line) => line.startsWith("Execution"));
  expect(shown).toEqual([
    "Execution time | All nodes | 4.220 ms",
    "Execution time | Trigger fk (3 calls) | 4.280 ms",
    "Execution time | Serialization | 1.000 ms",
    "Execution time | Unattributed | 0.500 ms",
    "Execution time | Execution | 10.000 ms",
  ]);
});

test("buffer counters at zero are left out", () => {
  const none = {
    sharedHit: 0,
    sharedRead: 0,
    sharedDirtied: 0,
    sharedWritten: 0,
    localHit: 0,
    localRead: 0,
    localDirtied: 0,
    localWritten: 0,
  };
  const node = planOf([
    "0",
    undefined,
    {
      buffers: { ...none, sharedHit: 128, tempRead: 0, tempWritten: 0 },
      selfBuffers: { ...none, sharedHit: 28, tempRead: 0, tempWritten: 0 },
    },
  ]).nodes[0]!;
  expect(counterTables(node)).toEqual([
    {
      title: "Buffers",
      unit: "8 kB blocks",
      rows: [{ label: "Shared hit", figure: "sharedHit", self: "28", total: "128", size: "1.0 MB" }],
    },
  ]);
});
