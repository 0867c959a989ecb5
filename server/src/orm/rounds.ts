import { deciding } from "./distinct.js";
import type { Commit, Effect, Execution, LazyLoad } from "./evaluate/effects.js";
import type { Findings } from "./evaluate/evaluator.js";
import { originKey } from "./values/origins.js";
import { iterationKey } from "./values/keys.js";
import type { OrmIndex } from "./project/ormIndex.js";

/**
 * What the effects of one story say of each other: a commit in the loop expires what the loop has still to go through, and a session that
 * each round opens for what it reads and writes makes the round a unit of work.
 */
export function relateRounds({ effects: all, tableLoops, deleted }: Findings): Effect[] {
  const effects = all.filter((effect) => !isOfTables(effect, tableLoops) && !isCountOfDeleted(effect, deleted));
  const commits = effects.filter((effect) => effect.kind === "commit" && effect.flush !== true && !effect.ownSession) as Commit[];
  const units = unitsOfWork(effects);
  const writes = effects.filter(isWrite);
  if (commits.length === 0 && units.size === 0 && writes.length === 0) return effects;
  const batched = new Set(writes.flatMap(loopsInBatches));
  const writing = new Set(writes.flatMap(callsTo));
  return effects.map((effect) => {
    if (effect.kind === "lazyLoad") return expired(effect, commits);
    if (effect.kind === "commit")
      return batched.has(iterationKey(effect.iterations.at(-1))) ? { ...effect, inBatches: true as const } : effect;
    return effect.kind === "execution" ? related(effect, { units, batched, writing }) : effect;
  });
}

interface Rounds {
  readonly units: ReadonlySet<string>;
  readonly batched: ReadonlySet<string>;
  readonly writing: ReadonlySet<string>;
}

function related(execution: Execution, { units, batched, writing }: Rounds): Execution {
  const loop = loopOf(execution);
  const writes = execution.operation === "write";
  const marks = {
    ...(execution.ownSession && units.has(loop) ? { unitOfWork: true as const } : {}),
    ...(writes && batched.has(loop) ? { inBatches: true as const } : {}),
    ...(!writes && callsTo(execution).some((call) => writing.has(call)) ? { writesToo: true as const } : {}),
  };
  return Object.keys(marks).length > 0 ? { ...execution, ...marks } : execution;
}

type Written = Commit | Execution;

const isWrite = (effect: Effect): effect is Written =>
  effect.kind === "commit" || (effect.kind === "execution" && effect.operation === "write");

/** Loops in whose rounds another one works until nothing is left: `while deleted: deleted = delete_some()`. */
function loopsInBatches({ iterations }: Written): string[] {
  const last = iterations.findLastIndex(({ kind, over }) => kind === "while" && over.kind !== "collection");
  return iterations.slice(0, Math.max(last, 0)).map(iterationKey);
}

/** The calls by which the rounds of loops come to it. */
function callsTo({ iterations, path }: Written): string[] {
  return iterations.flatMap((loop) => {
    const frame = path.find(({ file, scope }) => file === loop.file && scope === loop.scope);
    return frame ? [`${iterationKey(loop)}|${frame.span.start}`] : [];
  });
}

/** A loop over tables has as many rounds as there are tables, and no statement could do the work of two. */
function isOfTables(effect: Effect, tableLoops: ReadonlySet<string>): boolean {
  if (tableLoops.size === 0 || (effect.kind !== "commit" && effect.kind !== "execution")) return false;
  const loop = effect.kind === "commit" ? effect.iterations.at(-1) : deciding(effect);
  return tableLoops.has(iterationKey(loop));
}

/** What is counted of a row that is then deleted has to be loaded anyway. */
const isCountOfDeleted = (effect: Effect, deleted: ReadonlySet<string>) =>
  effect.kind === "lazyLoad" && effect.use === "length" && deleted.has(originKey(effect.owner));

/** Loops in whose rounds a session is opened, written to and left. */
function unitsOfWork(effects: readonly Effect[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const effect of effects) {
    if (effect.kind === "commit" && effect.ownSession) for (const iteration of effect.iterations) found.add(iterationKey(iteration));
    if (effect.kind === "execution" && effect.ownSession && effect.operation === "write") found.add(loopOf(effect));
  }
  found.delete("");
  return found;
}

const loopOf = (execution: Execution): string => iterationKey(deciding(execution) ?? execution.iterations.at(-1));

/** Rows of a query before the loop: after the first commit in it they are asked for again, with all that was loaded with them. */
function expired(load: LazyLoad, commits: readonly Commit[]): LazyLoad {
  const key = iterationKey(load.iteration);
  const commit = key === "" ? undefined : commits.find(({ iterations }) => iterations.some((one) => iterationKey(one) === key));
  return commit ? { ...load, expiredBy: { file: commit.file, span: commit.span } } : load;
}

const keeping = new WeakMap<OrmIndex, boolean>();

/** Whether sessions of the project expire what they hold when they commit, as they do unless they are told otherwise. */
export function commitsExpire(index: OrmIndex): boolean {
  let keeps = keeping.get(index);
  if (keeps === undefined) {
    keeps = [...index.files.values()].some(({ words }) => words.includes("expire_on_commit"));
    keeping.set(index, keeps);
  }
  return !keeps;
}
