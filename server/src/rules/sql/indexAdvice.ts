import type { Node } from "libpg-query";
import { quoteIdentifier, type Relation, type SqlStatement } from "../../sql/index.js";
import type { Table } from "../../catalog/catalog.js";
import { findColumn } from "../schema.js";
import { createIndex, indexKey } from "./proposedIndex.js";
import type { WrappedColumn } from "./wrappedColumn.js";

/** A column behind a function, a cast or a calculation, and what is known of it. */
export interface Wrapping {
  readonly name: string;
  readonly relation: Relation | undefined;
  readonly table: Table | undefined;
  readonly type: string | undefined;
  readonly wrapped: WrappedColumn;
  readonly node: Node;
  /** Columns of the same table that must equal a value. */
  readonly beside: readonly string[];
  /** It is compared by LIKE. */
  readonly pattern: boolean;
}

/** What to do about a wrapped column, with the index that serves it where one can be named. */
export function indexAdvice(statement: SqlStatement, wrapping: Wrapping): string {
  const { name, relation, table, wrapped } = wrapping;
  const expression = indexKey(statement, wrapping.node, (column) => findColumn(table, column)?.type);
  // Whatever the collation, LIKE finds by beginnings with this operator class.
  const key = expression !== undefined && wrapping.pattern ? `${expression} text_pattern_ops` : expression;
  const bare = bareAdvice(wrapping);
  if (bare === undefined && key !== undefined)
    return relation?.table ? `Create an index on the expression: ${proposal(wrapping, key)}.` : `Create an index on the expression ${key}.`;
  const advice = bare ?? `Write the condition so that ${name} stands alone on its side.`;
  if (wrapped.kind === "function" && wrapping.beside.length > 0 && relation?.table)
    return `${advice} An index for that: ${proposal(wrapping, quoteIdentifier(name))}.`;
  return advice;
}

/** An index with the columns that must equal a value before the one that is searched in. */
function proposal({ relation, beside }: Wrapping, key: string): string {
  const [first] = beside;
  const keys = first === undefined ? [key] : [quoteIdentifier(first), key];
  return createIndex(relation?.table ?? { name: "" }, keys);
}

/** A way to compare the column itself, which is better than an index of its own; undefined where there is none. */
function bareAdvice({ name, type, wrapped, pattern }: Wrapping): string | undefined {
  const moment = momentWords.test(wrapped.what);
  if (moment && (isText(type) || wrapped.what === "to_date" || wrapped.what === "to_timestamp"))
    return `${name} holds text: make it a timestamp column, or compare the bare ${name} with text in the column's own format, if that sorts as time does.`;
  if (wrapped.what === "date") return `Compare the bare ${name} with a range, from the first moment of the day to before that of the next.`;
  if (wrapped.kind === "cast" && !pattern) return `Cast the value to the type of ${name} instead of the column.`;
  if (wrapped.kind === "calculation") return `Leave ${name} alone on its side and calculate with the value.`;
  return moment ? `Compare the bare ${name} with a range of values.` : undefined;
}

const momentWords = /^(date|date_trunc|date_part|extract|to_char|to_date|to_timestamp|timestamp|timestamptz)$/;
const isText = (type: string | undefined) => type !== undefined && /^(text|character|varchar|citext)/.test(type);
