import { expect, test } from "vitest";
import { proposalFor } from "../../../server/src/operations/proposeParameters.js";
import { slowest } from "../../../server/src/operations/slowQueries.js";
import type { Catalog, ColumnStatistics } from "../../../server/src/catalog/catalog.js";
import type { WorkloadSnapshot, WorkloadStatement } from "../../../server/src/workload/workload.js";

function statement(queryId: string, given: Partial<WorkloadStatement>): WorkloadStatement {
  const blocks = {
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    sharedBlocksDirtied: 0,
    sharedBlocksWritten: 0,
    tempBlocksRead: 0,
    tempBlocksWritten: 0,
  };
  return { queryId, query: `SELECT ${queryId}`, calls: 1, totalTimeMs: 0, meanTimeMs: 0, rows: 0, ...blocks, ...given };
}
const snapshot: WorkloadSnapshot = {
  source: "pg_stat_statements",
  takenAt: "2026-01-01T00:00:00Z",
  available: true,
  statements: [
    statement("a", { totalTimeMs: 60, meanTimeMs: 1, calls: 60, rows: 5 }),
    statement("b", { totalTimeMs: 40, meanTimeMs: 40, calls: 1, rows: 9, sharedBlocksRead: 7 }),
  ],
};

const orders: [order: "total" | "mean" | "calls" | "rows" | "reads", expected: string[]][] = [
  ["total", ["a", "b"]],
  ["mean", ["b", "a"]],
  ["calls", ["a", "b"]],
  ["rows", ["b", "a"]],
  ["reads", ["b", "a"]],
];
test.each(orders)("slowest by %s", (order, expected) => {
  expect(slowest(snapshot, order, 10).map((query) => query.queryId)).toEqual(expected);
});

test("a share is of all statements, also of those that the filter hides", () => {
  expect(slowest(snapshot, "total", 10, " select B ").map(({ queryId, share }) => [queryId, share])).toEqual([["b", 0.4]]);
  expect(slowest(snapshot, "total", 1)).toHaveLength(1);
  expect(slowest({ ...snapshot, statements: [statement("z", {})] }, "total", 9)[0]?.share).toBe(0);
});

function catalogWith(statistics: ColumnStatistics | undefined, rows?: number): Catalog {
  const column = { name: "status", type: "text", notNull: true, ...(statistics ? { statistics } : {}) };
  const size = { pages: 1, bytes: 8192, ...(rows === undefined ? {} : { rows }) };
  const table = { kind: "table" as const, columns: [column], uniques: [], foreignKeys: [], indexes: [], size };
  const source = { kind: "server" as const, connection: "c", readAt: "" };
  return {
    source,
    extensions: [],
    tables: [
      { ...table, schema: "old", name: "orders", columns: [] },
      { ...table, schema: "public", name: "orders" },
    ],
  };
}
const statistics: ColumnStatistics = {
  nullFraction: 0.1,
  distinct: 12,
  averageWidth: 5,
  mostCommon: [
    { value: "done", frequency: 0.6 },
    { value: "new", frequency: 0.2 },
  ],
  histogram: ["a", "m", "z"],
};
const parameter = { position: 1, column: { table: "orders", column: "status" } };

test("proposes common, rare and extreme values with the planner's estimates", () => {
  const { sqlType, values } = proposalFor(parameter, catalogWith(statistics, 1000));
  expect(sqlType).toBe("text");
  expect(values.map(({ value, estimatedRows }) => [value, estimatedRows])).toEqual([
    ["done", 600],
    ["new", 200],
    ["m", 10],
    ["a", 10],
    ["z", 10],
    [null, 100],
  ]);
});

test("a number that cannot be known is not given", () => {
  const { values } = proposalFor(parameter, catalogWith(statistics));
  expect(values.every((value) => value.estimatedRows === undefined)).toBe(true);
  expect(proposalFor(parameter, catalogWith(undefined)).values).toEqual([]);
  expect(proposalFor({ position: 2, sqlType: "bigint" }, catalogWith(statistics))).toEqual({ position: 2, sqlType: "bigint", values: [] });
});
