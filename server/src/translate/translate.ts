import type { Span } from "#protocol/place";
import type { CausedStatement, TranslatedQuery, TranslatedVariant } from "#protocol/translation";
import type { FileFacts, Stmt } from "../python/index.js";
import type { OrmIndex } from "../orm/index.js";
import { causesOfVariants } from "./causes/variants.js";
import { compileStatement } from "./compile.js";
import { bindUnknown } from "./execute/functions.js";
import { withEvaluation } from "./execute/mappingHooks.js";
import { Frame } from "./execute/frame.js";
import { Machine, siteKey, type Sent } from "./execute/machine.js";
import { Oracle, PathEnd } from "./execute/oracle.js";
import { sliceOf, type Slice } from "./execute/slice.js";
import { projectMapping } from "./mapping/project.js";
import type { Mapping } from "./mapping/mapping.js";
import { namedAt } from "./named.js";
import { sitesOf, type SyntaxSite } from "./sites.js";
import { enclosing, namesRead } from "./syntax.js";
import { lineStarts, lineOf } from "./lines.js";
import { Refusal, type Statement } from "./sql/ir.js";
import { sitesWithin } from "./sql/sites.js";
import { PythonScope } from "./scope.js";

export interface TranslateOptions {
  /** The text that the file's facts were made from: lines are counted in it. */
  readonly text: string;
  /** SQLAlchemy's version, as the project's lock or requirements say; 2.0 where they do not. */
  readonly version?: "1.4" | "2.0" | "2.1";
  /** Whether to tell the statements that loading causes as well; without it `causes` is empty. */
  readonly causes?: boolean;
}

/** More are not told apart: who reads sixteen statements? */
const mostVariants = 16;
const mostPaths = 100;

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
    translate: (at) => translateSite(mapping, file, facts, sites[at]!, starts, options),
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

