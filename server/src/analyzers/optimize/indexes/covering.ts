import type { Table } from "../../../catalog/catalog.js";
import type { Candidate } from "./candidate.js";
import type { KnownAccess } from "./candidates.js";
import { columnOf } from "./statistics.js";

const mostIncluded = 3;
/** Bytes that the included columns may add to each entry: wide ones make the index a second table. */
const mostBytes = 32;

/** The candidate with what the statement still fetches from the table, where that is little. */
export function coveringCandidate(candidate: Candidate, table: Table, accesses: readonly KnownAccess[]): Candidate | undefined {
  const access = accesses.find((known) => known.table === table)?.access;
  if (!access?.columns || candidate.predicate !== undefined) return undefined;
  const keys = new Set(candidate.columns.map(({ column }) => column));
  const missing = access.columns.filter((column) => !keys.has(column) && columnOf(table, column));
  const width = missing.reduce((sum, column) => sum + (columnOf(table, column)?.statistics?.averageWidth ?? mostBytes), 0);
  if (missing.length === 0 || missing.length > mostIncluded || width > mostBytes) return undefined;
  return { ...candidate, include: missing, reason: `${candidate.reason} and reads only ${missing.join(", ")} besides` };
}
