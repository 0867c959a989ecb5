import type { Plan, PlanNode } from "../../../server/src/protocol/plan.js";
import { document, raw } from "./fixtures.js";

/** A hand-made plan about one rule, and what must come out. */
export interface Scenario {
  readonly name: string;
  readonly json: string;
  readonly wrong: (plan: Plan) => readonly string[];
}

type Expected = Partial<Record<keyof PlanNode, unknown>>;
type Keys = Record<string, unknown>;

/** What is expected of the node with that preorder number, and of the plan. */
function scenario(
  name: string,
  root: Keys,
  nodes: Record<number, Expected>,
  rest: Keys = {},
  plan: (plan: Plan) => unknown = () => true,
): Scenario {
  const wrong = (found: Plan): readonly string[] => [
    ...Object.entries(nodes).flatMap(([id, expected]) =>
      Object.entries(expected).flatMap(([key, value]) => {
        const actual: unknown = found.nodes[Number(id)]?.[key as keyof PlanNode];
        return isEqual(actual, value) ? [] : [`${name}: ${key} of ${id} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)}`];
      }),
    ),
    ...(plan(found) === true ? [] : [`${name}: ${JSON.stringify(plan(found))}`]),
  ];
  return { name, json: JSON.stringify(document(root, { "Execution Time": processTime(root) + 0.1, ...rest })), wrong };
}

const processTime = (root: Keys): number => Number(root["Actual Total Time"]) * Number(root["Actual Loops"]);

function isEqual(actual: unknown, expected: unknown): boolean {
  if (typeof expected === "number") return typeof actual === "number" && Math.abs(actual - expected) < 1e-6;
  if (typeof expected !== "object" || expected === null) return actual === expected;
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => isEqual((actual as Record<string, unknown>)[key], value));
}

const time = (ms: number, loops = 1): Keys => ({ "Actual Total Time": ms, "Actual Loops": loops });
const hit = (blocks: number): Keys => ({ "Shared Hit Blocks": blocks });
const initPlan = (number: number, ms: number, keys: Keys = {}): Keys =>
  raw("Result", { "Parent Relationship": "InitPlan", "Subplan Name": `InitPlan ${number}`, ...time(ms), ...keys });
const named = (number: number): string => `(a > (InitPlan ${number}).col1)`;
const workers = { "Workers Planned": 2, "Workers Launched": 2 };
const estimated = (rows: number, actual: number, loops = 1): Keys => ({ "Plan Rows": rows, "Actual Rows": actual, ...time(0, loops) });
const before18 = { Triggers: [] };

