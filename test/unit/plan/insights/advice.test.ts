import { beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../../server/src/catalog/catalog.js";
import { insightRules, planInsights, type ServerFacts } from "../../../../server/src/plan/insights/index.js";
import { initSql } from "../../../../server/src/sql/index.js";
import { document, raw, read } from "../fixtures.js";

beforeAll(() => initSql());

type Raw = ReturnType<typeof raw>;

const found = (plan: Raw, catalog?: Catalog, server?: ServerFacts) => planInsights(read(document(plan)), catalog, server);
const seq = (keys: Record<string, unknown>) =>
  raw("Seq Scan", {
    "Relation Name": "orders",
    Schema: "public",
    Alias: "orders",
    "Actual Total Time": 50,
    Filter: "(customer_id = 42)",
    ...keys,
  });

const tables = (rows: number, more: object = {}): Catalog => ({
  source: { kind: "entities" },
  extensions: [],
  tables: [
    {
      schema: "public",
      name: "orders",
      kind: "table",
      columns: [],
      uniques: [],
      foreignKeys: [],
      indexes: [],
      size: { rows, pages: 1, bytes: 1 },
      ...more,
    },
  ],
});

describe("what is advised", () => {
  it.each([
    ["((a = 1) AND (b > 2) AND (c > 3))", "An index on orders (a, b) would find the rows."],
    ["(name ~~* '%x%'::text)", "No plain index serves (name ~~* '%x%'::text)"],
    ["(((unreadable", "its columns are those that (((unreadable compares"],
  ])("an index for %s", (filter, advice) => {
    const [insight] = found(seq({ Filter: filter, "Actual Rows": 1, "Rows Removed by Filter": 9000 }));
    expect(insight?.advice).toContain(advice);
  });

  it("an index whose rows lie in every block is doubted", () => {
    const scan = (blocks: number) => found(seq({ "Actual Rows": 900, "Rows Removed by Filter": 9000, "Shared Hit Blocks": blocks }))[0];
    expect(scan(500)?.advice).toContain("more of them than blocks");
    expect(scan(5000)?.advice).not.toContain("more of them than blocks");
  });

  it("severity follows the share of the time", () => {
    const scan = (share: number) =>
      raw("Aggregate", { "Actual Total Time": 100 }, [
        seq({ "Actual Rows": 1, "Rows Removed by Filter": 9000, "Actual Total Time": share }),
      ]);
    expect([60, 10, 2].map((share) => found(scan(share))[0]?.severity)).toEqual(["warning", "info", "hint"]);
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
    const insights = (rows: number) => planInsights(read([{ Plan: plan }]), tables(rows));
    expect(insights(200000)[0]?.message).toContain("will read about 200,000 rows to keep about 5");
    expect(insights(50)).toEqual([]);
    expect(planInsights(read([{ Plan: plan }]))).toEqual([]);
  });
});

describe("memory", () => {
  const sort = raw("Sort", {
    "Sort Key": ["t"],
    "Sort Space Type": "Disk",
    "Sort Space Used": 900_000,
    "Actual Rows": 4_000_000,
    "Actual Total Time": 8000,
  });
  const advice = (server: ServerFacts) => found(sort, undefined, server)[0];

  it.each<[string, ServerFacts, string, boolean]>([
    ["of a large server is given", { memoryBytes: 64 * 1024 ** 3 }, "SET LOCAL work_mem = ", true],
    ["of a small server is not", { memoryBytes: 2 * 1024 ** 3 }, "over a quarter of the server's 2.0 GB", false],
    ["of an unknown server is not given above 1 GB", {}, "more than should be given to one statement unseen", false],
    [
      "is told for all connections where both are known",
      { memoryBytes: 64 * 1024 ** 3, maxConnections: 100 },
      "all 100 connections together could then take",
      true,
    ],
  ])("%s", (_, server, text, sql) => {
    expect(advice(server)?.advice).toContain(text);
    expect(advice(server)?.sql !== undefined).toBe(sql);
  });

  it("of each process counts", () => {
    const parallel = raw("Gather Merge", { "Workers Planned": 3, "Workers Launched": 3, "Actual Total Time": 900 }, [
      { ...sort, "Sort Space Used": 40_000, "Actual Rows": 200_000, "Actual Loops": 4, "Actual Total Time": 800 },
    ]);
    expect(found(parallel)[0]?.advice).toContain("in 4 processes");
  });
});

describe("one cause, one insight", () => {
  it("partitions of one table are told once", () => {
    const partition = (number: number) => ({
      ...seq({ "Actual Rows": 5, "Rows Removed by Filter": 9000, "Relation Name": `orders_p${number}`, Alias: `orders_${number}` }),
      "Parent Relationship": "Member",
    });
    const insights = found(raw("Append", { "Actual Total Time": 160 }, [partition(1), partition(2), partition(3)]));
    expect(insights.map(({ rule }) => rule)).toEqual(["sequential-scan-discards-rows"]);
    expect(insights[0]?.message).toContain("The same holds for 2 more partitions below Append, together 94 %");
  });

  it("replacing goes one way, so that of two insights one stays", () => {
    const replaced = (id: string): readonly string[] => {
      const { here = [], below = [], above = [] } = insightRules.find((rule) => rule.id === id)?.replaces ?? {};
      return [...here, ...below, ...above];
    };
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      replaced(from).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
    const ids = new Set(insightRules.map(({ id }) => id));
    expect([...ids].filter((id) => reaches(id, id))).toEqual([]);
    expect([...ids].flatMap(replaced).filter((id) => !ids.has(id))).toEqual([]);
  });

  it("10,000 partitions are judged and merged", () => {
    const partitions = Array.from({ length: 10_000 }, (_, number) => ({
      ...seq({ "Actual Rows": 5, "Rows Removed by Filter": 9000, "Relation Name": `o_p${number + 1}`, Alias: `orders_${number + 1}` }),
      "Parent Relationship": "Member",
    }));
    const insights = found(raw("Append", { "Actual Total Time": 500_100 }, partitions));
    expect(insights.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(insights[0]?.message).toContain("49 more partitions of the 50 dearest below Append; all 10,000 are at > 99 %");
  });
});
