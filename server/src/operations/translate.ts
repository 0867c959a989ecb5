import { existsSync, statSync } from "node:fs";
import { OptimizerError } from "#protocol/failure";
import { translate as contract } from "#protocol/operations";
import type { TranslatedQuery } from "#protocol/translation";
import { isBelow, languageOf } from "../workspace/index.js";
import { laidOut } from "./layout.js";
import { operation, type OperationContext } from "./operation.js";
import { absoluteIn } from "./paths.js";

interface Place {
  /** Absolute. */
  readonly path: string;
  readonly line?: number | undefined;
}

/** Every query expression of files and folders with the SQL that it sends, or why that is not known. Files are absolute in the answer. */
export const translate = operation(contract, async ({ places, text }, context) => {
  const absolute = absoluteIn(context.workspace);
  const asked: Place[] = places.map(({ path, line }) => ({ path: absolute(path), line }));
  if (text !== undefined) {
    const [only] = asked;
    if (asked.length !== 1) throw usage("A text was given for several places.", "Name the one file that it belongs to.");
    const { queries, warnings } = await ofFile(only!, text, context);
    return { queries: queries.map(laidOut), warnings, files: 1 };
  }
  for (const place of asked) assertReadable(place, context);
  const queries = new Map<string, TranslatedQuery>();
  const warnings = new Map<string, Warning>();
  const files = new Set<string>();
  for (const place of asked) {
    const isFolder = statSync(place.path).isDirectory();
    const listed = isFolder ? await context.workspace.sourceFiles([place.path], context.signal) : { files: [place.path], warnings: [] };
    for (const [at, path] of listed.files.entries()) {
      context.progress("Translating queries", at / listed.files.length);
      files.add(path);
      const found = await ofFile({ path, line: place.line }, undefined, context);
      for (const query of found.queries) queries.set(`${path}:${query.span.start}:${query.span.end}`, laidOut(query));
      for (const warning of found.warnings) warnings.set(path, warning);
    }
    for (const warning of listed.warnings) warnings.set(warning.file ?? warning.message, warning);
  }
  return { queries: [...queries.values()], files: files.size, warnings: [...warnings.values()] };
});

interface Warning {
  readonly file?: string;
  readonly message: string;
}

async function ofFile(
  { path, line }: Place,
  text: string | undefined,
  { workspace, signal }: OperationContext,
): Promise<{ queries: TranslatedQuery[]; warnings: Warning[] }> {
  const options = { signal, ...(text === undefined ? {} : { text }) };
  const outcome = await workspace.translations(path, options);
  if ("problem" in outcome) {
    throw usage(`${path} cannot be translated: ${outcome.problem}`, "Name a Python or SQL file that can be read, or a folder.");
  }
  const { queries, warning } = outcome;
  const warnings = warning === undefined ? [] : [{ file: path, message: warning }];
  if (line === undefined) return { queries: [...queries], warnings };
  const lines = outcome.text.split(/\r\n|\r|\n/).length;
  if (line > lines) throw usage(`${path} has ${lines} lines; there is no line ${line}.`, `Allowed: 1 to ${lines}.`);
  const there = queries.filter((query) => query.line <= line && line <= query.endLine);
  if (there.length > 0) return { queries: there, warnings };
  // The line may go on with a query by its name, as an editor's "Explain" there does.
  const named = languageOf(path) === "python" ? await workspace.translationAt(path, { line }, options) : undefined;
  if (!named) throw usage(`There is no query expression at ${path}:${line}.`, whereElse(queries));
  return { queries: [named], warnings };
}

const mostNamed = 20;

function whereElse(queries: readonly TranslatedQuery[]): string {
  if (queries.length === 0) return "The file holds none: name a file with SQLAlchemy queries or SQL.";
  const places = [...new Set(queries.map(({ line, endLine }) => (endLine > line ? `${line}–${endLine}` : `${line}`)))];
  const more = places.length > mostNamed ? ` and ${places.length - mostNamed} more` : "";
  return `Query expressions stand on ${places.length === 1 ? "line" : "lines"} ${places.slice(0, mostNamed).join(", ")}${more}.`;
}

function assertReadable({ path, line }: Place, { workspace }: OperationContext): void {
  if (!existsSync(path))
    throw usage(`There is no file or folder ${path}.`, "Check the spelling; paths are taken from the workspace's folder.");
  if (workspace.folders.length > 0 && !workspace.folders.some((folder) => isBelow(path, folder))) {
    throw usage(
      `${path} lies outside the workspace: the models that it uses are not known.`,
      "Open its project's folder, or name a file in it.",
    );
  }
  if (!statSync(path).isDirectory()) {
    if (languageOf(path)) return;
    throw usage(`${path} is neither Python nor SQL.`, "Name a .py or .sql file, or a folder.");
  }
  if (line !== undefined) throw usage(`${path} is a folder: it has no line ${line}.`, "Name a file with the line.");
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