const times: readonly Scenario[] = [
  scenario(
    "time is per loop",
    raw("Nested Loop", time(30), [raw("Seq Scan", time(2)), raw("Index Scan", { ...time(0.25, 100), "Parent Relationship": "Inner" })]),
    {
      0: { selfTimeMs: 3, selfErrorMs: 0.051 },
      2: { processTimeMs: 25, timeErrorMs: 0.05 },
    },
  ),
  scenario(
    "processes are loops ÷ loops, whoever was launched",
    raw("Gather", { ...time(10), ...workers }, [raw("Seq Scan", { ...time(8, 2), "Parallel Aware": true })]),
    {
      0: { participants: 1, selfTimeMs: 2 },
      1: { participants: 2, gather: "0", selfTimeMs: 16, selfWallTimeMs: 8 },
    },
  ),
  scenario("a Gather that ran several times", raw("Gather", { ...time(10, 4), ...workers }, [raw("Seq Scan", time(8, 12))]), {
    1: { participants: 3, wallTimeMs: 32 },
    0: { selfTimeMs: 8 },
  }),
  scenario(
    "blocks are totals of all processes",
    raw("Gather", { ...time(10), ...workers, ...hit(100) }, [raw("Seq Scan", { ...time(8, 3), ...hit(90) })]),
    {
      0: { selfBuffers: { sharedHit: 10 } },
      1: { selfBuffers: { sharedHit: 90 } },
    },
  ),
  scenario(
    "a Gather that waited less than its processes worked",
    raw("Sort", time(20), [raw("Gather", { ...time(10), ...workers }, [raw("Seq Scan", time(12, 3))])]),
    { 0: { selfTimeMs: 10 }, 1: { selfTimeMs: 0 } },
    {},
    (plan) => plan.causes?.some(({ cause, amount }) => cause === "gather" && Math.abs(amount + 2) < 1e-9),
  ),
  scenario(
    "foreign scans side by side",
    raw("Append", time(10), [
      raw("Foreign Scan", { ...time(8), "Async Capable": true }),
      raw("Foreign Scan", { ...time(7), "Async Capable": true }),
    ]),
    { 0: { selfTimeMs: 0 } },
    {},
    (plan) => plan.causes?.some(({ cause, amount }) => cause === "async" && Math.abs(amount + 5) < 1e-9),
  ),
  scenario(
    "what rounding makes negative is zero",
    raw("Nested Loop", time(1), [raw("Index Scan", time(0.001, 1100))]),
    { 0: { selfTimeMs: 0 } },
    {},
    (plan) => (plan.notes?.length === 0 ? true : plan.notes),
  ),
  scenario(
    "serialization and triggers are outside the nodes",
    raw("ModifyTable", time(5)),
    { 0: { selfTimeMs: 5 } },
    {
      "Execution Time": 12,
      Serialization: { Time: 2, "Output Volume": 7, Format: "text" },
      Triggers: [{ "Trigger Name": "fk", "Constraint Name": "c", Relation: "t", Time: 4, Calls: 3 }],
    },
    (plan) => Math.abs((plan.unattributedMs ?? 0) - 1) < 1e-9 && plan.serialization?.volumeKb === 7,
  ),
  scenario(
    "just those triggers were inside that have to be",
    raw("ModifyTable", { ...time(10), "Relation Name": "t" }),
    { 0: { selfTimeMs: 8 } },
    {
      "Execution Time": 15.1,
      Triggers: [
        { "Trigger Name": "large", Relation: "t", Time: 5, Calls: 1 },
        { "Trigger Name": "small", Relation: "t", Time: 2, Calls: 1 },
      ],
    },
    (plan) => plan.triggers.map(({ inside }) => inside ?? "").join() === ",0",
  ),
  scenario(
    "a trigger that came after the plan",
    raw("ModifyTable", { ...time(10), "Relation Name": "t" }),
    { 0: { selfTimeMs: 10 } },
    { "Execution Time": 13.1, Triggers: [{ "Trigger Name": "after", Relation: "t", Time: 3, Calls: 1 }] },
    (plan) => plan.triggers[0]?.inside === undefined,
  ),
  scenario(
    "constraint triggers are never inside",
    raw("ModifyTable", { ...time(10), "Relation Name": "t" }),
    { 0: { selfTimeMs: 7 } },
    {
      "Execution Time": 13,
      Triggers: [
        { "Trigger Name": "fk", "Constraint Name": "c", Relation: "t", Time: 2.9, Calls: 1 },
        { "Trigger Name": "stamp", Relation: "t", Time: 3, Calls: 1 },
      ],
    },
    (plan) => plan.triggers[0]?.inside === undefined,
  ),
];

const cte = (name: string, ms: number, keys: Keys = {}): Keys =>
  raw("Seq Scan", { "Parent Relationship": "InitPlan", "Subplan Name": `CTE ${name}`, ...time(ms), ...keys });
const scanOf = (name: string, ms: number, keys: Keys = {}): Keys => raw("CTE Scan", { "CTE Name": name, ...time(ms), ...keys });

