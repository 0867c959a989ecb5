import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { OptimizerError } from "#protocol/failure";
import { createConnections, profileFromDsn, type ManagedConnections } from "../../server/src/database/index.js";
import { startProxy, type Fault, type Proxy } from "./support/proxy.js";
import { startServer, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;
const statementTimeout = 1;
/** The statement's own limit, the wait for a server that does not keep it, and the tries to stop it. */
const longest = (statementTimeout + 5 + 8) * 1000;

describe.concurrent.each([15, 18] as const)("a connection that fails during EXPLAIN on PostgreSQL %i", (major) => {
  let server: TestServer;
  let admin: Client;
  let proxy: Proxy;
  let connections: ManagedConnections;

  beforeAll(async () => {
    server = await startServer(major);
    admin = await server.admin();
    await admin.query("CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id");
    proxy = await startProxy(server.port, "FROM orders");
    const dsn = `postgresql://postgres@127.0.0.1:${proxy.port}/postgres?sslmode=disable`;
    connections = createConnections({
      profiles: [profileFromDsn(dsn, { id: "it", statementTimeout, connectTimeout: 2 }).profile],
      password: () => Promise.resolve(undefined),
    });
  });
  afterEach(() => (proxy.fault = undefined));
  afterAll(async () => {
    await connections.close();
    await proxy.close();
    await admin.end();
    await server.stop();
  });

  const explain = (analyze: boolean, by = signal) =>
    connections.lease("it", by, (session) =>
      session.explain({
        sql: "SELECT count(*) FROM orders",
        ...{ analyze, parameters: [], genericPlan: false, consent: () => Promise.resolve(false) },
      }),
    );
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => "a plan",
      (error: unknown) => error,
    );

  async function checkNothingLeft() {
    await vi.waitFor(
      async () => {
        const { rows } = await admin.query(
          "SELECT pid, state, query FROM pg_stat_activity WHERE application_name = 'db-optimize' AND state <> 'idle'",
        );
        expect(rows).toEqual([]);
      },
      { timeout: 10_000, interval: 200 },
    );
  }

  /** Ends in time with words that a person understands; nothing is left on the server, and the next request works. */
  async function checkFault(fault: Fault, analyze: boolean, wanted: RegExp) {
    await explain(false);
    proxy.fault = fault;
    const outcome = await Promise.race([
      outcomeOf(explain(analyze)),
      new Promise((resolve) => setTimeout(() => resolve("nothing within the time"), longest).unref()),
    ]);
    proxy.fault = undefined;
    expect(outcome).toBeInstanceOf(OptimizerError);
    const { failure } = outcome as OptimizerError;
    expect(failure).toMatchObject({ kind: "unreachable", message: expect.stringMatching(wanted) as string });
    expect(failure.advice).toBeTruthy();
    expect(connections.list()[0]).toMatchObject({ state: "failed" });
    await checkNothingLeft();
    expect((await explain(analyze)).json).toContain("Aggregate");
    expect(connections.list()[0]).toMatchObject({ state: "connected" });
  }

  const broke = /broke while the server was working/;
  const noAnswer = /gave no answer for 6 s/;
  test.sequential.each<[Fault, boolean, RegExp]>([
    ["swallow the statement", false, noAnswer],
    ["cut before the answer", false, broke],
    ["cut before the answer", true, broke],
    ["cut in the answer", false, broke],
    ["half a message, then silence", true, noAnswer],
    ["half a message, then a reset", false, broke],
    ["drip", false, noAnswer],
    ["rubbish", false, noAnswer],
  ])("%s (ANALYZE: %s)", checkFault);

  test.sequential.each([false, true])(
    "cut after the answer (ANALYZE: %s): the plan is there, and the connection is replaced",
    async (analyze) => {
      await explain(false);
      proxy.fault = "cut after the answer";
      expect((await explain(analyze)).json).toContain("Aggregate");
      proxy.fault = undefined;
      await checkNothingLeft();
      await explain(analyze);
    },
  );

  test.sequential("many at once: none hangs, none is left, and those that wait get their turn", async () => {
    proxy.fault = "cut before the answer";
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(explain(false))));
    for (const outcome of outcomes) expect(outcome).toBeInstanceOf(OptimizerError);
    proxy.fault = undefined;
    await checkNothingLeft();
    expect(await Promise.all(Array.from({ length: 8 }, () => outcomeOf(explain(false).then(() => undefined))))).toEqual(
      Array(8).fill("a plan"),
    );
  });

  test.sequential("given up while the connection is silent", async () => {
    await explain(false);
    proxy.fault = "half a message, then silence";
    const stop = new AbortController();
    const outcome = outcomeOf(explain(false, stop.signal));
    const before = proxy.connections;
    setTimeout(() => stop.abort(), 300);
    expect(await outcome).toMatchObject({ failure: { kind: "cancelled" } });
    expect(proxy.connections).toBeGreaterThan(before);
    proxy.fault = undefined;
    await checkNothingLeft();
    await explain(false);
  });

  test.sequential("a server that dies and stays away, then comes back", async () => {
    await explain(false);
    const killed = new Promise<void>((resolve) => setTimeout(() => void server.restart("immediate").then(resolve), 100));
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => outcomeOf(explain(true))));
    for (const outcome of outcomes)
      if (outcome !== "a plan")
        expect(outcome).toMatchObject({ failure: { kind: expect.stringMatching(/unreachable|database/) as string } });
    await killed;
    await admin.end().catch(() => undefined);
    admin = await server.admin();
    await explain(true);
    await checkNothingLeft();
  });
});
