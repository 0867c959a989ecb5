import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConnectionProfile } from "#protocol/connection";
import { OptimizerError, type FailureKind } from "#protocol/failure";
import { createConnections, profileFromDsn, type ManagedConnections } from "../../server/src/database/index.js";
import { refusing, silent, slammed, ssh, telling, web, type Fake } from "./support/fakes.js";
import { startServer, type TestServer } from "./support/server.js";

const secret = "correct horse battery staple";
const signal = new AbortController().signal;
const no = () => Promise.resolve(false);

/** The words that a person is shown, after making sure that they are words: no stack, no password, all parts. */
async function failureOf(work: Promise<unknown>): Promise<{ kind: FailureKind; message: string; advice?: string }> {
  const error: unknown = await work.then(
    () => new Error("nothing failed"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OptimizerError)) throw error;
  const all = JSON.stringify(error.failure);
  expect(all).not.toContain(secret);
  expect(all).not.toMatch(/\.ts:|\.js:|node_modules|undefined/);
  expect(error.failure.advice).toBeTruthy();
  return error.failure;
}

function connectionsFor(dsn: string, overrides: Partial<ConnectionProfile> = {}, passwords: readonly string[] = []): ManagedConnections {
  const asked = [...passwords];
  return createConnections({
    profiles: [profileFromDsn(dsn, { id: "it", connectTimeout: 2, ...overrides }).profile],
    password: () => Promise.resolve(asked.shift()),
    surroundings: { env: {}, home: "/nonexistent", userName: "nobody", read: () => undefined, exists: () => false, windows: false },
  });
}

async function tryOut(dsn: string, overrides: Partial<ConnectionProfile> = {}, passwords: readonly string[] = []) {
  const connections = connectionsFor(dsn, overrides, passwords);
  try {
    return await connections.lease("it", signal, async (session) => {
      await session.explain({ sql: "SELECT 1", analyze: false, parameters: [], genericPlan: false, consent: no });
      return session.status;
    });
  } finally {
    await connections.close();
  }
}

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => undefined as void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

describe("what is not PostgreSQL, or not healthy", () => {
  async function checkFake(make: () => Promise<Fake>, wanted: RegExp, tls = "prefer") {
    const fake = await make();
    try {
      const failure = await failureOf(tryOut(`postgresql://me:${encodeURIComponent(secret)}@127.0.0.1:${fake.port}/db?sslmode=${tls}`));
      expect(failure).toMatchObject({ kind: "unreachable", message: expect.stringMatching(wanted) as string });
    } finally {
      await fake.close();
    }
  }
  test.each([
    ["a web server", web, /is not PostgreSQL/, "prefer"],
    ["a web server in the clear", web, /is not PostgreSQL/, "disable"],
    ["an SSH server", ssh, /is not PostgreSQL/, "prefer"],
    ["an SSH server in the clear", ssh, /is not PostgreSQL/, "disable"],
    ["a silent socket", silent, /did not answer as PostgreSQL within 2 s/, "prefer"],
    ["a silent socket in the clear", silent, /did not answer as PostgreSQL within 2 s/, "disable"],
    ["a socket that closes", slammed, /closed the connection/, "prefer"],
    ["a server that is starting", () => refusing("57P03", "the database system is starting up"), /not ready .*starting up/, "prefer"],
    ["a full server", () => refusing("53300", "sorry, too many clients already"), /no free connection left/, "prefer"],
    ["a server that forbids the database", () => refusing("42501", "permission denied for database"), /may not connect/, "prefer"],
    [
      "PostgreSQL 12",
      () =>
        telling(
          ["version", "version_text", "product", "search_path", "encoding"],
          ["120022", "12.22", "PostgreSQL 12.22", "public", "UTF8"],
        ),
      /is PostgreSQL 12\.22; this tool needs 13/,
      "prefer",
    ],
    [
      "another product",
      () =>
        telling(
          ["version", "version_text", "product", "search_path", "encoding"],
          ["130000", "13.0", "CockroachDB CCL v24.1 (x86)", "public", "UTF8"],
        ),
      /another product: CockroachDB CCL v24\.1/,
      "prefer",
    ],
  ] as const)("%s", (_, make, wanted, tls) => checkFake(make, wanted, tls));

  test("a closed port", async () => {
    const fake = await silent();
    await fake.close();
    expect(await failureOf(tryOut(`postgresql://127.0.0.1:${fake.port}/db`))).toMatchObject({
      kind: "unreachable",
      message: `Nothing listens on 127.0.0.1:${fake.port}.`,
    });
  });
  test("an unknown host", async () => {
    expect((await failureOf(tryOut("postgresql://no-such-host.invalid/db"))).message).toContain(
      'The host "no-such-host.invalid" is not known',
    );
  });
  test("an unknown connection", async () => {
    const connections = createConnections({ profiles: [], password: () => Promise.resolve(undefined) });
    expect(await failureOf(connections.lease("nope", signal, () => Promise.resolve()))).toMatchObject({ kind: "usage" });
  });
});