const ctes: readonly Scenario[] = [
  scenario(
    "a CTE may have more than its scans by rounding",
    raw("Limit", time(10), [cte("c", 5.001), scanOf("c", 5)]),
    { 0: { selfTimeMs: 5 }, 2: { selfTimeMs: 0 } },
    {},
    (plan) => plan.causes?.every(({ cause }) => cause === "executor"),
  ),
  scenario(
    "a changing CTE that nobody reads",
    raw("Result", { ...time(0.01), ...hit(0) }, [{ ...cte("c", 5, hit(9)), "Node Type": "ModifyTable" }]),
    { 0: { selfTimeMs: 0.01 }, 1: { includedIn: { length: 0 }, selfTimeMs: 5 } },
    { "Execution Time": 5.2 },
  ),

  scenario(
    "each scan gives its share of the CTE",
    raw("Nested Loop", time(21), [cte("c", 12), scanOf("c", 15), scanOf("c", 5, { "Parent Relationship": "Inner" })]),
    {
      0: { selfTimeMs: 1 },
      2: { selfTimeMs: 6 },
      3: { selfTimeMs: 2 },
    },
  ),
  scenario(
    "shares of blocks are whole",
    raw("Nested Loop", { ...time(9), ...hit(8) }, [
      cte("c", 1, hit(5)),
      scanOf("c", 4, hit(4)),
      scanOf("c", 4, { "Parent Relationship": "Inner", ...hit(4) }),
    ]),
    { 1: { selfBuffers: { sharedHit: 5 } } },
    {},
    (plan) => plan.nodes.every((node) => Number.isInteger(node.selfBuffers?.sharedHit)),
  ),
  scenario(
    "what a CTE has beyond its scans its owner did",
    raw("Limit", { ...time(10), ...hit(30) }, [cte("c", 8, hit(25)), scanOf("c", 5, hit(20))]),
    {
      0: { selfTimeMs: 2, selfBuffers: { sharedHit: 5 } },
      1: { selfTimeMs: 8 },
      2: { selfTimeMs: 0, selfBuffers: { sharedHit: 0 } },
    },
  ),
  scenario(
    "a changing CTE goes on when the plan has ended",
    raw("Limit", { ...time(6), ...hit(22) }, [{ ...cte("c", 8, hit(25)), "Node Type": "ModifyTable" }, scanOf("c", 5, hit(20))]),
    { 0: { selfTimeMs: 1, selfBuffers: { sharedHit: 2 } } },
    { "Execution Time": 9.5 },
    (plan) => plan.buffers?.sharedHit === 27 && Math.abs((plan.unattributedMs ?? 0) - 0.5) < 1e-9,
  ),
  scenario("a CTE may hang on its own scan", raw("CTE Scan", { "CTE Name": "r", ...time(9) }, [cte("r", 8)]), {
    0: { selfTimeMs: 1 },
    1: { includedIn: { 0: "0" } },
  }),
];

