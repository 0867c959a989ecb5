import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan, PlanNode } from "../../server/src/protocol/plan.js";
import { planFromJson } from "../../server/src/plan/index.js";
import { violations } from "../unit/plan/laws.js";
import { planCases, type PlanCase } from "./plans/queries.js";
import { deepPages, stage } from "./plans/stage.js";
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

function variantsOf(major: number): readonly (readonly string[])[] {
  const full = ["VERBOSE", "BUFFERS", "WAL", ...(major >= 17 ? ["SERIALIZE", "MEMORY"] : [])];
  return [full, ["BUFFERS"]];
}

function isBelow(node: PlanNode, plan: Plan, wanted: string): boolean {
  for (let at: PlanNode | undefined = node; at; at = at.parent === undefined ? undefined : plan.nodes[Number(at.parent)])
    if (at.subplanName?.startsWith(wanted) === true || at.title.includes(wanted)) return true;
  return false;
}

/** Blocks tell exactly in which node a guest was evaluated: nobody else may own what it read. */
function misplacedBlocks(plan: Plan, { guest }: PlanCase): readonly string[] {
  if (guest === undefined) return [];
  const read = ({ selfBuffers }: PlanNode): number => (selfBuffers?.sharedHit ?? 0) + (selfBuffers?.sharedRead ?? 0);
  const wrong = plan.nodes.filter((node) => read(node) >= deepPages && !isBelow(node, plan, guest));
  const right = plan.nodes.filter((node) => read(node) >= deepPages && isBelow(node, plan, guest));
  if (right.length === 0) return [`nobody in ${guest} has the blocks that it read`];
  return wrong.map((node) => `${node.id} ${node.title} has ${read(node)} blocks of ${guest}`);
}

/** These read no table: more than a look into the catalog, which each worker has to take for itself, is somebody else's. */
const idle = new Set([
  "Nested Loop",
  "Hash Join",
  "Merge Join",
  "Hash",
  "Materialize",
  "Memoize",
  "Limit",
  "Append",
  "CTE Scan",
  "Unique",
  "Gather",
]);
const catalogBlocks = 100;

function busyIdlers(plan: Plan): readonly string[] {
  return plan.nodes
    .filter(({ type, selfBuffers, participants = 1 }) => {
      const read = (selfBuffers?.sharedHit ?? 0) + (selfBuffers?.sharedRead ?? 0);
      return idle.has(type) && read > catalogBlocks * participants;
    })
    .map((node) => `${node.id} ${node.title} has ${node.selfBuffers?.sharedHit} + ${node.selfBuffers?.sharedRead} blocks of its own`);
}

function misplacedTriggers(plan: Plan, { inside }: PlanCase): readonly string[] {
  if (inside === undefined) return [];
  const found = plan.triggers.filter((trigger) => trigger.inside !== undefined).map(({ name }) => name);
  return found.join() === inside.join() ? [] : [`triggers inside: ${found.join()}`];
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
    await client.query("VACUUM ANALYZE");
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  test.each(planCases.filter(({ since = 10 }) => since <= major))("$name", async (planCase) => {
    const found: string[] = [];
    for (const options of variantsOf(major)) {
      const json = await explain(client, planCase, options);
      const { plan, problem } = planFromJson(json);
      if (!plan) throw new Error(problem);
      const wrong = [...violations(plan), ...misplacedBlocks(plan, planCase), ...misplacedTriggers(plan, planCase), ...busyIdlers(plan)];
      worst.add(`${major} ${planCase.name}`, plan);
      found.push(...wrong);
    }
    expect(found).toEqual([]);
  });
});
