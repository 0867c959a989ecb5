import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { OptimizerError } from "#protocol/failure";
import {
  createConnections,
  profileFromDsn,
  type ExplainRequest,
  type ManagedConnections,
  type Session,
} from "../../server/src/database/index.js";
import { startPooler, type TestPooler } from "./support/pooler.js";
import { accepts, startReplica, startServer, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;
const request = (sql: string, more: Partial<ExplainRequest> = {}): ExplainRequest => ({
  ...{ sql, analyze: false, parameters: [], genericPlan: false },
  consent: () => Promise.resolve(true),
  ...more,
});
const connectionsTo = (port: number, more: Parameters<typeof profileFromDsn>[1] = {}, dsnMore = "") =>
  createConnections({
    profiles: [profileFromDsn(`postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=disable${dsnMore}`, { id: "it", ...more }).profile],
    password: () => Promise.resolve(undefined),
  });

async function failureOf(work: Promise<unknown>): Promise<OptimizerError["failure"]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OptimizerError)) throw error ?? new Error("nothing failed");
  return error.failure;
}

const schema = `
  CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY, status text);
  INSERT INTO shop.orders SELECT g, CASE WHEN g % 50 = 0 THEN 'open' ELSE 'done' END FROM generate_series(1, 5000) g;
  CREATE EXTENSION hypopg; ALTER ROLE postgres SET search_path = shop, public; ANALYZE;`;

describe("behind PgBouncer in transaction mode", () => {
  let server: TestServer;
  let pooler: TestPooler;
  let connections: ManagedConnections;
  let application: Client;

  beforeAll(async () => {
    server = await startServer(15);
    const admin = await server.admin();
    await admin.query(schema);
    await admin.end();
    // One session for all clients: whatever is left in it, the next transaction of the application meets.
    pooler = await startPooler(server, 1);
    connections = connectionsTo(pooler.port, { class: "disposable", statementTimeout: 5 });
    application = await accepts(pooler.port, "postgres");
  });
  afterAll(async () => {
    await connections.close();
    await application.end();
    await pooler.stop();
    await server.stop();
  });

  const on = <T>(use: (session: Session) => Promise<T>, by = signal) => connections.lease("it", by, use);
  const explain = (sql: string, more: Partial<ExplainRequest> = {}, by = signal) =>
    on((session) => session.explain(request(sql, more)), by);

  /** What the application finds in the session that it shares with us. */
  async function sessionAsItWas() {
    const { rows } = await application.query<{ name: string; value: string }>(
      `SELECT name, setting AS value FROM pg_settings WHERE source = 'session' AND name NOT IN ('application_name', 'client_encoding')
       UNION ALL SELECT 'prepared ' || name, statement FROM pg_prepared_statements WHERE from_sql
       UNION ALL SELECT 'hypothetical', indexname FROM hypopg() UNION ALL SELECT 'path', current_setting('search_path')
       UNION ALL SELECT 'read only', current_setting('default_transaction_read_only') UNION ALL SELECT 'lock', mode FROM pg_locks WHERE locktype = 'advisory'`,
    );
    expect(rows).toEqual([
      { name: "path", value: "shop, public" },
      { name: "read only", value: "off" },
    ]);
  }

  test("the connection says so", async () => {
    expect(await on((session) => Promise.resolve(session.status))).toMatchObject({ state: "connected", pooled: true, replica: false });
    await sessionAsItWas();
  });

  test.each<[string, (session: Session) => Promise<unknown>]>([
    ["a plan along the role's search_path", (session) => session.explain(request("SELECT * FROM orders WHERE id = 5"))],
    ["values", (session) => session.explain(request("SELECT * FROM orders WHERE id = $1", { parameters: ["5"] }))],
    ["a generic plan", (session) => session.explain(request("SELECT * FROM orders WHERE id = $1", { genericPlan: true }))],
    ["ANALYZE", (session) => session.explain(request("SELECT * FROM orders WHERE status = 'open'", { analyze: true }))],
    ["ANALYZE of a change", (session) => session.explain(request("UPDATE orders SET status = 'x' WHERE id = 1", { analyze: true }))],
    ["the catalog", (session) => session.catalog()],
    ["a column", (session) => session.column({ table: "orders", column: "status" })],
    ["settings", (session) => session.settings()],
    ["counters", (session) => session.counters()],
    ["running statements", (session) => session.running()],
    [
      "a hypothetical index",
      (session) =>
        session.whatIf(request("SELECT * FROM orders WHERE status = 'open'"), [
          { schema: "shop", table: "orders", method: "btree", keys: ["status"] },
        ]),
    ],
  ])("%s works, and leaves the session as it was", async (_, use) => {
    expect(await on(use)).toBeTruthy();
    await sessionAsItWas();
  });

  test.each<[string, string, Partial<ExplainRequest>, RegExp]>([
    ["a value of another type", "SELECT * FROM orders WHERE id = $1", { parameters: ["x"] }, /does not fit its type/],
    [
      "a generic plan that fails",
      "SELECT * FROM orders WHERE id = $1 AND 1 / (SELECT 0) = $2 AND '('::text = ('x' || $1)::xml::text AND repeat('x', -1)::int = 1",
      { genericPlan: true },
      /./,
    ],
    ["a statement timeout", "SELECT pg_sleep(30)", { analyze: true }, /stopped after 5 s/],
    ["a relation that is missing", "SELECT * FROM nothing", {}, /does not exist/],
  ])("%s fails clearly, and leaves the session as it was", async (_, sql, more, message) => {
    expect((await failureOf(explain(sql, more))).message).toMatch(message);
    await sessionAsItWas();
  });

  test("cancelling ends the statement on the server", async () => {
    const admin = await server.admin();
    const running = async () =>
      (
        await admin.query(
          "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4.5)%' AND state = 'active' AND pid <> pg_backend_pid()",
        )
      ).rows.length;
    const stop = new AbortController();
    const cancelled = failureOf(explain("SELECT pg_sleep(4.5)", { analyze: true }, stop.signal));
    await vi.waitFor(async () => expect(await running()).toBe(1), { timeout: 10_000 });
    stop.abort();
    expect(await cancelled).toMatchObject({ kind: "cancelled" });
    await vi.waitFor(async () => expect(await running()).toBe(0), { timeout: 3_000 });
    await admin.end();
    await sessionAsItWas();
  });

  test("the application's own settings of the session do not change what is checked", async () => {
    await application.query("SET search_path = pg_catalog; SET standard_conforming_strings = off; SET statement_timeout = 0");
    expect((await failureOf(explain("SELECT pg_sleep(30)", { analyze: true }))).message).toMatch(/stopped after 5 s/);
    expect((await explain("SELECT '\\'::text")).json).toContain("Plan");
    await application.query("RESET ALL");
    await sessionAsItWas();
  });

  test("options that the pooler does not pass on are named", async () => {
    const withOptions = connectionsTo(pooler.port, {}, "&options=-csearch_path%3Dshop");
    const failure = await failureOf(withOptions.lease("it", signal, () => Promise.resolve()));
    expect(failure.message).toContain("unsupported startup parameter: options");
    expect(failure.advice).toContain("ALTER ROLE");
    await withOptions.close();
  });
});