const guests: readonly Scenario[] = [
  scenario(
    "of two that name it, the first that has the time",
    raw("Nested Loop", time(11), [
      initPlan(1, 8),
      raw("Seq Scan", { ...time(1), Filter: named(1) }),
      raw("Seq Scan", { ...time(9), Filter: named(1) }),
    ]),
    { 1: { includedIn: { 0: "3" } } },
  ),
  scenario(
    "the time that it did not spend below",
    raw("Nested Loop", time(30), [
      initPlan(1, 5),
      raw("Sort", { ...time(12), Output: [named(1)] }, [raw("Seq Scan", time(11.5))]),
      raw("Seq Scan", { ...time(10), Filter: named(1) }),
    ]),
    { 1: { includedIn: { 0: "4" } } },
  ),
  scenario(
    "the first that has the blocks",
    raw("Nested Loop", { ...time(30), ...hit(100) }, [
      initPlan(1, 1, hit(50)),
      raw("Seq Scan", { ...time(10), ...hit(20), Filter: named(1) }),
      raw("Seq Scan", { ...time(10), ...hit(80), Filter: named(1) }),
    ]),
    { 1: { includedIn: { 0: "3" } } },
  ),
  scenario(
    "nobody has time for two",
    raw("Nested Loop", time(30), [
      initPlan(1, 5),
      initPlan(2, 5),
      raw("Seq Scan", { ...time(6), Filter: `(${named(1)} AND ${named(2)})` }),
      raw("Seq Scan", { ...time(8), Filter: `(${named(1)} AND ${named(2)})` }),
    ]),
    { 1: { includedIn: { 0: "3" } }, 2: { includedIn: { 0: "4" } } },
  ),
  scenario(
    "$1 is not $12",
    raw("Nested Loop", time(30), [
      { ...initPlan(3, 5), "Subplan Name": "InitPlan 3 (returns $12)" },
      raw("Seq Scan", { ...time(10), Filter: "(a = $1)" }),
      raw("Seq Scan", { ...time(12), Filter: "(a = $12)" }),
    ]),
    { 1: { includedIn: { 0: "3" } } },
  ),
  scenario(
    "text in quotes names nothing",
    raw("Nested Loop", time(30), [
      { ...initPlan(3, 5), "Subplan Name": "InitPlan 3 (returns $12)" },
      raw("Seq Scan", { ...time(10), Filter: "(a = '$12 (InitPlan 3).col1'::text)" }),
      raw("Seq Scan", { ...time(12), Filter: "(a = $12)" }),
    ]),
    { 1: { includedIn: { 0: "3" } } },
  ),
  scenario(
    "a one-time filter comes before what it guards",
    raw("Result", { ...time(20), "One-Time Filter": named(1) }, [initPlan(1, 5), raw("Seq Scan", { ...time(12), Filter: named(1) })]),
    { 1: { includedIn: { 0: "0" } } },
  ),
  scenario(
    "not who names it, but a node above that runs it",
    raw("Sort", time(30), [
      initPlan(1, 5),
      raw("Nested Loop", time(12), [raw("Seq Scan", time(1)), raw("Limit", time(2), [raw("Seq Scan", { ...time(2), Filter: named(1) })])]),
    ]),
    { 1: { includedIn: { 0: "2" } } },
  ),
  scenario(
    "a projection that is not shown",
    raw("Sort", time(10), [
      { ...initPlan(1, 6), Plans: [raw("Seq Scan", { ...time(6), "Parent Relationship": "Outer" })] },
      raw("Seq Scan", time(9)),
    ]),
    { 1: { includedIn: { 0: "3" } }, 3: { selfTimeMs: 3 } },
  ),

  scenario(
    "LIMIT evaluates its count before it reads",
    raw("Limit", time(20), [initPlan(1, 5), raw("Seq Scan", { ...time(8), Filter: "(a > 1)" })]),
    {
      0: { selfTimeMs: 7 },
      1: { includedIn: { 0: "0" } },
    },
  ),
  scenario(
    "of two that name it, the first in order",
    raw("Nested Loop", time(30), [
      initPlan(1, 5),
      raw("Seq Scan", { ...time(10), Filter: named(1) }),
      raw("Seq Scan", { ...time(12), Filter: named(1), "Parent Relationship": "Inner" }),
    ]),
    { 1: { includedIn: { 0: "2" } } },
  ),
  scenario(
    "a hash join asks its cheaper outer side first",
    raw("Hash Join", { ...time(40), "Join Type": "Inner" }, [
      initPlan(1, 5),
      raw("Seq Scan", { ...time(10), Filter: named(1) }),
      raw("Hash", { ...time(13), "Total Cost": 90, "Parent Relationship": "Inner" }, [raw("Seq Scan", { ...time(12), Filter: named(1) })]),
    ]),
    { 1: { includedIn: { 0: "2" } } },
  ),
  scenario(
    "a right hash join builds its table first",
    raw("Hash Join", { ...time(40), "Join Type": "Right" }, [
      initPlan(1, 5),
      raw("Seq Scan", { ...time(10), Filter: named(1) }),
      raw("Hash", { ...time(13), "Total Cost": 90, "Parent Relationship": "Inner" }, [raw("Seq Scan", { ...time(12), Filter: named(1) })]),
    ]),
    { 1: { includedIn: { 0: "4" } } },
  ),
  scenario(
    "not the one that had its first row too early",
    raw("Nested Loop", time(30), [
      initPlan(1, 5),
      raw("Seq Scan", { ...time(10), Filter: named(1), "Actual Startup Time": 0.1 }),
      raw("Seq Scan", { ...time(12), Filter: named(1), "Actual Startup Time": 5.2, "Parent Relationship": "Inner" }),
    ]),
    { 1: { includedIn: { 0: "3" } } },
  ),
  scenario(
    "never the one that did not run",
    raw("Nested Loop", time(10), [
      initPlan(1, 0.0004),
      raw("Seq Scan", { ...time(0, 0), Filter: named(1) }),
      raw("Seq Scan", { ...time(3), Filter: "(b > 1)" }),
    ]),
    { 1: { includedIn: { 0: "0" } } },
  ),
  scenario(
    "an Append that left partitions out had looked at it",
    raw("Append", time(10), [
      initPlan(1, 2),
      raw("Seq Scan", { ...time(0, 0), Filter: named(1) }),
      raw("Seq Scan", { ...time(3), Filter: named(1) }),
    ]),
    { 1: { includedIn: { 0: "0" } }, 3: { selfTimeMs: 3 } },
  ),
  scenario(
    "keys are computed by the node that starts the scan anew",
    raw("Sort", time(30), [
      initPlan(1, 2),
      raw("Nested Loop", { ...time(20), "Actual Startup Time": 2.5 }, [
        raw("Seq Scan", time(1)),
        raw("Index Scan", { ...time(0.3, 20), "Parent Relationship": "Inner", "Index Cond": "(a = (InitPlan 1).col1)" }),
      ]),
    ]),
    { 1: { includedIn: { 0: "2" } }, 2: { selfTimeMs: 11 }, 4: { selfTimeMs: 6 } },
  ),
  scenario(
    "an index scan that runs once computes its keys itself",
    raw("Sort", time(30), [initPlan(1, 2), raw("Index Scan", { ...time(5), "Index Cond": "(a = (InitPlan 1).col1)" })]),
    { 1: { includedIn: { 0: "2" } } },
  ),
  scenario(
    "a SubPlan in an index condition",
    raw("Nested Loop", { ...time(20), ...hit(90) }, [
      raw("Seq Scan", { ...time(1), ...hit(10) }),
      raw("Index Scan", { ...time(0.3, 20), ...hit(50), "Parent Relationship": "Inner", "Index Cond": "(a = (SubPlan 2))" }, [
        raw("Result", { ...time(0.1, 20), ...hit(30), "Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 2" }),
      ]),
    ]),
    {
      0: { selfTimeMs: 11, selfBuffers: { sharedHit: 0 } },
      2: { selfTimeMs: 6, selfBuffers: { sharedHit: 50 } },
      3: { includedIn: { 0: "0" } },
    },
  ),
  scenario(
    "time of several processes is as many times as much in one",
    raw("Gather", { ...time(20), ...workers }, [raw("Aggregate", time(4, 3), [raw("Sort", time(5, 3))])]),
    { 0: { selfTimeMs: 15 }, 1: { selfTimeMs: 0 }, 2: { selfTimeMs: 15 } },
  ),
  scenario(
    "an InitPlan for workers is not divided among them",
    raw("Gather", { ...time(20), ...workers }, [initPlan(1, 6), raw("Seq Scan", { ...time(9, 3), Filter: named(1) })]),
    { 0: { selfTimeMs: 5 }, 1: { includedIn: { 0: "0" }, participants: 1 } },
  ),
];

