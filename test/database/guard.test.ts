import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { OptimizerError } from "#protocol/failure";
import type { ExplainRequest } from "../../server/src/database/session.js";
import { createConnections, profileFromDsn, type ManagedConnections } from "../../server/src/database/index.js";
import { attacks, type Attack } from "./guard/attacks.js";
import { bodyAttacks, bodyHarmless } from "./guard/bodies.js";
import { harmless, type Harmless } from "./guard/harmless.js";
import { moreHarmless } from "./guard/moreHarmless.js";
import { readingAttacks } from "./guard/readings.js";
import { Watch } from "./guard/snapshot.js";
import { buildStage } from "./guard/stage.js";
import { startServer, type TestServer } from "./support/server.js";

interface Damage {
  readonly damage: string;
  /** The line of the snapshot that shows it. */
  readonly in: string;
  /** Too costly to be seen at a glance. */
  readonly whole?: true;
}

const damages: readonly Damage[] = [
  { damage: "INSERT INTO app.audit VALUES (1)", in: "transactions" },
  { damage: "INSERT INTO app.audit VALUES (1)", in: "app.audit", whole: true },
  { damage: "BEGIN; CREATE TABLE app.made (); ROLLBACK", in: "transactions" },
  { damage: "CREATE FUNCTION app.made() RETURNS int LANGUAGE sql AS 'SELECT 1'", in: "pg_proc", whole: true },
  { damage: "SELECT nextval('app.numbers')", in: "sequences" },
  { damage: "SELECT pg_advisory_lock(1)", in: "locks" },
  { damage: "SELECT pg_create_physical_replication_slot('s')", in: "slots" },
  { damage: "COPY (SELECT 1) TO '$DIRECTORY/mark'", in: "files" },
  { damage: "SELECT lo_export(4711, '$DIRECTORY/exported')", in: "files" },
  { damage: "SELECT lo_unlink(4711)", in: "pg_largeobject", whole: true },
  { damage: "ALTER SYSTEM SET work_mem = '5MB'", in: "configuration" },
  { damage: "SELECT pg_reload_conf(), pg_sleep(0.2)", in: "reloaded" },
  { damage: "SELECT pg_stat_reset()", in: "statistics" },
  { damage: "SET application_name = 'another'", in: "sessions" },
  { damage: "ALTER ROLE plain SET work_mem = '6MB'", in: "pg_db_role_setting", whole: true },
];

const signal = new AbortController().signal;
const database = "stage";

/** A whole look comes after so many tests, and in the end; after each of the others a glance. */
const wholeLookEvery = 40;

