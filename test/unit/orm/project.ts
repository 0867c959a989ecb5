import { analyzeFile, buildOrmIndex, type OrmIndex, type OrmSubject } from "../../../server/src/orm/index.js";
import { pythonParser } from "../python/parser.js";

/** The index of a project given as path → text. */
export async function indexOf(files: Readonly<Record<string, string>>): Promise<OrmIndex> {
  const parser = await pythonParser();
  return buildOrmIndex(new Map(Object.entries(files).map(([path, text]) => [path, parser.facts(text)])));
}

export async function subjectOf(files: Readonly<Record<string, string>>, path: string): Promise<OrmSubject> {
  return analyzeFile(await indexOf(files), path);
}