describe("a real server", () => {
  let server: TestServer;
  let base: string;

  beforeAll(async () => {
    server = await startServer(15, {
      hba: ["host all barred 127.0.0.1/32 reject", "hostssl all tlsonly 127.0.0.1/32 trust", "hostnossl all clearonly 127.0.0.1/32 trust"],
    });
    const admin = await server.admin();
    await admin.query(`CREATE ROLE me LOGIN PASSWORD '${secret}'`);
    for (const role of ["barred", "tlsonly", "clearonly"]) await admin.query(`CREATE ROLE ${role} LOGIN`);
    await admin.query("CREATE TABLE secrets (n int); CREATE TABLE big AS SELECT generate_series(1, 1000) n");
    await admin.end();
    base = `127.0.0.1:${server.port}/postgres`;
  });
  afterAll(() => server.stop());

  test("the right password", async () => {
    expect(await tryOut(`postgresql://me@${base}`, {}, [secret])).toMatchObject({
      state: "connected",
      serverVersion: expect.stringMatching(/^15/) as string,
      target: `me@${base}`,
    });
  });
  test("a wrong password, then the right one", async () => {
    expect(await tryOut(`postgresql://me@${base}`, {}, ["wrong", secret])).toMatchObject({ state: "connected" });
  });
  test("wrong passwords only", async () => {
    expect((await failureOf(tryOut(`postgresql://me@${base}`, {}, ["wrong", "wrong"]))).message).toContain('refused the password of "me"');
  });
  test("no password", async () => {
    expect((await failureOf(tryOut(`postgresql://me@${base}`))).message).toContain('asks for the password of "me"');
  });
  test("a database that is missing", async () => {
    expect((await failureOf(tryOut(`postgresql://postgres@127.0.0.1:${server.port}/nope`))).message).toContain(
      'The database "nope" does not exist',
    );
  });
  test("a user that pg_hba.conf keeps out", async () => {
    expect((await failureOf(tryOut(`postgresql://barred@${base}`))).message).toContain('does not let "barred" in');
  });
  test("TLS asked for and not offered", async () => {
    expect((await failureOf(tryOut(`postgresql://postgres@${base}?sslmode=require`))).message).toContain("does not offer TLS");
  });
  test("permission denied on a table", async () => {
    const connections = connectionsFor(`postgresql://me@${base}`, {}, [secret]);
    const explain = connections.lease("it", signal, (session) =>
      session.explain({ sql: "SELECT * FROM secrets", analyze: true, parameters: [], genericPlan: false, consent: no }),
    );
    expect(await failureOf(explain)).toMatchObject({
      kind: "database",
      message: expect.stringContaining("permission denied for table secrets") as string,
    });
    await connections.close();
  });
  test("a statement timeout", async () => {
    const connections = connectionsFor(`postgresql://postgres@${base}`, { statementTimeout: 1 });
    const explain = connections.lease("it", signal, (session) =>
      session.explain({ sql: "SELECT pg_sleep(30)", analyze: true, parameters: [], genericPlan: false, consent: no }),
    );
    expect((await failureOf(explain)).message).toContain("stopped after 1 s");
    await connections.close();
  });

  async function checkActivity(pattern: string, wanted: number) {
    const admin = await server.admin();
    const deadline = Date.now() + 10_000;
    let count: number;
    do {
      const { rows } = await admin.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid() AND state <> 'idle'",
        [pattern],
      );
      count = rows[0]?.n ?? -1;
    } while (count !== wanted && Date.now() < deadline);
    await admin.end();
    expect(count).toBe(wanted);
  }

  test("cancelling leaves nothing behind, and the next lease works", async () => {
    const connections = connectionsFor(`postgresql://postgres@${base}`);
    const stop = new AbortController();
    const explain = failureOf(
      connections.lease("it", stop.signal, (session) =>
        session.explain({ sql: "SELECT pg_sleep(25)", analyze: true, parameters: [], genericPlan: false, consent: no }),
      ),
    );
    await checkActivity("%pg_sleep(25)%", 1);
    stop.abort();
    expect(await explain).toMatchObject({ kind: "cancelled" });
    await checkActivity("%pg_sleep(25)%", 0);
    await connections.lease("it", signal, (session) =>
      session.explain({ sql: "SELECT 1", analyze: false, parameters: [], genericPlan: false, consent: no }),
    );
    await connections.close();
    await checkActivity("%db-optimize%", 0);
  });

  test("a server that goes away in the middle, and comes back", async () => {
    const connections = connectionsFor(`postgresql://postgres@${base}`);
    const explain = failureOf(
      connections.lease("it", signal, (session) =>
        session.explain({ sql: "SELECT pg_sleep(25)", analyze: true, parameters: [], genericPlan: false, consent: no }),
      ),
    );
    await checkActivity("%pg_sleep(25)%", 1);
    await server.restart("immediate");
    expect(await explain).toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("broke while the server was working") as string,
    });
    expect(connections.list()[0]).toMatchObject({ state: "failed" });
    await connections.lease("it", signal, (session) =>
      session.explain({ sql: "SELECT 1", analyze: false, parameters: [], genericPlan: false, consent: no }),
    );
    expect(connections.list()[0]).toMatchObject({ state: "connected" });
    await connections.close();
  });

  test("an idle session that died is replaced unseen", async () => {
    const connections = connectionsFor(`postgresql://postgres@${base}`);
    const explain = () =>
      connections.lease("it", signal, (session) =>
        session.explain({ sql: "SELECT 1", analyze: false, parameters: [], genericPlan: false, consent: no }),
      );
    await explain();
    await server.restart();
    await explain();
    await connections.close();
  });

  test("more leases than backends wait their turn, and one that waits can be given up", async () => {
    const connections = connectionsFor(`postgresql://postgres@${base}`);
    const hold = Array.from({ length: 3 }, () => gate());
    const leases = hold.map(({ promise }) => connections.lease("it", signal, () => promise));
    const stop = new AbortController();
    const waiting = failureOf(connections.lease("it", stop.signal, () => Promise.resolve()));
    const next = connections.lease("it", signal, () => Promise.resolve("mine"));
    stop.abort();
    expect(await waiting).toMatchObject({ kind: "cancelled" });
    hold[0]?.resolve();
    expect(await next).toBe("mine");
    for (const each of hold) each.resolve();
    await Promise.all(leases);
    await connections.close();
  });
});

