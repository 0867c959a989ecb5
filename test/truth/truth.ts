import type { Expectation, Program } from "./programs.js";
import type { Frame, ProgramAnswer, ProgramRun, StatementGroup } from "./runner.js";

/** What each rule claims, and so how a run proves it. */
type Claim = "lazy" | "query" | "raises" | "shape";

const claims: Readonly<Record<string, Claim>> = {
  "lazy-load-per-row": "lazy",
  "lazy-load-in-template": "lazy",
  "lazy-load-in-serializer": "lazy",
  "deferred-column-per-row": "lazy",
  "foreign-key-through-relationship": "lazy",
  "join-is-not-eager-load": "lazy",
  "query-in-loop": "query",
  "count-by-loading": "query",
  "row-by-row-write": "query",
  "commit-in-loop": "query",
  "async-lazy-load": "raises",
  "missing-eager-load-raise": "raises",
  "eager-load-unused": "shape",
  "joined-collections-multiply": "shape",
  "contains-eager-without-join": "shape",
};

/** The N+1 family: what these programs are about. Other rules may say what they like. */
export const family: ReadonlySet<string> = new Set(Object.keys(claims));

/** One statement for every third additional row is growth; anything less is no N+1. */
const share = 1 / 3;
/** What a program may send more where it works in batches. */
const batches = 3;

/** Does the program do what its expectations say? The complaints; none = it does. */
export function judgeTruth({ expected, settings }: Program, before: ProgramAnswer, fixed: ProgramAnswer | undefined): string[] {
  const [small, large] = before.runs;
  if (before.error !== undefined || !small || !large) return [`cannot be executed: ${before.error ?? "it did not run"}`];
  const raising = expected.filter((one) => claimsOf(one).includes("raises"));
  if (raising.length > 0) return judgeRaises(raising, [small, large]);
  const complaints = errorsOf([small, large]);
  if (complaints.length > 0) return complaints;
  const allowed = settings.batched ? batches : 0;
  complaints.push(...judgeGrowth(expected, small, large, allowed));
  if (expected.some((one) => claimsOf(one).includes("shape")) && !fixed) complaints.push("needs a repaired version to prove its claim");
  if (fixed) complaints.push(...judgeRepair(before, fixed, settings.resultDiffers === true, allowed).map((text) => `repaired: ${text}`));
  return complaints;
}

const claimsOf = ({ rules }: Expectation): Claim[] => rules.map((rule) => claims[rule] ?? unknownRule(rule));

function unknownRule(rule: string): never {
  throw new Error(`"${rule}" is no rule of the N+1 family.`);
}

function errorsOf(runs: readonly ProgramRun[]): string[] {
  return runs.flatMap((run) => (run.error === undefined ? [] : [`ends with ${run.message ?? run.error} at ${at(run.frames?.[0])}`]));
}

function judgeRaises(expected: readonly Expectation[], runs: readonly ProgramRun[]): string[] {
  return runs.flatMap((run) => {
    if (run.error === undefined) return ["should end in an exception and does not"];
    const why = run.message ?? "";
    if (!/MissingGreenlet|greenlet_spawn|lazy='raise|raiseload/.test(why)) return [`ends with another exception: ${why}`];
    // A serializer's field is no frame: one of its places is.
    const hit = expected.some(({ places, sources }) =>
      [...places, ...sources].some((place) => (run.frames ?? []).some((frame) => stands(place, frame))),
    );
    return hit ? [] : [`the exception comes from ${(run.frames ?? []).map(at).join(" < ")}`];
  });
}

function judgeGrowth(expected: readonly Expectation[], small: ProgramRun, large: ProgramRun, allowed: number): string[] {
  const complaints: string[] = [];
  const rows = large.size - small.size;
  const explained = new Set<StatementGroup>();
  for (const one of expected) {
    const mine = (run: ProgramRun) => (run.groups ?? []).filter((group) => !explained.has(group) && explains(one, group));
    const [before, after] = [mine(small), mine(large)];
    for (const group of [...before, ...after]) explained.add(group);
    if (claimsOf(one).every((claim) => claim === "shape")) continue;
    const growth = sum(after, "count") - sum(before, "count");
    const counted = one.rules.includes("count-by-loading") ? sum(after, "rows") - sum(before, "rows") : 0;
    if (Math.max(growth, counted) < rows * share)
      complaints.push(`${one.rules.join("|")} at ${placesOf(one)}: only ${growth} more statements for ${rows} more rows`);
  }
  const rest = (run: ProgramRun) => (run.groups ?? []).filter((group) => !explained.has(group));
  const growth = sum(rest(large), "count") - sum(rest(small), "count");
  if (growth > allowed) complaints.push(`${growth} more statements for ${rows} more rows come from ${origins(rest(large))}`);
  return complaints;
}

/** Fewer statements, or the same number that brings less; none more for more rows; the same result. */
export function judgeRepair(before: ProgramAnswer, after: ProgramAnswer, resultDiffers: boolean, allowed: number): string[] {
  if (after.error !== undefined) return [`cannot be executed: ${after.error}`];
  const complaints = errorsOf(after.runs);
  if (complaints.length > 0) return complaints;
  const [small, large] = after.runs;
  const old = before.runs.at(-1);
  if (!small || !large || !old) return ["was not executed"];
  const growth = (large.statements ?? 0) - (small.statements ?? 0);
  if (growth > allowed) complaints.push(`still ${growth} more statements for more rows, from ${origins(large.groups ?? [])}`);
  if (old.error !== undefined) return complaints;
  const less = (large.statements ?? 0) < (old.statements ?? 0) || sum(large.groups ?? [], "cells") < sum(old.groups ?? [], "cells");
  if (!less) complaints.push(`${large.statements} statements as before, that bring as much`);
  if (!resultDiffers && after.runs.some((run, index) => run.result !== before.runs[index]?.result))
    complaints.push("returns or prints something else");
  return complaints;
}

function explains(one: Expectation, group: StatementGroup): boolean {
  const attribute = one.label !== undefined && /^\w+\.\w+$/.test(one.label) ? one.label : undefined;
  if (attribute !== undefined && group.loads !== null && group.loads !== attribute) return false;
  const kinds = claimsOf(one);
  const among = (frames: readonly Frame[]) => [...one.places, ...one.sources].some((place) => frames.some((frame) => stands(place, frame)));
  if (kinds.includes("lazy") && group.loads !== null && among(group.frames.slice(0, 1))) return true;
  // What a serializer reads is read by nobody in the program.
  if (one.rules.includes("lazy-load-in-serializer") && attribute !== undefined && group.loads === attribute) return true;
  return kinds.includes("query") && (one.rules.includes("count-by-loading") || group.loads === null) && among(group.frames);
}

const stands = (place: { file: string; line: number }, [path, first, last]: Frame): boolean =>
  place.file === path && first <= place.line && place.line <= last;

const sum = (groups: readonly StatementGroup[], key: "count" | "rows" | "cells"): number =>
  groups.reduce((total, group) => total + group[key], 0);
const at = (frame: Frame | undefined): string => (frame ? `${frame[0]}:${frame[1]}` : "outside the program");
const placesOf = ({ places }: Expectation): string => places.map(({ file, line }) => `${file}:${line}`).join(" or ");

function origins(groups: readonly StatementGroup[]): string {
  const most = [...groups].sort((a, b) => b.count - a.count).slice(0, 3);
  return most.map(({ frames, loads, count }) => `${at(frames[0])}${loads === null ? "" : ` (${loads})`} ×${count}`).join(", ");
}