function translateSite(
  mapping: Mapping,
  file: string,
  facts: FileFacts,
  site: SyntaxSite,
  starts: readonly number[],
  { version, causes = false }: TranslateOptions,
): TranslatedQuery {
  const base = {
    file,
    line: lineOf(starts, site.start),
    endLine: lineOf(starts, site.chainEnd),
    span: { start: site.start, end: site.chainEnd },
    causes: [],
  };
  const { outcomes, refused } = explore(mapping, file, facts, site, version);
  if (refused)
    return {
      ...base,
      refused: { reason: refused.reason, line: refused.place?.file === file ? lineOf(starts, refused.place.start) : base.line },
    };
  const variants = merged(outcomes);
  const within = outcomes.find((one) => one.within !== undefined)?.within;
  const more = { ...(within === undefined ? {} : { within }), ...(causes ? { causes: causesOfOwn(mapping, outcomes) } : {}) };
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

interface Outcome {
  readonly variant: TranslatedVariant;
  readonly statement: Statement;
  readonly within?: number;
}

/** Goes every path that the query depends on. */
function explore(
  mapping: Mapping,
  file: string,
  facts: FileFacts,
  site: SyntaxSite,
  version: TranslateOptions["version"],
): { outcomes: Outcome[]; refused?: Refusal } {
  mapping.version = version ?? "2.0";
  const oracle = new Oracle();
  const slices = new Map<number, Slice>();
  const outcomes: Outcome[] = [];
  for (let paths = 1; ; paths++) {
    if (paths > mostPaths) return { outcomes, refused: new Refusal("too many branches decide about the query") };
    try {
      const machine = new Machine(mapping, oracle, version);
      if (!reached(machine, file, facts, site, slices)) throw new PathEnd();
      outcomes.push(...outcomesOf(machine, file, site));
    } catch (error) {
      if (error instanceof Refusal) return { outcomes, refused: error };
      if (error instanceof RangeError) return { outcomes, refused: new Refusal("the code is nested too deeply") };
      if (!(error instanceof PathEnd)) throw error;
    }
    if (new Set(outcomes.map(({ variant }) => variant.sql)).size > mostVariants)
      return { outcomes, refused: new Refusal(`more than ${mostVariants} statements, depending on branches`) };
    if (!oracle.next()) return { outcomes };
  }
}

/** Whether the path comes to the query; what it was sent before an exception counts. */
function reached(machine: Machine, file: string, facts: FileFacts, site: SyntaxSite, slices: Map<number, Slice>): boolean {
  try {
    runTo(machine, file, facts, site, slices);
    return true;
  } catch (error) {
    if (!(error instanceof PathEnd)) throw error;
    const key = siteKey({ file, span: { start: site.start, end: site.end } });
    return machine.sent.some(({ statement }) => holds(statement, key));
  }
}

/** Runs the functions around the query expression, from the outside in, then the one that it stands in. */
function runTo(machine: Machine, file: string, facts: FileFacts, site: SyntaxSite, slices: Map<number, Slice>): void {
  const isSite = (expr: { start: number; end: number; kind: string }) =>
    expr.start === site.start && expr.end === site.end && (expr.kind === "call" || expr.kind === "attribute");
  const chain = enclosing(facts, site.function);
  let frame: Frame | undefined;
  const slice = (index: number, make: () => Slice): Slice => {
    const before = slices.get(index) ?? make();
    slices.set(index, before);
    return before;
  };
  for (const [at, index] of chain.entries()) {
    const fn = facts.functions[index]!;
    const inner = chain[at + 1];
    const next: Frame = new Frame(file, index, 0, frame);
    const scope = new PythonScope(machine, file, facts);
    bindUnknown(machine, file, fn, next, scope.selfOf(index));
    if (inner === undefined && site.class === undefined)
      machine.run(
        fn.body,
        next,
        slice(index, () => sliceOf(facts, fn.body, isSite)),
      );
    else if (inner !== undefined && index !== 0)
      machine.run(
        withoutReturns(fn.body),
        next,
        slice(index, () => sliceOf(facts, fn.body, () => false, namesRead(facts, inner))),
      );
    frame = index === 0 ? undefined : next;
    if (index === 0 && inner === undefined) frame = next;
  }
  if (site.class !== undefined) new PythonScope(machine, file, facts).runField(site, frame);
}
/** What stands behind the nested function may still set its names; a return ends nothing for it. */
const withoutReturns = (body: readonly Stmt[]): readonly Stmt[] => body.filter((statement) => statement.kind !== "return");

function outcomesOf(machine: Machine, file: string, site: SyntaxSite): Outcome[] {
  const key = siteKey({ file, span: { start: site.start, end: site.end } });
  const when = machine.oracle.when.join("; ");
  const finals = machine.sent.filter(({ statement }) => holds(statement, key));
  const latest = machine.latest.get(key);
  const sent: Sent[] = finals.length > 0 ? finals : latest ? [{ statement: whole(machine, latest, key), how: "", start: site.start }] : [];
  if (sent.length === 0) throw new PathEnd();
  const several = new Set(sent.map((one) => one.how)).size > 1;
  return sent.map(({ statement, how }) => {
    const { sql, parameters, fingerprint } = compileStatement(machine.mapping, statement);
    const own = siteKey(statement.site) === key;
    const words = [when, several ? how : ""].filter(Boolean).join("; ");
    return {
      variant: { sql, when: words, parameters: [...parameters], fingerprint },
      statement,
      ...(own ? {} : { within: statement.site.span.start }),
    };
  });
}

const holds = (statement: Statement, key: string) => sitesWithin(statement).has(key);

/** The largest statement that it became a part of. */
function whole(machine: Machine, statement: Statement, key: string): Statement {
  const around = [...machine.latest.values()].filter((one) => one !== statement && siteKey(one.site) !== key && holds(one, key));
  return around.at(-1) ?? statement;
}

/** Statements that this one is only a part of cause what they cause themselves. */
function causesOfOwn(mapping: Mapping, outcomes: readonly Outcome[]): CausedStatement[] {
  const own = outcomes.filter(({ within }) => within === undefined);
  return causesOfVariants(
    mapping,
    own.map(({ variant, statement }) => ({ sql: variant.sql, statement })),
  );
}

/** One entry for each statement; what leads to it is told for all of them. */
function merged(outcomes: readonly Outcome[]): TranslatedVariant[] {
  const bySql = new Map<string, TranslatedVariant[]>();
  for (const { variant } of outcomes) bySql.set(variant.sql, [...(bySql.get(variant.sql) ?? []), variant]);
  return [...bySql.values()].map((same) => ({ ...same[0]!, when: [...new Set(same.map((one) => one.when))].filter(Boolean).join(" | ") }));
}
