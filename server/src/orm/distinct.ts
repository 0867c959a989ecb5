import type { Span } from "#protocol/place";
import type { Commit, Effect, Execution, LazyLoad } from "./evaluate/effects.js";
import { placeKey, type KeyRead } from "./evaluate/keyReads.js";
import type { Grouping } from "./incremental/groups.js";
import { iterationKey } from "./values/keys.js";
import { originKey, rootOf } from "./values/origins.js";
import type { QueryValue } from "./values/value.js";

const weight = (effect: Effect) => ("iterations" in effect ? effect.iterations.length : 0);

/** Code is evaluated by itself and where it is called: of each place the effect that says most. */
export const onePerPlace = <E extends Effect>(): Grouping<E, E> => ({
  keyOf: (effect) => `${effect.file}:${effect.span.start}`,
  merge: (effects) => effects.reduce((known, effect) => (weight(effect) > weight(known) ? effect : known)),
});

/** Per row says more than once, using the rows more than counting them, and a known query more than a declaration. */
const tells = (load: LazyLoad) =>
  (load.unfounded ? 0 : 8) + (load.iteration ? 4 : 0) + (load.owner.doubt ? 0 : 2) + (load.use === "read" ? 1 : 0);

export const byPosition = (a: LazyLoad, b: LazyLoad) =>
  a.file === b.file ? a.span.start - b.span.start || a.span.end - b.span.end : a.file < b.file ? -1 : 1;

/** What is known of places and of declarations beside the loads. */
export interface LoadsContext {
  /** What is read at this place (`placeKey`), where it is but a key that the owner holds too. */
  keyRead(place: string): KeyRead | undefined;
  /** Whether some call gives rows of a known query where a declaration, at this place, leaves open what they are. */
  isSupplied(declaration: string): boolean;
}

/** One per cause: a relationship that is missing on the rows of one query, wherever it is read. */
export const onePerCause = (context: LoadsContext): Grouping<LazyLoad, LazyLoad> => ({
  // A generic repository's query is for several entities.
  keyOf: (load) => `${originKey(load.owner)}.${load.relationship.owner}.${load.relationship.name}`,
  dependsOn: (load) => [placeKey(load.file, load.span), ...declarationOf(load)],
  merge(all) {
    const loads = all.filter((load) => !declarationOf(load).some((place) => context.isSupplied(place)));
    if (loads.length === 0) return undefined;
    const first = loads.reduce((known, load) =>
      tells(load) > tells(known) || (tells(load) === tells(known) && byPosition(load, known) < 0) ? load : known,
    );
    const places = new Set(loads.map((load) => placeKey(load.file, load.span)));
    // What is counted here and gone through elsewhere has to be loaded.
    const used = loads.some((load) => load.use === "read");
    return withKeyReads(
      used && first.use !== "read" ? { ...first, use: "read" } : first,
      [...places].map((place) => context.keyRead(place)),
    );
  },
});

/** What a declaration leaves open, a call may tell: where it stands, if the rows come from one. */
function declarationOf(load: LazyLoad): readonly string[] {
  const { origin } = rootOf(load.owner);
  return origin.kind === "declared" ? [`${origin.file}:${origin.start}`] : [];
}

function withKeyReads(load: LazyLoad, reads: readonly (KeyRead | undefined)[]): LazyLoad {
  const known = reads.filter((read) => read !== undefined);
  return known.length === reads.length ? { ...load, keyReads: known } : load;
}

/** One place that may read rows of several origins is one finding. */
export const loadsAtOnePlace: Grouping<LazyLoad, LazyLoad> = {
  keyOf: (load) => `${load.file}:${load.span.start}:${load.span.end}:${load.relationship.owner}.${load.relationship.name}`,
  merge: (loads) => loads.reduce(bothLoads),
};

function bothLoads(known: LazyLoad, load: LazyLoad): LazyLoad {
  const [first, second] = tells(load) > tells(known) ? [load, known] : [known, load];
  const { keyReads, ...merged } = { ...first, also: [...(first.also ?? []), second.owner, ...(second.also ?? [])] };
  return keyReads && second.keyReads ? { ...merged, keyReads: bothReads(keyReads, second.keyReads) } : merged;
}