describe("a replica", () => {
  let primary: TestServer;
  let replica: TestServer;
  let connections: ManagedConnections;

  beforeAll(async () => {
    primary = await startServer(15);
    const admin = await primary.admin();
    await admin.query(schema);
    await admin.end();
    replica = await startReplica(primary, ["max_standby_streaming_delay = 100ms"]);
    connections = connectionsTo(replica.port, { class: "disposable" });
  });
  afterAll(async () => {
    await connections.close();
    await replica.stop();
    await primary.stop();
  });
  const on = <T>(use: (session: Session) => Promise<T>) => connections.lease("it", signal, use);

  test("the connection says so", async () =>
    expect(await on((session) => Promise.resolve(session.status))).toMatchObject({ state: "connected", pooled: false, replica: true }));

  test.each<[string, (session: Session) => Promise<unknown>]>([
    ["a plan", (session) => session.explain(request("SELECT * FROM orders WHERE id = 5"))],
    ["a plan of a change", (session) => session.explain(request("DELETE FROM orders"))],
    ["a generic plan", (session) => session.explain(request("SELECT * FROM orders WHERE id = $1", { genericPlan: true }))],
    ["ANALYZE", (session) => session.explain(request("SELECT * FROM orders WHERE status = 'open'", { analyze: true }))],
    ["the catalog", (session) => session.catalog()],
    ["a column", (session) => session.column({ table: "orders", column: "status" })],
    ["counters", (session) => session.counters()],
  ])("%s works", async (_, use) => expect(await on(use)).toBeTruthy());

  test("a change is not run, and nobody is asked", async () => {
    const consent = vi.fn(() => Promise.resolve(true));
    const failure = await failureOf(on((session) => session.explain(request("DELETE FROM orders", { analyze: true, consent }))));
    expect(failure).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(/is a replica, and the statement changes data/) as string,
    });
    expect(consent).not.toHaveBeenCalled();
  });

  test("indexes are imagined, never built", async () => {
    const index = (method: string) => ({ schema: "shop", table: "orders", method, keys: ["status"] });
    const sql = "SELECT * FROM orders WHERE status = 'open'";
    expect(await on((session) => session.whatIf(request(sql), [index("btree")]))).toMatchObject({
      method: "hypopg",
      usedIndexes: [expect.any(String)],
    });
    expect(await on((session) => session.whatIf(request(sql), [index("gin")]))).toMatchObject({
      unavailable: expect.stringContaining("replica") as string,
    });
  });

  test("a statement that stands in the way of replication ends clearly", async () => {
    const admin = await primary.admin();
    const analyzed = failureOf(on((session) => session.explain(request("SELECT pg_sleep(20) FROM orders LIMIT 1", { analyze: true }))));
    await vi.waitFor(
      async () => {
        const seen = await replica.admin();
        const { rows } = await seen.query("SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND wait_event = 'PgSleep'");
        await seen.end();
        expect(rows).toHaveLength(1);
      },
      { timeout: 10_000 },
    );
    await admin.query("ALTER TABLE shop.orders ADD COLUMN note text");
    await admin.end();
    expect((await analyzed).message).toMatch(/The replica ended the statement/);
    expect((await on((session) => session.explain(request("SELECT note FROM orders")))).json).toContain("Plan");
  });
});
