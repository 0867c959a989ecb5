import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OptimizerError } from "#protocol/failure";
import { createConnections, profileFromDsn, type ManagedConnections, type Session } from "../../server/src/database/index.js";
import { ground as groundOf, type Ambush } from "./guard/ambushes/ambush.js";
import { ground } from "./guard/ambushes/ground.js";
import { names } from "./guard/ambushes/names.js";
import { orders } from "./guard/ambushes/orders.js";
import { readings } from "./guard/ambushes/readings.js";
import { relations } from "./guard/ambushes/relations.js";
import { types } from "./guard/ambushes/types.js";
import { startServer, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;
const ambushes = { names, readings, types, orders, relations, ground };
const modes = [
  { mode: "plain", analyze: false, genericPlan: false, consent: false },
  { mode: "with ANALYZE", analyze: true, genericPlan: false, consent: false },
  { mode: "with ANALYZE and consent", analyze: true, genericPlan: false, consent: true },
  { mode: "as a generic plan", analyze: false, genericPlan: true, consent: false },
];

/** Each ambush lies in a database of its own: what one makes of a type would be in the way of the others' harmless statements. */
describe.concurrent.each([13, 15, 18] as const)("ambushes on PostgreSQL %i, as superuser", (major) => {
  let server: TestServer;
  let maintenance: Client;
  let made = 0;

  beforeAll(async () => {
    server = await startServer(major);
    maintenance = await server.admin();
    await maintenance.query("CREATE DATABASE ground");
    const first = await server.admin("ground");
    await first.query(groundOf(server.port));
    await first.end();
  });
  afterAll(async () => {
    await maintenance.end();
    await server.stop();
  });

  async function inAmbush(
    { path, options, setup }: Ambush,
    use: (connections: ManagedConnections, leaks: () => Promise<number>) => Promise<void>,
  ) {
    const database = `ambush_${++made}`;
    await maintenance.query(`CREATE DATABASE ${database} TEMPLATE ground`);
    const admin = await server.admin(database);
    const extra = `options=-csearch_path%3D${path ?? "app,public"}${options ?? ""}`.replaceAll("$DATABASE", database);
    const dsn = `postgresql://postgres@127.0.0.1:${server.port}/${database}?sslmode=disable&${extra}`;
    const connections = createConnections({
      profiles: [profileFromDsn(dsn, { id: "c", statementTimeout: 20 }).profile],
      password: () => Promise.resolve(undefined),
    });
    try {
      await admin.query(setup.replaceAll("$DATABASE", database));
      await admin.query("TRUNCATE app.audit");
      // No casts and no operators here: they may be the ambush.
      await use(connections, async () => (await admin.query("SELECT n FROM app.audit")).rows.length);
    } finally {
      await connections.close();
      await admin.end();
    }
  }

  const explain = (connections: ManagedConnections, sql: string, how: (typeof modes)[number], parameters: readonly string[]) =>
    connections.lease("c", signal, (session) =>
      session.explain({ sql, ...how, parameters: sql.includes("$1") ? parameters : [], consent: () => Promise.resolve(how.consent) }),
    );

  async function checkAmbush(ambush: Ambush) {
    await inAmbush(ambush, async (connections, leaks) => {
      for (const sql of ambush.attacks)
        for (const how of modes) {
          const outcome: unknown = await explain(connections, sql, how, ambush.parameters ?? []).catch((error: unknown) => error);
          expect(await leaks(), `${sql}, ${how.mode}`).toBe(0);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OptimizerError);
        }
      for (const sql of ambush.harmless ?? [])
        for (const how of modes.slice(0, 2))
          expect((await explain(connections, sql, how, [])).json, `${sql}, ${how.mode}`).toContain("Plan");
    });
  }

  /** Whatever reads the catalog for its own purposes must not step into it either. */
  async function checkReading(ambush: Ambush) {
    const readings: ((session: Session) => Promise<unknown>)[] = [
      (session) => session.catalog(),
      (session) => session.column({ schema: "app", table: "users", column: "mood" }),
      (session) => session.settings(),
      (session) => session.counters(),
    ];
    await inAmbush(ambush, async (connections, leaks) => {
      for (const reading of readings) {
        const outcome: unknown = await connections.lease("c", signal, reading).catch((error: unknown) => error);
        expect(await leaks(), String(reading)).toBe(0);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OptimizerError);
      }
    });
  }

  const here = (list: readonly Ambush[]) => list.filter(({ since, until }) => (since ?? 0) <= major && major <= (until ?? Infinity));
  for (const [kind, list] of Object.entries(ambushes)) test.sequential.each(here(list))(`${kind}: $name`, checkAmbush);
  test.sequential.each(here(ground))("reading the catalog: $name", checkReading);
});
