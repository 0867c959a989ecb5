import type { Finding } from "#protocol/finding";
import type { Catalog } from "../../../../server/src/catalog/catalog.js";
import {
  checkComments,
  checkStatements,
  resolveRules,
  sqlComments,
  toFindings,
  type FileView,
  type RuleProblem,
} from "../../../../server/src/rules/index.js";
import { catalogFromDdl, initSql, parseStatements, type ParsedSql, type SqlSource } from "../../../../server/src/sql/index.js";
import { checkPython } from "./python.js";
import type { FixtureSettings } from "./fixture.js";

export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** Statements and Python files that do not parse. */
  readonly syntaxProblems: readonly string[];
}

export function sqlFile(path: string, text: string): SqlSource {
  return { file: path, text, origin: "file", placeholders: ["colon", "dollar"], toSource: (offset) => offset, scope: "" };
}

/** The catalog of a server with this schema and these row counts. */
function serverCatalog(settings: FixtureSettings): Catalog[] {
  if (settings.schema === undefined && settings.rows === undefined) return [];
  const { statements, problems } = parseStatements(sqlFile("schema.sql", settings.schema ?? ""));
  if (problems.length > 0) throw new Error(`The fixture's schema does not parse: ${problems.map(({ message }) => message).join("; ")}`);
  const known = catalogFromDdl(statements);
  const size = (name: string) => {
    const rows = settings.rows?.[name];
    return rows === undefined ? {} : { size: { rows, pages: Math.ceil(rows / 50), bytes: rows * 160 } };
  };
  return [
    {
      ...known,
      source: { kind: "server", connection: "fixture", readAt: "2026-01-01" },
      tables: known.tables.map((table) => ({ ...table, ...size(table.name) })),
    },
  ];
}

/** Everything that the engine has to say about some files, as the workspace would put it together. */
export async function checkProject(files: readonly ProjectFile[], settings: FixtureSettings, only?: readonly string[]): Promise<Checked> {
  await initSql();
  const { levels } = resolveRules([{ name: "rules", value: settings.rules }], settings.rules ? undefined : only);
  const catalogs = serverCatalog(settings);
  const problems: RuleProblem[] = [];
  const syntaxProblems: string[] = [];
  const views = new Map<string, FileView>();
  const python = await checkPython(
    files.filter(({ path }) => !path.endsWith(".sql")),
    levels,
  );
  const context = { catalogs: [...catalogs, ...python.catalogs] };
  for (const { path, text } of files) {
    const own = path.endsWith(".sql")
      ? [parseStatements(sqlFile(path, text))]
      : python.sources(path).map((source) => parseStatements(source));
    const comments = [...(python.comments(path) ?? []), ...own.flatMap(sqlComments)];
    const checked = checkComments(path, text, comments, levels);
    views.set(path, { text, stableName: path, suppressions: checked.suppressions });
    problems.push(...checked.problems, ...own.flatMap((parsed) => checkStatements(parsed, levels, context)));
    syntaxProblems.push(...own.flatMap(messages), ...python.syntaxProblems(path));
  }
  problems.push(...python.problems(context));
  const findings = toFindings(problems, (path) => views.get(path), levels);
  return { findings: findings.filter(({ certainty }) => settings.includePossible !== false || certainty !== "possible"), syntaxProblems };
}

function messages({ source, problems }: ParsedSql): string[] {
  return problems.map(({ message }) => `${source.file}: ${message}`);
}

/** The files after the first fix of each finding. Fixes that overlap one that was applied wait, as in an editor. */
export function applyFixes(files: readonly ProjectFile[], findings: readonly Finding[]): ProjectFile[] {
  const edits = new Map<string, { start: number; end: number; newText: string }[]>();
  for (const finding of findings) {
    const fix = finding.fixes.find(({ applicability }) => applicability !== "displayOnly");
    for (const { file, range, newText } of fix?.edits ?? []) {
      const text = files.find(({ path }) => path === file)?.text ?? "";
      const edit = { start: offsetOf(text, range.line, range.column), end: offsetOf(text, range.endLine, range.endColumn), newText };
      const others = edits.get(file) ?? [];
      const same = others.some((other) => other.start === edit.start && other.end === edit.end && other.newText === newText);
      const overlaps = others.some((other) => edit.start < other.end && other.start < edit.end);
      if (!same && !overlaps) edits.set(file, [...others, edit]);
    }
  }
  return files.map(({ path, text }) => ({ path, text: applyEdits(text, edits.get(path) ?? []) }));
}

function applyEdits(text: string, edits: readonly { start: number; end: number; newText: string }[]): string {
  let result = text;
  for (const { start, end, newText } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + newText + result.slice(end);
  return result;
}

function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed++) at = text.indexOf("\n", at) + 1;
  return at + column - 1;
}
