import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TranslatedQuery } from "#protocol/translation";
import { buildOrmIndex } from "../../../server/src/orm/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { translateFile } from "../../../server/src/translate/index.js";
import { pythonFacts } from "../../unit/rules/support/python.js";
import type { SqlAlchemyVersion } from "../python.js";
import { corpusFiles, corpusFolder } from "./recording.js";

/** What the translator says about the corpus, read as one project. */
export async function translateCorpus(version: SqlAlchemyVersion, prefix = ""): Promise<TranslatedQuery[]> {
  await initSql();
  const texts = new Map(corpusFiles().map((path) => [path, readFileSync(join(corpusFolder, path), "utf8")]));
  const facts = new Map<string, Awaited<ReturnType<typeof pythonFacts>>>();
  for (const [path, text] of texts) facts.set(path, await pythonFacts(text));
  const index = buildOrmIndex(facts);
  return corpusFiles(prefix).flatMap((path) => translateFile(index, path, { text: texts.get(path) ?? "", version, causes: true }));
}
