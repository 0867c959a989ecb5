import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pgbouncer } from "../binaries.mjs";
import { accepts, asPostgres, freePort, isRoot, postgresUser, type TestServer } from "./server.js";

/** A PgBouncer of our own in front of a test server, in transaction mode. */
export interface TestPooler {
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

/** @param sessions of the server at most, for all clients together */
export async function startPooler(server: TestServer, sessions: number, settings: readonly string[] = []): Promise<TestPooler> {
  const directory = mkdtempSync(join(tmpdir(), "db-optimize-pgbouncer-"));
  chmodSync(directory, 0o755);
  const port = await freePort();
  const log = join(directory, "log");
  const users = join(directory, "users.txt");
  const configuration = join(directory, "pgbouncer.ini");
  writeFileSync(users, '"postgres" ""\n');
  writeFileSync(log, "");
  const lines = [
    "[databases]",
    `* = host=127.0.0.1 port=${server.port}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = trust",
    `auth_file = ${users}`,
    `logfile = ${log}`,
    "pool_mode = transaction",
    `default_pool_size = ${sessions}`,
    ...settings,
  ];
  writeFileSync(configuration, `${lines.join("\n")}\n`);
  if (isRoot) {
    const { uid, gid } = postgresUser();
    for (const path of [directory, log, users, configuration]) chownSync(path, uid, gid);
  }
  const [program, args] = asPostgres(pgbouncer, ["-q", configuration]);
  const child: ChildProcess = spawn(program, args, { stdio: "ignore", cwd: directory });
  await (await accepts(port, "postgres")).end();
  return {
    port,
    log: () => readFileSync(log, "utf8"),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        child.kill("SIGINT");
        const impatience = setTimeout(() => child.kill("SIGKILL"), 5_000);
        await gone;
        clearTimeout(impatience);
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
