import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "pg";
import { createConnections, profileFromDsn, type ManagedConnections } from "../../server/src/database/index.js";
import { planInsights, readPlans } from "../../server/src/plan/index.js";
import type { Catalog } from "../../server/src/catalog/catalog.js";
import type { Plan, PlanInsight } from "../../server/src/protocol/plan.js";
import { initSql } from "../../server/src/sql/index.js";
import { innocents, type Innocent } from "./insights/innocent.js";
import { commonStage, situations, type Situation } from "./insights/situations.js";
import { startServer, type Major, type TestServer } from "./support/server.js";

interface Stage {
  readonly server: TestServer;
  readonly admin: Client;
  readonly connections: ManagedConnections;
}

const stages = new Map<Major, Stage>();

beforeAll(async () => {
  await initSql();
  for (const major of [15, 18] as const) stages.set(major, await raise(major));
}, 300_000);

afterAll(async () => {
  for (const { server, admin, connections } of stages.values()) {
    await connections.close();
    await admin.end();
    await server.stop();
  }
});

/** What a statement changes is counted before the next one, which may be an ANALYZE, not up to a second later. */
async function build(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await client.query(statement);
    await client.query("SELECT pg_stat_force_next_flush()");
  }
}

async function raise(major: Major): Promise<Stage> {
  const server = await startServer(major, { settings: ["shared_buffers = 256MB", "jit = on", "max_worker_processes = 8"] });
  const client = await server.admin();
  await build(client, commonStage);
  // Less than a quarter of shared buffers, so that what was read stays there; read by nobody before the restart.
  await client.query("CREATE TABLE cold AS SELECT * FROM events");
  await client.query("VACUUM (FREEZE, ANALYZE) cold");
  await client.end();
  await server.restart();
  const { profile } = profileFromDsn(`postgresql://postgres@127.0.0.1:${server.port}/postgres?sslmode=disable`, {
    id: "it",
    class: "normal",
  });
  const connections = createConnections({ profiles: [profile], password: () => Promise.resolve(undefined) });
  return { server, admin: await server.admin(), connections };
}

interface Run {
  readonly plan: Plan;
  readonly insights: readonly PlanInsight[];
  readonly source: string;
}

const formats = ["JSON", "TEXT", "YAML", "XML"] as const;

/** Executes the statement and takes back what it changed. */
async function explained(client: Client, sql: string, catalog: Catalog, format: (typeof formats)[number] = "JSON"): Promise<Run> {
  await client.query("BEGIN");
  try {
    const { rows } = await client.query<{ "QUERY PLAN": unknown }>(
      `EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT ${format}) ${sql}`,
    );
    const lines = rows.map((row) => row["QUERY PLAN"]);
    const source = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const { plans, problems } = readPlans(source);
    if (!plans[0]) throw new Error(problems.map(({ message }) => message).join("; "));
    return { plan: plans[0], source, insights: planInsights(plans[0], catalog) };
  } finally {
    await client.query("ROLLBACK");
  }
}

const blocks = ({ plan }: Run): number => (plan.buffers?.sharedHit ?? 0) + (plan.buffers?.sharedRead ?? 0);
const temp = ({ plan }: Run): number => plan.buffers?.tempWritten ?? 0;

async function catalogOf({ connections }: Stage): Promise<Catalog> {
  return connections.lease("it", new AbortController().signal, (session) => session.catalog());
}

/** `SET LOCAL` is meant for the transaction of the statement; here the session stands for it. */
const forSession = (sql: string): readonly string[] => sql.split("\n").map((line) => line.replace("SET LOCAL", "SET"));

async function follow(client: Client, situation: Situation, insight: PlanInsight): Promise<void> {
  const statements = situation.mend === "as advised" ? forSession(insight.sql ?? "") : (situation.mend ?? []);
  expect(situation.mend === "as advised" ? insight.sql : "given").toBeTruthy();
  for (const statement of statements) await client.query(statement);
}

/** What the plan says does not depend on the format in which it was written. */
async function checkFormats(client: Client, { sql, rule }: Situation, stage: Stage): Promise<void> {
  for (const format of formats.slice(1)) {
    const run = await explained(client, sql, await catalogOf(stage), format);
    expect(
      run.insights.map((insight) => insight.rule),
      `${format}\n${run.source}`,
    ).toContain(rule);
  }
}

const named = (run: Run): readonly string[] => run.insights.map(({ rule, message }) => `${rule}: ${message}`);

interface Scene {
  readonly major?: Major;
  readonly stage?: readonly string[];
  readonly settings?: readonly string[];
}

/** A session of its own for which the stage is set. */
async function perform(scene: Scene, act: (client: Client, stage: Stage) => Promise<void>): Promise<void> {
  const stage = stages.get(scene.major ?? 18);
  if (!stage) throw new Error("no server");
  const client = await stage.server.admin();
  try {
    await build(client, scene.stage ?? []);
    await client.query("SET max_parallel_workers_per_gather = 0");
    await client.query("SET jit = on");
    for (const setting of scene.settings ?? []) await client.query(`SET ${setting}`);
    await act(client, stage);
  } finally {
    await client.end();
  }
}

const prove = (situation: Situation): Promise<void> =>
  perform(situation, async (client, stage) => {
    const before = await explained(client, situation.sql, await catalogOf(stage));
    const insight = before.insights.find(({ rule }) => rule === situation.rule);
    expect(insight, `fired instead: ${named(before).join("; ")}\n${before.source}`).toBeDefined();
    if (!insight) return;
    if (!situation.once) await checkFormats(client, situation, stage);
    await follow(client, situation, insight);
    const after = await explained(client, situation.instead ?? situation.sql, await catalogOf(stage));
    expect(named(after).filter((text) => text.startsWith(`${situation.rule}:`))).toEqual([]);
    if (situation.less === "blocks") expect(blocks(after)).toBeLessThan(blocks(before) / 2);
    if (situation.less === "temp") expect([temp(before) > 0, temp(after)]).toEqual([true, 0]);
  });

const acquit = (innocent: Innocent): Promise<void> =>
  perform(innocent, async (client, stage) => {
    const run = await explained(client, innocent.sql, await catalogOf(stage));
    const wrong = run.insights.filter(({ rule }) => !innocent.but?.includes(rule));
    expect(named({ ...run, insights: wrong }), run.source).toEqual([]);
  });

describe("insights on a real server: the situation fires, the advice silences", () => {
  it.each(situations)("$rule: $about", prove, 120_000);
});

describe("what only looks wrong on a real server is not told", () => {
  it.each(innocents)("$about (no $tempts)", acquit, 120_000);
});
