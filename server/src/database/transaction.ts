import type { Backend } from "./backend.js";
import { lockTimeoutSeconds, type ServerFacts } from "./prepareSession.js";

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
    await setLocal(backend, [
      ...ownSettings,
      ["standard_conforming_strings", "on"],
      ["client_encoding", "UTF8"],
      ["statement_timeout", `${Math.round(options.statementTimeoutSeconds * 1000)}ms`],
      ["lock_timeout", `${lockTimeoutSeconds}s`],
      ["idle_in_transaction_session_timeout", `${Math.round(options.statementTimeoutSeconds * 1000) + 30_000}ms`],
    ]);
    return await work();
  } finally {
    // A backend that cannot roll back any more is closed by its pool, and the server rolls back.
    if (backend.usable) await backend.query("ROLLBACK").catch(() => backend.close());
  }
}

const ownPath: Setting = ["search_path", "pg_catalog, pg_temp"];

/** Compiling a query of the catalog takes longer than running it, and settings such as enable_nestloop = off make it look costly. */
const ownSettings: readonly Setting[] = [ownPath, ["jit", "off"]];

/** From here on names mean what they mean to the connection's own statements, and plans are made as for them. */
export function useSettingsOf(backend: Backend, facts: ServerFacts): Promise<void> {
  return setLocal(backend, [
    ["search_path", facts.searchPath],
    ["jit", facts.jit],
  ]);
}

export function useOwnPath(backend: Backend): Promise<void> {
  return setLocal(backend, [ownPath]);
}

type Setting = readonly [name: string, value: string];

/** `unnest` with two arguments is PostgreSQL's own whatever the path: its parser sees to that, and it may not be qualified. */
export async function setLocal(backend: Backend, settings: readonly Setting[]): Promise<void> {
  await backend.query("SELECT pg_catalog.set_config(n, v, true) FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS s(n, v)", [
    settings.map(([name]) => name),
    settings.map(([, value]) => value),
  ]);
}