const bothReads = (a: readonly KeyRead[], b: readonly KeyRead[]) => [...a, ...b.filter((read) => !a.includes(read))];

/** One per statement and loop around it; without a loop one per statement. */
export const onePerStatement: Grouping<Execution, Execution> = {
  keyOf: (execution) => `${execution.file}:${execution.span.start}|${iterationKey(deciding(execution))}`,
  merge: (executions) => executions.reduce((known, execution) => (isNearer(execution, known) ? execution : known)),
};

function isNearer(execution: Execution, known: Execution): boolean {
  if (!known.unfounded && execution.unfounded) return false;
  return (known.unfounded === true && !execution.unfounded) || execution.path.length < known.path.length;
}

/** How plainly a statement is sent in each round. */
const plainness = (one: Execution) =>
  (one.unfounded ? 0 : 16) + (one.seldom ? 0 : 4) + (one.guarded ? 0 : 2) + (one.batched ? 0 : 8) + (one.operation === "get" ? 0 : 1);

/** One call in a loop is one finding, whatever it sends: the statement that says most stands for the others of its kind. */
export const executionsOfOneCall: Grouping<Execution, Execution> = {
  keyOf(execution) {
    const { file, span } = placedIn(execution);
    const kind = execution.operation === "write" ? "write" : "read";
    return `${file}:${span.start}:${span.end}|${iterationKey(deciding(execution))}|${kind}`;
  },
  merge: (executions) => executions.reduce(bothExecutions),
};

function bothExecutions(known: Execution, execution: Execution): Execution {
  const better =
    plainness(execution) > plainness(known) || (plainness(execution) === plainness(known) && execution.path.length < known.path.length);
  const [first, second] = better ? [execution, known] : [known, execution];
  return { ...first, also: [...(first.also ?? []), second, ...(second.also ?? [])] };
}

/** Queries as they are sent: one per place and set of options. */
export const onePerQuery: Grouping<Execution, QueryValue> = {
  keyOf({ query }) {
    if (!query) return undefined;
    const options = query.options.map(({ place, sometimes }) => `${place.file}:${place.start}${sometimes ? "?" : ""}`);
    return `${query.site.file}:${query.site.start}|${options.join()}|${query.joins?.length ?? 0}|${query.uncertain}`;
  },
  merge: ([first]) => first?.query,
};

/** The loop in each round of which the statement is another. */
export const deciding = (execution: Execution) => execution.dependsOn.findLast((one) => !one.few);

export interface Placed {
  readonly file: string;
  readonly span: Span;
  readonly scope: string;
}

/** Where the loop's own function sends the statement: the statement itself, or the call that leads to it. */
export function placedIn(effect: Execution | Commit): Placed {
  const loop = effect.kind === "commit" ? effect.iterations.at(-1) : deciding(effect);
  const frame = loop && effect.path.find((one) => one.file === loop.file && one.scope === loop.scope);
  if (frame) return { ...frame, span: isLong(frame.span) ? frame.calleeSpan : frame.span };
  const site = effect.kind === "execution" ? effect.query?.site : undefined;
  const begins = site?.file === effect.file && site.start >= effect.span.start && site.end <= effect.span.end;
  return begins && isLong(effect.span) ? { file: effect.file, span: { start: site.start, end: site.end }, scope: effect.scope } : effect;
}

/** More than a line or two: what is called is enough to point at. */
const isLong = ({ start, end }: Span) => end - start > 160;

/** One per place in the loop's function that leads to a commit. */
export const onePerCommit: Grouping<Commit, Commit> = {
  keyOf(commit) {
    const { file, span } = placedIn(commit);
    return `${file}:${span.start}|${iterationKey(commit.iterations.at(-1))}|${commit.flush === true}`;
  },
  merge: (commits) => commits.reduce((known, commit) => (commit.path.length < known.path.length ? commit : known)),
};
