import type { Span } from "#protocol/place";
import type { Commit, Effect, Execution, LazyLoad } from "./evaluate/effects.js";
import { placeKey, type KeyRead, type KeyReads } from "./evaluate/keyReads.js";
import { iterationKey } from "./values/keys.js";
import { originKey } from "./values/origins.js";
import type { QueryValue } from "./values/value.js";

const weight = (effect: Effect) => ("iterations" in effect ? effect.iterations.length : 0);

/** Code is evaluated by itself and where it is called: of each place the effect that says most. */
export function distinct<E extends Effect>(effects: readonly E[]): E[] {
  const byPlace = new Map<string, E>();
  for (const effect of effects) {
    const key = `${effect.file}:${effect.span.start}`;
    const known = byPlace.get(key);
    if (!known || weight(effect) > weight(known)) byPlace.set(key, effect);
  }
  return [...byPlace.values()];
}

/** Per row says more than once, using the rows more than counting them, and a known query more than a declaration. */
const tells = (load: LazyLoad) =>
  (load.unreferenced ? 0 : 8) + (load.iteration ? 4 : 0) + (load.owner.doubt ? 0 : 2) + (load.use === "read" ? 1 : 0);

const byPosition = (a: LazyLoad, b: LazyLoad) =>
  a.file === b.file ? a.span.start - b.span.start || a.span.end - b.span.end : a.file < b.file ? -1 : 1;

/** One per cause: a relationship that is missing on the rows of one query, wherever it is read. */
export function distinctLoads(loads: readonly LazyLoad[], keyReads: KeyReads = new Map()): LazyLoad[] {
  const byCause = new Map<string, LazyLoad>();
  const places = new Map<string, Map<string, KeyRead | undefined>>();
  const used = new Set<string>();
  for (const load of loads) {
    // A generic repository's query is for several entities.
    const key = `${originKey(load.owner)}.${load.relationship.owner}.${load.relationship.name}`;
    if (load.use === "read") used.add(key);
    const place = placeKey(load.file, load.span);
    if (!places.get(key)?.set(place, keyReads.get(place))) places.set(key, new Map([[place, keyReads.get(place)]]));
    const known = byCause.get(key);
    if (!known || tells(load) > tells(known) || (tells(load) === tells(known) && byPosition(load, known) < 0)) byCause.set(key, load);
  }
  const causes = [...byCause].map(([key, load]) =>
    // What is counted here and gone through elsewhere has to be loaded.
    withKeyReads(used.has(key) ? { ...load, use: "read" } : load, [...places.get(key)!.values()]),
  );
  return mergePlaces(causes).sort(byPosition);
}

function withKeyReads(load: LazyLoad, reads: readonly (KeyRead | undefined)[]): LazyLoad {
  const known = reads.filter((read) => read !== undefined);
  return known.length === reads.length ? { ...load, keyReads: known } : load;
}

/** One place that may read rows of several origins is one finding. */
function mergePlaces(loads: readonly LazyLoad[]): LazyLoad[] {
  const byPlace = new Map<string, LazyLoad>();
  for (const load of loads) {
    const key = `${load.file}:${load.span.start}:${load.span.end}:${load.relationship.owner}.${load.relationship.name}`;
    const known = byPlace.get(key);
    if (!known) byPlace.set(key, load);
    else {
      const [first, second] = tells(load) > tells(known) ? [load, known] : [known, load];
      const { keyReads, ...merged } = { ...first, also: [...(first.also ?? []), second.owner, ...(second.also ?? [])] };
      byPlace.set(key, keyReads && second.keyReads ? { ...merged, keyReads: bothReads(keyReads, second.keyReads) } : merged);
    }
  }
  return [...byPlace.values()];
}

const bothReads = (a: readonly KeyRead[], b: readonly KeyRead[]) => [...a, ...b.filter((read) => !a.includes(read))];

/** One per statement and loop around it; without a loop one per statement. */
export function distinctExecutions(executions: readonly Execution[]): Execution[] {
  const byCause = new Map<string, Execution>();
  for (const execution of executions) {
    const key = `${execution.file}:${execution.span.start}|${iterationKey(deciding(execution))}`;
    const known = byCause.get(key);
    const better = !known || (known.unreferenced && !execution.unreferenced) || execution.path.length < known.path.length;
    if (better && !(known && !known.unreferenced && execution.unreferenced)) byCause.set(key, execution);
  }
  return mergeCalls([...byCause.values()]);
}

/** How plainly a statement is sent in each round. */
const plainness = (one: Execution) =>
  (one.unreferenced ? 0 : 16) + (one.seldom ? 0 : 4) + (one.guarded ? 0 : 2) + (one.batched ? 0 : 8) + (one.operation === "get" ? 0 : 1);

/** One call in a loop is one finding, whatever it sends: the statement that says most stands for the others of its kind. */
function mergeCalls(executions: readonly Execution[]): Execution[] {
  const byCall = new Map<string, Execution>();
  for (const execution of executions) {
    const { file, span } = placedIn(execution);
    const kind = execution.operation === "write" ? "write" : "read";
    const key = `${file}:${span.start}:${span.end}|${iterationKey(deciding(execution))}|${kind}`;
    const known = byCall.get(key);
    if (!known) byCall.set(key, execution);
    else {
      const better =
        plainness(execution) > plainness(known) || (plainness(execution) === plainness(known) && execution.path.length < known.path.length);
      const [first, second] = better ? [execution, known] : [known, execution];
      byCall.set(key, { ...first, also: [...(first.also ?? []), second, ...(second.also ?? [])] });
    }
  }
  return [...byCall.values()];
}

/** Queries as they are sent: one per place and set of options. */
export function distinctQueries(executions: readonly Execution[]): QueryValue[] {
  const found = new Map<string, QueryValue>();
  for (const { query } of executions) {
    if (!query) continue;
    const options = query.options.map(({ place, sometimes }) => `${place.file}:${place.start}${sometimes ? "?" : ""}`);
    const key = `${query.site.file}:${query.site.start}|${options.join()}|${query.joins?.length ?? 0}|${query.uncertain}`;
    if (!found.has(key)) found.set(key, query);
  }
  return [...found.values()];
}

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
export function distinctCommits(commits: readonly Commit[]): Commit[] {
  const byCause = new Map<string, Commit>();
  for (const commit of commits) {
    const { file, span } = placedIn(commit);
    const key = `${file}:${span.start}|${iterationKey(commit.iterations.at(-1))}|${commit.flush === true}`;
    const known = byCause.get(key);
    if (!known || commit.path.length < known.path.length) byCause.set(key, commit);
  }
  return [...byCause.values()];
}
