import type { TranslatedParameter, TranslatedVariant } from "#protocol/translation";
import type { FileFacts } from "../python/index.js";
import { Approach } from "./approach.js";
import { callsOf } from "./calls.js";
import { compileStatement, type Compiled } from "./compile.js";
import { Done } from "./execute/boundary.js";
import { guardInWords, type Guard } from "./execute/guards.js";
import { Machine, siteKey, type Sent } from "./execute/machine.js";
import { Junctions, Merged } from "./execute/merging.js";
import { Oracle, PathEnd } from "./execute/oracle.js";
import { Shape } from "./execute/shape.js";
import type { Mapping } from "./mapping/mapping.js";
import type { SyntaxSite } from "./sites.js";
import { Refusal, UnknownValue, type Statement } from "./sql/ir.js";
import { sitesWithin } from "./sql/sites.js";
import { enclosing } from "./syntax.js";

/** More are not told apart: who reads sixteen statements? */
export const mostVariants = 64;
const mostPaths = 100;
/** Of all paths together: a query is asked for while someone waits. */
const mostSteps = { alone: 200_000, withCallers: 60_000 };

/** A statement that a path ended with. */
interface Ended {
  readonly statement: Statement;
  /** Which paths end so; known when all were gone. */
  readonly guard: () => Guard;
  /** `.count()`, where the query is sent in several ways. */
  readonly how: string;
  /** Offset of the query expression that this one became a part of. */
  readonly within?: number;
}

export interface Outcome extends Ended {
  readonly compiled: Compiled;
}

/** One query expression of a file. */
export interface Question {
  readonly mapping: Mapping;
  readonly file: string;
  readonly facts: FileFacts;
  readonly site: SyntaxSite;
}

export interface Explored {
  readonly outcomes: Outcome[];
  readonly refused?: Refusal;
}

/** Calls up that are gone for what a function is given: a service that hands on to a repository what a view gave it. */
const mostCallers = 2;

/** Goes every path that the query depends on; where it depends on what the function is given, from the project's calls of the function. */
export function explore(question: Question): Explored {
  const alone = exploreFrom(question, 0);
  if (!(alone.refused instanceof UnknownValue) || !isGivenSomething(question)) return alone;
  for (let callers = 1; callers <= mostCallers; callers++) {
    const more = exploreFrom(question, callers);
    if (!more.refused && more.outcomes.length > 0) return more;
    if (!(more.refused instanceof UnknownValue)) break;
  }
  return alone;
}

/** Whether the outermost function around the query has parameters that somebody in the project may fill. */
function isGivenSomething({ mapping, file, facts, site }: Question): boolean {
  const outermost = enclosing(facts, site.function)[1];
  if (outermost === undefined || site.class !== undefined) return false;
  const { class: owner, params } = facts.functions[outermost]!;
  return params.length > (owner === undefined ? 0 : 1) && callsOf(mapping.index, file, outermost) !== undefined;
}

/** No answer for the number of ways, not for what is not known. */
class TooMany extends Refusal {}

function exploreFrom(question: Question, callers: number): Explored {
  const { mapping, file, site } = question;
  const key = siteKey({ file, span: { start: site.start, end: site.end } });
  const oracle = new Oracle();
  const junctions = new Junctions();
  const approach = new Approach(question, callers);
  const ended: Ended[] = [];
  let steps = 0;
  const refusal = (refused: Refusal): Explored => ({ outcomes: [], refused });
  for (let paths = 1; ; paths++) {
    if (paths > mostPaths || steps > (callers > 0 ? mostSteps.withCallers : mostSteps.alone))
      return refusal(new TooMany("too many branches decide about the query"));
    junctions.begin();
    const machine = new Machine(mapping, oracle, mapping.version, { site: key, junctions, rounds: 0 });
    try {
      const begins = ended.length === 0;
      if (reached(machine, approach)) ended.push(...endsOf(machine, key, junctions.end(oracle.path)));
      // What cannot be written shows at once; the others wait until it is known that they are not too many.
      if (begins) for (const { statement } of ended) compiled(mapping, statement);
    } catch (error) {
      if (error instanceof Refusal) return refusal(error);
      if (error instanceof RangeError) return refusal(new TooMany("the code is nested too deeply"));
      if (!(error instanceof Merged)) throw error;
    }
    steps += machine.allSteps;
    if (!oracle.next()) return written(mapping, ended);
  }
}

function written(mapping: Mapping, ended: readonly Ended[]): Explored {
  try {
    const outcomes = ended.map((one): Outcome => ({ ...one, compiled: compiled(mapping, one.statement) }));
    if (new Set(outcomes.map(({ compiled: { sql } }) => sql)).size <= mostVariants) return { outcomes };
    return { outcomes: [], refused: new TooMany(`more than ${mostVariants} statements, depending on branches`) };
  } catch (error) {
    if (error instanceof Refusal) return { outcomes: [], refused: error };
    if (error instanceof RangeError) return { outcomes: [], refused: new TooMany("the code is nested too deeply") };
    throw error;
  }
}

/** Whether the path comes to the query; what it was sent before an exception counts. */
function reached(machine: Machine, approach: Approach): boolean {
  try {
    approach.run(machine);
    return true;
  } catch (error) {
    if (error instanceof Done) return true;
    if (!(error instanceof PathEnd)) throw error;
    return machine.sent.some(({ statement }) => holds(statement, machine.goal!.site));
  }
}

function endsOf(machine: Machine, key: string, guard: () => Guard): Ended[] {
  const finals = machine.sent.filter(({ statement }) => holds(statement, key));
  const latest = machine.latest.get(key);
  const largest = latest && whole(machine, latest, key);
  const sent: Sent[] = finals.length > 0 ? finals : largest ? [{ statement: largest, how: "", start: latest.site.span.start }] : [];
  const several = new Set(sent.map((one) => one.how)).size > 1;
  return sent.map(({ statement, how }) => ({
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
