import type { ConnectionProfile } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { Backend } from "./backend.js";
import { inTransaction, reading, timeouts, type Setting } from "./transaction.js";

/** What a backend offers, read once after connecting. */
export interface ServerFacts {
  /** 180004 */
  readonly version: number;
  readonly versionText: string;
  /** The connection's own search_path as set by its role, database and options; pinned while names are resolved and plans are made. */
  readonly searchPath: string;
  /** The connection's own `jit`: off for the tool's own queries, on again for what is explained. */
  readonly jit: string;
  /** A standby: nothing can be written, not even to be rolled back. */
  readonly replica: boolean;
  /** A pooler stands between, so that each transaction may have another session of the server, which others use before and after. */
  readonly pooled: boolean;
  readonly hypopg?: ExtensionFact;
  readonly pgStatStatements?: ExtensionFact;
  readonly encoding: string;
}

export interface ExtensionFact {
  readonly version: string;
  readonly schema: string;
}

export const oldestVersion = 130000;

/**
 * Settings that parser, guard and limits rely on. Roles, databases and the connection's options may have set others, so they are set
 * again and then read back.
 */
function required(profile: ConnectionProfile): Setting[] {
  return [...reading, ...timeouts(profile.statementTimeout), ["default_transaction_read_only", "on"]];
}

const factsQuery = `
  SELECT pg_catalog.current_setting('server_version_num') AS version,
         pg_catalog.current_setting('server_version') AS version_text,
         pg_catalog.version() AS product,
         pg_catalog.current_setting('search_path') AS search_path,
         pg_catalog.current_setting('jit') AS jit,
         pg_catalog.pg_is_in_recovery() AS replica, pg_catalog.pg_backend_pid() AS process_id,
         pg_catalog.current_setting('server_encoding') AS encoding`;

const extensionsQuery = `
  SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
  WHERE e.extname OPERATOR(pg_catalog.=) ANY ('{hypopg,pg_stat_statements}'::pg_catalog.name[])`;

export async function prepareSession(backend: Backend, profile: ConnectionProfile): Promise<ServerFacts> {
  const [row] = await backend.query(factsQuery);
  if (!row) throw notPostgres(backend.target, "it answered nothing");
  const version = Number(row.version);
  const product = String(row.product);
  if (!product.startsWith("PostgreSQL")) throw notPostgres(backend.target, product.split(" (")[0] ?? product);
  if (version < oldestVersion) throw tooOld(backend.target, String(row.version_text));
  // A pooler makes process ids of its own for its clients. The sample database's gate does too, and there each client has the backend whole.
  const pooled = profile.class !== "sample" && Number(row.process_id) !== backend.clientProcessId;
  if (pooled) await tryInTransaction(backend, profile);
  else {
    await setAndVerify(backend, required(profile));
    await watchClient(backend, version);
  }
  const extensions = new Map<string, ExtensionFact>();
  for (const each of await backend.query(extensionsQuery))
    extensions.set(String(each.name), { version: String(each.version), schema: String(each.schema) });
  return {
    version,
    versionText: String(row.version_text),
    searchPath: String(row.search_path),
    jit: String(row.jit),
    replica: row.replica === true,
    pooled,
    encoding: String(row.encoding),
    hypopg: extensions.get("hypopg"),
    pgStatStatements: extensions.get("pg_stat_statements"),
  };
}

/** What is set for a session of a pooler is the next client's, too. So nothing is: each transaction sets what it needs, for itself alone. */
async function tryInTransaction(backend: Backend, { statementTimeout }: ConnectionProfile): Promise<void> {
  const limits = { mode: "READ ONLY", statementTimeoutSeconds: statementTimeout } as const;
  await inTransaction(backend, limits, () => verify(backend, [...reading, ...timeouts(statementTimeout)]));
}

async function setAndVerify(backend: Backend, settings: readonly Setting[]): Promise<void> {
  await backend.query(
    `SELECT pg_catalog.set_config(n, v, false)
     FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS s(n, v)`,
    [settings.map(([name]) => name), settings.map(([, value]) => value)],
  );
  await verify(backend, settings);
}

async function verify(backend: Backend, settings: readonly Setting[]): Promise<void> {
  const names = settings.map(([name]) => name);
  const rows = await backend.query(`SELECT n, pg_catalog.current_setting(n) AS is FROM pg_catalog.unnest($1::pg_catalog.text[]) AS s(n)`, [
    names,
  ]);
  const is = new Map(rows.map((row) => [String(row.n), String(row.is)]));
  for (const [name, value] of settings) {
    if (milliseconds(is.get(name) ?? "") === milliseconds(value)) continue;
    throw new OptimizerError({
      kind: "refused",
      message: `The session's ${name} stays "${is.get(name)}" on ${backend.target}; the safety checks need "${value}".`,
      advice: `Connect to the server itself if a pooler stands between, and let the role set ${name}.`,
    });
  }
}

/** "30s", "1500ms" and "2min" → milliseconds, so that the server may print its own unit; other text as it is. */
function milliseconds(text: string): string | number {
  const units: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
  const match = /^(\d+)(ms|s|min|h|d)$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ""] ?? NaN) : text;
}

/** From 14 on the server notices by itself that we died; not on every platform, and nothing depends on it. */
async function watchClient(backend: Backend, version: number): Promise<void> {
  if (version < 140000) return;
  await backend.query("SET client_connection_check_interval = '5s'").catch((error: unknown) => {
    if (!(error instanceof OptimizerError) || error.failure.kind !== "database") throw error;
  });
}

function tooOld(target: string, version: string): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `The server ${target} is PostgreSQL ${version}; this tool needs 13 or newer.`,
    advice: "Upgrade the server: older versions get no security fixes any more.",
  });
}

function notPostgres(target: string, product: string): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `The server ${target} speaks PostgreSQL's protocol but is another product: ${product}.`,
    advice: "Connect to a PostgreSQL server, version 13 or newer.",
  });
}
