import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planFromJson } from "../../server/src/plan/index.js";
import { violations } from "../unit/plan/laws.js";
import { planCases, type PlanCase } from "./plans/queries.js";
import { foreignStage, stage } from "./plans/stage.js";
import { untruths } from "./plans/truths.js";
import { WorstCases } from "./plans/worstCases.js";
import { startServer, type TestServer } from "./support/server.js";

const majors = [13, 15, 18] as const;

/** Explains in a transaction that is rolled back. */
async function explain(client: Client, { sql, settings = {}, before = [] }: PlanCase, options: readonly string[]): Promise<string> {
  await client.query("BEGIN");
  try {
    for (const [name, value] of Object.entries(settings)) await client.query(`SET LOCAL ${name} = '${value}'`);
    for (const statement of before) await client.query(statement);
    const { rows } = await client.query<{ "QUERY PLAN": unknown }>(`EXPLAIN (ANALYZE, FORMAT JSON, ${options.join(", ")}) ${sql}`);
    return JSON.stringify(rows[0]?.["QUERY PLAN"]);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** RECORD_PLANS=1 writes the plans down for the unit tests, where they are the ground of the mutations. */
const recordedFile = (major: number): string => join(import.meta.dirname, `../fixtures/plans/cases/pg${major}.json`);
const recordedMajors: readonly number[] = [13, 18];

function variantsOf(major: number): readonly (readonly string[])[] {
  const full = ["VERBOSE", "BUFFERS", "WAL", ...(major >= 17 ? ["SERIALIZE", "MEMORY"] : [])];
  return [full, ["BUFFERS"]];
}

const worst = new WorstCases();
afterAll(() => {
  if (process.env["PLAN_REPORT"]) console.log(worst.report());
});

describe.each(majors)("plans of PostgreSQL %i", (major) => {
  let server: TestServer;
  let client: Client;

  beforeAll(async () => {
    server = await startServer(major, { settings: ["track_io_timing = on", "jit = off"] });
    client = await server.admin();
    await client.query(stage);
    await client.query(foreignStage(server.port, major));
    await client.query("VACUUM ANALYZE");
  }, 120_000);

  const recorded: Record<string, unknown> = {};

  afterAll(async () => {
    const lines = Object.entries(recorded).map(([name, document]) => `${JSON.stringify(name)}: ${JSON.stringify(document)}`);
    if (process.env["RECORD_PLANS"] && recordedMajors.includes(major)) writeFileSync(recordedFile(major), `{\n${lines.join(",\n")}\n}\n`);
    await client.end();
    await server.stop();
  });

  test.each(planCases.filter(({ since = 10 }) => since <= major))("$name", async (planCase) => {
    const found: string[] = [];
    for (const options of variantsOf(major)) {
      const json = await explain(client, planCase, options);
      const { plan, problem } = planFromJson(json);
      if (!plan) throw new Error(problem);
      const wrong = [...violations(plan), ...untruths(plan, planCase)];
      worst.add(`${major} ${planCase.name}`, plan);
      if (options.length > 1 && planCase.recorded !== false) recorded[planCase.name] = JSON.parse(json) as unknown;
      found.push(...wrong);
    }
    expect(found).toEqual([]);
  });
});
