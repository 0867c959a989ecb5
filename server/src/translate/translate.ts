import type { Span } from "#protocol/place";
import type { TranslatedQuery } from "#protocol/translation";
import type { FileFacts } from "../python/index.js";
import type { OrmIndex } from "../orm/index.js";
import { causesOfVariants } from "./causes/variants.js";
import { withEvaluation } from "./execute/mappingHooks.js";
import { explore, mostVariants, variantsOf } from "./explore.js";
import { projectMapping } from "./mapping/project.js";
import type { Mapping } from "./mapping/mapping.js";
import { namedAt } from "./named.js";
import { sitesOf, type SyntaxSite } from "./sites.js";
import { lineStarts, lineOf } from "./lines.js";

export interface TranslateOptions {
  /** The text that the file's facts were made from: lines are counted in it. */
  readonly text: string;
  /** SQLAlchemy's version, as the project's lock or requirements say; 2.0 where they do not. */
  readonly version?: "1.4" | "2.0" | "2.1";
  /** Whether to tell the statements that loading causes as well; without it `causes` is empty. */
  readonly causes?: boolean;
}

/** The query expressions of a file, each translated when it is asked for. */
export interface FileTranslator {
  /** Where they stand, in order: from the call that begins one to the end of the chain that hangs on it. */
  readonly spans: readonly Span[];
  /** Position in `spans` of the query expression that code at a place goes on with by its name. */
  named(place: Span): number | undefined;
  /** The one at this position of `spans`. */
  translate(at: number): TranslatedQuery;
}

/** Undefined for a file that the index does not know. */
export function fileTranslator(index: OrmIndex, file: string, options: TranslateOptions): FileTranslator | undefined {
  const facts = index.files.get(file);
  if (!facts) return undefined;
  const mapping = withEvaluation(projectMapping(index));
  const starts = lineStarts(options.text);
  const sites = sitesOf(index, file, facts);
  const spans = sites.map(({ start, chainEnd }) => ({ start, end: chainEnd }));
  return {
    spans,
    named: (place) => namedAt(facts, spans, place),
    translate: (at) => {
      const site = sites[at]!;
      const base: Base = {
        file,
        line: lineOf(starts, site.start),
        endLine: lineOf(starts, site.chainEnd),
        span: { start: site.start, end: site.chainEnd },
        causes: [],
      };
      try {
        return translateSite(mapping, facts, site, base, starts, options);
      } catch (error) {
        // A defect in one translation must not cost the others of the file.
        const why = error instanceof Error ? error.message : String(error);
        return {
          ...base,
          refused: { reason: `the translation failed (${why}): a defect of this tool, please report it`, line: base.line },
        };
      }
    },
  };
}

/** Every query expression of a file: its SQL, or why it is not known. */
export function translateFile(index: OrmIndex, file: string, options: TranslateOptions): TranslatedQuery[] {
  const translator = fileTranslator(index, file, options);
  return translator ? translator.spans.map((_, at) => translator.translate(at)) : [];
}

/** The query expression at an offset: the innermost one whose chain holds it. */
export function translateAt(index: OrmIndex, file: string, offset: number, options: TranslateOptions): TranslatedQuery | undefined {
  const translator = fileTranslator(index, file, options);
  const at = translator && spanAt(translator.spans, offset);
  return at === undefined ? undefined : translator?.translate(at);
}

/** Position of the smallest span that holds an offset. */
export function spanAt(spans: FileTranslator["spans"], offset: number): number | undefined {
  const size = (at: number) => spans[at]!.end - spans[at]!.start;
  return [...spans.keys()].filter((at) => spans[at]!.start <= offset && offset <= spans[at]!.end).sort((a, b) => size(a) - size(b))[0];
}

type Base = Pick<TranslatedQuery, "file" | "line" | "endLine" | "span" | "causes">;

function translateSite(
  mapping: Mapping,
  facts: FileFacts,
  site: SyntaxSite,
  base: Base,
  starts: readonly number[],
  { version, causes = false }: TranslateOptions,
): TranslatedQuery {
  const { file } = base;
  mapping.version = version ?? "2.0";
  const { outcomes, refused } = explore({ mapping, file, facts, site });
  if (refused)
    return {
      ...base,
      refused: { reason: refused.reason, line: refused.place?.file === file ? lineOf(starts, refused.place.start) : base.line },
    };
  const variants = variantsOf(outcomes);
  const within = outcomes.find((one) => one.within !== undefined)?.within;
  // What this one is only a part of causes it itself.
  const own = outcomes.filter((one) => one.within === undefined);
  const more = { ...(within === undefined ? {} : { within }), ...(causes ? { causes: causesOfVariants(mapping, own) } : {}) };
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
