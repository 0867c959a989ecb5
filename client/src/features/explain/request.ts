import type { LocatedStatement, ParameterValue } from "#protocol/statement";

export interface Source {
  readonly file: string;
  readonly line: number;
  /** The text of that line. */
  readonly code?: string;
}

/** Everything by which an explain can be run again. */
export interface ExplainRequest {
  readonly connection: string;
  readonly statement: LocatedStatement;
  /** Where the statement stands, to go back to; absent for statements from the sidebar. */
  readonly source?: Source;
  readonly answers: ParameterAnswers;
}

export type ParameterAnswers =
  { readonly kind: "none" } | { readonly kind: "generic" } | { readonly kind: "values"; readonly values: readonly ParameterValue[] };

/** By what a statement is known again: libpg_query's key where there is one, else its text without layout. */
export function keyOf(statement: LocatedStatement): string {
  return statement.key ?? statement.sql.split(/\s+/).join(" ").trim();
}

/** The first words of a statement, for titles and lists. */
export function shortSql(sql: string, length = 60): string {
  const line = sql.split(/\s+/).join(" ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
