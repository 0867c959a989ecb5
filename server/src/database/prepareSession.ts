import type { ConnectionProfile } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { Backend } from "./backend.js";

/** What a backend offers, read once after connecting. */
export interface ServerFacts {
  /** 180004 */
  readonly version: number;
  readonly versionText: string;
  /** The connection's own search_path as set by its role, database and options; pinned while names are resolved and plans are made. */
  readonly searchPath: string;
  /** The connection's own `jit`: off for the tool's own queries, on again for what is explained. */
  readonly jit: string;
  readonly hypopg?: ExtensionFact;
  readonly pgStatStatements?: ExtensionFact;
  readonly encoding: string;
}

export interface ExtensionFact {
  readonly version: string;
  readonly schema: string;
}

export const oldestVersion = 130000;
/** Seconds to wait for a lock: an EXPLAIN that queues behind DDL would make others queue behind it. */
export const lockTimeoutSeconds = 5;

/**
 * Settings that parser, guard and limits rely on. Roles, databases and the connection's options may have set others, so they are set
 * again and then read back.
 */
function required(profile: ConnectionProfile): [name: string, value: string][] {
  return [
    ["standard_conforming_strings", "on"],
    ["client_encoding", "UTF8"],
    ["default_transaction_read_only", "on"],
    ["statement_timeout", `${Math.round(profile.statementTimeout * 1000)}ms`],
    ["lock_timeout", `${lockTimeoutSeconds * 1000}ms`],
    ["idle_in_transaction_session_timeout", `${Math.round(profile.statementTimeout * 1000) + 30_000}ms`],
    ["transform_null_equals", "off"],
    ["client_min_messages", "warning"],
  ];
}

const factsQuery = `
  SELECT pg_catalog.current_setting('server_version_num') AS version,
         pg_catalog.current_setting('server_version') AS version_text,
         pg_catalog.version() AS product,
         pg_catalog.current_setting('search_path') AS search_path,
         pg_catalog.current_setting('jit') AS jit,
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
  await setAndVerify(backend, required(profile));
  await watchClient(backend, version);
  const extensions = new Map<string, ExtensionFact>();
  for (const each of await backend.query(extensionsQuery))
    extensions.set(String(each.name), { version: String(each.version), schema: String(each.schema) });
  return {
    version,
    versionText: String(row.version_text),
    searchPath: String(row.search_path),
    jit: String(row.jit),
    encoding: String(row.encoding),
    hypopg: extensions.get("hypopg"),
    pgStatStatements: extensions.get("pg_stat_statements"),
  };
}

async function setAndVerify(backend: Backend, settings: [string, string][]): Promise<void> {
  const names = settings.map(([name]) => name);
  await backend.query(
    `SELECT pg_catalog.set_config(n, v, false)
     FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS s(n, v)`,
    [names, settings.map(([, value]) => value)],
  );
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
