import { beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../server/src/catalog/catalog.js";
import { insightRules, planInsights } from "../../../server/src/plan/insights/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { document, raw, read, recorded, recordedPlan } from "./fixtures.js";

beforeAll(() => initSql());

type Raw = ReturnType<typeof raw>;
interface Case {
  readonly rule: string;
  readonly because: string;
  readonly plan: Raw;
  readonly fires: boolean;
  readonly says?: string;
}

const found = (plan: Raw, catalog?: Catalog) => planInsights(read(document(plan)), catalog);

const on = (type: string, keys: Record<string, unknown>, children: readonly Raw[] = []) =>
  raw(type, { "Relation Name": "orders", Schema: "public", Alias: "orders", "Actual Total Time": 50, ...keys }, children);
const seq = (keys: Record<string, unknown>) => on("Seq Scan", { Filter: "(customer_id = 42)", ...keys });
const inner = (keys: Record<string, unknown>) =>
  on("Index Scan", { "Parent Relationship": "Inner", "Index Name": "orders_pkey", "Actual Total Time": 0.01, ...keys });
const under = (type: string, child: Raw, keys: Record<string, unknown> = {}, rest: readonly Raw[] = []) =>
  raw(type, { "Actual Total Time": 60, ...keys }, [child, ...rest]);

const cases: readonly Case[] = [
  {
    rule: "sequential-scan-discards-rows",
    because: "it reads all for a few",
    plan: seq({ "Actual Rows": 10, "Rows Removed by Filter": 199990 }),
    fires: true,
    says: "read 200,000 rows and threw away > 99 %",
  },
  {
    rule: "sequential-scan-discards-rows",
    because: "many small scans add up",
    plan: seq({ "Actual Rows": 1, "Rows Removed by Filter": 100, "Actual Loops": 500, "Actual Total Time": 0.2 }),
    fires: true,
    says: "in 500 scans",
  },
  {
    rule: "sequential-scan-discards-rows",
    because: "it keeps a fifth, which an index would not find faster",
    plan: seq({ "Actual Rows": 40000, "Rows Removed by Filter": 160000 }),
    fires: false,
  },
  {
    rule: "sequential-scan-discards-rows",
    because: "the table is small",
    plan: seq({ "Actual Rows": 1, "Rows Removed by Filter": 300 }),
    fires: false,
  },
  {
    rule: "sequential-scan-discards-rows",
    because: "it is over at once",
    plan: seq({ "Actual Rows": 1, "Rows Removed by Filter": 5000, "Actual Total Time": 0.4 }),
    fires: false,
  },
  {
    rule: "sequential-scan-discards-rows",
    because: "never executed",
    plan: under("Append", seq({ "Actual Loops": 0, "Actual Rows": 0, "Actual Total Time": 0 })),
    fires: false,
  },
  {
    rule: "index-scan-discards-rows",
    because: "the filter drops what the index found",
    plan: on("Index Scan", { Filter: "(status = 'open')", "Index Name": "i", "Actual Rows": 50, "Rows Removed by Filter": 40000 }),
    fires: true,
    says: "40,050 rows",
  },
  {
    rule: "index-scan-discards-rows",
    because: "the filter keeps half",
    plan: on("Index Scan", { Filter: "(status = 'open')", "Index Name": "i", "Actual Rows": 40000, "Rows Removed by Filter": 40000 }),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "a hash join was planned for one row",
    plan: under("Hash Join", seq({ "Plan Rows": 10, "Actual Rows": 90000 })),
    fires: true,
    says: "over a thousand times more",
  },
  {
    rule: "row-misestimate",
    because: "LIMIT stopped it",
    plan: under("Limit", under("Nested Loop", seq({ "Plan Rows": 400970, "Actual Rows": 5 })), { "Plan Rows": 5, "Actual Rows": 5 }),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "LIMIT found fewer rows than it wanted, so everything was read",
    plan: under("Limit", under("Nested Loop", seq({ "Plan Rows": 400970, "Actual Rows": 5 })), { "Plan Rows": 50, "Actual Rows": 5 }),
    fires: true,
  },
  {
    rule: "row-misestimate",
    because: "a merge join stopped early",
    plan: under("Merge Join", seq({ "Plan Rows": 400970, "Actual Rows": 5 })),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "the inner side of a semi join stops at the first match",
    plan: under("Nested Loop", seq({}), { "Join Type": "Semi" }, [inner({ "Plan Rows": 90000, "Actual Rows": 1 })]),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "BitmapAnd counts no rows",
    plan: under(
      "Hash Join",
      on("Bitmap Heap Scan", { "Plan Rows": 500, "Actual Rows": 500 }, [raw("BitmapAnd", { "Plan Rows": 5000, "Actual Rows": 0 })]),
    ),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "the divisor of a partial plan is no error",
    plan: under(
      "Hash Join",
      under("Gather", seq({ "Parallel Aware": true, "Plan Rows": 41667, "Actual Rows": 33333, "Actual Loops": 3 }), {
        "Workers Planned": 2,
      }),
    ),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "nothing was chosen above it",
    plan: under("Gather", seq({ "Plan Rows": 10, "Actual Rows": 90000 })),
    fires: false,
  },
  {
    rule: "row-misestimate",
    because: "an average of 0 rows per loop may be 0.4",
    plan: under("Nested Loop", seq({}), {}, [inner({ "Plan Rows": 1, "Actual Rows": 0, "Actual Loops": 5000 })]),
    fires: false,
  },
  {
    rule: "sort-on-disk",
    because: "it spilled",
    plan: raw("Sort", {
      "Sort Key": ["t"],
      "Sort Space Type": "Disk",
      "Sort Space Used": 9216,
      "Actual Rows": 400000,
      "Actual Total Time": 800,
    }),
    fires: true,
    says: "wrote 9.0 MB to disk",
  },
  {
    rule: "sort-on-disk",
    because: "it fitted",
    plan: raw("Sort", { "Sort Key": ["t"], "Sort Space Type": "Memory", "Sort Space Used": 900, "Actual Total Time": 800 }),
    fires: false,
  },
  {
    rule: "hash-on-disk",
    because: "the hash table came in batches",
    plan: under("Hash Join", seq({}), {}, [raw("Hash", { "Parent Relationship": "Inner", "Hash Batches": 8, "Peak Memory Usage": 4096 })]),
    fires: true,
    says: "8 batches",
  },
  {
    rule: "hash-on-disk",
    because: "the groups went to disk",
    plan: raw("Aggregate", { Strategy: "Hashed", "HashAgg Batches": 5, "Disk Usage": 8192, "Actual Total Time": 300 }),
    fires: true,
    says: "wrote 8.0 MB",
  },
  {
    rule: "hash-on-disk",
    because: "one batch is memory",
    plan: under("Hash Join", seq({}), {}, [raw("Hash", { "Parent Relationship": "Inner", "Hash Batches": 1, "Peak Memory Usage": 4096 })]),
    fires: false,
  },
  {
    rule: "nested-loop-many-index-scans",
    because: "quick, but 20,000 times",
    plan: raw("Nested Loop", { "Actual Total Time": 250 }, [on("Seq Scan", { "Actual Rows": 20000 }), inner({ "Actual Loops": 20000 })]),
    fires: true,
    says: "repeated 20,000 times",
  },
  {
    rule: "nested-loop-many-index-scans",
    because: "few loops",
    plan: raw("Nested Loop", { "Actual Total Time": 60 }, [seq({}), inner({ "Actual Loops": 20 })]),
    fires: false,
  },
  {
    rule: "nested-loop-many-index-scans",
    because: "Memoize answered nearly all",
    plan: raw("Nested Loop", { "Actual Total Time": 60 }, [
      on("Seq Scan", {}),
      raw("Memoize", { "Parent Relationship": "Inner", "Actual Loops": 20000, "Actual Total Time": 0 }, [
        inner({ "Actual Loops": 12, "Parent Relationship": "Outer" }),
      ]),
    ]),
    fires: false,
  },
  {
    rule: "heap-fetches",
    because: "each row was fetched",
    plan: on("Index Only Scan", { "Index Name": "i", "Actual Rows": 50000, "Heap Fetches": 50000 }),
    fires: true,
    says: "50,000 times",
  },
  {
    rule: "heap-fetches",
    because: "the visibility map answered",
    plan: on("Index Only Scan", { "Index Name": "i", "Actual Rows": 50000, "Heap Fetches": 120 }),
    fires: false,
  },
  {
    rule: "lossy-bitmap",
    because: "pages instead of rows",
    plan: on("Bitmap Heap Scan", { "Exact Heap Blocks": 700, "Lossy Heap Blocks": 1500, "Rows Removed by Index Recheck": 80000 }),
    fires: true,
    says: "1,500 of 2,200 pages",
  },
  {
    rule: "lossy-bitmap",
    because: "exact",
    plan: on("Bitmap Heap Scan", { "Exact Heap Blocks": 700, "Lossy Heap Blocks": 0 }),
    fires: false,
  },
];

describe("insights", () => {
  it.each(cases)("$rule, fires $fires: $because", ({ rule, plan, fires, says }) => {
    const insights = found(plan).filter((insight) => insight.rule === rule);
    expect(insights.map((insight) => insight.rule)).toEqual(fires ? [rule] : []);
    if (says !== undefined) expect(insights[0]?.message).toContain(says);
  });

  it.each(insightRules.map((rule) => rule.id))("%s has a case that fires and one that does not", (id) => {
    const outcomes = new Set(cases.filter(({ rule }) => rule === id).map(({ fires }) => fires));
    expect(outcomes).toEqual(new Set([true, false]));
  });

  it.each([
    ["((a = 1) AND (b > 2) AND (c > 3))", "An index on orders (a, b) would find the rows."],
    ["(name ~~* '%x%'::text)", "No plain index serves (name ~~* '%x%'::text)"],
    ["(((unreadable", "its columns are those that (((unreadable compares"],
  ])("a sequential scan's advice names what an index can serve: %s", (filter, advice) => {
    const [insight] = found(seq({ Filter: filter, "Actual Rows": 1, "Rows Removed by Filter": 9000 }));
    expect(insight?.advice).toContain(advice);
  });

  it("severity follows the share of the time", () => {
    const scan = (share: number) =>
      raw("Aggregate", { "Actual Total Time": 100 }, [
        seq({ "Actual Rows": 1, "Rows Removed by Filter": 9000, "Actual Total Time": share }),
      ]);
    const severities = [60, 10, 2].map((share) => found(scan(share))[0]?.severity);
    expect(severities).toEqual(["warning", "info", "hint"]);
  });

  it("a plan that did not run is judged by the catalog's sizes", () => {
    const plan = {
      "Node Type": "Seq Scan",
      "Relation Name": "orders",
      Filter: "(a = 1)",
      "Plan Rows": 5,
      "Total Cost": 4000,
      "Startup Cost": 0,
    };
    const table = { schema: "public", name: "orders", kind: "table", columns: [], uniques: [], foreignKeys: [], indexes: [] } as const;
    const catalog = (rows: number): Catalog => ({
      source: { kind: "entities" },
      extensions: [],
      tables: [{ ...table, size: { rows, pages: 1, bytes: 1 } }],
    });
    const insights = (rows: number) => planInsights(read([{ Plan: plan }]), catalog(rows));
    expect(insights(200000)[0]?.message).toContain("will read about 200,000 rows to keep about 5");
    expect(insights(50)).toEqual([]);
    expect(planInsights(read([{ Plan: plan }]))).toEqual([]);
  });

  it("the recorded plans give these and no others", () => {
    const names = ["seqfilter", "sortdisk", "union"].flatMap((name) => ["pg15", "pg17", "pg18"].map((version) => `${version}_${name}`));
    const firing = recorded.filter((name) => planInsights(recordedPlan(name)).length > 0);
    expect(firing.sort()).toEqual(names.filter((name) => name !== "pg18_union").sort());
  });
});
