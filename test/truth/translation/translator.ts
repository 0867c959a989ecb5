import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TranslatedQuery } from "#protocol/translation";
import type { OrmIndex } from "../../../server/src/orm/index.js";
import { buildOrmIndex } from "../../../server/src/orm/index.js";
import { pythonFacts } from "../../unit/rules/support/python.js";
import { initSql } from "../../../server/src/sql/index.js";
import type { SqlAlchemyVersion } from "../python.js";
import { corpusFolder } from "./recording.js";

/** Paths of the corpus, relative to its folder. */
export function corpusFiles(prefix = ""): string[] {
  return readdirSync(corpusFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".py"))
    .filter((path) => path.startsWith(prefix))
    .sort();
}

export type TranslateFile = (index: OrmIndex, file: string, options: { version: SqlAlchemyVersion }) => TranslatedQuery[];

const entry = join(import.meta.dirname, "../../../server/src/translate/index.ts");

/** Undefined while the translator does not exist. */
export async function loadTranslator(): Promise<TranslateFile | undefined> {
  if (!existsSync(entry)) return undefined;
  const { translateFile } = (await import(entry)) as { translateFile: TranslateFile };
  return translateFile;
}

/** What the translator says about the corpus as one project. */
export async function translateCorpus(version: SqlAlchemyVersion, prefix = ""): Promise<TranslatedQuery[] | undefined> {
  await initSql();
  const translateFile = await loadTranslator();
  if (!translateFile) return undefined;
  const facts = new Map<string, Awaited<ReturnType<typeof pythonFacts>>>();
  for (const path of corpusFiles()) facts.set(path, await pythonFacts(readFileSync(join(corpusFolder, path), "utf8")));
  const index = buildOrmIndex(facts);
  return corpusFiles(prefix).flatMap((path) => translateFile(index, path, { version }));
}
