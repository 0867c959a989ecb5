import { dirname } from "node:path";
import type { TranslatedParameter, TranslatedQuery } from "#protocol/translation";
import type { OrmIndex } from "../orm/index.js";
import { LineIndex } from "../rules/index.js";
import { parametersOf, parseStatements, type ColumnsOf, type SqlSource, type SqlStatement } from "../sql/index.js";
import { sitesIn, translateAt, translateEach, type TranslateOptions } from "../translate/index.js";
import type { ProjectFile } from "./files.js";
import { engineName } from "./project.js";
import type { Cursor } from "./workspace.js";
import { sqlalchemyVersion, type SqlalchemyVersion } from "./sqlalchemyVersion.js";

/** Translates query expressions, and remembers those of files whose project is still the same. */
export class Translations {
  private readonly known = new WeakMap<OrmIndex, Map<ProjectFile, readonly TranslatedQuery[]>>();
  private readonly versions = new Map<string, SqlalchemyVersion | undefined>();

  /** The query expressions of a Python file in order. `pause` comes between two of them. */
  async of(file: ProjectFile, index: OrmIndex, pause: () => Promise<unknown>): Promise<readonly TranslatedQuery[]> {
    const known = this.known.get(index)?.get(file);
    if (known) return known;
    const queries: TranslatedQuery[] = [];
    for (const query of translateEach(index, engineName(file.found.path), this.options(file))) {
      queries.push({ ...query, file: file.found.path });
      await pause();
    }
    const files = this.known.get(index) ?? new Map<ProjectFile, readonly TranslatedQuery[]>();
    this.known.set(index, files.set(file, queries));
    return queries;
  }

  /** The innermost query expression whose chain holds an offset. */
  at(file: ProjectFile, index: OrmIndex, offset: number): TranslatedQuery | undefined {
    const known = this.known.get(index)?.get(file);
    if (known) return innermost(known.filter(({ span }) => span.start <= offset && offset <= span.end));
    const query = translateAt(index, engineName(file.found.path), offset, this.options(file));
    return query && { ...query, file: file.found.path };
  }

  /** The one around a place; without a column, or where none is, the first that stands on the line. */
  near(file: ProjectFile, index: OrmIndex, { line, column, strict }: Cursor): TranslatedQuery | undefined {
    const lines = new LineIndex(file.text);
    const start = lines.startOf(line);
    if (start === Infinity) return undefined;
    const around = column === undefined ? undefined : this.at(file, index, start + column - 1);
    if (around || strict) return around;
    const site = sitesIn(index, engineName(file.found.path)).find(
      ({ span }) => lines.lineAt(span.start) <= line && line <= lines.lineAt(span.end),
    );
    return site && this.at(file, index, site.span.start);
  }

  private options(file: ProjectFile): TranslateOptions {
    const version = this.versionFor(file);
    return { text: file.text, ...(version ? { version } : {}) };
  }

  /** Files changed that say which SQLAlchemy the project runs on. */
  forgetVersions(): void {
    this.versions.clear();
  }

  private versionFor({ found }: ProjectFile): SqlalchemyVersion | undefined {
    const folder = dirname(found.path);
    if (!this.versions.has(folder)) this.versions.set(folder, sqlalchemyVersion(folder, found.folder));
    return this.versions.get(folder);
  }
}

function innermost(queries: readonly TranslatedQuery[]): TranslatedQuery | undefined {
  const size = ({ span }: TranslatedQuery) => span.end - span.start;
  return [...queries].sort((a, b) => size(a) - size(b))[0];
}

/** The statements of SQL texts in the form of translations: as they are written, with `$n` for placeholders. In order. */
export function writtenStatements(path: string, text: string, sources: readonly SqlSource[], columnsOf: ColumnsOf): TranslatedQuery[] {
  const lines = new LineIndex(text);
  const place = (span: { start: number; end: number }) => ({
    file: path,
    line: lines.lineAt(span.start),
    endLine: lines.lineAt(span.end),
    span,
    written: true as const,
    causes: [],
  });
  return sources
    .filter(({ file }) => file === engineName(path))
    .flatMap((source): TranslatedQuery[] => {
      const { statements, problems } = parseStatements(source);
      const good = statements.map((statement) => ({
        ...place(statement.fileSpan({ start: 0, end: statement.text.length })),
        sql: statement.text,
        parameters: translatedParameters(statement, columnsOf),
        ...(statement.key === undefined ? {} : { fingerprint: statement.key }),
      }));
      const bad = problems.map(({ statement, span, message }) => ({
        ...place({ start: source.toSource(statement.start), end: source.toSource(statement.end) }),
        refused: { reason: message, line: lines.lineAt(source.toSource(span.start)) },
      }));
      return [...good, ...bad];
    })
    .sort((a, b) => a.span.start - b.span.start);
}

function translatedParameters(statement: SqlStatement, columnsOf: ColumnsOf): TranslatedParameter[] {
  return parametersOf(statement, columnsOf).map(({ position, name, sqlType, column }) => ({
    position,
    ...(name === undefined ? {} : { name }),
    ...(sqlType === undefined ? {} : { sqlType }),
    ...(column === undefined ? {} : { column }),
  }));
}

/** Both kinds together in order. SQL that stands inside a query expression is a part of its statement. */
export function together(translated: readonly TranslatedQuery[], written: readonly TranslatedQuery[]): TranslatedQuery[] {
  const inside = ({ span }: TranslatedQuery) => translated.some((query) => query.span.start <= span.start && span.end <= query.span.end);
  return [...translated, ...written.filter((query) => !inside(query))].sort((a, b) => a.span.start - b.span.start);
}
