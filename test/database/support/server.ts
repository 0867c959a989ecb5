import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  appendFileSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { home, isReady, type Major } from "../binaries.mjs";

export type { Major };

/** A PostgreSQL of our own: temporary directory, free port, run as a user that is not root, gone with `stop`. */
export interface TestServer {
  readonly major: Major;
  readonly port: number;
  readonly directory: string;
  /** Superuser `postgres` without a password, for setting the stage; the code under test connects by itself. */
  admin(database?: string): Promise<Client>;
  log(): string;
  /** Fast stop and start on the same port, or a crash in between. */
  restart(how?: "fast" | "immediate"): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Lines for postgresql.conf. */
  readonly settings?: readonly string[];
  /** Lines that come before the rest of pg_hba.conf. */
  readonly hba?: readonly string[];
}

export const isRoot = process.getuid?.() === 0;

export function postgresUser(): { uid: number; gid: number } {
  const [, , uid, gid] = execFileSync("getent", ["passwd", "postgres"], { encoding: "utf8" }).split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** `--pdeathsig` ends the server when the test process dies, however it dies. */
export function asPostgres(binary: string, args: readonly string[]): [string, string[]] {
  const death = ["--pdeathsig", "INT"];
  if (!isRoot) return ["setpriv", [...death, binary, ...args]];
  return ["setpriv", [...death, "--reuid=postgres", "--regid=postgres", "--clear-groups", binary, ...args]];
}

/** A checkout that only its owner can enter is closed to the user that the server runs as: work on a copy then. */
function reachableHome(major: Major, directory: string): string {
  const from = home(major);
  if (!isRoot) return from;
  const [program, args] = asPostgres("test", ["-x", join(from, "bin", "postgres")]);
  if (spawnSync(program, args).status === 0) return from;
  const to = join(directory, "home");
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  return to;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function settingsFile(port: number, directory: string, extra: readonly string[]): string {
  return [
    "",
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${directory}'`,
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "shared_buffers = 32MB",
    "max_wal_size = 256MB",
    "autovacuum = off",
    "timezone = 'UTC'",
    "password_encryption = 'scram-sha-256'",
    ...extra,
    "",
  ].join("\n");
}

export async function accepts(port: number, database: string): Promise<Client> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new Client({ host: "127.0.0.1", port, user: "postgres", database, ssl: false });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function startServer(major: Major, options: ServerOptions = {}): Promise<TestServer> {
  const { directory, bin, data } = makeDirectory(major);
  runTool(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"], directory);
  const port = await freePort();
  appendFileSync(join(data, "postgresql.conf"), settingsFile(port, directory, options.settings ?? []));
  const hba = [
    ...(options.hba ?? []),
    "local all all trust",
    "host all,replication postgres 127.0.0.1/32 trust",
    "host all all 127.0.0.1/32 scram-sha-256",
  ];
  writeFileSync(join(data, "pg_hba.conf"), `${hba.join("\n")}\n`);
  return run(major, { directory, bin, data, port });
}

/** A hot standby that streams from a running server. */
export async function startReplica(primary: TestServer, settings: readonly string[] = []): Promise<TestServer> {
  const { directory, bin, data } = makeDirectory(primary.major);
  const from = ["-h", "127.0.0.1", "-p", String(primary.port), "-U", "postgres"];
  runTool(join(bin, "pg_basebackup"), ["-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync", ...from], directory);
  const port = await freePort();
  appendFileSync(join(data, "postgresql.conf"), settingsFile(port, directory, settings));
  return run(primary.major, { directory, bin, data, port });
}

interface Place {
  readonly directory: string;
  readonly bin: string;
  readonly data: string;
  readonly port: number;
}

function makeDirectory(major: Major): Omit<Place, "port"> {
  if (!isReady(major)) throw new Error(`PostgreSQL ${major} is missing: run \`node test/database/prepare.mjs\`.`);
  const directory = mkdtempSync(join(tmpdir(), `db-optimize-pg${major}-`));
  if (isRoot) {
    const { uid, gid } = postgresUser();
    chownSync(directory, uid, gid);
  }
  chmodSync(directory, 0o755);
  const bin = join(reachableHome(major, directory), "bin");
  accessSync(join(bin, "postgres"), constants.X_OK);
  return { directory, bin, data: join(directory, "data") };
}

function runTool(binary: string, args: readonly string[], directory: string): void {
  const [program, all] = asPostgres(binary, args);
  execFileSync(program, all, { stdio: ["ignore", "ignore", "pipe"], cwd: directory });
}

async function run(major: Major, { directory, bin, data, port }: Place): Promise<TestServer> {
  const log = join(directory, "log");
  writeFileSync(log, "");

  let child: ChildProcess;
  const start = async () => {
    const [program, args] = asPostgres(join(bin, "postgres"), ["-D", data]);
    child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: directory });
    child.stderr?.on("data", (chunk: Buffer) => appendFileSync(log, chunk));
    const client = await accepts(port, "postgres");
    await client.end();
  };
  const end = async (signal: "SIGINT" | "SIGQUIT") => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    const impatience = setTimeout(() => child.kill("SIGQUIT"), 20_000);
    await gone;
    clearTimeout(impatience);
  };
  await start();
  return {
    major,
    port,
    directory,
    admin: (database = "postgres") => accepts(port, database),
    log: () => readFileSync(log, "utf8"),
    restart: async (how = "fast") => {
      await end(how === "fast" ? "SIGINT" : "SIGQUIT");
      await start();
    },
    stop: async () => {
      await end("SIGINT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