const old: Keys = { "I/O Read Time": 3.25, "I/O Write Time": 0.5 };
const blockTimes = (ms: number): Keys => ({ "Shared I/O Read Time": ms });
const wal = (records: number): Keys => ({ "WAL Records": records, "WAL FPI": 1, "WAL Bytes": records * 100 });

const counters: readonly Scenario[] = [
  scenario(
    "blocks that workers reported late are the next node's above",
    raw("Nested Loop", { ...time(9), ...hit(50) }, [
      raw("Limit", { ...time(5), ...hit(30) }, [
        raw("Gather", { ...time(4), ...hit(10), ...workers }, [raw("Seq Scan", { ...time(1, 3), ...hit(25) })]),
      ]),
    ]),
    { 0: { selfBuffers: { sharedHit: 20 } }, 1: { selfBuffers: { sharedHit: 5 } }, 2: { selfBuffers: { sharedHit: 0 } } },
  ),

  scenario("the old keys of I/O time", raw("Seq Scan", { ...time(5), ...old }), { 0: { ioTimes: { sharedRead: 3.25, sharedWrite: 0.5 } } }),
  scenario(
    "I/O times are totals, not per loop",
    raw("Sort", { ...time(9), ...blockTimes(4.001) }, [raw("Seq Scan", { ...time(0.5, 10), ...blockTimes(3) })]),
    {
      0: { selfIoTimes: { sharedRead: 1.001 } },
      1: { selfIoTimes: { sharedRead: 3 } },
    },
  ),
  scenario(
    "I/O times are rounded",
    raw("Sort", { ...time(9), ...blockTimes(2.999) }, [raw("Seq Scan", { ...time(5), ...blockTimes(3) })]),
    { 0: { selfIoTimes: { sharedRead: 0 } } },
    {},
    (plan) => plan.causes?.every(({ figure }) => figure === "time") === true && (plan.ioTimeErrorMs ?? 0) >= 0.001,
  ),
  scenario("WAL", raw("ModifyTable", { ...time(5), ...wal(7) }, [raw("Seq Scan", { ...time(2), ...wal(2) })]), {
    0: { selfWal: { records: 5, bytes: 500, fpi: 0 } },
  }),
  scenario(
    "a counter below what ran inside",
    raw("Nested Loop", { ...time(9), ...hit(50) }, [raw("Limit", { ...time(5), ...hit(10) }, [raw("Gather", { ...time(4), ...hit(25) })])]),
    {
      0: { selfBuffers: { sharedHit: 25 } },
      1: { selfBuffers: { sharedHit: 0 } },
      2: { selfBuffers: { sharedHit: 25 } },
    },
  ),
  scenario("blocks that the text format leaves out are zero", raw("Sort", { ...time(9), ...hit(50) }, [raw("Seq Scan", time(4))]), {
    1: { buffers: { sharedHit: 0 } },
  }),
  scenario(
    "the leader is what its workers leave",
    raw("Gather", { ...time(20), ...workers, ...hit(10) }, [
      raw("Sort", {
        ...estimated(9, 20, 3),
        ...hit(10),
        "Actual Total Time": 9,
        "Sort Method": "external merge",
        "Sort Space Used": 100,
        "Sort Space Type": "Disk",
        Workers: [1, 2].map((number) => ({
          "Worker Number": number - 1,
          ...time(8 + number),
          "Actual Rows": 15,
          "Sort Space Used": 80,
          "Sort Space Type": "Disk",
        })),
      }),
    ]),
    {
      1: {
        spill: { sortKb: 260, hashKb: 0 },
        workers: {
          0: { loops: 1, rows: 30, processTimeMs: 8, buffers: { sharedHit: 10 } },
          1: { number: 0, rows: 15, processTimeMs: 9, buffers: { sharedHit: 0 } },
        },
      },
    },
  ),
  scenario(
    "a hash table in batches",
    raw("Hash", { ...time(5), "Hash Batches": 4, "Peak Memory Usage": 33, "Temp Written Blocks": 12, ...hit(1) }),
    {
      0: { spill: { hashKb: 96 }, peakMemoryKb: 33 },
    },
  ),
];

