import { PGlite } from "@electric-sql/pglite";
import { pgliteFiles } from "./assets.js";

/**
 * Utility statements stay out of pg_stat_statements: what matters there are queries, and each EXPLAIN would count.
 * Little WAL is kept, because PGlite's directory is thrown away rather than recovered from far back.
 */
const settings = ["max_wal_size='32MB'", "min_wal_size='32MB'", "pg_stat_statements.track_utility=off", "random_page_cost=1.1"];

/** Opens a data directory, or makes it when it is missing. Recovers by itself when its last process was killed. */
export async function openDatabase(directory: string, assets: string): Promise<PGlite> {
  return PGlite.create({ ...(await pgliteFiles(assets)), dataDir: directory, postgresqlconf: settings });
}
