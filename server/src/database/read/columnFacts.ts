import type { Backend } from "../backend.js";
import { schemasOf } from "../guard/names.js";
import type { ServerFacts } from "../prepareSession.js";
import type { ColumnFacts } from "../session.js";
import { readStatistics } from "./catalog.js";
import { oneColumnQuery } from "./catalogQueries.js";
import { numberOf, rowsOf } from "./rows.js";

export async function readColumnFacts(
  backend: Backend,
  facts: ServerFacts,
  name: { readonly schema?: string; readonly table: string; readonly column: string },
): Promise<ColumnFacts | undefined> {
  const schemas = await schemasOf(backend, facts.searchPath);
  const [row] = await rowsOf(backend, oneColumnQuery, [name.schema ?? null, name.table, name.column, schemas]);
  if (!row) return undefined;
  const rows = numberOf(row.rows);
  return {
    type: String(row.type),
    ...(rows < 0 ? {} : { rows }),
    ...(row.name === null ? {} : { statistics: readStatistics(row) }),
  };
}
