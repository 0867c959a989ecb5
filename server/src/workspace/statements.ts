import type { Span } from "#protocol/place";
import type { LocatedStatement, PlaceholderStyle } from "#protocol/statement";
import type { ParsedSql, SqlSource, SqlStatement } from "../sql/index.js";
import { LineIndex } from "../rules/lines.js";
import { parametersOf } from "./parameterColumns.js";

/** A whole `.sql` file as one source: psql's `:name` is the only placeholder that has a meaning there, beside PostgreSQL's own `$1`. */
export function sqlFile(file: string, text: string): SqlSource {
  return { file, text, origin: "file", placeholders: ["colon", "dollar"], toSource: (offset) => offset, scope: "" };
}

/** The statements of one document that can be explained, and those that cannot with the reason, in the order of the text. */
export function locate(file: string, text: string, parsed: readonly ParsedSql[]): LocatedStatement[] {
  const lines = new LineIndex(text);
  const located = parsed.flatMap(({ source, statements, problems }) => [
    ...statements.map((statement) => locateStatement(file, lines, statement)),
    ...problems.map((problem) => {
      const fileSpan = ({ start, end }: Span): Span => ({ start: source.toSource(start), end: source.toSource(end) });
      const original = source.text.slice(problem.statement.start, problem.statement.end);
      const { line, column } = lines.range(fileSpan(problem.span));
      return {
        place: { file, ...lines.range(fileSpan(problem.statement)) },
        sql: original,
        original,
        placeholders: "none" as PlaceholderStyle,
        parameters: [],
        error: { message: problem.message, line, column },
      };
    }),
  ]);
  return located.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

function locateStatement(file: string, lines: LineIndex, statement: SqlStatement): LocatedStatement {
  return {
    place: { file, ...lines.range(statement.fileSpan({ start: 0, end: statement.text.length })) },
    sql: statement.text,
    original: statement.original,
    placeholders: statement.placeholders,
    parameters: parametersOf(statement),
    key: statement.key,
  };
}
