import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OptimizerError } from "#protocol/failure";
import type { ExplainRequest } from "../../server/src/database/session.js";
import { createConnections, profileFromDsn, type ManagedConnections } from "../../server/src/database/index.js";
import { attacks, type Attack } from "./guard/attacks.js";
import { bodyAttacks, bodyHarmless } from "./guard/bodies.js";
import { harmless, type Harmless } from "./guard/harmless.js";
import { moreHarmless } from "./guard/moreHarmless.js";
import { readingAttacks } from "./guard/readings.js";
import { differences, takeSnapshot, type Snapshot } from "./guard/snapshot.js";
import { buildStage } from "./guard/stage.js";
import { startServer, type TestServer } from "./support/server.js";

const signal = new AbortController().signal;
const database = "stage";

describe.each([13, 15, 18] as const)("the guard on PostgreSQL %i, as superuser", (major) => {
  let server: TestServer;
  let admin: Client;
  let victim: Client;
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

  /** Each test's end is the next one's beginning. */
  let last: Snapshot | undefined;
  async function checkNothingChanged() {
    const before = last;
    last = await takeSnapshot(admin, victim, server.directory);
    if (before) expect(differences(before, last)).toEqual([]);
  }
  const explain = (id: string, sql: string, how: Partial<ExplainRequest>, consent = false) =>
    connections.lease(id, signal, (session) =>
      session.explain({ sql, analyze: false, parameters: [], genericPlan: false, consent: () => Promise.resolve(consent), ...how }),
    );

  /** Plain, with ANALYZE; and neither somebody's consent nor a plan without values opens a door to what must be refused. */
  async function checkAttack({ sql, parameters = [], shadowed, must }: Attack) {
    if (!last) await checkNothingChanged();
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
    await checkNothingChanged();
    for (const [way, outcome] of outcomes) {
      if (outcome !== "a plan") expect(outcome, way).toBeInstanceOf(OptimizerError);
      // Texts that older parsers would read otherwise fail before or at the server; the guard's own word is wanted for the rest.
      if (must)
        expect(outcome instanceof OptimizerError ? outcome.failure.kind : outcome, `${way}: ${String(outcome)}`).toMatch(
          /^(refused|database)$/,
        );
    }
  }

  async function checkHarmless({ sql, parameters = [], onlyPlain }: Harmless) {
    if (!last) await checkNothingChanged();
    for (const analyze of onlyPlain ? [false] : [false, true]) {
      const answer = await explain("plain", sql, { analyze, parameters });
      expect(JSON.parse(answer.json)).toMatchObject([{ Plan: { "Node Type": expect.any(String) as string } }]);
    }
    await checkNothingChanged();
  }

  const allAttacks = [...attacks, ...bodyAttacks, ...readingAttacks];
  const allHarmless = [...harmless, ...bodyHarmless, ...moreHarmless];
  const here = <T extends { since?: number }>(cases: readonly T[]) => cases.filter(({ since }) => since === undefined || since <= major);

  test.each(here(allAttacks))("attack $name", checkAttack);
  test.each(here(allHarmless))("harmless $name", checkHarmless);
});
