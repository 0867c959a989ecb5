import { describe, expect, it } from "vitest";
import { scanIndexes } from "../../../server/src/analyzers/profile/indexScanner.js";
import { queryProfiler } from "../../../server/src/analyzers/profile/queryProfiler.js";
import { schemaAnalyzer } from "../../../server/src/analyzers/profile/schemaAnalyzer.js";
import type { Table } from "../../../server/src/catalog/catalog.js";
import { catalog, column, context, fakeSession, index, snapshot, statement, table } from "./fakes.js";

const activity = {
  sequentialScans: 500,
  sequentialRows: 0,
  indexScans: 500,
  inserted: 0,
  updated: 0,
  deleted: 0,
  liveRows: 0,
  deadRows: 0,
};
const foreignKey = (columns: readonly string[], onDelete = "NO ACTION") => ({
  name: "orders_customer_fkey",
  columns,
  referencedSchema: "public",
  referencedTable: "customers",
  referencedColumns: ["id"],
  onDelete,
});
const customers = table("customers", ["id"]);
const orders = (more: Partial<Table>) => table("orders", ["id", "customer_id"], more);

describe("schema", () => {
  const run = async (...tables: readonly Table[]) => schemaAnalyzer.run(context({ catalog: () => Promise.resolve(catalog(...tables)) }));

  it.each<[string, Table, string | undefined]>([
    ["no primary key", orders({ primaryKey: undefined }), "Table orders has no primary key"],
    ["a primary key", orders({}), undefined],
    ["a foreign key without index", orders({ foreignKeys: [foreignKey(["customer_id"])] }), "(customer_id) → customers has no index"],
    [
      "a foreign key with one",
      orders({ foreignKeys: [foreignKey(["customer_id"])], indexes: [index("i", ["customer_id", "id"])] }),
      undefined,
    ],
    [
      "a partial index does not cover it",
      orders({ foreignKeys: [foreignKey(["customer_id"])], indexes: [index("i", ["customer_id"], { predicate: "x" })] }),
      "has no index",
    ],
    [
      "a foreign key of a small table",
      orders({ foreignKeys: [foreignKey(["customer_id"])], size: { rows: 20, pages: 1, bytes: 8192 } }),
      undefined,
    ],
    [
      "types that differ across a foreign key",
      table("orders", ["id", column("customer_id", "integer")], {
        foreignKeys: [foreignKey(["customer_id"])],
        indexes: [index("i", ["customer_id"])],
      }),
      "is integer, but refers to customers.id, which is bigint",
    ],
    [
      "an integer key near its end",
      table("orders", [column("id", "integer", { histogram: ["1", "1900000000"] })]),
      "has used 88 % of its numbers",
    ],
    ["an integer key far from it", table("orders", [column("id", "integer", { histogram: ["1", "5000000"] })]), undefined],
    ["a bigint key", table("orders", [column("id", "bigint", { histogram: ["1", "1900000000"] })]), undefined],
    ["an amount as text", table("orders", ["id", column("amount", "text", { histogram: ["1.50", "20"] })]), "orders.amount is text"],
    ["an amount that is words", table("orders", ["id", column("amount", "text", { histogram: ["a few", "many"] })]), undefined],
    [
      "a time as text",
      table("orders", ["id", column("created_at", "character varying(100)")]),
      "orders.created_at is character varying(100)",
    ],
    ["a numeric amount", table("orders", ["id", column("amount", "numeric(12,2)")]), undefined],
    ["dead rows", orders({ activity: { ...activity, liveRows: 50_000, deadRows: 60_000 } }), "55 % of the rows of orders are dead"],
    ["few dead rows", orders({ activity: { ...activity, liveRows: 500_000, deadRows: 20_000 } }), undefined],
    [
      "never analysed",
      { ...orders({ activity: { ...activity, liveRows: 5000 } }), columns: [{ name: "id", type: "bigint", notNull: true }] },
      "has never been analysed",
    ],
    ["analysed", orders({ activity: { ...activity, liveRows: 5000, lastAnalyze: "2026-01-01" } }), undefined],
  ])("%s", async (_, given, expected) => {
    const { recommendations = [] } = await run(given, customers);
    expect(recommendations.map(({ title }) => title)).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
    for (const { why } of recommendations) expect(why.length).toBeGreaterThan(40);
  });
});

