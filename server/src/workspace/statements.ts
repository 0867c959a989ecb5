import type { LocatedStatement } from "#protocol/statement";
import { LineIndex } from "../rules/lines.js";
import { locateStatements, type ColumnsOf, type SqlSource } from "../sql/index.js";

/** A whole `.sql` file as one source: psql's `:name` is the only placeholder that has a meaning there, beside PostgreSQL's own `$1`. */
export function sqlFile(file: string, text: string): SqlSource {
  return { file, text, origin: "file", placeholders: ["colon", "dollar"], toSource: (offset) => offset, scope: "" };
}

/** The statements of one document that can be explained, and those that cannot with the reason, in the order of the text. */
export function locate(path: string, text: string, sources: readonly SqlSource[], columnsOf: ColumnsOf): LocatedStatement[] {
  const lines = new LineIndex(text);
  return sources
    .flatMap((source) => locateStatements(source, columnsOf))
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, error, sql, original, placeholders, parameters, key }) => {
      const { line, column } = lines.range({ start: error?.offset ?? 0, end: error?.offset ?? 0 });
      return {
        place: { file: path, ...lines.range(span) },
        ...{ sql, original, placeholders, parameters: [...parameters] },
        ...(key === undefined ? {} : { key }),
        ...(error ? { error: { message: error.message, line, column } } : {}),
      };
    });
}
