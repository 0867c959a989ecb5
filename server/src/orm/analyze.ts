import type { FileFacts, FunctionFact } from "../python/index.js";
import { createContext, newFindings } from "./evaluate/context.js";
import type { ColumnLoad, Commit, Counted, Effect, Execution, LazyLoad, QueryPlace, RowUse } from "./evaluate/effects.js";
import { Evaluator, type EvaluationContext, type Findings } from "./evaluate/evaluator.js";
import { prepare } from "./evaluate/parameters.js";
import { evaluateBody } from "./evaluate/statements.js";
import type { SqlText } from "./evaluate/sqlTexts.js";
import type { OrmIndex } from "./project/ormIndex.js";
import { originKey } from "./values/origins.js";

/** What the rules look at: the meaning of one file in its project. */
export interface OrmSubject {
  readonly file: string;
  readonly facts: FileFacts;
  readonly index: OrmIndex;
  /** One per relationship of one origin: the first place that reads it, per row where there is such a place. */
  readonly loads: readonly LazyLoad[];
  readonly columnLoads: readonly ColumnLoad[];
  readonly executions: readonly Execution[];
  readonly commits: readonly Commit[];
  readonly counted: readonly Counted[];
  readonly queries: readonly QueryPlace[];
  readonly uses: readonly RowUse[];
  readonly sql: readonly SqlText[];
  /** Queries, by `file:start`, whose entities some path replaces (`with_entities`). */
  readonly reshaped: ReadonlySet<string>;
}

/**
 * Follows values through every function of one file. Depends on nothing but its arguments: files can be done in any order, on any worker,
 * and again when they or what they import have changed.
 */
export function analyzeFile(index: OrmIndex, file: string, context: EvaluationContext = createContext(index)): OrmSubject {
  const facts = index.files.get(file);
  if (!facts) throw new Error(`No facts of ${file} in the index.`);
  const found = newFindings();
  for (const fn of facts.functions) evaluateFunction(index, file, facts, fn, found, context);
  const of = <K extends Effect["kind"]>(kind: K) =>
    found.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  return {
    file,
    facts,
    index,
    loads: distinctLoads(of("lazyLoad")),
    columnLoads: distinct(of("columnLoad")),
    executions: distinct(of("execution")),
    commits: distinct(of("commit")),
    counted: distinct(of("counted")),
    queries: [...found.queries.values()],
    uses: [...found.uses.values()],
    sql: [...found.sql.values()],
    reshaped: found.reshaped,
  };
}

function evaluateFunction(
  index: OrmIndex,
  file: string,
  facts: FileFacts,
  fn: FunctionFact,
  found: Findings,
  context: EvaluationContext,
): void {
  const ev = new Evaluator(index, file, facts, fn, found, context);
  prepare(ev, fn.class === undefined ? undefined : index.classes.of({ kind: "class", file, index: fn.class }));
  evaluateBody(ev, fn.body);
}

/** A closure is evaluated by itself and where it is called: the place that says most counts. */
function distinct<E extends Effect>(effects: readonly E[]): E[] {
  const weight = (effect: E) => ("iterations" in effect ? effect.iterations.length : 0);
  const byPlace = new Map<number, E>();
  for (const effect of effects) {
    const known = byPlace.get(effect.span.start);
    if (!known || weight(effect) > weight(known)) byPlace.set(effect.span.start, effect);
  }
  return [...byPlace.values()];
}

/** Per row says more than once, and using the rows more than counting them. */
const tells = (load: LazyLoad) => (load.iteration ? 2 : 0) + (load.use === "read" ? 1 : 0);

function distinctLoads(loads: readonly LazyLoad[]): LazyLoad[] {
  const byCause = new Map<string, LazyLoad>();
  for (const load of loads) {
    const key = `${originKey(load.owner)}.${load.relationship.name}`;
    const known = byCause.get(key);
    if (!known || tells(load) > tells(known)) byCause.set(key, load);
  }
  return mergePlaces([...byCause.values()]).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** One place that may read rows of several origins is one finding. */
function mergePlaces(loads: readonly LazyLoad[]): LazyLoad[] {
  const byPlace = new Map<string, LazyLoad>();
  for (const load of loads) {
    const key = `${load.span.start}:${load.span.end}`;
    const known = byPlace.get(key);
    if (!known) byPlace.set(key, load);
    else {
      const [first, second] = tells(load) > tells(known) ? [load, known] : [known, load];
      byPlace.set(key, { ...first, also: [...(first.also ?? []), second.owner, ...(second.also ?? [])] });
    }
  }
  return [...byPlace.values()];
}
