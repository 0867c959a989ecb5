import type { WorkloadSnapshot, WorkloadStatement } from "../../workload/workload.js";
import { ownMark, type Backend } from "../backend.js";
import type { ServerFacts } from "../prepareSession.js";
import { optional } from "./optional.js";
import { numberOf, rowsOf, textOf, timeOf, type RawRow } from "./rows.js";

/** Field → columns that held it, newest first. The extension may lag behind its server, so its columns are asked, not its version. */
const fields = {
  topLevel: ["toplevel"],
  calls: ["calls"],
  totalTimeMs: ["total_exec_time", "total_time"],
  meanTimeMs: ["mean_exec_time", "mean_time"],
  minTimeMs: ["min_exec_time", "min_time"],
  maxTimeMs: ["max_exec_time", "max_time"],
  stddevTimeMs: ["stddev_exec_time", "stddev_time"],
  rows: ["rows"],
  sharedBlocksHit: ["shared_blks_hit"],
  sharedBlocksRead: ["shared_blks_read"],
  sharedBlocksDirtied: ["shared_blks_dirtied"],
  sharedBlocksWritten: ["shared_blks_written"],
  tempBlocksRead: ["temp_blks_read"],
  tempBlocksWritten: ["temp_blks_written"],
  plans: ["plans"],
  walBytes: ["wal_bytes"],
} as const satisfies Partial<Record<keyof WorkloadStatement, readonly string[]>>;
type Field = keyof typeof fields;

const hiddenText = "<insufficient privilege>";

/** Statements of the connection's database since the last reset; this tool's own are left out. */
export async function readWorkload(backend: Backend, _facts: ServerFacts): Promise<WorkloadSnapshot> {
  const [clock] = await rowsOf(backend, "SELECT clock_timestamp() AS now");
  const base = { source: "pg_stat_statements" as const, takenAt: textOf(clock?.now) ?? "", statements: [] };
  const [found] = await rowsOf(
    backend,
    `SELECT e.extversion AS version, n.nspname AS schema, quote_ident(n.nspname) AS quoted,
            EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max') AS loaded
     FROM (SELECT) AS one LEFT JOIN pg_extension e ON e.extname = 'pg_stat_statements' LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`,
  );
  if (!found?.loaded) return { ...base, available: false, reason: notLoaded(found?.version !== null) };
  if (found.version === null)
    return {
      ...base,
      available: false,
      reason: "The extension pg_stat_statements is loaded but not created in this database. Run: CREATE EXTENSION pg_stat_statements;",
    };
  const view = `${String(found.quoted)}.pg_stat_statements`;
  const columns = await columnsOf(backend, String(found.schema));
  const read = await optional<RawRow[] | string>(
    backend,
    () => rowsOf(backend, statementsQuery(view, columns), [`%${ownMark}%`]),
    (why) => why,
  );
  if (typeof read === "string")
    return {
      ...base,
      available: false,
      reason: `${read} Run: GRANT pg_read_all_stats TO CURRENT_USER, and USAGE on the schema ${String(found.schema)}.`,
    };
  const visible = read.filter((row) => row.query !== hiddenText);
  return {
    ...base,
    available: true,
    extensionVersion: String(found.version),
    ...timeOf("resetAt", await resetAt(backend, String(found.quoted), columns)),
    ...(visible.length < read.length ? { reason: hidden(read.length - visible.length) } : {}),
    statements: visible.map((row) => readStatement(row, columns)),
  };
}

function notLoaded(created: boolean): string {
  const create = created ? "" : " Then run: CREATE EXTENSION pg_stat_statements;";
  return `The library pg_stat_statements is not loaded. Add it to shared_preload_libraries in postgresql.conf (or the provider's parameter group) and restart the server.${create}`;
}

function hidden(count: number): string {
  return `The texts of ${count} statements of other users are hidden and left out. Run: GRANT pg_read_all_stats TO CURRENT_USER;`;
}

async function columnsOf(backend: Backend, schema: string): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    backend,
    `SELECT a.attname::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'pg_stat_statements' AND n.nspname = $1::name AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema],
  );
  return new Set(rows.map((row) => String(row.name)));
}

function columnOf(field: Field, columns: ReadonlySet<string>): string | undefined {
  return fields[field].find((name) => columns.has(name));
}

function statementsQuery(view: string, columns: ReadonlySet<string>): string {
  const chosen = (Object.keys(fields) as Field[]).flatMap((field) => {
    const column = columnOf(field, columns);
    return column ? [`s.${column} AS "${field}"`] : [];
  });
  return `
    SELECT s.queryid AS "queryId", d.datname AS database, r.rolname AS "user", s.query, ${chosen.join(", ")}
    FROM ${view} s JOIN pg_database d ON d.oid = s.dbid LEFT JOIN pg_roles r ON r.oid = s.userid
    WHERE d.datname = current_database() AND s.query NOT LIKE $1 AND (s.queryid IS NOT NULL OR s.query = '${hiddenText}')`;
}

async function resetAt(backend: Backend, schema: string, columns: ReadonlySet<string>): Promise<string | undefined> {
  if (!columns.has("toplevel")) return undefined; // pg_stat_statements_info came with 1.9, as toplevel did
  return optional(
    backend,
    async () => textOf((await rowsOf(backend, `SELECT stats_reset FROM ${schema}.pg_stat_statements_info`))[0]?.stats_reset),
    () => undefined,
  );
}

const required = new Set<Field>(["calls", "totalTimeMs", "meanTimeMs", "rows", "sharedBlocksHit", "sharedBlocksRead"]);

function readStatement(row: RawRow, columns: ReadonlySet<string>): WorkloadStatement {
  const values = (Object.keys(fields) as Field[]).flatMap((field) => {
    if (!columnOf(field, columns) && !required.has(field)) return [];
    return [[field, field === "topLevel" ? row[field] === true : numberOf(row[field])] as const];
  });
  return {
    queryId: String(row.queryId),
    database: String(row.database),
    ...(row.user === null ? {} : { user: String(row.user) }),
    query: String(row.query),
    ...(Object.fromEntries(values) as unknown as Omit<WorkloadStatement, "queryId" | "query">),
  };
}
