import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "pg";
import type { Plan } from "#protocol/plan";
import { adviseStatement, analyzers, orchestrate } from "../../server/src/analyzers/index.js";
import { createConnections, profileFromDsn, type ManagedConnections, type Session } from "../../server/src/database/index.js";
import { planFromJson } from "../../server/src/plan/index.js";
import { initSql } from "../../server/src/sql/index.js";
import { startServer, type Major, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;
const consent = () => Promise.resolve(false);

const schema = `
  CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(120) NOT NULL, country text NOT NULL);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status text NOT NULL,
                       total numeric NOT NULL, placed_at timestamptz NOT NULL, shipped_at timestamptz);
  INSERT INTO customers SELECT g, 'user' || g || '@example.com', (ARRAY['DE', 'FR', 'US', 'JP'])[1 + g % 4] FROM generate_series(1, 5000) g;
  INSERT INTO orders SELECT g, 1 + g * 31 % 5000, CASE WHEN g % 50 = 0 THEN 'open' ELSE 'done' END, g % 500,
                            timestamptz '2026-01-01' + g * interval '1 minute', CASE WHEN g % 50 <> 0 THEN timestamptz '2026-06-01' END
                     FROM generate_series(1, 60000) g;
  ANALYZE;`;

interface Stage {
  readonly server: TestServer;
  readonly admin: Client;
  readonly connections: ManagedConnections;
  readonly use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
}

async function stage(major: Major, options: { hypopg: boolean; disposable?: boolean }): Promise<Stage> {
  const settings = major === 15 ? ["shared_preload_libraries = 'pg_stat_statements'"] : [];
  const server = await startServer(major, { settings });
  const admin = await server.admin();
  await admin.query(schema);
  if (options.hypopg) await admin.query("CREATE EXTENSION hypopg; CREATE EXTENSION pg_stat_statements");
  const { profile } = profileFromDsn(`postgresql://postgres@127.0.0.1:${server.port}/postgres?sslmode=disable`, {
    id: "it",
    class: options.disposable ? "disposable" : "normal",
  });
  const connections = createConnections({ profiles: [profile], password: () => Promise.resolve(undefined) });
  return { server, admin, connections, use: (work) => connections.lease("it", signal, work) };
}

async function strike({ server, admin, connections }: Stage): Promise<void> {
  await connections.close();
  await admin.end();
  await server.stop();
}

async function explained(session: Session, sql: string, analyze = false): Promise<Plan> {
  const request = { sql, analyze, parameters: [], genericPlan: false, consent };
  const { plan, problem } = planFromJson((await session.explain(request)).json);
  if (!plan) throw new Error(problem);
  return plan;
}

async function advise(session: Session, sql: string) {
  const request = { sql, analyze: false, parameters: [], genericPlan: false, consent };
  const plan = await explained(session, sql);
  return adviseStatement({ session, request, plan, catalog: await session.catalog(), signal });
}

beforeAll(() => initSql());

const statements: readonly [string, readonly string[]][] = [
  ["SELECT * FROM orders WHERE customer_id = 42", ["customer_id"]],
  ["SELECT * FROM customers WHERE email = 'user7@example.com'", ["email"]],
  ["SELECT * FROM customers WHERE email LIKE 'user77%'", ["email"]],
  ["SELECT * FROM orders WHERE shipped_at IS NULL ORDER BY placed_at LIMIT 20", ["placed_at"]],
  ["SELECT c.email, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = 17", ["customer_id"]],
  ["SELECT * FROM orders WHERE customer_id = 5 OR placed_at > '2026-02-11 15:30'", ["customer_id", "placed_at"]],
  ["SELECT * FROM orders WHERE id = 5", []],
  ["SELECT count(*) FROM orders", []],
];

describe.each([
  ["HypoPG", { hypopg: true }, 15, "hypopg"],
  ["a real index that is rolled back", { hypopg: false, disposable: true }, 18, "rolled-back-index"],
] as const)("advice proved with %s", (_, options, major, method) => {
  let on: Stage;
  beforeAll(async () => (on = await stage(major, options)));
  afterAll(() => strike(on));

  it.each(statements)("%s", async (sql, columns) => {
    const { suggestions } = await on.use((session) => advise(session, sql));
    expect(suggestions.flatMap((suggestion) => suggestion.columns)).toEqual(columns);
    expect(new Set(suggestions.map(({ proof }) => proof.method))).toEqual(new Set(columns.length > 0 ? [method] : []));
  });

  it.each(statements.filter(([, columns]) => columns.length > 0))("keeps its promise when it is built: %s", async (sql) => {
    const { suggestions } = await on.use((session) => advise(session, sql));
    const names = suggestions.map(({ ddl }) => ddl.split('"')[1] ?? "");
    try {
      for (const { ddl } of suggestions) await on.admin.query(ddl);
      const plan = await on.use((session) => explained(session, sql));
      expect(plan.nodes.map(({ index }) => index)).toEqual(expect.arrayContaining(names));
      const promised = Math.min(...suggestions.map(({ proof }) => proof.costAfter ?? NaN));
      expect(plan.nodes[0]?.totalCost ?? NaN).toBeLessThan(promised * 1.5 + 10);
      const again = await on.use((session) => advise(session, sql));
      expect(again.suggestions.map(({ ddl }) => ddl)).not.toEqual(expect.arrayContaining(suggestions.map(({ ddl }) => ddl)));
    } finally {
      for (const name of names) await on.admin.query(`DROP INDEX IF EXISTS "${name}"`);
    }
  });

  it("leaves nothing behind", async () => {
    const { rows } = await on.admin.query("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1");
    expect(rows).toEqual([{ indexname: "customers_pkey" }, { indexname: "orders_pkey" }]);
  });
});

describe("advice without a way to prove it", () => {
  let on: Stage;
  beforeAll(async () => (on = await stage(18, { hypopg: false })));
  afterAll(() => strike(on));

  it("says so", async () => {
    const { suggestions, notes } = await on.use((session) => advise(session, "SELECT * FROM orders WHERE customer_id = 42"));
    expect(suggestions.map(({ proof, columns }) => [proof.method, columns])).toEqual([["none", ["customer_id"]]]);
    expect(notes[0]).toContain("hypopg");
  });
});

describe("the whole report on a server with a workload", () => {
  let on: Stage;
  beforeAll(async () => {
    on = await stage(15, { hypopg: true });
    await on.admin.query("SELECT pg_stat_statements_reset()");
    for (let id = 1; id <= 200; id++) await on.admin.query("SELECT id, total FROM orders WHERE $1 = customer_id", [id]);
  });
  afterAll(() => strike(on));

  it("proves the index that the workload needs and writes its migration", async () => {
    const report = await orchestrate({
      focus: "full",
      context: {
        withSession: on.use,
        catalog: () => on.use((session) => session.catalog()),
        workload: () => on.use((session) => session.workload()),
        consent,
        signal,
        migration: { downRevision: null, revision: "0001", createdAt: "2026-01-01" },
      },
      progress: () => undefined,
      now: () => new Date(),
    });
    expect(report.analyzers.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.analyzers).toHaveLength(Object.keys(analyzers).length);
    const index = report.recommendations.find(({ kind, evidence }) => kind === "index" && evidence.level === "planner");
    expect(index?.action).toBe('CREATE INDEX CONCURRENTLY "ix_orders_customer_id" ON "public"."orders" ("customer_id");');
    expect(index?.index?.proof.method).toBe("hypopg");
    expect(report.recommendations.find(({ id }) => id === "alembic-0001")?.action).toContain("ix_orders_customer_id");
    expect(report.slowQueries[0]?.query).toContain("customer_id");
  });
});

describe.each([13, 15, 18] as const)("plans that PostgreSQL %d makes add up", (major) => {
  let on: Stage;
  beforeAll(async () => (on = await stage(major, { hypopg: false })));
  afterAll(() => strike(on));

  it.each([
    "SELECT c.country, count(*), sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1 ORDER BY 3",
    "WITH t AS MATERIALIZED (SELECT customer_id, sum(total) s FROM orders GROUP BY 1) SELECT * FROM t a JOIN t b USING (s) LIMIT 10",
    "SELECT *, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE id < 8",
    "SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders) ORDER BY placed_at DESC LIMIT 5",
    "SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'open')",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 500) SELECT count(*) FROM r JOIN orders ON id = n",
    "SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, placed_at DESC",
  ])("%s", async (sql) => {
    const plan = await on.use((session) => explained(session, sql, true));
    const self = plan.nodes.reduce((sum, node) => sum + (node.selfWallTimeMs ?? 0), 0);
    expect(self + (plan.unattributedMs ?? 0) + (plan.serializationMs ?? 0)).toBeCloseTo(plan.executionTimeMs ?? NaN, 6);
    if ((plan.notes ?? []).length === 0) expect(plan.unattributedMs).toBeGreaterThanOrEqual(-(plan.timeErrorMs ?? 0));
    const blocks = plan.nodes.reduce((sum, node) => sum + (node.selfBuffers?.sharedHit ?? 0), 0);
    expect(blocks).toBe(plan.buffers?.sharedHit);
    expect(plan.unattributedBuffers?.sharedHit).toBe(0);
    for (const node of plan.nodes) expect(node.selfTimeMs, node.title).toBeGreaterThanOrEqual(0);
  });
});
