import { readFile } from "node:fs/promises";
import { buildOrmIndex } from "../../server/src/orm/index.js";
import { createPythonParser, readDirectly, type FileFacts } from "../../server/src/python/index.js";
import { initSql } from "../../server/src/sql/index.js";
import { translateAt, translateFile } from "../../server/src/translate/index.js";
import { discover } from "../../server/src/workspace/discovery.js";

/** What the translator made of one project's own code (neither tests nor migrations), with times in milliseconds. */
export interface ProjectFigures {
  readonly expressions: number;
  readonly translated: number;
  /** Reasons of refusals, each as often as it was given. */
  readonly refused: readonly string[];
  /** The first expression that is asked for after the index was made. */
  readonly first: number;
  /** Each expression alone, by its place. */
  readonly single: readonly number[];
  /** Files that have query expressions, whole. */
  readonly files: readonly { readonly file: string; readonly ms: number; readonly expressions: number }[];
  /** Outcome of each expression, so that two versions of the translator can be compared. */
  readonly outcomes: readonly string[];
}

/** @param assets files of the WebAssembly modules */
export async function translateProject(
  folder: string,
  assets: Readonly<Record<"runtime" | "grammar" | "sql", string>>,
): Promise<ProjectFigures> {
  await initSql(await readFile(assets.sql));
  const parser = await createPythonParser({ runtime: await readFile(assets.runtime), grammar: await readFile(assets.grammar) });
  const texts = new Map<string, string>();
  const facts = new Map<string, FileFacts>();
  for (const { path, relative, language, role } of (await discover(folder, [], AbortSignal.timeout(60_000))).files) {
    if (language !== "python" || role !== "source") continue;
    const text = await readFile(path, "utf8");
    texts.set(relative, text);
    facts.set(relative, readDirectly(text) ?? parser.facts(text));
  }
  // Once unmeasured: an editor's server has run the translator before, and the run-time compiler knows it.
  const warm = buildOrmIndex(facts);
  for (const [file, text] of texts) translateFile(warm, file, { text });

  const index = buildOrmIndex(facts);
  const files: ProjectFigures["files"][number][] = [];
  const queries = [...texts].flatMap(([file, text]) => {
    const [ms, found] = timed(() => translateFile(index, file, { text }));
    if (found.length > 0) files.push({ file, ms, expressions: found.length });
    return found;
  });
  const again = buildOrmIndex(facts);
  const single = queries.map(({ file, span }) => timed(() => translateAt(again, file, span.start, { text: texts.get(file)! }))[0]);
  return {
    expressions: queries.length,
    translated: queries.filter(({ refused }) => !refused).length,
    refused: queries.flatMap(({ refused }) => (refused ? [refused.reason] : [])),
    first: single[0] ?? 0,
    single,
    files,
    outcomes: queries.map(({ file, line, span, refused, sql, variants }) => JSON.stringify({ file, line, span, refused, sql, variants })),
  };
}

function timed<T>(run: () => T): [ms: number, result: T] {
  const started = performance.now();
  const result = run();
  return [performance.now() - started, result];
}
