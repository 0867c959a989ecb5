import type { Index, Table } from "../../../catalog/catalog.js";
import type { Candidate } from "./candidate.js";

/** Whether an index that exists already finds what the candidate would find. */
export function isServed(candidate: Candidate, table: Table): boolean {
  return table.indexes.some((index) => serves(index, candidate)) || isPinnedByKey(candidate, table);
}

function serves(index: Index, candidate: Candidate): boolean {
  if (!index.valid || index.method !== "btree" || index.predicate !== undefined || candidate.predicate !== undefined) return false;
  const wanted = candidate.columns;
  const keys = index.keys.slice(0, wanted.length);
  if (keys.length < wanted.length) return false;
  const first = new Set(wanted.slice(0, candidate.equalities).map(({ column }) => column));
  const prefix = keys.slice(0, candidate.equalities).every(({ column }) => column !== undefined && first.delete(column));
  const rest = wanted.slice(candidate.equalities);
  const directions = keys.slice(candidate.equalities).map((key, position) => key.descending === (rest[position]?.descending ?? false));
  const sameDirection = directions.every(Boolean) || directions.every((same) => !same);
  const ordered = keys.slice(candidate.equalities).every(({ column }, position) => column === rest[position]?.column);
  const covered = candidate.include.every((column) => index.include.includes(column) || index.keys.some((key) => key.column === column));
  const classes = rest.every(({ operatorClass }, position) => {
    const key = keys[candidate.equalities + position];
    return operatorClass === undefined || key?.operatorClass === operatorClass;
  });
  return prefix && ordered && sameDirection && covered && classes;
}

/** Equality on all columns of a key leaves one row: nothing can be quicker. */
function isPinnedByKey(candidate: Candidate, table: Table): boolean {
  const equal = new Set(candidate.columns.slice(0, candidate.equalities).map(({ column }) => column));
  const keys = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
  return keys.some((key) => key.length > 0 && key.every((column) => equal.has(column)));
}

/** A table that fits into a few pages is read faster than any index. */
export function isTiny(table: Table): boolean {
  if (!table.size) return false;
  return table.size.rows === undefined ? table.size.pages < 10 : table.size.rows < 1000 && table.size.pages < 100;
}
