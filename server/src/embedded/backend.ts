import { parentPort, workerData } from "node:worker_threads";
import type { PGlite } from "@electric-sql/pglite";
import type { BackendPaths, BackendTask, FromBackend, ToBackend } from "./backendMessages.js";
import { buildDatabase, readMarker } from "./build.js";
import { firstError, parameterStatus, query, startup, sync } from "./framing.js";
import { openDatabase } from "./open.js";
import { replayWorkload } from "./replay.js";
import { settingStatements } from "./settings.js";

/** Runs in a worker thread: PGlite blocks its thread while a statement runs, and is ended with the thread. */
export async function runBackend(): Promise<void> {
  const { task, paths } = workerData as BackendTask;
  try {
    if (task === "build")
      await buildDatabase(paths, (message, share) => tell({ type: "progress", message, share })).then(() => tell({ type: "built" }));
    else await serve(paths);
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function tell(message: FromBackend): void {
  parentPort?.postMessage(message);
}

async function serve(paths: BackendPaths): Promise<void> {
  const marker = readMarker(paths);
  if (!marker) throw new Error("the database is missing or incomplete");
  const database = await openDatabase(paths.database, paths.assets);
  tell({ type: "progress", message: "Running the sample application's statements", share: 0.95 });
  const replayed = await replayWorkload(database, paths.definition);
  tell({ type: "log", line: `Replayed ${replayed} statements of the sample application.` });
  const greeting = await answer(database, startup({ user: "postgres", database: "postgres" }));
  const sessions = new Sessions(database);
  parentPort?.on("message", (message: ToBackend) => sessions.enqueue(message));
  tell({ type: "ready", rows: marker.rows, parameters: parameterStatus(greeting) });
}

async function answer(database: PGlite, bytes: Buffer): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await database.execProtocolRawStream(new Uint8Array(bytes), { onRawData: (data) => parts.push(data.slice()) });
  return Buffer.concat(parts);
}

/** One session at a time; the host sees to that. */
class Sessions {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly database: PGlite) {}

  enqueue(message: ToBackend): void {
    this.last = this.last.then(() => this.handle(message));
  }

  private async handle(message: ToBackend): Promise<void> {
    switch (message.type) {
      case "begin":
        return tell({ type: "begun", session: message.session, error: await this.begin(message.parameters) });
      case "run":
        await this.run(message.session, message.bytes);
        return tell({ type: "idle", session: message.session, inTransaction: this.inTransaction() });
      case "end":
        await this.end();
        return tell({ type: "ended", session: message.session });
      case "shutdown":
        await this.database.close();
        return tell({ type: "closed" });
    }
  }

  private async begin(parameters: ReadonlyMap<string, string>): Promise<{ code: string; message: string } | undefined> {
    const statements = settingStatements(parameters);
    if (statements.length === 0) return undefined;
    // Not counted in pg_stat_statements: no client sent these.
    for (const statement of ["SET pg_stat_statements.track = none", ...statements, "RESET pg_stat_statements.track"]) {
      const error = firstError(await answer(this.database, query(statement)));
      if (error) return error;
    }
    return undefined;
  }

  private async run(session: number, bytes: Uint8Array): Promise<void> {
    await this.database.execProtocolRawStream(bytes, {
      onRawData: (data) => tell({ type: "data", session, bytes: data.slice() }),
    });
  }

  private async end(): Promise<void> {
    await answer(this.database, sync());
    if (this.inTransaction()) await answer(this.database, query("ROLLBACK"));
    await answer(this.database, query("DISCARD ALL"));
  }

  private inTransaction(): boolean {
    return (this.database as PGlite & { isInTransaction(): boolean }).isInTransaction();
  }
}
