import type { Table } from "../../../catalog/catalog.js";
import { quoteName, type Predicate, type TableAccess } from "../../../plan/index.js";
import { columnOf, frequency } from "./statistics.js";

/** A partial index must leave most of the table out, or it is a second full one. */
const largestShare = 0.3;

export interface PartialPredicate {
  readonly column: string;
  readonly sql: string;
  /** Of the table's rows. */
  readonly share: number;
}

/**
 * Conditions that are the same whenever the statement runs and that few rows meet. IS NULL and boolean tests always stand in the statement;
 * a literal does only where the caller knows that it is no parameter's value.
 */
export function partialPredicates(access: TableAccess, table: Table, constantsAreFixed: boolean): readonly PartialPredicate[] {
  return access.predicates.flatMap((predicate) => {
    const found = partial(predicate, table, constantsAreFixed);
    return found && found.share <= largestShare ? [found] : [];
  });
}

function partial(predicate: Predicate, table: Table, constantsAreFixed: boolean): PartialPredicate | undefined {
  if (predicate.kind === "null") return nullTest(predicate.column.column, predicate.negated, table);
  if (predicate.kind === "boolean") return truth(predicate.column.column, predicate.value, table);
  if (predicate.kind !== "equality" || predicate.value.kind !== "constant" || !constantsAreFixed) return undefined;
  const { column } = predicate.column;
  const share = frequency(table, column, predicate.value.text);
  return share === undefined ? undefined : { column, share, sql: `${quoteName(column)} = '${predicate.value.text.replaceAll("'", "''")}'` };
}

function nullTest(column: string, negated: boolean, table: Table): PartialPredicate | undefined {
  const nulls = columnOf(table, column)?.statistics?.nullFraction;
  if (nulls === undefined) return undefined;
  return { column, share: negated ? 1 - nulls : nulls, sql: `${quoteName(column)} IS ${negated ? "NOT " : ""}NULL` };
}

function truth(column: string, value: boolean, table: Table): PartialPredicate | undefined {
  if (columnOf(table, column)?.type !== "boolean") return undefined;
  const share = frequency(table, column, value ? "t" : "f");
  return share === undefined ? undefined : { column, share, sql: value ? quoteName(column) : `NOT ${quoteName(column)}` };
}
