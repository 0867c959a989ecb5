import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Catalog } from "../../../../server/src/catalog/catalog.js";
import { buildOrmIndex, catalogOf, createContext, ProjectAnalysis, sqlSources } from "../../../../server/src/orm/index.js";
import { createPythonParser, type FileFacts } from "../../../../server/src/python/index.js";
import { runRules, type Comment, type RuleContext, type RuleLevels, type RuleProblem } from "../../../../server/src/rules/index.js";
import { ormRules } from "../../../../server/src/rules/orm/index.js";
import type { SqlSource } from "../../../../server/src/sql/index.js";
import { parseTemplate } from "../../../../server/src/templates/index.js";

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

/** The ORM's view of some Python files and of the templates that they render, named by their paths or the ends of them. */
export async function checkPython(files: readonly { path: string; text: string }[], levels: RuleLevels): Promise<CheckedPython> {
  const facts = new Map<string, FileFacts>();
  const templates = new Map<string, FileFacts>();
  const engine = files.length > 0 ? await pythonParser() : undefined;
  for (const { path, text } of files)
    if (path.endsWith(".py")) facts.set(path, engine!.facts(text));
    else templates.set(path, parseTemplate(text));
  const index = buildOrmIndex(facts);
  const lookup = (name: string) => {
    const file = [...templates.keys()].find((path) => path === name || path.endsWith(`/${name}`));
    return file === undefined ? undefined : { file, facts: templates.get(file)! };
  };
  const analysis = new ProjectAnalysis(index, createContext(index, lookup));
  for (const file of analysis.pending()) analysis.evaluate(file);
  const subjects = new Map(files.map(({ path }) => [path, analysis.subject(path)]));
  const factsOf = (path: string) => facts.get(path) ?? templates.get(path);
  return {
    catalogs: files.length > 0 ? [catalogOf(index)] : [],
    comments: (path) => factsOf(path)?.comments,
    sources: (path) => {
      const subject = subjects.get(path);
      return subject ? sqlSources(subject, factsOf(path)) : [];
    },
    syntaxProblems: (path) => (factsOf(path)?.problems ?? []).map(({ message }) => `${path}: ${message}`),
    problems: (context) => [...subjects.values()].flatMap((subject) => (subject ? runRules(ormRules, subject, levels, context) : [])),
  };
}
