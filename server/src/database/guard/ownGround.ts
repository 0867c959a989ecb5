import type { Backend } from "../backend.js";
import { refuse } from "./refusal.js";

/**
 * Functions and operators that somebody put into pg_catalog beside PostgreSQL's own of the same name: where they fit better, our own queries
 * would run them. Functions that are named like a type are there for casts; casts between PostgreSQL's types are judged with the statement,
 * and our queries do without all that can be defined, but for one that reading statistics needs.
 * All comparisons are between values of one type, so nothing can fit this query better than what it means.
 */
const overloads = `
  SELECT p.proname AS name FROM pg_proc p
  WHERE p.pronamespace = 'pg_catalog'::regnamespace::oid AND p.oid >= '16384'::oid
    AND EXISTS (SELECT FROM pg_proc b WHERE b.proname = p.proname AND b.oid < '16384'::oid)
    AND NOT EXISTS (SELECT FROM pg_type t WHERE t.typname = p.proname AND t.oid < '16384'::oid)
  UNION ALL
  SELECT o.oprname FROM pg_operator o
  WHERE o.oprnamespace = 'pg_catalog'::regnamespace::oid AND o.oid >= '16384'::oid
    AND EXISTS (SELECT FROM pg_operator b WHERE b.oprname = o.oprname AND b.oid < '16384'::oid)
  UNION ALL
  SELECT 'cast from text to text[]' FROM pg_cast k WHERE k.castsource = 'text'::regtype::oid AND k.casttarget = 'text[]'::regtype::oid`;

/** Before any other query that works on values: the guard's and those that read catalog and statistics. */
export async function checkOwnGround(backend: Backend): Promise<void> {
  const [row] = await backend.query(overloads);
  if (row)
    throw refuse(
      `Somebody has added another "${String(row.name)}" to PostgreSQL's own.`,
      "The tool's queries of the catalog use PostgreSQL's own functions, operators and casts, and could run this one instead.",
      "Drop it, or move it from pg_catalog to a schema of its own; then this database can be looked at.",
    );
}
