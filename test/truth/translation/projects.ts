import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { TranslatedQuery } from "#protocol/translation";
import { buildOrmIndex } from "../../../server/src/orm/index.js";
import type { FileFacts } from "../../../server/src/python/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { translateFile, type TranslateOptions } from "../../../server/src/translate/index.js";
import { ProjectFiles } from "../../../server/src/workspace/files.js";
import { pythonFacts } from "../../unit/rules/support/python.js";
import { sampled } from "./sampled.js";

type Version = NonNullable<TranslateOptions["version"]>;
type Located = TranslatedQuery & { readonly code: string };

interface ProjectResult {
  readonly name: string;
  readonly queries: readonly Located[];
  readonly seconds: number;
}

/** Prints a line for each project, with what is refused there by reason. */
export async function projects(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reasons: { type: "string", default: "15" },
      sample: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
    },
  });
  await initSql();
  const results: ProjectResult[] = [];
  for (const argument of positionals) {
    const [folder, version = "2.0"] = argument.split("@");
    const result = await translateProject(resolve(folder!), version as Version);
    results.push(result);
    print(result, Number(values.reasons));
    for (const query of sampled(result.queries.filter(isTranslated), Number(values.sample), Number(values.seed))) printQuery(query);
  }
  if (results.length > 1) {
    console.log("");
    print(
      { name: "all", queries: results.flatMap(({ queries }) => queries), seconds: sum(results.map(({ seconds }) => seconds)) },
      Number(values.reasons),
    );
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results));
}

async function translateProject(folder: string, version: Version): Promise<ProjectResult> {
  const files = new ProjectFiles([folder], () => []);
  await files.refresh(new AbortController().signal);
  const texts = new Map<string, string>();
  for (const { found, text } of files.all()) if (found.language === "python" && found.role === "source") texts.set(found.path, text);
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of texts) facts.set(path, await pythonFacts(text));
  const index = buildOrmIndex(facts);
  const start = performance.now();
  const queries = [...texts].flatMap(([path, text]) =>
    translateFile(index, path, { text, version }).map((query) => ({
      ...query,
      file: relative(folder, path),
      code: text.slice(query.span.start, query.span.end),
    })),
  );
  return { name: folder.slice(folder.lastIndexOf("/") + 1), queries, seconds: (performance.now() - start) / 1000 };
}

const isTranslated = (query: TranslatedQuery) => query.refused === undefined;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

function print({ name, queries, seconds }: ProjectResult, reasons: number): void {
  const translated = queries.filter(isTranslated).length;
  const share = queries.length === 0 ? "" : `${((100 * translated) / queries.length).toFixed(1)} %`;
  console.log(`${name}: ${queries.length} expressions, ${translated} translated (${share}), ${seconds.toFixed(1)} s`);
  const counts = new Map<string, number>();
  for (const { refused } of queries) if (refused) counts.set(kindOf(refused.reason), (counts.get(kindOf(refused.reason)) ?? 0) + 1);
  for (const [reason, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, reasons))
    console.log(`  ${String(count).padStart(4)}  ${reason}`);
}

/** A reason without the names of this one place: words that are code (they hold a dot, a bracket, a quote, a capital) become "…". */
function kindOf(reason: string): string {
  const words = reason.slice(reason.lastIndexOf("): ") + 1).split(" ");
  return words
    .map((word) => (/[._"'()[\]{}*=]/.test(word.replace(/[.,:]$/, "")) && !/^[a-z_]+\(\)/.test(word) ? "…" : word))
    .join(" ")
    .replaceAll(/…( …)+/g, "…");
}

function printQuery({ file, line, code, sql, variants }: Located): void {
  console.log(`\n  ${file}:${line}\n${code.replaceAll(/^/gm, "    ")}`);
  for (const one of variants ?? [{ sql: sql!, when: "" }])
    console.log(`    → ${one.when && `[${one.when}] `}${one.sql.replaceAll(/\s+/g, " ")}`);
}
