import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { OptimizerError } from "#protocol/failure";
import {
  createConnections,
  GuardRefusal,
  memoryTrust,
  parameterProposals,
  profileFromDsn,
  type ExplainRequest,
  type IndexDefinition,
  type ManagedConnections,
  type Session,
  type WhatIfAnswer,
} from "../../server/src/database/index.js";
import { startServer, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;

function request(sql: string, more: Partial<ExplainRequest> = {}): ExplainRequest {
  return { sql, analyze: false, parameters: [], genericPlan: false, consent: () => Promise.resolve(false), ...more };
}

interface PlanText {
  readonly "Node Type": string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows"?: number;
  readonly Plans?: readonly PlanText[];
}

function planOf(json: string): PlanText {
  const [first] = JSON.parse(json) as { Plan: PlanText }[];
  if (!first) throw new Error("no plan");
  return first.Plan;
}

const schema = `
  CREATE EXTENSION pg_stat_statements;
  CREATE SCHEMA shop;
  CREATE TABLE shop.customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, country text DEFAULT 'DE', UNIQUE (name, country));
  CREATE TABLE shop.orders (id bigserial PRIMARY KEY, customer_id int NOT NULL REFERENCES shop.customers ON DELETE CASCADE, status text, total numeric(10,2), note text);
  INSERT INTO shop.customers (name, country) SELECT 'customer ' || g, CASE WHEN g % 100 = 0 THEN 'FR' ELSE 'DE' END FROM generate_series(1, 1000) g;
  INSERT INTO shop.orders (customer_id, status, total) SELECT 1 + g % 1000, CASE WHEN g % 50 = 0 THEN 'open' ELSE 'done' END, g FROM generate_series(1, 20000) g;
  CREATE INDEX orders_open ON shop.orders (lower(status) DESC, total) INCLUDE (note) WHERE status = 'open';
  CREATE VIEW shop.open_orders AS SELECT * FROM shop.orders WHERE status = 'open';
  CREATE MATERIALIZED VIEW shop.totals AS SELECT customer_id, sum(total) FROM shop.orders GROUP BY 1;
  CREATE TABLE shop.events (at date) PARTITION BY RANGE (at);
  CREATE FUNCTION shop.custom(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE n int; BEGIN EXECUTE 'SELECT $1 + 1' INTO n USING $1; RETURN n; END $$;
  CREATE SCHEMA kept; CREATE TABLE kept.log (what text); CREATE TABLE kept.watched (id int PRIMARY KEY, note text); INSERT INTO kept.watched VALUES (1, 'a');
  CREATE FUNCTION kept.watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO kept.log VALUES (TG_OP || NEW.id); RETURN NEW; END $$;
  CREATE FUNCTION kept.writing() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO kept.log VALUES ('x'); RETURN 1; END $$;
  CREATE FUNCTION kept.inner_(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('a', 'b'); RETURN $1; END $$;
  CREATE FUNCTION kept.outer_(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN kept.inner_($1); END $$;
  CREATE TRIGGER watch AFTER INSERT OR UPDATE ON kept.watched FOR EACH ROW EXECUTE FUNCTION kept.watch();
  CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA shop TO reader; GRANT SELECT ON shop.customers TO reader;
  ANALYZE;`;

describe.each([13, 15, 18] as const)("a session on PostgreSQL %i", (major) => {
  let server: TestServer;
  let admin: Client;
  let connections: ManagedConnections;
  const trust = memoryTrust();

  beforeAll(async () => {
    server = await startServer(major, { settings: ["shared_preload_libraries = 'pg_stat_statements'"] });
    admin = await server.admin();
    await admin.query(schema);
    if (major === 15) await admin.query("CREATE SCHEMA hypo; CREATE EXTENSION hypopg SCHEMA hypo");
    const dsn = (user: string) =>
      `postgresql://${user}@127.0.0.1:${server.port}/postgres?sslmode=disable&options=-csearch_path%3Dshop,public`;
    connections = createConnections({
      trust,
      password: () => Promise.resolve("reader"),
      profiles: [
        profileFromDsn(dsn("postgres"), { id: "normal" }).profile,
        profileFromDsn(dsn("postgres"), { id: "disposable", class: "disposable" }).profile,
        profileFromDsn(dsn("postgres"), { id: "production", name: "prod", class: "production" }).profile,
        profileFromDsn(dsn("reader"), { id: "reader" }).profile,
      ],
    });
  });
  afterAll(async () => {
    await connections.close();
    await admin.end();
    await server.stop();
  });

  const on = <T>(id: string, use: (session: Session) => Promise<T>) => connections.lease(id, signal, use);
  const refusal = async (work: Promise<unknown>): Promise<OptimizerError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof OptimizerError)) throw error ?? new Error("nothing was refused");
    return error;
  };

  test("explains plainly and with ANALYZE", async () => {
    const sql = "SELECT * FROM orders WHERE id = 5";
    const plain = planOf((await on("normal", (session) => session.explain(request(sql)))).json);
    expect(plain).toMatchObject({ "Node Type": "Index Scan", "Index Cond": "(orders.id = 5)" });
    expect(plain["Actual Rows"]).toBeUndefined();
    expect(planOf((await on("normal", (session) => session.explain(request(sql, { analyze: true })))).json)["Actual Rows"]).toBe(1);
  });

  test.each([
    ["a number", "SELECT * FROM orders WHERE id = $1", ["7"], "(orders.id = '7'::bigint)"],
    ["null", "SELECT * FROM orders WHERE id = $1", [null], undefined],
    ["text with a quote", "SELECT * FROM customers WHERE name = $1", ["it's"], "(customers.name = 'it''s'::text)"],
    ["an array", "SELECT * FROM orders WHERE id = ANY ($1)", ["{1,2}"], "(orders.id = ANY ('{1,2}'::bigint[]))"],
  ] as const)("values are bound as the server's types: %s", async (_, sql, parameters, condition) => {
    const { json } = await on("normal", (session) => session.explain(request(sql, { parameters })));
    expect(planOf(json)["Index Cond"]).toBe(condition);
  });

  test("a generic plan keeps its placeholders and leaves no prepared statement", async () => {
    const { json } = await on("normal", (session) => session.explain(request("SELECT * FROM orders WHERE id = $1", { genericPlan: true })));
    expect(planOf(json)["Index Cond"]).toBe("(orders.id = $1)");
    const again = await on("normal", (session) => session.explain(request("SELECT * FROM orders WHERE id = $1", { genericPlan: true })));
    expect(again.json).toBe(json);
  });

  test.each([
    ["too few values", request("SELECT $1::int, $2::int", { parameters: ["1"] }), "usage", /2 placeholders, and 1 value was given/],
    [
      "a value of another type",
      request("SELECT * FROM orders WHERE id = $1", { parameters: ["x"] }),
      "database",
      /A value does not fit its type: invalid input syntax for type bigint/,
    ],
    [
      "a placeholder without a type",
      request("SELECT $1 IS NULL", { genericPlan: true }),
      "database",
      /could not determine data type of parameter \$1/,
    ],
    ["a relation that is missing", request("SELECT * FROM nothing"), "database", /relation "nothing" does not exist/],
    ["text that does not parse", request("SELECT 'é',\n selec FRM x"), "database", /syntax error at or near "x"/],
    ["generic with ANALYZE", request("SELECT $1::int", { genericPlan: true, analyze: true }), "usage", /has no values/],
  ] as const)("says what is wrong: %s", async (_, asked, kind, message) => {
    const error = await refusal(on("normal", (session) => session.explain(asked)));
    expect(error.failure).toMatchObject({ kind, message: expect.stringMatching(message) as string });
  });

  test("gives the place of a syntax error", async () => {
    const error = await refusal(on("normal", (session) => session.explain(request("SELECT '🙂é',\n  selec FRM x"))));
    expect(error.failure.position).toEqual({ line: 2, column: 13 });
  });

  test("a data-changing ANALYZE asks, and rolls back", async () => {
    const questions: string[] = [];
    const sql = "INSERT INTO orders (customer_id, total) VALUES (1, 2)";
    const ask = (granted: boolean) => (question: { detail: string; typeToConfirm?: string }) => {
      questions.push(question.detail);
      return Promise.resolve(granted);
    };
    const denied = await refusal(on("normal", (session) => session.explain(request(sql, { analyze: true, consent: ask(false) }))));
    expect(denied.failure.kind).toBe("refused");
    const { json, notes } = await on("normal", (session) => session.explain(request(sql, { analyze: true, consent: ask(true) })));
    expect(planOf(json)["Node Type"]).toBe("ModifyTable");
    expect(notes.join(" ")).toMatch(/rolled back.*sequences/s);
    expect(questions).toHaveLength(2);
    for (const words of [sql, "/postgres", "changes rows of shop.orders"]) expect(questions[0]).toContain(words);
    expect((await admin.query<{ n: string }>("SELECT count(*) AS n FROM shop.orders")).rows[0]?.n).toBe("20000");
  });

  test("consent holds for one run of one statement, and for no other", async () => {
    const asked: string[] = [];
    const grant = ({ detail }: { detail: string }) => {
      asked.push(detail);
      return Promise.resolve(true);
    };
    const first = "UPDATE orders SET note = 'a' WHERE id = 1";
    const second = "UPDATE orders SET note = 'b' WHERE id = 1";
    const run = (sql: string, consent: ExplainRequest["consent"]) =>
      on("normal", (session) => session.explain(request(sql, { analyze: true, consent })));
    for (const sql of [first, first, second]) await run(sql, grant);
    expect(asked.map((detail) => /note = '(.)'/.exec(detail)?.[1])).toEqual(["a", "a", "b"]);
    expect((await refusal(run(first, () => Promise.resolve(false)))).failure.kind).toBe("refused");
    // Within one session, too.
    await on("normal", async (session) => {
      await session.explain(request(first, { analyze: true, consent: grant }));
      expect((await refusal(session.explain(request(first, { analyze: true })))).failure.kind).toBe("refused");
    });
    expect((await admin.query<{ n: string }>("SELECT count(*) AS n FROM shop.orders WHERE note IS NOT NULL")).rows[0]?.n).toBe("0");
  });

  test("what a long statement writes to is said before its text is cut off", async () => {
    let shown = "";
    const consent = ({ detail }: { detail: string }) => {
      shown = detail;
      return Promise.resolve(false);
    };
    const sql = `WITH x AS (SELECT '${"-".repeat(5_000)}') DELETE FROM customers USING x`;
    await refusal(on("normal", (session) => session.explain(request(sql, { analyze: true, consent }))));
    expect(shown).toContain("changes rows of shop.customers");
    expect(shown).not.toContain("DELETE");
  });

  test("what a trigger writes is named when consent is asked for, and rolled back with the rest", async () => {
    let shown = "";
    const consent = ({ detail }: { detail: string }) => {
      shown = detail;
      return Promise.resolve(true);
    };
    const sql = "UPDATE kept.watched SET note = 'b' WHERE id = 1";
    const { json } = await on("normal", (session) => session.explain(request(sql, { analyze: true, consent })));
    expect(json).toContain('"Trigger Name": "watch"');
    expect(shown).toMatch(/changes rows of (kept\.watched, kept\.log|kept\.log, kept\.watched)\./);
    expect((await admin.query("SELECT * FROM kept.log")).rows).toEqual([]);
    const inQuery = await refusal(on("normal", (session) => session.explain(request("SELECT kept.writing()", { analyze: true, consent }))));
    expect(inQuery.failure.message).toMatch(
      /kept\.writing\(\) may do more than read: its body writes or locks rows.*SELECT kept\.writing\(\) → kept\.writing\(\)/,
    );
  });

  test("production asks for its name even for a read", async () => {
    let typed: string | undefined;
    const consent = (question: { typeToConfirm?: string }) => {
      typed = question.typeToConfirm;
      return Promise.resolve(true);
    };
    await on("production", (session) => session.explain(request("SELECT 1", { analyze: true, consent })));
    expect(typed).toBe("prod");
    expect((await refusal(on("production", (session) => session.explain(request("SELECT 1", { analyze: true }))))).failure.kind).toBe(
      "refused",
    );
    await on("production", (session) => session.explain(request("SELECT 1")));
  });

  test("a refused function passes once its definition is trusted, and is refused again when it changes", async () => {
    const explain = () => on("normal", (session) => session.explain(request("SELECT custom(1)")));
    const error = await refusal(explain());
    expect(error).toBeInstanceOf(GuardRefusal);
    const { trustable, failure } = error as GuardRefusal;
    expect(failure.message).toContain("shop.custom(integer)");
    expect(trustable).toHaveLength(1);
    trust.add("normal", trustable[0]?.definitionHash ?? "");
    await explain();
    expect((await refusal(on("production", (session) => session.explain(request("SELECT custom(1)"))))).failure.kind).toBe("refused");
    await admin.query(
      "CREATE OR REPLACE FUNCTION shop.custom(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE n int; BEGIN EXECUTE 'SELECT $1 + 2' INTO n USING $1; RETURN n; END $$",
    );
    expect(await refusal(explain())).toBeInstanceOf(GuardRefusal);
  });

  test("trust is asked for the function whose body goes too far, not for what it calls", async () => {
    const error = (await refusal(on("normal", (session) => session.explain(request("SELECT kept.outer_(1)"))))) as GuardRefusal;
    expect(error.trustable.map(({ name }) => name)).toEqual(["function kept.inner_(integer)"]);
    expect(error.failure.message).toMatch(
      /pg_notify.*SELECT kept\.outer_\(1\) → kept\.outer_\(integer\) → kept\.inner_\(integer\) → pg_catalog\.pg_notify/,
    );
    for (const { definitionHash } of error.trustable) trust.add("normal", definitionHash);
    await on("normal", (session) => session.explain(request("SELECT kept.outer_(1)")));
    expect(
      ((await refusal(on("normal", (session) => session.explain(request("SELECT pg_notify('a', 'b')"))))) as GuardRefusal).trustable,
    ).toEqual([]);
  });

  test("reads the catalog", async () => {
    const { tables, source, serverVersion, extensions } = await on("normal", (session) => session.catalog());
    expect(source).toMatchObject({ kind: "server", connection: "normal", readAt: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(Math.floor((serverVersion ?? 0) / 10_000)).toBe(major);
    expect(extensions.map(({ name }) => name)).toContain("plpgsql");
    const named = Object.fromEntries(tables.filter((table) => table.schema === "shop").map((table) => [table.name, table]));
    expect(Object.entries(named).map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      "customers table",
      "events partitioned",
      "open_orders view",
      "orders table",
      "totals materialized",
    ]);
    const { customers, orders } = named;
    expect(customers).toMatchObject({
      primaryKey: ["id"],
      uniques: [["name", "country"]],
      size: { rows: 1000, bytes: expect.any(Number) as number },
    });
    expect(customers?.columns.map(({ name, type, notNull, identity, default: value }) => [name, type, notNull, identity, value])).toEqual([
      ["id", "integer", true, true, undefined],
      ["name", "text", true, undefined, undefined],
      ["country", "text", false, undefined, "'DE'::text"],
    ]);
    expect(customers?.columns[2]?.statistics?.mostCommon).toEqual([
      { value: "DE", frequency: 0.99 },
      { value: "FR", frequency: expect.closeTo(0.01, 5) as number },
    ]);
    expect(customers?.columns[1]?.statistics?.histogram).toHaveLength(101);
    expect(orders?.foreignKeys).toEqual([
      {
        name: "orders_customer_id_fkey",
        columns: ["customer_id"],
        referencedSchema: "shop",
        referencedTable: "customers",
        referencedColumns: ["id"],
        onDelete: "CASCADE",
      },
    ]);
    expect(orders?.indexes.find(({ name }) => name === "orders_open")).toMatchObject({
      method: "btree",
      unique: false,
      valid: true,
      keys: [
        { expression: "lower(status)", descending: true },
        { column: "total", descending: false },
      ],
      include: ["note"],
      predicate: "status = 'open'::text",
      bytes: expect.any(Number) as number,
      scans: 0,
    });
    expect(orders?.activity).toMatchObject({ deleted: 0, lastAnalyze: expect.any(String) as string });
  });

  test("reads what was done to a table", async () => {
    // A backend hands its counters over at most once a second, and an idle one only after ten.
    const inserted = async () =>
      (await on("normal", (session) => session.catalog())).tables.find(({ name }) => name === "orders")?.activity?.inserted;
    await vi.waitFor(async () => expect(await inserted()).toBeGreaterThanOrEqual(20000), { timeout: 30_000, interval: 500 });
  });

  test("a reader sees what it may see", async () => {
    const { tables } = await on("reader", (session) => session.catalog());
    const statistics = (name: string) =>
      tables.find((table) => table.name === name)?.columns.map((column) => column.statistics !== undefined);
    expect(statistics("customers")).toEqual([true, true, true]);
    expect(statistics("orders")).toEqual([false, false, false, false, false]);
  });

  test("a lock on a table does not hold the catalog back", async () => {
    const other = await server.admin();
    await other.query("BEGIN; LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE");
    const { tables } = await on("normal", (session) => session.catalog()).finally(() => other.query("ROLLBACK").then(() => other.end()));
    expect(tables.find(({ name }) => name === "orders")).toMatchObject({ size: { rows: 20000 }, primaryKey: ["id"] });
  });

  test("reads the workload, without this tool's own statements", async () => {
    await admin.query("SELECT pg_stat_statements_reset()");
    for (let i = 0; i < 3; i++) await admin.query("SELECT count(*) FROM shop.orders WHERE total > 5");
    await on("normal", (session) => session.explain(request("SELECT * FROM customers", { analyze: true })));
    await on("normal", (session) => session.catalog());
    const snapshot = await on("normal", (session) => session.workload());
    expect(snapshot).toMatchObject({ available: true, source: "pg_stat_statements", extensionVersion: expect.any(String) as string });
    expect(snapshot.statements.filter(({ query }) => /db-optimize|EXPLAIN|pg_catalog/.test(query))).toEqual([]);
    const found = snapshot.statements.find(({ query }) => query.includes("count(*) FROM shop.orders"));
    expect(found).toMatchObject({
      calls: 3,
      rows: 3,
      user: "postgres",
      database: "postgres",
      query: "SELECT count(*) FROM shop.orders WHERE total > $1",
    });
    expect(found?.totalTimeMs).toBeGreaterThan(0);
    expect(found?.topLevel).toBe(major === 13 ? undefined : true);
    expect(snapshot.resetAt).toEqual(major === 13 ? undefined : expect.stringMatching(/^\d{4}-/));
  });

  test("says that other users' statements are hidden", async () => {
    const snapshot = await on("reader", (session) => session.workload());
    expect(snapshot.reason).toMatch(/hidden .*pg_read_all_stats/);
  });

  test("reads settings and counters", async () => {
    const settings = await on("normal", (session) => session.settings());
    expect(settings.get("shared_buffers")).toMatchObject({ value: "4096", unit: "8kB" });
    expect(settings.get("statement_timeout")?.value).toBe("0");
    const counters = await on("normal", (session) => session.counters());
    expect(counters.connections).toBeGreaterThan(0);
    expect(counters.databaseBytes).toBeGreaterThan(5_000_000);
    expect(counters.blocksHit).toBeGreaterThan(0);
    expect(counters.maxConnections).toBe(100);
  });

  test("proposes values from the statistics", async () => {
    const status = { table: "orders", column: "status" };
    const [proposal, , list, missing] = await on("normal", (session) =>
      parameterProposals(session, {
        parameters: [
          { position: 1, column: status, comparison: "=", value: "open" },
          { position: 2 },
          { position: 3, column: status, comparison: "=", many: "list" },
          { position: 4, column: { table: "orders", column: "nothing" } },
        ],
      }),
    );
    expect(proposal).toEqual({
      position: 1,
      sqlType: "text",
      values: [
        { value: "open", label: "in the code", source: "code" },
        { value: "done", label: "most common value", source: "statistics", estimatedRows: 19600 },
      ],
    });
    expect(list?.values).toEqual([{ value: "{done}", label: "the most common value", source: "statistics", estimatedRows: 19600 }]);
    expect(missing).toMatchObject({ values: [], note: expect.stringContaining("no column orders.nothing") as string });
  });

  test("the rows that a proposed value will meet are those that the planner expects", async () => {
    const cases: [column: string, comparison: string, sql: string][] = [
      ["status", "=", "SELECT * FROM orders WHERE status = $1"],
      ["status", "<>", "SELECT * FROM orders WHERE status <> $1"],
      ["customer_id", "=", "SELECT * FROM orders WHERE customer_id = $1"],
      ["total", "<", "SELECT * FROM orders WHERE total < $1"],
      ["total", ">=", "SELECT * FROM orders WHERE total >= $1"],
      ["note", "=", "SELECT * FROM orders WHERE note = $1"],
    ];
    for (const [column, comparison, sql] of cases) {
      const parameter = { position: 1, column: { table: "orders", column }, comparison };
      const [proposal] = await on("normal", (session) => parameterProposals(session, { parameters: [parameter] }));
      for (const { value, estimatedRows = -1 } of proposal?.values ?? []) {
        const { json } = await on("normal", (session) => session.explain(request(sql, { parameters: [value] })));
        const planned = (planOf(json) as { "Plan Rows"?: number })["Plan Rows"] ?? 0;
        // The planner knows half buckets and a little more at the ends; it never expects less than one row.
        expect(
          Math.abs(Math.max(1, estimatedRows) - planned),
          `${sql} with ${value}: ${estimatedRows}, planned ${planned}`,
        ).toBeLessThanOrEqual(Math.max(2, planned * 0.02 + 20));
      }
    }
  });

  test("values of running statements are read on request", async () => {
    const other = await server.admin();
    await other.query("SELECT * FROM shop.orders WHERE status IN ('open', 'do''ne') AND total > -5.5");
    const { texts } = await on("normal", (session) => session.running());
    expect(texts).toContain("SELECT * FROM shop.orders WHERE status IN ('open', 'do''ne') AND total > -5.5");
    expect(texts.join()).not.toContain("db-optimize");
    const asReader = await on("reader", (session) => session.running());
    expect(asReader.texts.join()).not.toContain("do''ne");
    expect(asReader.hidden).toBeGreaterThan(0);
    await other.end();
  });

  const index = (keys: string[], more: Partial<IndexDefinition> = {}): IndexDefinition => ({
    schema: "shop",
    table: "orders",
    method: "btree",
    keys,
    ...more,
  });
  const whatIf = (id: string, sql: string, indexes: IndexDefinition[]) => on(id, (session) => session.whatIf(request(sql), indexes));

  test("plans with an index that does not exist", async () => {
    const answer = await whatIf("disposable", "SELECT * FROM orders WHERE customer_id = 5", [index(["customer_id"])]);
    expect(answer).toMatchObject({ method: major === 15 ? "hypopg" : "rolled-back-index", sizeBytes: expect.any(Number) as number });
    const { names, usedIndexes, sizeBytes } = answer as WhatIfAnswer;
    expect(usedIndexes).toEqual(names);
    expect(sizeBytes).toBeGreaterThan(100_000);
    const { tables } = await on("disposable", (session) => session.catalog());
    expect(tables.find(({ name }) => name === "orders")?.indexes.map(({ name }) => name)).toEqual(["orders_open", "orders_pkey"]);
    const plain = await on("disposable", (session) => session.explain(request("SELECT * FROM orders WHERE customer_id = 5")));
    expect(planOf(plain.json)["Node Type"]).toBe("Seq Scan");
  });

  test("expressions, predicates, INCLUDE and several indexes", async () => {
    const sql = "SELECT total FROM orders WHERE upper(status) = 'OPEN' AND customer_id < 10";
    const answer = await whatIf("disposable", sql, [
      index(["(upper(status))"], { predicate: "customer_id < 10", include: ["total"] }),
      index(["note"]),
    ]);
    const { names, usedIndexes } = answer as WhatIfAnswer;
    expect(usedIndexes).toEqual(names.slice(0, 1));
  });

  test("a normal connection has HypoPG or nothing", async () => {
    const answer = await whatIf("normal", "SELECT * FROM orders WHERE customer_id = 5", [index(["customer_id"])]);
    if (major === 15) expect(answer).toMatchObject({ method: "hypopg" });
    else expect(answer).toMatchObject({ unavailable: expect.stringMatching(/CREATE EXTENSION hypopg/) as string });
  });

  test.each([
    ["more than a key", index(["customer_id) ; DROP TABLE shop.orders; --"])],
    ["two keys in one", index(["customer_id, note"])],
    ["a function that may do anything", index(["(shop.custom(customer_id))"])],
    ["a predicate that ends the statement", index(["customer_id"], { predicate: "true; DROP TABLE shop.orders" })],
    ["a predicate with a file", index(["customer_id"], { predicate: "pg_read_file('x') = ''" })],
  ])("an index definition is judged: %s", async (_, definition) => {
    const error = await refusal(whatIf("disposable", "SELECT * FROM orders", [definition]));
    expect(["refused", "database", "usage"]).toContain(error.failure.kind);
    expect((await admin.query("SELECT FROM shop.orders LIMIT 1")).rowCount).toBe(1);
  });
});

describe("without pg_stat_statements", () => {
  let server: TestServer;
  beforeAll(async () => (server = await startServer(15)));
  afterAll(() => server.stop());

  const workload = async () => {
    const connections = createConnections({
      profiles: [profileFromDsn(`postgresql://postgres@127.0.0.1:${server.port}/postgres`, { id: "it" }).profile],
      password: () => Promise.resolve(undefined),
    });
    try {
      return await connections.lease("it", signal, (session) => session.workload());
    } finally {
      await connections.close();
    }
  };
  test("not loaded", async () => {
    expect(await workload()).toMatchObject({
      available: false,
      statements: [],
      reason: expect.stringMatching(/shared_preload_libraries.*CREATE EXTENSION/) as string,
    });
  });
  test("created and not loaded", async () => {
    const admin = await server.admin();
    await admin.query("CREATE EXTENSION pg_stat_statements");
    await admin.end();
    const { available, reason } = await workload();
    expect(available).toBe(false);
    expect(reason).toContain("shared_preload_libraries");
    expect(reason).not.toContain("CREATE EXTENSION");
  });
});
