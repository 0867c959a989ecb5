import type { LoadPath } from "./plan.js";
import type { FixedAttribute, OptionsValue, QueryFlags, QueryValue } from "./value.js";

/** Whether two options say the same, wherever they stand and by whatever loader: `joinedload` on one path, `selectinload` on the other. */
function samePath(a: LoadPath, b: LoadPath): boolean {
  if (a === b) return true;
  if (a.steps.length !== b.steps.length || a.root !== b.root || a.alias !== b.alias) return false;
  if (!a.steps.every((step, at) => step.name === b.steps[at]!.name)) return false;
  return textOf(a) === textOf(b);
}
const unsaid = new Set(["place", "loader", "sometimes"]);
const textOf = (path: LoadPath) => JSON.stringify(path, (key, value: unknown) => (unsaid.has(key) ? undefined : value));

/** Whether two versions of a query load the same. */
export const sameOptions = (a: readonly LoadPath[], b: readonly LoadPath[]): boolean =>
  a === b ||
  (a.length === b.length && a.every((path, at) => Boolean(path.sometimes) === Boolean(b[at]!.sometimes) && samePath(path, b[at]!)));

/** What holds after either path: an option of only one of them is there sometimes. */
function joinedPaths(a: readonly LoadPath[], b: readonly LoadPath[]): readonly LoadPath[] {
  if (a === b) return a;
  const maybe = (path: LoadPath): LoadPath => (path.sometimes ? path : { ...path, sometimes: true });
  const rest = [...b];
  const result = a.map((path) => {
    const at = rest.findIndex((other) => samePath(path, other));
    if (at < 0) return maybe(path);
    const [other] = rest.splice(at, 1);
    return other!.sometimes ? maybe(path) : path;
  });
  return [...result, ...rest.map(maybe)];
}

export const joinedOptions = (a: OptionsValue, b: OptionsValue): OptionsValue => ({
  kind: "options",
  paths: joinedPaths(a.paths, b.paths),
  uncertain: a.uncertain || b.uncertain,
});

/** Options side by side in one list: all of them are there. */
export const bothOptions = (a: OptionsValue, b: OptionsValue): OptionsValue => ({
  kind: "options",
  paths: [...a.paths, ...b.paths],
  uncertain: a.uncertain || b.uncertain,
});

/** More than this many options on one query: code that builds them in a loop. */
const maxPaths = 60;

/**
 * One query of which some links stand under conditions (`if org: query = query.filter_by(org=org)`) stays one query: what only one path adds
 * is there sometimes. Undefined where the two select different things.
 */
export function joinedQueries(a: QueryValue, b: QueryValue): QueryValue | undefined {
  if (a.site !== b.site || a.bound !== b.bound || !sameTargets(a, b) || a.options.length + b.options.length > maxPaths) return undefined;
  if (Boolean(a.flags.compound) !== Boolean(b.flags.compound)) return undefined;
  const calls = [...a.optionsCalls, ...b.optionsCalls.filter((call) => !a.optionsCalls.some((one) => one.insertAt === call.insertAt))];
  const joins = [...(a.joins ?? []), ...(b.joins ?? []).filter((join) => !a.joins?.some((one) => samePlace(one.place, join.place)))];
  return {
    ...a,
    options: joinedPaths(a.options, b.options),
    uncertain: a.uncertain || b.uncertain,
    optionsCalls: calls,
    fixed: joinedFixed(a.fixed, b.fixed),
    flags: joinedFlags(a.flags, b.flags),
    ...(joins.length ? { joins } : {}),
    ...(a.indent === undefined && b.indent !== undefined ? { indent: b.indent } : {}),
  };
}

const samePlace = (a: LoadPath["place"], b: LoadPath["place"]) => a.file === b.file && a.start === b.start && a.end === b.end;
const sameTargets = (a: QueryValue, b: QueryValue) =>
  a.targets === b.targets ||
  (a.targets.length === b.targets.length &&
    a.targets.every((one, at) => one.start === b.targets[at]!.start && one.text === b.targets[at]!.text));

const keyOf = (one: FixedAttribute) => `${one.entity ?? ""}.${one.name}${one.several ? "*" : ""}`;
export const sameFixed = (a: readonly FixedAttribute[], b: readonly FixedAttribute[]): boolean =>
  a === b || (a.length === b.length && a.every((one, at) => keyOf(one) === keyOf(b[at]!) && one.sometimes === b[at]!.sometimes));

function joinedFixed(a: readonly FixedAttribute[], b: readonly FixedAttribute[]): readonly FixedAttribute[] {
  if (a === b) return a;
  const merge = (own: readonly FixedAttribute[], others: readonly FixedAttribute[]) => {
    const sure = new Set(others.filter((one) => !one.sometimes).map(keyOf));
    return own.map((one): FixedAttribute => (one.sometimes || sure.has(keyOf(one)) ? one : { ...one, sometimes: true }));
  };
  const first = merge(a, b);
  const known = new Set(first.map(keyOf));
  return [...first, ...merge(b, a).filter((one) => !known.has(keyOf(one)))];
}

/** A limit holds only where both paths have it; whatever else one path does may be done. */
function joinedFlags(a: QueryFlags, b: QueryFlags): QueryFlags {
  if (a === b) return a;
  const { limit: first, ...rest } = a;
  const { limit: second, ...others } = b;
  const limit = first === undefined || second === undefined ? {} : { limit: Math.max(first, second) };
  return { ...rest, ...others, ...limit };
}
