import type { Span } from "#protocol/place";
import type { LocatedStatement, Parameter, PlaceholderStyle } from "#protocol/statement";
import { parametersOf } from "./analysis/parameters.js";
import type { ColumnsOf } from "./analysis/scopes.js";
import { parseStatements } from "./parse.js";
import type { SqlSource } from "./source.js";

/** A statement with spans of the file; the caller, who knows its lines, makes a `LocatedStatement` of it. */
export interface SpannedStatement {
  readonly span: Span;
  readonly sql: string;
  readonly original: string;
  readonly placeholders: PlaceholderStyle;
  readonly parameters: readonly Parameter[];
  readonly key?: LocatedStatement["key"];
  /** Offset of the file. */
  readonly error?: { readonly message: string; readonly offset: number };
}

/** What "Explain" can be asked for in a text: its queries and data changes, and what should be such but does not parse. In order. */
export function locateStatements(source: SqlSource, columnsOf?: ColumnsOf): SpannedStatement[] {
  const { statements, problems } = parseStatements(source);
  const good = statements
    .filter((statement) => statement.kind !== "other")
    .map((statement): SpannedStatement => ({
      span: statement.fileSpan({ start: 0, end: statement.text.length }),
      sql: statement.text,
      original: statement.original,
      placeholders: statement.placeholders,
      parameters: parametersOf(statement, columnsOf),
      ...(statement.key === undefined ? {} : { key: statement.key }),
    }));
  const broken = problems.map(({ statement, span, message }): SpannedStatement => {
    const text = source.text.slice(statement.start, statement.end);
    return {
      span: { start: source.toSource(statement.start), end: source.toSource(statement.end) },
      sql: text,
      original: text,
      placeholders: "none",
      parameters: [],
      error: { message, offset: source.toSource(span.start) },
    };
  });
  return [...good, ...broken].sort((a, b) => a.span.start - b.span.start);
}
