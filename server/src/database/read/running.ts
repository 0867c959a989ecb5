import { ownMark, type Backend } from "../backend.js";
import { numberOf, rowsOf } from "./rows.js";

/** Texts of statements that other sessions of this database run or ran last. */
export interface RunningStatements {
  readonly texts: readonly string[];
  /** Sessions whose text this role may not see. */
  readonly hidden: number;
}

/** Texts that are as long as the server keeps them have been cut off, and are left out. */
export async function readRunning(backend: Backend): Promise<RunningStatements> {
  const rows = await rowsOf(
    backend,
    `SELECT a.query AS text
     FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
       AND a.query <> '' AND position($1 IN a.query) = 0
       AND octet_length(a.query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1
     ORDER BY a.query_start DESC NULLS LAST LIMIT 1000`,
    [ownMark],
  );
  const [hidden] = await rowsOf(
    backend,
    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND query = '<insufficient privilege>'",
  );
  return { texts: [...new Set(rows.map((row) => String(row.text)))].filter((text) => text !== hiddenText), hidden: numberOf(hidden?.n) };
}

const hiddenText = "<insufficient privilege>";
