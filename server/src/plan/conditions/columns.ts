import { columnsIn, predicatesOf, type ColumnName } from "./predicates.js";
import { parseExpression } from "./parse.js";

/** Columns that an index could serve for a condition: those compared for equality first, then one compared with a range. */
export interface ServedColumns {
  readonly equal: readonly string[];
  readonly range: readonly string[];
}

/** Undefined where the condition could not be read. */
export function servedColumns(condition: string): ServedColumns | undefined {
  const predicates = predicatesOf(condition);
  if (predicates.length === 0) return undefined;
  const equal = predicates.flatMap((predicate) => {
    if (predicate.kind === "join" && predicate.operator === "=") return [predicate.left.column];
    return predicate.kind === "equality" || predicate.kind === "any" || predicate.kind === "boolean" || predicate.kind === "null"
      ? [predicate.column.column]
      : [];
  });
  const range = predicates.flatMap((predicate) =>
    predicate.kind === "range" || predicate.kind === "prefix" ? [predicate.column.column] : [],
  );
  return { equal: [...new Set(equal)], range: [...new Set(range)] };
}

/** The column that an item of a list (`Sort Key`, `Group Key`) is, where it is just a column. */
export function plainColumn(item: string): ColumnName | undefined {
  const node = parseExpression(item);
  if (node?.kind !== "ColumnRef") return undefined;
  return columnsIn({ [node.kind]: node.fields })[0];
}
