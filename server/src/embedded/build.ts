import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { BackendPaths } from "./backendMessages.js";
import { databaseVersion, type Marker } from "./layout.js";
import { openDatabase } from "./open.js";

type Progress = (message: string, share?: number) => void;

/** What a complete database says of itself; undefined when there is none or another version made it. */
export function readMarker({ database, marker }: Pick<BackendPaths, "database" | "marker">): Marker | undefined {
  const path = join(database, marker);
  if (!existsSync(path)) return undefined;
  try {
    const found = JSON.parse(readFileSync(path, "utf8")) as Marker;
    return found.version === databaseVersion ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Generates the database aside and moves it into place when it is complete: ended in the middle, nothing half done is left. */
export async function buildDatabase(paths: BackendPaths, progress: Progress): Promise<void> {
  rmSync(paths.unfinished, { recursive: true, force: true });
  progress("Preparing the embedded PostgreSQL", 0);
  const database = await openDatabase(paths.unfinished, paths.assets);
  await generate(database, paths.definition, progress);
  const marker: Marker = { version: databaseVersion, rows: await countRows(database) };
  await database.close();
  writeFileSync(join(paths.unfinished, paths.marker), JSON.stringify(marker));
  rmSync(paths.database, { recursive: true, force: true });
  renameSync(paths.unfinished, paths.database);
}

async function generate(database: PGlite, definition: string, progress: Progress): Promise<void> {
  await database.exec("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm;");
  await database.exec(readFileSync(join(definition, "schema.sql"), "utf8"));
  const statements = sections(readFileSync(join(definition, "generate.sql"), "utf8"));
  for (const [i, statement] of statements.entries()) {
    const table = /^INSERT INTO (\w+)/m.exec(statement)?.[1];
    if (table) progress(`Generating the sample database: ${table}`, 0.3 + (0.6 * i) / statements.length);
    await database.exec(statement);
  }
  progress("Generating the sample database: statistics", 0.9);
  await database.exec("VACUUM (FREEZE, ANALYZE)");
  await database.exec("CHECKPOINT");
}

/** The generator's statements are set apart by empty lines. */
function sections(script: string): string[] {
  return script.split(/;\s*\n\n/).filter((part) => part.trim() !== "");
}

/** Counted, not estimated: it is shown to people. */
async function countRows(database: PGlite): Promise<number> {
  const tables = await database.query<{ name: string }>(
    "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  const counts = tables.rows.map(({ name }) => `(SELECT count(*) FROM ${name})`);
  const { rows } = await database.query<{ total: number }>(`SELECT (${counts.join(" + ")})::float8 AS total`);
  return rows[0]?.total ?? 0;
}
