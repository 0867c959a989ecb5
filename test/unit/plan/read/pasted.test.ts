import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recordedJson, recordedText } from "../fixtures.js";

const text = recordedText("pg18_cte2").trimEnd();
const json = recordedJson("pg18_cte2").trimEnd();
const pretty = JSON.stringify(JSON.parse(json), undefined, 2);
const titles = (plan: Plan | undefined): string[] => plan?.nodes.map(({ title, parent }) => `${parent ?? "-"} ${title}`) ?? [];

/** Nodes as `parent title`, of each plan. */
function checkTrees(source: string, ...trees: (readonly string[])[]): readonly Plan[] {
  const { plans, problems } = readPlans(source);
  expect(problems).toEqual([]);
  expect(plans.map(titles)).toEqual(trees);
  return plans;
}

const whole = titles(readPlans(json).plans[0]);
const log = (body: string): string =>
  `2026-01-02 03:04:05 UTC LOG:  duration: 1.2 ms  plan:\n${body.replaceAll(/^/gm, "\t")}\n2026-01-02 LOG:  done\n`;

describe("several plans", () => {
  it.each([
    ["TEXT after TEXT", `${text}\n${text}`, 2],
    ["a list of two", `[${pretty.slice(1, -1)},${pretty.slice(1, -1)}]`, 2],
    ["JSON by the line", `${JSON.stringify(JSON.parse(json))}\n${JSON.stringify(JSON.parse(json))}`, 2],
    ["a log of JSON", log(pretty.slice(1, -1).trim()) + log(pretty.slice(1, -1).trim()), 2],
    ["prose and both formats", `Plan A:\n${text}\n\nPlan B:\n${pretty}\n\nPlan C is the old one:\n${text}\nThanks!`, 3],
  ])("%s", (_, source, count) => {
    const plans = checkTrees(source, ...Array<string[]>(count).fill(whole));
    for (const plan of plans) {
      const lines = plan.source.split("\n");
      for (const node of plan.nodes) expect(lines[(node.lines?.first ?? 0) - 1], node.title).toMatch(/->|^\s*\S+ {2}\(cost|[{[]/);
    }
  });
});

describe("parts of a plan", () => {
  it("JSON from its first key", () => checkTrees(pretty.slice(pretty.indexOf('"Plan"')), whole));
  it("JSON without its list", () => checkTrees(pretty.slice(pretty.indexOf("{")), whole));
  it("a node alone", () => checkTrees(JSON.stringify((JSON.parse(json) as { Plan: object }[])[0]?.Plan), whole));
  it("TEXT without indentation is refused", () => {
    const { plans, problems } = readPlans(text.replaceAll(/^ +/gm, ""));
    expect(plans).toEqual([]);
    expect(problems[0]?.message).toContain("indentation is lost");
  });
  it("two branches without their root are two fragments", () => {
    const { plans, problems } = readPlans("  ->  Seq Scan on a  (cost=0.00..1.00 rows=1 width=4)\n  ->  Hash  (cost=0.00..1.00 rows=1 width=4)\n        ->  Seq Scan on b  (cost=0.00..1.00 rows=1 width=4)"); // prettier-ignore
    expect(plans.map(titles)).toEqual([["- Seq Scan on a"], ["- Hash", "0 Seq Scan on b"]]);
    expect(problems).toHaveLength(2);
  });
});

const citus = `
 Aggregate  (cost=250.00..250.02 rows=1 width=8) (actual time=12.345..12.346 rows=1 loops=1)
   ->  Custom Scan (Citus Adaptive)  (cost=0.00..0.00 rows=100000 width=8) (actual time=12.300..12.310 rows=4 loops=1)
         Task Count: 4
         Tasks Shown: One of 4
         ->  Task
               Node: host=localhost port=5432 dbname=shop
               ->  Aggregate  (cost=10.00..10.01 rows=1 width=8) (actual time=3.456..3.457 rows=1 loops=1)
                     ->  Seq Scan on items_102008 items  (cost=0.00..9.00 rows=400 width=0) (actual time=0.010..1.200 rows=4000 loops=1)
                         Planning Time: 0.050 ms
                         Execution Time: 3.500 ms
 Planning Time: 1.234 ms
 Execution Time: 12.500 ms`;

const remote = { "Node Type": "Aggregate", Strategy: "Plain", "Actual Total Time": 3.457, "Actual Rows": 1, "Actual Loops": 1 };
const citusJson = JSON.stringify([
  {
    Plan: {
      ...{
        "Node Type": "Custom Scan",
        "Custom Plan Provider": "Citus Adaptive",
        "Actual Total Time": 12,
        "Actual Rows": 4,
        "Actual Loops": 1,
      },
      "Distributed Query": {
        Job: { "Task Count": 4, Tasks: [{ Node: "host=a", "Remote Plan": [[{ Plan: remote, "Execution Time": 3.5 }]] }] },
      },
    },
    "Execution Time": 12.5,
  },
]);

describe("other servers' plans keep their clocks", () => {
  it("Citus, TEXT", () => {
    const [plan] = checkTrees(citus, [
      "- Aggregate",
      "0 Custom Scan (Citus Adaptive)",
      "1 Task",
      "2 Aggregate",
      "3 Seq Scan on items_102008 items",
    ]);
    expect(plan?.nodes[1]?.selfTimeMs).toBeCloseTo(12.31);
    expect(plan?.nodes[1]?.details).toContainEqual({ key: "Task Count", value: "4" });
    expect(plan?.nodes[4]).toMatchObject({ rows: 4000, loops: 1 });
    expect(plan?.nodes[4]?.processTimeMs).toBeUndefined();
    expect(plan?.nodes[4]?.details).toContainEqual({ key: "Remote Actual Total Time", value: "1.2" });
    expect(plan?.executionTimeMs).toBe(12.5);
  });
  it("Citus, JSON", () => {
    const [plan] = checkTrees(citusJson, ["- Custom Scan (Citus Adaptive)", "0 Task", "1 Aggregate"]);
    expect(plan?.nodes[0]?.selfTimeMs).toBeCloseTo(12);
    expect(plan?.nodes[1]?.details).toContainEqual({ key: "Execution Time", value: "3.5" });
    expect(plan?.nodes[2]?.processTimeMs).toBeUndefined();
  });
});

describe("forms of lines", () => {
  it("COSTS OFF, with the statement behind it", () =>
    checkTrees(
      "Bitmap Heap Scan on a\n   Recheck Cond: ((id = 42) OR (id = 4711))\n   ->  BitmapOr\n         ->  Bitmap Index Scan on a_pkey\n               Index Cond: (id = 42)\n         ->  Bitmap Index Scan on a_pkey\n               Index Cond: (id = 4711)\n\nSELECT id FROM a\nWHERE id = 42\n   OR id = 4711",
      ["- Bitmap Heap Scan on a", "0 BitmapOr", "1 Bitmap Index Scan on a_pkey", "1 Bitmap Index Scan on a_pkey"],
    ));
  it("targets of an UPDATE", () => {
    const [plan] = checkTrees(
      "Update on public.t  (cost=1.00..2.00 rows=0 width=0)\n  Foreign Update on public.ft t_1\n  Update on public.loc t_2\n  ->  Append  (cost=1.00..2.00 rows=2 width=10)\n        ->  Async Foreign Scan on public.ft t_1  (cost=1.00..2.00 rows=1 width=10)",
      ["- Update on public.t", "0 Append", "1 Async Foreign Scan on public.ft t_1"],
    );
    expect(plan?.nodes[0]?.details.find(({ key }) => key === "Target Tables")?.value).toContain('"Relation Name":"loc"');
  });
  it.each([
    [
      "Sort Method: external merge  Disk: 9952kB",
      { "Sort Method": "external merge", "Sort Space Used": "9952", "Sort Space Type": "Disk" },
    ],
    [
      "Buckets: 1024 (originally 512)  Batches: 4 (originally 1)  Memory Usage: 9kB",
      { "Hash Buckets": "1024", "Original Hash Buckets": "512", "Original Hash Batches": "1" },
    ],
    ["Heap Blocks: exact=3 lossy=4", { "Exact Heap Blocks": "3", "Lossy Heap Blocks": "4" }],
    [
      "Hits: 90  Misses: 10  Evictions: 0  Overflows: 0  Memory Usage: 2kB",
      { "Cache Hits": "90", "Cache Misses": "10", "Peak Memory Usage": "2" },
    ],
    [
      "Estimates: capacity=100 distinct keys=10 lookups=100 hit percent=90.00%",
      { "Estimated Distinct Lookup Keys": "10", "Estimated Hit Percent": "90" },
    ],
    [
      "Sampling: system ('10'::real) REPEATABLE ('3'::double precision)",
      { "Sampling Method": "system", "Repeatable Seed": "'3'::double precision" },
    ],
    ["Storage: Disk  Maximum Storage: 56kB", { Storage: "Disk", "Maximum Storage": "56" }],
    ["Disabled: true", { Disabled: "true" }],
    ["Some New Key: 17 things", { "Some New Key": "17 things" }],
  ])("%s", (line, details) => {
    const node = readPlans(`Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  ${line}`).plans[0]?.nodes[0];
    for (const [key, value] of Object.entries(details)) expect(node?.details).toContainEqual({ key, value });
  });
  it("a literal with line breaks, brackets and arrows stays one value", () => {
    const [plan] = checkTrees(
      "Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  Filter: (a = 'x (\ny\n  z'::text)\n  Rows Removed by Filter: 3",
      ["- Seq Scan on t"],
    );
    expect(plan?.nodes[0]?.details.map(({ key }) => key)).toContain("Rows Removed by Filter");
  });
  it("pg_overexplain's groups are kept with the plan", () => {
    const { plans } = readPlans(
      "Result  (cost=0.00..0.01 rows=1 width=4)\n  Plan Node ID: 0\nPlannedStmt:\n  Command Type: select\n  Flags: canSetTag",
    );
    expect(plans[0]?.details).toContainEqual({ key: "PlannedStmt", value: '{"Command Type":"select","Flags":"canSetTag"}' });
  });
});