describe("TLS", () => {
  let server: TestServer;
  let authority: string;
  beforeAll(async () => {
    server = await startServer(15);
    const key = join(server.directory, "server.key");
    authority = join(server.directory, "server.crt");
    execFileSync(
      "openssl",
      [
        "req",
        "-new",
        "-x509",
        "-days",
        "2",
        "-nodes",
        "-subj",
        "/CN=db.example",
        "-addext",
        "subjectAltName=DNS:db.example",
        "-keyout",
        key,
        "-out",
        authority,
      ],
      { stdio: "ignore" },
    );
    const owner = statSync(join(server.directory, "data"));
    for (const file of [key, authority]) chownSync(file, owner.uid, owner.gid);
    chmodSync(key, 0o600);
    const admin = await server.admin();
    for (const [name, value] of [
      ["ssl_cert_file", authority],
      ["ssl_key_file", key],
      ["ssl", "on"],
    ])
      await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await admin.end();
    await server.restart();
  });
  afterAll(() => server.stop());

  const at = (mode: string) => `postgresql://postgres@127.0.0.1:${server.port}/postgres?sslmode=${mode}`;
  test.each(["disable", "prefer", "require"])("%s connects", async (mode) => {
    expect(await tryOut(at(mode))).toMatchObject({ state: "connected" });
  });
  test("verify-ca accepts the authority whatever the name", async () => {
    expect(await tryOut(at("verify-ca"), { tlsCa: authority })).toMatchObject({ state: "connected" });
  });
  test("verify-ca refuses an unknown authority", async () => {
    expect((await failureOf(tryOut(at("verify-ca")))).message).toContain("was not accepted");
  });
  test("verify-full refuses another name", async () => {
    expect((await failureOf(tryOut(at("verify-full"), { tlsCa: authority }))).message).toContain("was not accepted");
  });
});
