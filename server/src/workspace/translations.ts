import { dirname } from "node:path";
import type { Span } from "#protocol/place";
import type { TranslatedParameter, TranslatedQuery } from "#protocol/translation";
import type { OrmIndex } from "../orm/index.js";
import { LineIndex } from "../rules/index.js";
import { parametersOf, parseStatements, type ColumnsOf, type SqlSource, type SqlStatement } from "../sql/index.js";
import { composedSql, fileTranslator, spanAt, type FileTranslator } from "../translate/index.js";
import type { ProjectFile } from "./files.js";
import { engineName } from "./project.js";
import type { Cursor } from "./workspace.js";
import { sqlalchemyVersion, type SqlalchemyVersion } from "./sqlalchemyVersion.js";

/** A file of one state of the project, with what was translated of it already. */
interface Known {
  readonly translator: FileTranslator;
  readonly queries: (TranslatedQuery | undefined)[];
}

/** Translates query expressions, each once as long as the project stays the same. */
export class Translations {
  private known = new WeakMap<OrmIndex, Map<ProjectFile, Known>>();
  private readonly versions = new Map<string, SqlalchemyVersion | undefined>();

  /** The query expressions of a Python file in order. `pause` comes between two of them. */
  async of(file: ProjectFile, index: OrmIndex, pause: () => Promise<unknown>): Promise<readonly TranslatedQuery[]> {
    const known = this.file(file, index);
    const queries: TranslatedQuery[] = [];
    for (const at of known?.translator.spans.keys() ?? []) {
      queries.push(this.translated(known!, file, at));
      await pause();
    }
    return queries;
  }

  /** The one around a place, or that code there goes on with; where none is, the first that stands on the line, unless the place is `strict`. */
  near(file: ProjectFile, index: OrmIndex, { line, column, strict }: Cursor): TranslatedQuery | undefined {
    const known = this.file(file, index);
    const lines = new LineIndex(file.text);
    const start = lines.startOf(line);
    if (!known || start === Infinity) return undefined;
    const { spans, named } = known.translator;
    const offset = column === undefined ? undefined : start + column - 1;
    const around = offset === undefined ? undefined : (spanAt(spans, offset) ?? named({ start: offset, end: offset }));
    const onLine = (span: Span) => lines.lineAt(span.start) <= line && line <= lines.lineAt(span.end);
    const first = (): number => {
      const at = spans.findIndex(onLine);
      return at >= 0 ? at : (named({ start, end: Math.min(lines.startOf(line + 1) - 1, file.text.length) }) ?? -1);
    };
    if (around !== undefined) return this.translated(known, file, around);
    const composed = composedStatements(file, index);
    const holds = ({ span }: TranslatedQuery) => offset !== undefined && span.start <= offset && offset <= span.end;
    const refused = composed.find(holds) ?? (strict ? undefined : composed.find(({ span }) => onLine(span)));
    if (refused || strict) return refused;
    const at = first();
    return at < 0 ? undefined : this.translated(known, file, at);
  }

  /** Files changed that say which SQLAlchemy the project runs on. */
  forgetVersions(): void {
    this.versions.clear();
    this.known = new WeakMap();
  }

  private file(file: ProjectFile, index: OrmIndex): Known | undefined {
    const files = this.known.get(index) ?? new Map<ProjectFile, Known>();
    this.known.set(index, files);
    let known = files.get(file);
    if (known) return known;
    const version = this.versionFor(file);
    const translator = fileTranslator(index, engineName(file.found.path), {
      text: file.text,
      causes: true,
      ...(version ? { version } : {}),
    });
    if (translator) files.set(file, (known = { translator, queries: [] }));
    return known;
  }

  private translated({ translator, queries }: Known, file: ProjectFile, at: number): TranslatedQuery {
    return (queries[at] ??= { ...translator.translate(at), file: file.found.path });
  }

  private versionFor({ found }: ProjectFile): SqlalchemyVersion | undefined {
    const folder = dirname(found.path);
    if (!this.versions.has(folder)) this.versions.set(folder, sqlalchemyVersion(folder, found.folder));
    return this.versions.get(folder);
  }
}

/** SQL that is put together when the code runs, refused. */
export function composedStatements({ found, text }: ProjectFile, index: OrmIndex): TranslatedQuery[] {
  const lines = new LineIndex(text);
  return composedSql(index, engineName(found.path)).map(({ span, how }) => {
    const line = lines.lineAt(span.start);
    const reason = `the SQL is put together by ${how} when the code runs, so that a value can change the statement: write placeholders (:name) and pass values beside it`;
    return { file: found.path, line, endLine: lines.lineAt(span.end), span, written: true, refused: { reason, line }, causes: [] };
  });
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
