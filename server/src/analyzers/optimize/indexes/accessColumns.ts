import type { Table } from "../../../catalog/catalog.js";
import type { ColumnName, Predicate, TableAccess } from "../../../plan/index.js";
import type { CandidateColumn } from "./candidate.js";
import { columnOf, distinctValues } from "./statistics.js";

/** A table's columns by what one scan does with them. */
export interface AccessColumns {
  /** Compared for equality, the most telling first. */
  readonly equal: readonly string[];
  readonly ranges: readonly CandidateColumn[];
  readonly sort: readonly CandidateColumn[];
  readonly joined: readonly string[];
}

export function accessColumns(access: TableAccess, table: Table): AccessColumns {
  return {
    equal: bySelectivity(equalityColumns(access.predicates, table), table),
    ranges: access.predicates.flatMap((predicate) => rangeColumn(predicate, table)),
    sort: access.sort.every(({ column }) => columnOf(table, column)) ? sortKeys(access) : [],
    joined: access.joined.filter((column) => columnOf(table, column)),
  };
}

/** For each OR the column of each side; an OR with a side that no index can serve is left out. */
export function sidesOfOrs(access: TableAccess, table: Table): readonly (readonly CandidateColumn[])[] {
  const ors = access.predicates.flatMap((predicate) => (predicate.kind === "or" ? [predicate.branches] : []));
  return ors.flatMap((branches) => {
    const sides = branches.flatMap((branch): readonly CandidateColumn[] => {
      const [equal] = bySelectivity(equalityColumns(branch, table), table);
      const [range] = branch.flatMap((predicate) => rangeColumn(predicate, table));
      return equal !== undefined ? [{ column: equal }] : range ? [range] : [];
    });
    return sides.length === branches.length ? [sides] : [];
  });
}

function equalityColumns(predicates: readonly Predicate[], table: Table): readonly string[] {
  const names = predicates.flatMap((predicate) => {
    const column = equalityColumn(predicate);
    return column && isComparable(column, table) ? [column.column] : [];
  });
  return [...new Set(names)];
}

function equalityColumn(predicate: Predicate): ColumnName | undefined {
  if (predicate.kind === "null") return predicate.negated ? undefined : predicate.column;
  return predicate.kind === "equality" || predicate.kind === "any" || predicate.kind === "boolean" ? predicate.column : undefined;
}

/** An index on the column serves a cast of it only where the cast changes nothing: varchar to text. */
function isComparable({ column, castTo }: ColumnName, table: Table): boolean {
  const type = columnOf(table, column)?.type;
  if (type === undefined) return false;
  return castTo === undefined || (castTo === "text" && (type.startsWith("character varying") || type === "text"));
}

function rangeColumn(predicate: Predicate, table: Table): readonly CandidateColumn[] {
  if ((predicate.kind !== "range" && predicate.kind !== "prefix") || !isComparable(predicate.column, table)) return [];
  const { column } = predicate.column;
  return [predicate.kind === "prefix" ? { column, operatorClass: patternClass(table, column) } : { column }];
}

/** LIKE 'abc%' can use a B-tree only in the C collation or with the pattern operators, which is safe in both. */
function patternClass(table: Table, column: string): string {
  return columnOf(table, column)?.type.startsWith("character varying") ? "varchar_pattern_ops" : "text_pattern_ops";
}

function sortKeys(access: TableAccess): readonly CandidateColumn[] {
  const [first] = access.sort;
  const uniform = access.sort.every(({ descending, nulls }) => descending === first?.descending && nulls === undefined);
  // A B-tree is read in both directions.
  if (uniform) return access.sort.map(({ column }) => ({ column }));
  return access.sort.map(({ column, descending, nulls }) => ({ column, descending, ...(nulls === undefined ? {} : { nulls }) }));
}

/** The planner does not care about the order of equalities, but other statements can use the prefix. */
function bySelectivity(columns: readonly string[], table: Table): readonly string[] {
  return [...columns].sort((a, b) => (distinctValues(table, b) ?? 0) - (distinctValues(table, a) ?? 0) || (a < b ? -1 : 1));
}
