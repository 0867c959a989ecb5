import type { Backend } from "./backend.js";
import type { ServerFacts } from "./prepareSession.js";

/** Seconds to wait for a lock: an EXPLAIN that queues behind DDL would make others queue behind it. */
const lockTimeoutSeconds = 5;

export type Setting = readonly [name: string, value: string];

/** How the server reads texts, and that it sends no notices. */
export const reading: readonly Setting[] = [
  ["standard_conforming_strings", "on"],
  ["client_encoding", "UTF8"],
  ["transform_null_equals", "off"],
  ["client_min_messages", "warning"],
];

export function timeouts(statementTimeoutSeconds: number): Setting[] {
  const milliseconds = Math.round(statementTimeoutSeconds * 1000);
  return [
    ["statement_timeout", `${milliseconds}ms`],
    ["lock_timeout", `${lockTimeoutSeconds * 1000}ms`],
    ["idle_in_transaction_session_timeout", `${milliseconds + 30_000}ms`],
  ];
}

export interface TransactionOptions {
  readonly mode: "READ ONLY" | "READ WRITE";
  readonly statementTimeoutSeconds: number;
}

/**
 * Everything that touches a user's objects happens between BEGIN and ROLLBACK. Settings are made again for the transaction alone: behind a
 * transaction pooler those of the session may be another session's. While our own queries run nothing but pg_catalog is on the path.
 */
export async function inTransaction<T>(backend: Backend, options: TransactionOptions, work: () => Promise<T>): Promise<T> {
  await backend.query(`BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED ${options.mode}`);
  try {
    backend.serverProcessId = await setLocal(backend, [...ownSettings, ...reading, ...timeouts(options.statementTimeoutSeconds)]);
    return await work();
  } finally {
    // A backend that cannot roll back any more is closed by its pool, and the server rolls back.
    if (backend.usable) await backend.query("ROLLBACK").catch(() => backend.close());
    backend.serverProcessId = undefined;
  }
}

const ownPath: Setting = ["search_path", "pg_catalog, pg_temp"];

/** Compiling a query of the catalog takes longer than running it, and settings such as enable_nestloop = off make it look costly. */
const ownSettings: readonly Setting[] = [ownPath, ["jit", "off"]];

/** From here on names mean what they mean to the connection's own statements, and plans are made as for them. */
export async function useSettingsOf(backend: Backend, facts: ServerFacts): Promise<void> {
  await setLocal(backend, [
    ["search_path", facts.searchPath],
    ["jit", facts.jit],
  ]);
}

export async function useOwnPath(backend: Backend): Promise<void> {
  await setLocal(backend, [ownPath]);
}

/**
 * `unnest` with two arguments is PostgreSQL's own whatever the path: its parser sees to that, and it may not be qualified.
 * @returns the server process that works for this transaction
 */
export async function setLocal(backend: Backend, settings: readonly Setting[]): Promise<number> {
  const [row] = await backend.query(
    "SELECT pg_catalog.set_config(n, v, true), pg_catalog.pg_backend_pid() AS process_id FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS s(n, v)",
    [settings.map(([name]) => name), settings.map(([, value]) => value)],
  );
  return Number(row?.process_id);
}

/** Runs `work`, which leaves something in the session that no rollback takes away, and `undo` whether it succeeds or the server refuses it. */
export async function undoing<T>(backend: Backend, work: () => Promise<T>, undo: () => Promise<unknown>): Promise<T> {
  await backend.query("SAVEPOINT db_optimize");
  try {
    const result = await work();
    await undo();
    return result;
  } catch (error) {
    // The session may be a pooler's, and its next client's: what was left is taken away before it goes back.
    if (backend.usable)
      await backend
        .query("ROLLBACK TO SAVEPOINT db_optimize")
        .then(undo)
        .catch(() => backend.retire());
    throw error;
  }
}