const partial = { "Parallel Aware": true };

const rows: readonly Scenario[] = [
  scenario("rows of one loop are exact", raw("Seq Scan", estimated(7, 9)), { 0: { rows: 9, rowsError: 0 } }),
  scenario(
    "rows of all processes that may be as expected",
    raw("Gather", { ...time(0), ...workers }, [raw("Seq Scan", { ...partial, ...estimated(1001, 801, 3) })]),
    {
      1: { rowsRatio: 1 },
    },
  ),
  scenario(
    "each process reads the whole inner side",
    raw("Gather", { ...time(0), ...workers }, [
      raw("Hash Join", time(0, 3), [
        raw("Seq Scan", { ...partial, ...estimated(800, 640, 3) }),
        raw("Hash", { ...estimated(100, 200, 3), "Parent Relationship": "Inner" }, [raw("Seq Scan", estimated(100, 200, 3))]),
      ]),
    ]),
    { 4: { rowsRatio: 2, estimateDivisor: undefined } },
  ),
  scenario(
    "a sort under LIMIT reads all",
    raw("Limit", estimated(5, 5), [raw("Sort", estimated(1000, 5), [raw("Seq Scan", estimated(1000, 50))])]),
    {
      2: { rowsRatio: 0.05 },
    },
  ),

  scenario(
    "rows are per loop, rounded to halves before 18",
    raw("Seq Scan", { ...time(1, 10), "Actual Rows": 7 }),
    { 0: { rows: 70, rowsError: 5 } },
    before18,
  ),
  scenario("and to hundredths from 18 on", raw("Seq Scan", { ...time(1, 10), "Actual Rows": 7.25, Disabled: false }), {
    0: { rows: 72.5, rowsError: 0.05 },
  }),
  scenario("the planner's divisor", raw("Gather", workers, [raw("Seq Scan", { ...partial, ...estimated(1000, 8000, 3) })]), {
    1: { rowsRatio: 10, estimateDivisor: 2.4 },
  }),
  scenario("an average that may be as expected", raw("Seq Scan", estimated(2, 1, 100)), { 0: { rowsRatio: 1 / 2 } }),
  scenario("an average that is the same within its rounding", raw("Seq Scan", estimated(1, 1, 100)), { 0: { rowsRatio: 1 } }),
  scenario("below LIMIT", raw("Limit", estimated(5, 5), [raw("Seq Scan", estimated(1000, 5))]), { 1: { rowsRatio: undefined } }),
  scenario("a LIMIT that was not reached", raw("Limit", estimated(50, 5), [raw("Seq Scan", estimated(1000, 5))]), {
    1: { rowsRatio: 0.005 },
  }),
  scenario(
    "a merge join that stopped early",
    raw("Merge Join", estimated(5, 5), [
      raw("Index Scan", estimated(1000, 5)),
      raw("Index Scan", { ...estimated(10, 10), "Parent Relationship": "Inner" }),
    ]),
    {
      1: { rowsRatio: undefined },
    },
  ),
  scenario(
    "a merge join that reads again",
    raw("Merge Join", estimated(5, 5), [
      raw("Index Scan", estimated(5, 5)),
      raw("Index Scan", { ...estimated(10, 100), "Parent Relationship": "Inner" }),
    ]),
    {
      2: { rowsRatio: undefined },
    },
  ),
  scenario(
    "the inner side of a semi join",
    raw("Nested Loop", { ...estimated(5, 5), "Join Type": "Semi" }, [
      raw("Seq Scan", estimated(5, 5)),
      raw("Index Scan", { ...estimated(100, 1, 5), "Parent Relationship": "Inner" }),
    ]),
    {
      2: { rowsRatio: undefined },
    },
  ),
  scenario(
    "an empty hash table",
    raw("Hash Join", estimated(5, 0), [
      raw("Seq Scan", estimated(1000, 1)),
      raw("Hash", { ...estimated(5, 0), "Parent Relationship": "Inner" }),
    ]),
    {
      1: { rowsRatio: undefined },
    },
  ),
  scenario("bitmaps report no rows", raw("Bitmap Heap Scan", estimated(5, 5), [raw("BitmapAnd", estimated(100, 0))]), {
    1: { rowsRatio: undefined },
  }),
  scenario(
    "InitPlans may stop at the first row",
    raw("Result", time(9), [raw("Seq Scan", { ...estimated(100, 1), "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1" })]),
    {
      1: { rowsRatio: undefined },
    },
  ),
  scenario("never executed", raw("Append", estimated(5, 5), [raw("Seq Scan", estimated(100, 0, 0))]), {
    1: { rowsRatio: undefined, neverExecuted: true },
  }),
];

export const scenarios: readonly Scenario[] = [...times, ...ctes, ...guests, ...counters, ...rows];
