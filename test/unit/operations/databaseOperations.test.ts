import { beforeAll, expect, test } from "vitest";
import { slowest } from "../../../server/src/operations/slowQueries.js";
import { OptimizerError, type FailureKind } from "../../../server/src/protocol/failure.js";
import { runOperation, type OperationContext } from "../../../server/src/operations/index.js";
import type { Connections, ExplainRequest, Session } from "../../../server/src/database/index.js";
import { initSql } from "../../../server/src/sql/index.js";
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

beforeAll(() => initSql());

const planJson = JSON.stringify([
  {
    Plan: {
      "Node Type": "Seq Scan",
      "Relation Name": "orders",
      Schema: "public",
      Alias: "orders",
      "Startup Cost": 0,
      "Total Cost": 10,
      "Plan Rows": 1,
      "Plan Width": 4,
    },
  },
]);

interface Scripted {
  readonly requests: ExplainRequest[];
  /** What reading the catalog ends with. */
  readonly catalogFails?: FailureKind;
  readonly json?: string;
}

/** A connection that answers by the script; the server's part is tested with real servers. */
function contextWith({ requests, catalogFails, json }: Scripted): OperationContext {
  const status = { id: "c", name: "c", class: "normal" as const, target: "me@host:5432/db", state: "connected" as const };
  const session: Partial<Session> = {
    status,
    explain: async (request) => {
      requests.push(request);
      return { json: json ?? planJson, notes: ["from the server"] };
    },
    settings: () => Promise.resolve(new Map([["max_connections", { value: "100", source: "default" }]])),
    catalog: async () => {
      if (catalogFails) throw new OptimizerError({ kind: catalogFails, message: "no catalog" });
      return { source: { kind: "server", connection: "c", readAt: "" }, tables: [], extensions: [] };
    },
    workload: async () => snapshot,
  };
  const connections: Partial<Connections> = { lease: (_id, _signal, use) => use(session as Session) };
  const context: Partial<OperationContext> = {
    connections: connections as Connections,
    signal: new AbortController().signal,
    now: () => new Date(0),
    progress: () => undefined,
    consent: async () => true,
  };
  return context as OperationContext;
}

const input = { connection: "c", sql: "SELECT * FROM orders WHERE id = $1", parameters: ["1"], analyze: true };

test("explain hands everything to the guard and answers with plan, notes and key", async () => {
  const requests: ExplainRequest[] = [];
  const context = contextWith({ requests });
  const result = await runOperation("explain", input, context);
  expect(requests).toEqual([{ sql: input.sql, parameters: ["1"], analyze: true, genericPlan: false, consent: context.consent }]);
  expect(result).toMatchObject({ sql: input.sql, connection: { target: "me@host:5432/db" }, suggestions: [], notes: ["from the server"] });
  expect(result.plan.nodes.map(({ title }) => title)).toEqual(["Seq Scan on public.orders"]);
  expect(result.key).toMatch(/^[0-9a-f]{16}-/);
});

test("a plan without a catalog is worth more than no answer", async () => {
  const result = await runOperation("explain", input, contextWith({ requests: [], catalogFails: "database" }));
  expect(result.notes).toEqual(["from the server", "Tables and indexes were not read: no catalog"]);
});

const fatal: [name: string, script: Partial<Scripted>, message: string][] = [
  ["the connection broke", { catalogFails: "unreachable" }, "no catalog"],
  ["the answer is no plan", { json: "[]" }, "The server's answer is no plan"],
];
test.each(fatal)("explain fails when %s", async (_name, script, message) => {
  await expect(runOperation("explain", input, contextWith({ requests: [], ...script }))).rejects.toThrow(message);
});

test("slowQueries answers with what was asked for", async () => {
  const context = contextWith({ requests: [] });
  expect(await runOperation("slowQueries", { connection: "c", limit: 1 }, context)).toMatchObject({
    available: true,
    queries: [{ queryId: "a" }],
  });
});
