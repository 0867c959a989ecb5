import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "pg";
import type { Plan } from "../../server/src/protocol/plan.js";
import { planToText, readPlans } from "../../server/src/plan/index.js";
import { startServer, type Major, type TestServer } from "./support/server.js";

const schema = `
  CREATE TABLE parent (id int PRIMARY KEY, note text, "Odd Name" int) PARTITION BY RANGE (id);
  CREATE TABLE low PARTITION OF parent FOR VALUES FROM (0) TO (500);
  CREATE TABLE high PARTITION OF parent FOR VALUES FROM (500) TO (1000);
  INSERT INTO parent SELECT g, 'note ' || g, g % 7 FROM generate_series(0, 999) g;
  CREATE TABLE child (id int REFERENCES parent, k int);
  CREATE INDEX "child (k)" ON child (k);
  INSERT INTO child SELECT g % 1000, g % 30 FROM generate_series(0, 4999) g;
  ANALYZE;`;

const statements: Readonly<Record<string, string>> = {
  "a join with a sort": `SELECT p."Odd Name", count(*) FROM parent p JOIN child c USING (id) WHERE p.note LIKE '%<1&"%' GROUP BY 1 ORDER BY 1 DESC`,
  "grouping sets": `SELECT "Odd Name", note, count(*) FROM parent GROUP BY GROUPING SETS (("Odd Name", note), ("Odd Name"), (note), ())`,
  "CTEs and subplans": `WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 20), m AS MATERIALIZED (SELECT * FROM child WHERE k < 5)
     SELECT (SELECT max(n) FROM r), EXISTS (SELECT 1 FROM m b WHERE b.k = m.k + 1), m.* FROM m WHERE id NOT IN (SELECT id FROM low)`,
  "a bitmap scan": `SELECT * FROM child WHERE k = 3 OR k = 4`,
  "functions and values": `SELECT * FROM generate_series(1, 3) g(x), (VALUES (1, 'a'), (2, E'two\\nlines: ->  Sort  (cost=1..2')) v(a, b), json_each('{"a": 1}') j LIMIT 4 OFFSET 1`,
  "an update of partitions": `UPDATE parent SET note = note || 'x' WHERE "Odd Name" = 3`,
  "an insert with a trigger": `INSERT INTO child SELECT 1, 2 FROM generate_series(1, 3)`,
  "set operations and windows": `SELECT k, row_number() OVER (PARTITION BY k ORDER BY id) FROM child WHERE k < 3 EXCEPT SELECT 1, 2 UNION SELECT 5, 6`,
  "never executed": `SELECT * FROM child c LEFT JOIN parent p ON p.id = c.id AND c.k < 0 WHERE false OR c.k > 1000`,
};

const lists = new Set(["Output", "Sort Key", "Group Key", "Presorted Key", "Filter", "Index Cond", "Recheck Cond", "Join Filter", "Hash Cond", "Merge Cond", "Grouping Sets", "Target Tables", "Function Call"]); // prettier-ignore

/** Up to 13 the input of INSERT, UPDATE and DELETE is a “Member”; TEXT does not say so. */
const relationship = (node: Plan["nodes"][number]): string | undefined => (node.relationship === "Member" ? "Outer" : node.relationship);

/** What four runs of one statement have in common. */
function shape(plan: Plan | undefined): unknown {
  return plan?.nodes.map((node) => ({
    ...{ title: node.title, type: node.type, parent: node.parent, relationship: relationship(node), subplanName: node.subplanName },
    ...{ relation: node.relation, schema: node.schema, alias: node.alias, index: node.index, loops: node.loops, rows: node.rows },
    never: node.neverExecuted,
    // A statement that writes leaves the table larger, rolled back or not.
    ...(plan.analyzed ? {} : { cost: node.totalCost, estimate: node.estimatedRows }),
    details: node.details.filter(({ key }) => lists.has(key)).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }));
}

const around = (plan: Plan | undefined): unknown => [
  plan?.analyzed,
  plan?.triggers.map(({ constraint, calls }) => [constraint, calls]),
  plan?.executionTimeMs !== undefined,
];

describe.each([13, 15, 18] as const)("PostgreSQL %i", (major: Major) => {
  let server: TestServer;
  let client: Client;
  beforeAll(async () => {
    server = await startServer(major, {});
    client = await server.admin();
    await client.query(schema);
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  async function explain(statement: string, format: string, options: string): Promise<string> {
    await client.query("BEGIN");
    try {
      const { rows } = await client.query<string[]>({ text: `EXPLAIN (${options}, FORMAT ${format}) ${statement}`, rowMode: "array" });
      return rows.map(([cell]) => (typeof cell === "string" ? cell : JSON.stringify(cell, undefined, 2))).join("\n");
    } finally {
      await client.query("ROLLBACK");
    }
  }

  describe.each(["ANALYZE, VERBOSE, BUFFERS", "ANALYZE, TIMING OFF, BUFFERS", "COSTS OFF", "VERBOSE"])("%s", (options) => {
    it.each(Object.entries(statements))("%s", async (_, statement) => {
      const expected = readPlans(await explain(statement, "JSON", options)).plans[0];
      for (const format of ["TEXT", "XML", "YAML"]) {
        const source = await explain(statement, format, options);
        const { plans, problems } = readPlans(source);
        expect(problems, source).toEqual([]);
        expect(plans).toHaveLength(1);
        expect(shape(plans[0]), source).toEqual(shape(expected));
        expect(around(plans[0])).toEqual(around(expected));
      }
      const written = readPlans(planToText(expected as Plan));
      expect(written.problems).toEqual([]);
      expect(shape(written.plans[0]), planToText(expected as Plan)).toEqual(shape(expected));
    });
  });
});
