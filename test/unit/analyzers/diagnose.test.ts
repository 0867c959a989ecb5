import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../../server/src/protocol/finding.js";
import { connectionPoolAnalyzer } from "../../../server/src/analyzers/diagnose/connectionPoolAnalyzer.js";
import { nPlusOneDetector } from "../../../server/src/analyzers/diagnose/nPlusOneDetector.js";
import { slowQueryAnalyzer } from "../../../server/src/analyzers/diagnose/slowQueryAnalyzer.js";
import { OptimizerError } from "../../../server/src/protocol/failure.js";
import { shortened } from "../../../server/src/analyzers/support.js";
import { initSql } from "../../../server/src/sql/index.js";
import { finding } from "./finding.js";
import { catalog, context, fakeSession, scanPlan, snapshot, statement, table } from "./fakes.js";

beforeAll(() => initSql());

const project = (...findings: readonly Finding[]) => ({ project: () => Promise.resolve({ findings, files: 1, catalog: catalog() }) });

describe("N+1", () => {
  const sends = [{ table: "orders", columns: ["user_id"] }];
  const run = async (query: string, calls: number, more: Partial<Finding> = { sends }) => {
    const workload = () => Promise.resolve(snapshot([statement("select 1"), statement(query, { calls }), statement("not sql at all ...")]));
    return nPlusOneDetector.run(context({ ...project(finding(more)), workload }));
  };

  it.each<[string, number, string, Partial<Finding>?]>([
    ["SELECT orders.id, orders.total FROM orders WHERE $1 = orders.user_id", 48_000, "workload"],
    ["SELECT o.id FROM public.orders AS o WHERE o.user_id = $1 ORDER BY o.id", 48_000, "workload"],
    ["SELECT o.id FROM orders o WHERE o.user_id = $1 AND o.status = $2", 48_000, "code"],
    ["SELECT o.id FROM orders o WHERE o.user_id IN ($1, $2)", 48_000, "code"],
    ["SELECT o.id FROM orders o WHERE o.user_id > $1", 48_000, "code"],
    ["SELECT i.id FROM items i WHERE i.user_id = $1", 48_000, "code"],
    ["UPDATE orders SET total = $2 WHERE user_id = $1", 48_000, "code"],
    ["SELECT orders.id FROM orders WHERE orders.user_id = $1", 12, "code"],
    ["SELECT orders.id FROM orders WHERE orders.user_id = $1", 48_000, "code", {}],
  ])("%s, %d times: %s", async (query, calls, level, more) => {
    const { findings = [] } = await run(query, calls, more);
    expect(findings.map(({ evidence }) => evidence.level)).toEqual(level === "code" ? [] : [level]);
    if (level === "workload") expect(findings[0]?.evidence.facts).toEqual(["the loop", expect.stringContaining("48,000 times")]);
  });

  it("counts only its own family, and knows no requests", async () => {
    const { summary, metrics } = await nPlusOneDetector.run(context(project(finding(), finding({ id: "f2", rule: "select-star" }))));
    expect(summary).toBe("1 place where a statement is sent per row.");
    expect(metrics?.[0]?.value).toBeUndefined();
  });
});

describe("slow statements", () => {
  const big = catalog(table("t", ["id", "a"]));
  const run = (explain: (sql: string) => string) =>
    slowQueryAnalyzer.run(
      context({
        session: fakeSession({ explain }),
        catalog: () => Promise.resolve(big),
        workload: () =>
          Promise.resolve(
            snapshot([
              statement("slow", { totalTimeMs: 900 }),
              statement("quick", { totalTimeMs: 100 }),
              statement("rare", { totalTimeMs: 1 }),
            ]),
          ),
      }),
    );

  it("say what their plans show, the unimportant left out", async () => {
    const { recommendations, summary } = await run((sql) =>
      scanPlan("t", sql === "slow" ? { Filter: "(a = $1)" } : { "Node Type": "Index Scan" }),
    );
    expect(recommendations?.map(({ title }) => title)).toEqual(["Slow: slow"]);
    expect(recommendations?.[0]?.why).toContain("will read about 100,000 rows to keep about 10");
    expect(summary).toBe("2 plans read, 1 statement with a visible cause.");
  });

  it("are left out where they cannot be planned", async () => {
    const { recommendations, notes } = await run((sql) => {
      if (sql === "slow") throw new OptimizerError({ kind: "refused", message: "No." });
      return scanPlan("t");
    });
    expect([recommendations, notes]).toEqual([[], ["1 statement could not be planned; the first: slow: No."]]);
  });
});

describe("titles of statements", () => {
  const columns = Array.from({ length: 12 }, (_, position) => `orders.column_${position} AS c${position}`).join(", ");
  it.each([
    ["SELECT 1", "SELECT 1"],
    [`SELECT ${columns},\n (SELECT max(x) FROM y) AS m\nFROM orders WHERE orders.id = $1`, "SELECT … FROM orders WHERE orders.id = $1"],
    [`UPDATE orders SET ${columns}`, /^UPDATE orders SET .*…$/],
    [`WITH x AS (SELECT 1) ${columns}`, /^WITH x AS .*…$/],
  ])("%s", (sql, expected) => {
    if (typeof expected === "string") expect(shortened(sql)).toBe(expected);
    else expect(shortened(sql)).toMatch(expected);
  });
});

describe("connections", () => {
  const run = (counters: object, more: object = {}, settings = {}) =>
    connectionPoolAnalyzer.run(context({ session: fakeSession({ counters, settings }), ...more }));

  it.each([
    [20, true, []],
    [75, false, ["75 % of the connections are in use"]],
    [95, false, ["95 % of the connections are in use"]],
  ])("%d of 100", async (connections, ok, titles) => {
    const { metrics, recommendations } = await run({ connections });
    expect(metrics?.[0]).toMatchObject({ value: connections, ok });
    expect(recommendations?.map(({ title }) => title)).toEqual(titles);
  });

  it("in open transactions are named with their application", async () => {
    const connectionsByState = [
      { state: "idle in transaction", application: "worker", count: 6 },
      { state: "active", application: "web", count: 2 },
      { state: "idle in transaction", application: "db-optimize", count: 1 },
    ];
    const { recommendations } = await run({ connectionsByState }, {}, { idle_in_transaction_session_timeout: ["0", "ms"] });
    expect(recommendations?.[0]).toMatchObject({ title: "6 connections idle in an open transaction", evidence: { facts: ["6 × worker"] } });
    expect(recommendations?.[0]?.action).toContain("idle_in_transaction_session_timeout");
  });

  it.each([
    [{ poolSize: 5, maxOverflow: 10, pools: 4 }, []],
    [{ poolSize: 5, maxOverflow: 10, pools: 8 }, ["The pools may open 120 connections, the server allows 100"]],
    [{ poolSize: 5, maxOverflow: -1, pools: 1 }, ["A pool without an upper bound"]],
  ])("pools %j", async (pools, titles) => {
    const { recommendations } = await run({}, { pools });
    expect(recommendations?.map(({ title }) => title)).toEqual(titles);
  });

  it("says what it does not know", async () => {
    const { notes } = await run({});
    expect(notes?.[0]).toContain("Pool sizes are not known");
  });
});