/** The versions side by side, the tests of each one after the other. */
describe.concurrent.each([13, 15, 18] as const)("the guard on PostgreSQL %i, as superuser", (major) => {
  let server: TestServer;
  let admin: Client;
  let victim: Client;
  let watch: Watch;
  let connections: ManagedConnections;

  beforeAll(async () => {
    server = await startServer(major, {
      settings: ["shared_preload_libraries = 'pg_stat_statements'", "max_prepared_transactions = 2", "wal_level = logical"],
    });
    const first = await server.admin();
    await first.query(`CREATE DATABASE ${database}`);
    await first.end();
    admin = await server.admin(database);
    victim = await server.admin(database);
    await buildStage(admin, { port: server.port, directory: server.directory, database });
    watch = new Watch(admin, victim, server.directory);
    await watch.glance();
    await watch.look();
    const dsn = `postgresql://postgres@127.0.0.1:${server.port}/${database}?sslmode=disable`;
    const path = "&options=-csearch_path%3D";
    const limits = { statementTimeout: 20 };
    connections = createConnections({
      profiles: [
        profileFromDsn(`${dsn}${path}app,public`, { id: "plain", ...limits }).profile,
        profileFromDsn(`${dsn}${path}shadow,pg_catalog,app,public`, { id: "shadowed", ...limits }).profile,
      ],
      password: () => Promise.resolve(undefined),
    });
  });
  afterAll(async () => {
    await connections.close();
    await victim.end();
    await admin.end();
    await server.stop();
  });

  /** Tried since the last whole look. */
  let tried: string[] = [];
  async function checkNothingChanged(name: string) {
    tried.push(name);
    expect(await watch.glance()).toEqual([]);
    if (tried.length >= wholeLookEvery) await checkWhole();
  }
  async function checkWhole() {
    const since = tried;
    tried = [];
    expect(await watch.look(), `since ${since.join(", ")}`).toEqual([]);
  }
  const explain = (id: string, sql: string, how: Partial<ExplainRequest>, consent = false) =>
    connections.lease(id, signal, (session) =>
      session.explain({ sql, analyze: false, parameters: [], genericPlan: false, consent: () => Promise.resolve(consent), ...how }),
    );

  /** Plain, with ANALYZE; and neither somebody's consent nor a plan without values opens a door to what must be refused. */
  async function checkAttack({ name, sql: text, parameters = [], shadowed, must }: Attack) {
    const sql = text.replaceAll("$DIRECTORY", server.directory);
    const outcomes = new Map<string, unknown>();
    const attempt = async (way: string, how: Partial<ExplainRequest>, consent = false) => {
      const plan = explain(shadowed ? "shadowed" : "plain", sql, { parameters, ...how }, consent);
      outcomes.set(
        way,
        await plan.then(
          () => "a plan",
          (error: unknown) => error,
        ),
      );
    };
    await attempt("plain", {});
    await attempt("with ANALYZE", { analyze: true });
    if (must) await attempt("with consent", { analyze: true }, true);
    if (must) await attempt("as a generic plan", { genericPlan: true });
    await checkNothingChanged(name);
    for (const [way, outcome] of outcomes) {
      if (outcome !== "a plan") expect(outcome, way).toBeInstanceOf(OptimizerError);
      // Texts that older parsers would read otherwise fail before or at the server; the guard's own word is wanted for the rest.
      if (must === true || (must === "run" && way.startsWith("with")))
        expect(outcome instanceof OptimizerError ? outcome.failure.kind : outcome, `${way}: ${String(outcome)}`).toMatch(
          /^(refused|database)$/,
        );
    }
  }

  async function checkHarmless({ name, sql, parameters = [], onlyPlain }: Harmless) {
    for (const analyze of onlyPlain ? [false] : [false, true]) {
      const answer = await explain("plain", sql, { analyze, parameters });
      expect(JSON.parse(answer.json)).toMatchObject([{ Plan: { "Node Type": expect.any(String) as string } }]);
    }
    await checkNothingChanged(name);
  }

  const allAttacks = [...attacks, ...bodyAttacks, ...readingAttacks];
  const allHarmless = [...harmless, ...bodyHarmless, ...moreHarmless];
  const here = <T extends { since?: number }>(cases: readonly T[]) => cases.filter(({ since }) => since === undefined || since <= major);

  test.sequential.each(here(allAttacks))("attack $name", checkAttack);
  test.sequential.each(here(allHarmless))("harmless $name", checkHarmless);
  test.sequential("nothing at all has changed", checkWhole);

  /** Without this the tests above could be blind. */
  async function checkNoticed({ damage, in: line, whole }: Damage) {
    await victim.query(damage.replaceAll("$DIRECTORY", server.directory));
    // Signals and statistics take a moment.
    const seen: string[] = [];
    await vi.waitFor(
      async () => {
        seen.push(...(await (whole ? watch.look() : watch.glance())));
        expect(seen.join("\n")).toMatch(new RegExp(`^${line}: `, "m"));
      },
      { timeout: 20_000 },
    );
    if (!whole) expect((await watch.look()).join("\n")).toMatch(new RegExp(`^${line}: `, "m"));
  }
  test.sequential.each(damages)("what an attack would leave is noticed: $in", checkNoticed);
});
