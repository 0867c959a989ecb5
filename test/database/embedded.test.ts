import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bundleEmbedded } from "../../scripts/lib/embedded.mjs";
import { createSampleServer, type SampleServer } from "../../server/src/embedded/index.js";
import { isAlive } from "../../server/src/embedded/processes.js";

let script: { host: string; owner: string };
let root = "";
const owners: SampleServer[] = [];
const children: ChildProcess[] = [];
const logged: string[] = [];

beforeAll(async () => {
  script = await bundleEmbedded();
  root = mkdtempSync(join(tmpdir(), "embedded-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const owner of owners.splice(0)) await owner.stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function owner(folder = "main"): SampleServer {
  const server = createSampleServer({ dataDirectory: join(root, folder), script: script.host, log: (line) => logged.push(line) });
  owners.push(server);
  return server;
}

/** Another window: a process of its own that starts the sample, says so, and stays. */
async function otherProcess(folder = "main"): Promise<{ child: ChildProcess; pid: number }> {
  const options = JSON.stringify({ dataDirectory: join(root, folder), script: script.host });
  const program = `import { createSampleServer } from ${JSON.stringify(pathToFileURL(script.owner).href)};
    const server = createSampleServer({ ...${options}, log() {} });
    console.log((await server.start()).pid);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout?.once("data", (data: Buffer) => resolve(Number(data.toString())));
    child.once("exit", (code) => reject(new Error(`the other window ended (${code})`)));
  });
  return { child, pid };
}

async function rows(server: SampleServer, sql: string, options: pg.ClientConfig = {}): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.status().dsn, ...options });
  // A lost connection also rejects the query, which is what the tests look at.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 25));
}

async function gone(pid: number | undefined): Promise<void> {
  expect(pid).toBeGreaterThan(0);
  await until(() => !isAlive(pid as number));
}

const tables = [
  "customers",
  "addresses",
  "categories",
  "products",
  "tags",
  "product_tags",
  "orders",
  "order_items",
  "payments",
  "reviews",
  "inventory_events",
];
const counted = `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(" + ")} AS total`;
const checksum = "SELECT md5(string_agg(o::text, '' ORDER BY id)) AS sum FROM orders AS o";
const workload =
  "SELECT query, calls::int FROM pg_stat_statements WHERE query LIKE '%FROM customers%customers.id = $1%' ORDER BY calls DESC LIMIT 1";

test("a new directory: killed while it generates, then started; rows, skew and workload are there", async () => {
  const first = owner();
  const begun = new Promise<void>((resolve) => {
    void first.start({ progress: (message) => message.includes("orders") && resolve() }).catch(() => undefined);
  });
  await begun;
  const { pid } = JSON.parse(readFileSync(join(root, "main/lock.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  await gone(pid);
  expect(existsSync(join(root, "main/database"))).toBe(false);

  const status = await first.start();
  const [total] = await rows(first, counted);
  expect(Number(total?.["total"])).toBe(status.rows);
  expect(status.rows).toBeGreaterThanOrEqual(200_000);
  const [share] = await rows(
    first,
    `SELECT sum(n) FILTER (WHERE rank <= 24) / sum(n) AS top FROM
      (SELECT count(*) AS n, row_number() OVER (ORDER BY count(*) DESC) AS rank FROM order_items GROUP BY product_id) AS sold`,
  );
  expect(Number(share?.["top"])).toBeGreaterThan(0.15);
  expect(Number((await rows(first, workload))[0]?.["calls"])).toBeGreaterThan(1_000);
  await first.stop();
  await gone(status.pid);
  expect(readdirSync(join(root, "main")).sort()).toEqual(["database", "server.log"]);
});

test("the second start keeps the data, fills the workload again, and ends with its owner", async () => {
  const server = owner();
  await server.start();
  expect((await owner("nowhere").look()).running).toBe(false);
  expect(existsSync(join(root, "nowhere"))).toBe(false);
  const [before] = await rows(server, checksum);
  const [calls] = await rows(server, workload);
  await server.stop();
  const messages: string[] = [];
  await server.start({ progress: (message) => messages.push(message) });
  expect(messages.filter((message) => message.startsWith("Generating"))).toEqual([]);
  expect((await rows(server, checksum))[0]).toEqual(before);
  expect((await rows(server, workload))[0]).toEqual(calls);
});

test("killed while it writes, it starts again with what was committed", async () => {
  const server = owner();
  const { pid } = await server.start();
  await rows(server, "CREATE TABLE notes (id int); INSERT INTO notes VALUES (1)");
  const lost = new Promise<void>((resolve) => server.onLost(resolve));
  const writing = rows(server, "INSERT INTO notes SELECT i FROM generate_series(2, 3000000) AS i").catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(pid as number, "SIGKILL");
  await lost;
  expect(await writing).toBeInstanceOf(Error);
  expect(server.status().running).toBe(false);
  await server.start();
  expect(await rows(server, "SELECT count(*)::int AS n FROM notes")).toEqual([{ n: 1 }]);
  await rows(server, "DROP TABLE notes");
});

test("two windows share one process; it outlives the first and dies with the last, however that dies", async () => {
  const other = await otherProcess();
  const server = owner();
  const { pid } = await server.start();
  expect(pid).toBe(other.pid);
  expect(await owner().look()).toEqual(server.status());
  other.child.kill("SIGKILL");
  await until(() => other.child.signalCode !== null);
  expect(await rows(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);

  const third = await otherProcess();
  await server.stop();
  expect(isAlive(third.pid)).toBe(true);
  third.child.kill("SIGKILL");
  await gone(third.pid);
  expect(existsSync(join(root, "main/lock.json"))).toBe(false);
});

test("an owner that is killed while a statement runs leaves no process behind", async () => {
  const other = await otherProcess();
  const server = owner();
  const { dsn } = await server.start();
  const client = new pg.Client({ connectionString: dsn });
  client.on("error", () => undefined);
  await client.connect();
  const endless = client.query("SELECT count(*) FROM generate_series(1, 100000000000)").catch((error: Error) => error);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await server.stop();
  other.child.kill("SIGKILL");
  await gone(other.pid);
  expect(await endless).toBeInstanceOf(Error);
});

test("two that start at the same moment get the same process", async () => {
  const [first, second] = [owner(), owner()];
  const [a, b] = await Promise.all([first.start(), second.start()]);
  expect(a.pid).toBe(b.pid);
});

describe("on a running server", () => {
  let server: SampleServer;
  beforeAll(async () => {
    server = createSampleServer({ dataDirectory: join(root, "main"), script: script.host, log: (line) => logged.push(line) });
    await server.start();
  });
  afterAll(() => server.stop());

  test("cancelling ends what runs, keeps the port, and leaves who waits in peace", async () => {
    const { port } = server.status();
    const endless = rows(server, "SELECT count(*) FROM generate_series(1, 100000000000)").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waiting = rows(server, "SELECT 2 AS two");
    await server.cancel();
    expect(await endless).toMatchObject({ code: "57014" });
    expect(await waiting).toEqual([{ two: 2 }]);
    expect(server.status().port).toBe(port);
    expect(Number((await rows(server, workload))[0]?.["calls"])).toBeGreaterThan(1_000);
  });

  test("PostgreSQL's own cancel request works as well", async () => {
    const { dsn, port } = server.status();
    const client = new pg.Client({ connectionString: dsn });
    client.on("error", () => undefined);
    await client.connect();
    const endless = client.query("SELECT count(*) FROM generate_series(1, 100000000000)").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { processID, secretKey } = client as pg.Client & { processID: number; secretKey: number };
    const { connection } = new pg.Client() as unknown as {
      connection: {
        connect(port: number, host: string): void;
        cancel(pid: number, key: number): void;
        on(event: string, listener: () => void): void;
      };
    };
    connection.on("connect", () => connection.cancel(processID, secretKey));
    connection.connect(port as number, "127.0.0.1");
    expect(await endless).toMatchObject({ code: "57014" });
    // The client hears of it before the backend is back, and only then the server says again where it is.
    await until(() => server.status().dsn !== undefined);
  });

  test("clients do not see each other's settings, transactions or prepared statements", async () => {
    const one = new pg.Client({ connectionString: server.status().dsn, options: "-c work_mem=1234kB", application_name: "one" });
    await one.connect();
    await one.query("CREATE TEMP TABLE mine (id int)");
    await one.query({ name: "again", text: "SELECT 1 AS n" });
    await one.query("BEGIN");
    await one.query("UPDATE tags SET name = 'changed' WHERE id = 1");
    const other = rows(
      server,
      "SELECT current_setting('work_mem') AS mem, current_setting('application_name') AS app, name FROM tags WHERE id = 1",
    );
    await one.end();
    expect(await other).toEqual([{ mem: "4MB", app: "", name: "new" }]);
    await expect(rows(server, "SELECT * FROM mine")).rejects.toMatchObject({ code: "42P01" });
    const two = new pg.Client({ connectionString: server.status().dsn });
    await two.connect();
    expect((await two.query({ name: "again", text: "SELECT 2 AS n" })).rows).toEqual([{ n: 2 }]);
    await two.end();
  });

  test("parallel clients each get their own answers", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => rows(server, `SELECT ${i} AS i, pg_sleep(0.01)`)));
    expect(answers.map(([row]) => row?.["i"])).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  test("a statement that takes the backend down costs its own connection only", async () => {
    await expect(rows(server, "COPY tags FROM STDIN")).rejects.toThrow();
    expect(await rows(server, "SELECT count(*)::int AS n FROM tags")).toEqual([{ n: 40 }]);
  });

  test("a setting that does not exist is refused by name", async () => {
    await expect(rows(server, "SELECT 1", { options: "-c no_such_setting=1" })).rejects.toThrow(/no_such_setting/);
  });

  test("reset brings back what was changed, on the same port", async () => {
    const { port } = server.status();
    await rows(server, "DROP TABLE reviews CASCADE");
    await server.reset();
    expect(server.status().port).toBe(port);
    expect(await rows(server, "SELECT count(*)::int AS n FROM reviews")).toEqual([{ n: 18_000 }]);
  });
});

test("a damaged database is generated anew, with a word in the log", async () => {
  const server = owner();
  await server.start();
  await server.stop();
  rmSync(join(root, "main/database/global"), { recursive: true });
  logged.length = 0;
  await server.start();
  expect(await rows(server, "SELECT count(*)::int AS n FROM orders")).toEqual([{ n: 42_000 }]);
  expect(logged.join("\n")).toContain("generating it anew");
});

test("a stale lock of a dead process, and a damaged one, do not stand in the way", async () => {
  const server = owner();
  const dead = { pid: 2 ** 30, started: "x/1", hostname: "elsewhere", port: 1, token: "t" };
  for (const text of [JSON.stringify({ ...dead, hostname: hostname() }), "{"]) {
    writeFileSync(join(root, "main/lock.json"), text);
    expect((await server.start()).running).toBe(true);
    await server.stop();
  }
});

test("a folder that cannot be used is named", async () => {
  writeFileSync(join(root, "file"), "");
  const server = createSampleServer({ dataDirectory: join(root, "file/below"), script: script.host, log: () => undefined });
  await expect(server.start()).rejects.toThrow(/cannot use .*below/);
});
