import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { PGlite } from "@electric-sql/pglite";
import { extendedQuery, firstError, query } from "./framing.js";

/**
 * What the sample application sent, recorded from the real one (scripts/record-workload.mjs): each text once, then the statements in
 * order as [index of the text, ...values as text].
 */
export interface Workload {
  readonly texts: readonly WorkloadText[];
  readonly statements: readonly (readonly [text: number, ...values: (string | null)[]])[];
}

export interface WorkloadText {
  readonly sql: string;
  /** Object ids of the parameters' types, as the driver sent them; 0 where the server infers. */
  readonly types: readonly number[];
  /** `begin`, `commit` and `rollback` bound transactions; `rows` is a statement that inserts or deletes. */
  readonly kind?: "begin" | "commit" | "rollback" | "rows";
}

export const workloadFile = "workload.json.gz";
const batchBytes = 256 * 1024;

/**
 * Sends the recorded statements to the database as a driver would, so that pg_stat_statements counts what really ran. Transactions that
 * insert or delete are rolled back at their end: the data stays the same however often the sample starts.
 * @returns the number of statements
 */
export async function replayWorkload(database: PGlite, definition: string): Promise<number> {
  const path = join(definition, workloadFile);
  if (!existsSync(path)) return 0;
  const workload = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as Workload;
  await beginRecording(database);
  for (const batch of batches(workload)) await send(database, batch);
  await endRecording(database);
  return workload.statements.length;
}

/** The application's BEGIN and COMMIT are counted, our own statements are not. Values that name rows of rolled back transactions pass. */
async function beginRecording(database: PGlite): Promise<void> {
  await database.exec(
    "SET pg_stat_statements.track = none; SET pg_stat_statements.track_utility = on; SET session_replication_role = replica;",
  );
  await database.exec("SELECT pg_stat_statements_reset(); RESET pg_stat_statements.track;");
}

async function endRecording(database: PGlite): Promise<void> {
  await database.exec("SET pg_stat_statements.track = none");
  await database.exec(
    "SELECT pg_stat_statements_reset(0, 0, queryid) FROM pg_stat_statements WHERE query LIKE 'SET pg_stat_statements.track%'; RESET ALL;",
  );
}

async function send(database: PGlite, batch: Buffer): Promise<void> {
  const parts: Uint8Array[] = [];
  await database.execProtocolRawStream(new Uint8Array(batch), { onRawData: (data) => parts.push(data.slice()) });
  const error = firstError(Buffer.concat(parts));
  if (error) throw new Error(`the recorded workload does not fit the database: ${error.message} (${error.code})`);
}

function* batches(workload: Workload): Generator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for (const message of messages(workload)) {
    parts.push(message);
    size += message.length;
    if (size < batchBytes) continue;
    yield Buffer.concat(parts);
    parts = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(parts);
}

export function* messages({ texts, statements }: Workload): Generator<Buffer> {
  let changesRows = false;
  for (const [index, ...values] of statements) {
    const text = texts[index];
    if (!text) throw new Error(`the recorded workload names the text ${index}, which it does not have`);
    if (text.kind === "begin") changesRows = false;
    if (text.kind === "rows") changesRows = true;
    const bounds = text.kind !== undefined && text.kind !== "rows";
    yield bounds ? query(text.kind === "commit" && changesRows ? "ROLLBACK" : text.sql) : extendedQuery(text.sql, text.types, values);
  }
}
