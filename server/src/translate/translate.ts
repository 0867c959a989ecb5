import type { TranslatedQuery } from "#protocol/translation";
import type { FileFacts } from "../python/index.js";
import type { OrmIndex } from "../orm/index.js";
import { withEvaluation } from "./execute/mappingHooks.js";
import { explore, mostVariants, variantsOf } from "./explore.js";
import { projectMapping } from "./mapping/project.js";
import type { Mapping } from "./mapping/mapping.js";
import { sitesOf, type SyntaxSite } from "./sites.js";
import { lineStarts, lineOf } from "./lines.js";

export interface TranslateOptions {
  /** The text that the file's facts were made from: lines are counted in it. */
  readonly text: string;
  /** SQLAlchemy's version, as the project's lock or requirements say; 2.0 where they do not. */
  readonly version?: "1.4" | "2.0" | "2.1";
}

/** Every query expression of a file: its SQL, or why it is not known. */
export function translateFile(index: OrmIndex, file: string, options: TranslateOptions): TranslatedQuery[] {
  return [...translateEach(index, file, options)];
}

/** The same, one after the other: whoever must not be away for long has a turn in between. */
export function* translateEach(index: OrmIndex, file: string, options: TranslateOptions): Generator<TranslatedQuery> {
  const facts = index.files.get(file);
  if (!facts) return;
  const mapping = withEvaluation(projectMapping(index));
  const starts = lineStarts(options.text);
  for (const site of sitesOf(index, file, facts)) yield translateSite(mapping, file, facts, site, starts, options.version);
}

/** Where the query expressions of a file stand, in order, without translating any. */
export function sitesIn(index: OrmIndex, file: string): { span: { start: number; end: number } }[] {
  const facts = index.files.get(file);
  return facts ? sitesOf(index, file, facts).map(({ start, chainEnd }) => ({ span: { start, end: chainEnd } })) : [];
}

/** The query expression at an offset: the innermost one whose chain holds it. */
export function translateAt(index: OrmIndex, file: string, offset: number, options: TranslateOptions): TranslatedQuery | undefined {
  const facts = index.files.get(file);
  if (!facts) return undefined;
  const site = sitesOf(index, file, facts)
    .filter(({ start, chainEnd }) => start <= offset && offset <= chainEnd)
    .sort((a, b) => a.chainEnd - a.start - (b.chainEnd - b.start))[0];
  return site && translateSite(withEvaluation(projectMapping(index)), file, facts, site, lineStarts(options.text), options.version);
}

function translateSite(
  mapping: Mapping,
  file: string,
  facts: FileFacts,
  site: SyntaxSite,
  starts: readonly number[],
  version: TranslateOptions["version"],
): TranslatedQuery {
  const base = {
    file,
    line: lineOf(starts, site.start),
    endLine: lineOf(starts, site.chainEnd),
    span: { start: site.start, end: site.chainEnd },
    causes: [],
  };
  mapping.version = version ?? "2.0";
  const { outcomes, refused } = explore({ mapping, file, facts, site });
  if (refused)
    return {
      ...base,
      refused: { reason: refused.reason, line: refused.place?.file === file ? lineOf(starts, refused.place.start) : base.line },
    };
  const variants = variantsOf(outcomes);
  const within = outcomes.find((one) => one.within !== undefined)?.within;
  const more = within === undefined ? {} : { within };
  const [only] = variants;
  if (!only) return { ...base, refused: { reason: "no path through the code reaches it", line: base.line } };
  if (variants.length > mostVariants)
    return { ...base, refused: { reason: `more than ${mostVariants} statements, depending on branches`, line: base.line } };
  if (variants.length > 1) return { ...base, ...more, variants };
  return {
    ...base,
    ...more,
    sql: only.sql,
    parameters: only.parameters,
    ...(only.fingerprint === undefined ? {} : { fingerprint: only.fingerprint }),
  };
}
