import type { Backend } from "../backend.js";
import type { ServerFacts } from "../prepareSession.js";
import type { DatabaseCounters } from "../session.js";
import { optional } from "./optional.js";
import { numberOf, rowsOf, textOf, timeOf } from "./rows.js";

/** pg_settings as name → value; this session's own limits are not among them, because the server's are meant. */
export async function readSettings(backend: Backend): Promise<Map<string, { value: string; unit?: string; source: string }>> {
  const rows = await rowsOf(
    backend,
    `SELECT name, CASE WHEN source = 'session' THEN reset_val ELSE setting END AS value, unit, CASE WHEN source = 'session' THEN 'default' ELSE source END AS source
     FROM pg_settings`,
  );
  return new Map(
    rows.map((row) => [
      String(row.name),
      { value: String(row.value ?? ""), source: String(row.source), ...(row.unit === null ? {} : { unit: String(row.unit) }) },
    ]),
  );
}

const countersQuery = `
  SELECT d.blks_hit, d.blks_read, d.temp_files, d.temp_bytes, d.deadlocks, d.stats_reset,
         (SELECT coalesce(sum(i.idx_blks_hit), 0) FROM pg_statio_user_indexes i) AS index_hit,
         (SELECT coalesce(sum(i.idx_blks_read), 0) FROM pg_statio_user_indexes i) AS index_read,
         current_setting('max_connections') AS max_connections,
         current_setting('superuser_reserved_connections') AS reserved_superuser, current_setting('reserved_connections', true) AS reserved
  FROM pg_stat_database d WHERE d.datname = current_database()`;

const activityQuery = `
  SELECT coalesce(state, 'hidden') AS state, coalesce(application_name, '') AS application, count(*) AS count
  FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend'
  GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;

export async function readCounters(backend: Backend, _facts: ServerFacts): Promise<DatabaseCounters> {
  const [row = {}] = await rowsOf(backend, countersQuery);
  const sessions = await rowsOf(backend, activityQuery);
  const size = await optional(
    backend,
    async () => (await rowsOf(backend, "SELECT pg_database_size(current_database()) AS bytes"))[0]?.bytes,
    () => undefined,
  );
  const connectionsByState = sessions.map((each) => ({
    state: String(each.state),
    application: String(each.application),
    count: numberOf(each.count),
  }));
  return {
    blocksHit: numberOf(row.blks_hit),
    blocksRead: numberOf(row.blks_read),
    indexBlocksHit: numberOf(row.index_hit),
    indexBlocksRead: numberOf(row.index_read),
    connections: connectionsByState.reduce((sum, { count }) => sum + count, 0),
    maxConnections: numberOf(row.max_connections),
    reservedConnections: numberOf(row.reserved_superuser) + numberOf(row.reserved),
    connectionsByState,
    databaseBytes: numberOf(size),
    tempFiles: numberOf(row.temp_files),
    tempBytes: numberOf(row.temp_bytes),
    deadlocks: numberOf(row.deadlocks),
    ...timeOf("statsReset", textOf(row.stats_reset)),
  };
}
