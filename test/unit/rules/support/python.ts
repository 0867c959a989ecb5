import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Catalog } from "../../../../server/src/catalog/catalog.js";
import { buildOrmIndex, catalogOf, ProjectAnalysis, sqlSources } from "../../../../server/src/orm/index.js";
import { createPythonParser, type FileFacts } from "../../../../server/src/python/index.js";
import { runRules, type Comment, type RuleContext, type RuleLevels, type RuleProblem } from "../../../../server/src/rules/index.js";
import { ormRules } from "../../../../server/src/rules/orm/index.js";
import type { SqlSource } from "../../../../server/src/sql/index.js";

const require = createRequire(import.meta.url);
let parser: ReturnType<typeof createPythonParser> | undefined;

async function readParser() {
  return createPythonParser({
    runtime: await readFile(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
    grammar: await readFile(require.resolve("tree-sitter-python/tree-sitter-python.wasm")),
  });
}

// Assigned before anything is awaited: two loads at once spoil the WASM runtime.
function pythonParser() {
  parser ??= readParser();
  return parser;
}

/** The facts of one file. */
export async function pythonFacts(text: string): Promise<FileFacts> {
  return (await pythonParser()).facts(text);
}

export interface CheckedPython {
  readonly catalogs: readonly Catalog[];
  comments(path: string): readonly Comment[] | undefined;
  sources(path: string): readonly SqlSource[];
  syntaxProblems(path: string): string[];
  problems(context: RuleContext): RuleProblem[];
}

/** The ORM's view of some Python files. */
export async function checkPython(files: readonly { path: string; text: string }[], levels: RuleLevels): Promise<CheckedPython> {
  const facts = new Map<string, FileFacts>();
  if (files.length > 0) {
    const engine = await pythonParser();
    for (const { path, text } of files) facts.set(path, engine.facts(text));
  }
  const index = buildOrmIndex(facts);
  const analysis = new ProjectAnalysis(index);
  const subjects = new Map(files.map(({ path }) => [path, analysis.subject(path)!]));
  return {
    catalogs: files.length > 0 ? [catalogOf(index)] : [],
    comments: (path) => facts.get(path)?.comments,
    sources: (path) => {
      const subject = subjects.get(path);
      return subject ? sqlSources(subject) : [];
    },
    syntaxProblems: (path) => (facts.get(path)?.problems ?? []).map(({ message }) => `${path}: ${message}`),
    problems: (context) => [...subjects.values()].flatMap((subject) => runRules(ormRules, subject, levels, context)),
  };
}
