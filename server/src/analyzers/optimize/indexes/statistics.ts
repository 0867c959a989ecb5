import type { Column, Table } from "../../../catalog/catalog.js";
import type { Candidate } from "./candidate.js";

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Number of different values; undefined without statistics. pg_stats has fractions of the rows as negative numbers. */
export function distinctValues(table: Table, name: string): number | undefined {
  const distinct = columnOf(table, name)?.statistics?.distinct;
  if (distinct === undefined) return undefined;
  return distinct >= 0 ? distinct : -distinct * (table.size?.rows ?? 0);
}

/** Share of rows with this value; undefined where the statistics do not list it. */
export function frequency(table: Table, name: string, value: string): number | undefined {
  return columnOf(table, name)?.statistics?.mostCommon.find((common) => common.value === value)?.frequency;
}

/** Bytes of an index tuple's header with its line pointer, of one row pointer in a posting list, and the share that fill factor 90 uses. */
const entryOverhead = 12;
const pointer = 6;
const fill = 0.9;

/**
 * Estimated size in bytes: HypoPG ignores that equal keys share one entry since PostgreSQL 13 and overestimates.
 * @param share of the table's rows that a partial index holds
 */
export function estimateIndexSize(candidate: Candidate, table: Table, share = 1): number | undefined {
  const rows = table.size?.rows;
  if (rows === undefined) return undefined;
  const entries = rows * share;
  const width = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (columnOf(table, name)?.statistics?.averageWidth ?? 8), 0);
  const keys = candidate.columns.map(({ column }) => column);
  const payload = align(width([...keys, ...candidate.include]));
  const distinct = keys.map((key) => distinctValues(table, key) ?? rows).reduce((product, count) => product * Math.max(count, 1), 1);
  const unique = Math.min(distinct, entries);
  const shared = candidate.include.length === 0 && unique <= entries / 2;
  const bytes = shared ? unique * (payload + entryOverhead) + entries * pointer : entries * (payload + entryOverhead);
  return Math.max(Math.round(bytes / fill), 16384);
}

const align = (bytes: number): number => Math.ceil(bytes / 8) * 8;