describe("indexes", () => {
  const titles = (indexes: Table["indexes"], more: Partial<Table> = {}) =>
    scanIndexes(catalog(orders({ indexes, activity, ...more }))).map(({ title }) => title);

  it.each<[string, Table["indexes"], string[]]>([
    ["a duplicate", [index("a", ["x"]), index("b", ["x"])], ["Index b duplicates a"]],
    ["the beginning of another", [index("a", ["x"]), index("b", ["x", "y"])], ["Index a is the beginning of b"]],
    [
      "three of a kind leave one",
      [index("a", ["x"]), index("b", ["x"]), index("c", ["x", "y"])],
      ["Index a is the beginning of c", "Index b is the beginning of c"],
    ],
    ["another order", [index("a", ["y"]), index("b", ["x", "y"])], []],
    ["a unique one stays", [index("a", ["x"], { unique: true }), index("b", ["x", "y"])], []],
    ["beside a unique one", [index("a", ["x"], { unique: true }), index("b", ["x"])], ["Index b duplicates a"]],
    ["another predicate", [index("a", ["x"], { predicate: "p" }), index("b", ["x"])], []],
    ["another method", [index("a", ["x"], { method: "hash" }), index("b", ["x"])], []],
    ["an invalid one", [index("a", ["x"], { valid: false })], ["Index a is invalid"]],
    [
      "an unused one",
      [index("a", ["x"], { scans: 0, bytes: 50_000_000 })],
      ["Index a (47.7 MB) has not been used since the statistics were reset"],
    ],
    ["a small unused one", [index("a", ["x"], { scans: 0, bytes: 8192 })], []],
    [
      "an unused one that makes another superfluous",
      [index("a", ["x"], { scans: 9 }), index("b", ["x", "y"], { scans: 0, bytes: 50_000_000 })],
      ["Index a is the beginning of b"],
    ],
    ["an unused primary key", [index("a", ["x"], { scans: 0, bytes: 50_000_000, unique: true, primary: true })], []],
  ])("%s", (_, indexes, expected) => expect(titles(indexes)).toEqual(expected));

  it("a table that nobody reads tells nothing of its indexes", () => {
    const idle = { ...activity, sequentialScans: 0, indexScans: 3 };
    expect(titles([index("a", ["x"], { scans: 0, bytes: 50_000_000 })], { activity: idle })).toEqual([]);
  });
});

describe("profiler", () => {
  const run = (more: object = {}, workload = snapshot([statement("a", { totalTimeMs: 750 }), statement("b", { totalTimeMs: 250 })])) =>
    queryProfiler.run(context({ session: fakeSession({ counters: more }), workload: () => Promise.resolve(workload) }));

  it("gives shares and ratios against their targets", async () => {
    const { slowQueries, metrics, summary } = await run();
    expect(slowQueries?.map(({ query, share }) => [query, share])).toEqual([
      ["a", 0.75],
      ["b", 0.25],
    ]);
    expect(metrics?.map(({ name, value, ok }) => [name, value && Math.round(value), ok])).toEqual([
      ["cache_hit_ratio", 99, true],
      ["index_hit_ratio", 100, true],
      ["query_time_p95", undefined, undefined],
      ["query_time_p99", undefined, undefined],
    ]);
    expect(summary).toContain("75 %");
  });

  it("does not judge by a few blocks, or by none", async () => {
    const [few] = (await run({ blocksHit: 5, blocksRead: 5 })).metrics ?? [];
    expect([few?.value, few?.ok]).toEqual([50, undefined]);
    const [none] = (await run({ blocksHit: 0, blocksRead: 0 })).metrics ?? [];
    expect([none?.value, none?.ok]).toEqual([undefined, undefined]);
  });

  it("says why there are no statements", async () => {
    const { summary, notes } = await run({}, snapshot([], { available: false, reason: "Load the library." }));
    expect(summary).toContain("not available");
    expect(notes).toEqual(["Load the library."]);
  });
});
