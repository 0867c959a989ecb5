import type { TranslatedParameter, TranslatedVariant } from "#protocol/translation";
import type { FileFacts, Stmt } from "../python/index.js";
import { compileStatement, type Compiled } from "./compile.js";
import { Done } from "./execute/boundary.js";
import { bindUnknown } from "./execute/functions.js";
import { Frame } from "./execute/frame.js";
import { guardInWords, type Guard } from "./execute/guards.js";
import { Machine, siteKey, type Sent } from "./execute/machine.js";
import { Junctions, Merged } from "./execute/merging.js";
import { Oracle, PathEnd } from "./execute/oracle.js";
import { Shape } from "./execute/shape.js";
import { sliceOf, type Slice } from "./execute/slice.js";
import type { Mapping } from "./mapping/mapping.js";
import { PythonScope } from "./scope.js";
import type { SyntaxSite } from "./sites.js";
import { Refusal, type Statement } from "./sql/ir.js";
import { sitesWithin } from "./sql/sites.js";
import { enclosing, namesRead } from "./syntax.js";

/** More are not told apart: who reads sixteen statements? */
export const mostVariants = 64;
const mostPaths = 100;
/** Of all paths together: a query is asked for while someone waits. */
const mostSteps = 200_000;

/** A statement that a path ended with. */
export interface Outcome {
  readonly compiled: Compiled;
  readonly statement: Statement;
  /** Which paths end so; known when all were gone. */
  readonly guard: () => Guard;
  /** `.count()`, where the query is sent in several ways. */
  readonly how: string;
  /** Offset of the query expression that this one became a part of. */
  readonly within?: number;
}

/** One query expression of a file. */
export interface Question {
  readonly mapping: Mapping;
  readonly file: string;
  readonly facts: FileFacts;
  readonly site: SyntaxSite;
}

/** Goes every path that the query depends on. */
export function explore(question: Question): { outcomes: Outcome[]; refused?: Refusal } {
  const { mapping, file, site } = question;
  const key = siteKey({ file, span: { start: site.start, end: site.end } });
  const oracle = new Oracle();
  const junctions = new Junctions();
  const slices = new Map<number, Slice>();
  const outcomes: Outcome[] = [];
  let steps = 0;
  for (let paths = 1; ; paths++) {
    if (paths > mostPaths || steps > mostSteps) return { outcomes, refused: new Refusal("too many branches decide about the query") };
    junctions.begin();
    const machine = new Machine(mapping, oracle, mapping.version, { site: key, junctions, rounds: 0 });
    try {
      if (reached(machine, question, slices)) outcomes.push(...outcomesOf(machine, key, junctions.end(oracle.path)));
    } catch (error) {
      if (error instanceof Refusal) return { outcomes, refused: error };
      if (error instanceof RangeError) return { outcomes, refused: new Refusal("the code is nested too deeply") };
      if (!(error instanceof Merged)) throw error;
    }
    steps += machine.allSteps;
    if (new Set(outcomes.map(({ compiled }) => compiled.sql)).size > mostVariants)
      return { outcomes, refused: new Refusal(`more than ${mostVariants} statements, depending on branches`) };
    if (!oracle.next()) return { outcomes };
  }
}

/** Whether the path comes to the query; what it was sent before an exception counts. */
function reached(machine: Machine, question: Question, slices: Map<number, Slice>): boolean {
  try {
    runTo(machine, question, slices);
    return true;
  } catch (error) {
    if (error instanceof Done) return true;
    if (!(error instanceof PathEnd)) throw error;
    return machine.sent.some(({ statement }) => holds(statement, machine.goal!.site));
  }
}

/** Runs the functions around the query expression, from the outside in, then the one that it stands in. */
function runTo(machine: Machine, { file, facts, site }: Question, slices: Map<number, Slice>): void {
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
    if (inner === undefined && site.class === undefined) {
      machine.goal!.frame = next;
      machine.run(
        fn.body,
        next,
        slice(index, () => sliceOf(facts, fn.body, isSite)),
      );
    } else if (inner !== undefined && index !== 0)
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

function outcomesOf(machine: Machine, key: string, guard: () => Guard): Outcome[] {
  const finals = machine.sent.filter(({ statement }) => holds(statement, key));
  const latest = machine.latest.get(key);
  const largest = latest && whole(machine, latest, key);
  const sent: Sent[] = finals.length > 0 ? finals : largest ? [{ statement: largest, how: "", start: latest.site.span.start }] : [];
  const several = new Set(sent.map((one) => one.how)).size > 1;
  return sent.map(({ statement, how }) => ({
    compiled: compiled(machine.mapping, statement),
    statement,
    guard,
    how: several ? how : "",
    ...(siteKey(statement.site) === key ? {} : { within: statement.site.span.start }),
  }));
}

const holds = (statement: Statement, key: string) => sitesWithin(statement).has(key);

/** The largest statement that it became a part of; none for an EXISTS that no statement on this path holds. */
function whole(machine: Machine, statement: Statement, key: string): Statement | undefined {
  const around = [...machine.latest.values()].filter((one) => one !== statement && siteKey(one.site) !== key && holds(one, key));
  const isPart = statement.kind === "select" && statement.fragment;
  return around.at(-1) ?? (isPart ? undefined : statement);
}

const compiledBefore = new WeakMap<Mapping, Map<string, Compiled>>();

/** Most paths end with a statement that another path ended with. */
function compiled(mapping: Mapping, statement: Statement): Compiled {
  let known = compiledBefore.get(mapping);
  if (!known) compiledBefore.set(mapping, (known = new Map<string, Compiled>()));
  const shape = `${mapping.version} ${new Shape().add(statement).text}`;
  const before = known.get(shape);
  if (before) return before;
  const made = compileStatement(mapping, statement);
  known.set(shape, made);
  return made;
}

/** One entry for each statement; what leads to it is told for all of them. */
export function variantsOf(outcomes: readonly Outcome[]): TranslatedVariant[] {
  const bySql = new Map<string, Outcome[]>();
  for (const outcome of outcomes) bySql.set(outcome.compiled.sql, [...(bySql.get(outcome.compiled.sql) ?? []), outcome]);
  return [...bySql].map(([sql, same]) => ({
    sql,
    when: guardInWords(same.flatMap(guardOf)),
    parameters: same.map(({ compiled: { parameters } }) => [...parameters]).reduce(common),
    fingerprint: same[0]!.compiled.fingerprint,
  }));
}

/** With the way in which the query is sent. */
const guardOf = ({ guard, how }: Outcome): Guard =>
  how === "" ? guard() : guard().map((term) => [...term, { question: how, choice: 0, of: 2, words: how }]);

/** A value that differs from path to path is not known. */
const common = (one: TranslatedParameter[], other: TranslatedParameter[]): TranslatedParameter[] =>
  one.map((parameter, at) => {
    const { value, ...rest } = parameter;
    return value === undefined || value === other[at]?.value ? parameter : rest;
  });
