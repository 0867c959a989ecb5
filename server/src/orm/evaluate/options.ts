import type { Argument, AttributeExpr, CallExpr } from "../../python/index.js";
import { isTrue, keyword, stringOf } from "../entities/calls.js";
import type { Loading } from "../entities/entity.js";
import type { LoadPath, LoadStep, OptionPlace, Subclasses } from "../values/plan.js";
import { membersOf, unknown, type AttributeValue, type OptionsValue, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";
import { subclassesAmong } from "./aliases.js";

const loaders: Readonly<Record<string, Loading | "default">> = {
  joinedload: "eager",
  joinedload_all: "eager",
  selectinload: "eager",
  selectinload_all: "eager",
  subqueryload: "eager",
  subqueryload_all: "eager",
  immediateload: "eager",
  contains_eager: "eager",
  eagerload: "eager",
  eagerload_all: "eager",
  lazyload: "lazy",
  lazyload_all: "lazy",
  noload: "none",
  raiseload: "raise",
  defaultload: "default",
};
const columnOptions = new Set(["load_only", "defer", "undefer"]);
/** Options that say nothing of what is loaded with a row: an expression in a column made for it, a condition on what is loaded. */
const harmless = new Set(["with_loader_criteria", "with_expression"]);
const others = new Set(["Load", "undefer_group", "selectin_polymorphic", ...columnOptions, ...harmless]);

export const isLoaderOption = (word: string) => Object.hasOwn(loaders, word) || others.has(word);

/** A call of an option with what is known of its arguments. */
interface OptionCall {
  readonly word: string;
  readonly call: CallExpr;
  readonly args: readonly Value[];
}

const nothing: OptionsValue = { kind: "options", paths: [], uncertain: false };

/** `selectinload(User.orders)`, `joinedload("orders.items")`, `load_only(User.id)`, `Load(User)`. */
export function loaderOption(ev: Evaluator, word: string, call: CallExpr, args: readonly Value[], before?: LoadPath): OptionsValue {
  const place: OptionPlace = { file: ev.file, start: before?.place.start ?? call.start, end: call.end };
  if (harmless.has(word)) return before ? { ...nothing, paths: [{ ...before, place }] } : nothing;
  const path: LoadPath = before ? { ...before, place } : { steps: [], place };
  const result = extended({ word, call, args }, path);
  if (!result) return { kind: "options", paths: before ? [before] : [], uncertain: true };
  // What the path before said of columns and of "*" is for where it ended.
  const ends = before && result.steps.length > before.steps.length && hasEnd(before);
  return { kind: "options", paths: ends ? [withoutEnd(result, before), before] : [result], uncertain: false };
}

const hasEnd = (path: LoadPath) =>
  Boolean(path.wildcard ?? path.only ?? path.deferred ?? path.undeferred ?? path.groups ?? path.subclasses);
function withoutEnd(path: LoadPath, before: LoadPath): LoadPath {
  const { steps, root, alias, place } = path;
  const end = path.wildcard !== before.wildcard && path.wildcard ? { wildcard: path.wildcard } : {};
  return { steps, place, ...(root === undefined ? {} : { root }), ...(alias === undefined ? {} : { alias }), ...end };
}

/** A method of an option: `joinedload(A.b).selectinload(B.c)`, `Load(A).options(...)`. Up to 1.4 that changes a strategy in place too. */
export function optionMethod(
  ev: Evaluator,
  value: OptionsValue,
  call: CallExpr,
  callee: AttributeExpr,
  args: readonly Value[],
): OptionsValue {
  const { name } = callee;
  if (name !== "options" && !isLoaderOption(name)) return { ...value, uncertain: true };
  const [tip, ...rest] = value.paths;
  const longer =
    name === "options"
      ? nested(tip, collectOptions(argumentsOf(call, args)), call)
      : withRest(loaderOption(ev, name, call, args, tip), rest);
  const result = { ...longer, uncertain: value.uncertain || longer.uncertain };
  if (callee.of.kind === "name" && ev.env.has(callee.of.id)) {
    const more = longer.paths.filter((path) => !value.paths.includes(path)).map(changedInPlace);
    ev.bind(callee.of.id, { ...value, paths: [...value.paths, ...more] });
  }
  return result;
}
/** Names in strings are taken by versions up to 1.4 only; of any other the version is not known. */
const changedInPlace = (path: LoadPath): LoadPath =>
  path.steps.some((step) => step.entity === undefined) ? path : { ...path, sometimes: true };
const withRest = (value: OptionsValue, rest: readonly LoadPath[]): OptionsValue => ({ ...value, paths: [...value.paths, ...rest] });

/** `joinedload(A.b).options(load_only(B.x), joinedload(B.c))`: each goes on from where the option ends; wildcards do nothing there. */
function nested(first: LoadPath | undefined, inner: Collected, call: CallExpr): OptionsValue {
  if (!first) return { kind: "options", ...inner };
  // What is hung on it comes behind these.
  const tip: LoadPath = { ...first, place: { ...first.place, end: call.end } };
  const paths = inner.paths.flatMap((path): LoadPath[] => {
    if (path.wildcard && path.steps.length === 0) return [];
    const { steps, root, alias, everywhere: _everywhere, ...end } = path;
    const own = tip.root === undefined && tip.steps.length === 0 ? { root, alias } : { root: tip.root, alias: tip.alias };
    const where = { ...(own.root === undefined ? {} : { root: own.root }), ...(own.alias === undefined ? {} : { alias: own.alias }) };
    return [{ ...end, ...where, steps: [...tip.steps, ...steps] }];
  });
  return { kind: "options", paths: [tip, ...paths], uncertain: inner.uncertain };
}

function extended(option: OptionCall, path: LoadPath): LoadPath | undefined {
  const { word, call, args } = option;
  if (word === "Load") return rootedAt(args[0], path);
  if (columnOptions.has(word)) return withColumns(option, path);
  if (word === "undefer_group") return withGroups(call, path);
  if (word === "selectin_polymorphic") return withSubclasses(args, path);
  const loading = loaders[word]!;
  const steps: LoadStep[] = [];
  let wildcard: LoadPath["wildcard"];
  for (const [at, arg] of call.args.entries()) {
    if (arg.name !== undefined) continue;
    if (arg.splat || wildcard) return undefined;
    const read = stepsOf(arg, args[at] ?? unknown, option, loading);
    if (!read) return undefined;
    if (read.at(-1)?.name === "*") wildcard = wildcardOf(read.pop()!, call);
    steps.push(...read);
  }
  if (wildcard === undefined && steps.length === 0) return undefined;
  const all = onTheWay(steps, word, wildcard !== undefined);
  return withWildcard({ ...path, ...rootOf(path, args), steps: [...path.steps, ...all] }, wildcard);
}

/** `Load(User)`, also of an alias. */
function rootedAt(target: Value | undefined, path: LoadPath): LoadPath | undefined {
  if (target?.kind !== "entityClass") return undefined;
  return { ...path, root: target.entity, ...(target.alias === undefined ? {} : { alias: target.alias }) };
}

/** The alias that the first attribute was written on. */
function rootOf(path: LoadPath, args: readonly Value[]): { alias?: string } {
  const [first] = args;
  const begins = path.steps.length === 0 && path.root === undefined;
  return begins && first?.kind === "attribute" && first.alias !== undefined ? { alias: first.alias } : {};
}

function wildcardOf({ loading }: LoadStep, call: CallExpr): LoadPath["wildcard"] {
  // `defaultload("*")` says nothing.
  return { loading: loading === "default" ? "unknown" : loading, ...(isTrue(keyword(call, "sql_only")) ? { sqlOnly: true } : {}) };
}
function withWildcard(path: LoadPath, wildcard: LoadPath["wildcard"]): LoadPath | undefined {
  if (!wildcard) return path;
  if (wildcard.loading === "unknown") return undefined;
  return { ...path, wildcard, ...(isForAll(path) ? { everywhere: true } : {}) };
}
const isForAll = (path: LoadPath) => path.steps.length === 0 && path.root === undefined;

/** 1.x: of `joinedload("orders.items")` and `joinedload(A.b, B.c)` only the last is loaded so; all of them by `joinedload_all`. */
function onTheWay(steps: readonly LoadStep[], word: string, wildcard: boolean): readonly LoadStep[] {
  if (word.endsWith("_all") || word === "contains_eager") return steps;
  return steps.map((step, at) => (at < steps.length - 1 || wildcard ? { ...step, loading: "default" } : step));
}

function stepsOf(arg: Argument, value: Value, { word, call }: OptionCall, loading: Loading | "default"): LoadStep[] | undefined {
  const text = stringOf(arg.value) ?? (value.kind === "string" ? value.literal.value : undefined);
  const made = { loading, loader: word.replace(/_all$/, ""), ...(isTrue(keyword(call, "sql_only")) ? { sqlOnly: true as const } : {}) };
  if (text !== undefined) return text.split(".").map((name): LoadStep => ({ name, ...made }));
  if (value.kind !== "attribute") return undefined;
  const depth = depthOf(call);
  const subclasses = subclassesOf(value);
  return [{ name: value.name, entity: value.entity, ...made, ...(depth ? { depth } : {}), ...(subclasses ? { subclasses } : {}) }];
}

/** `recursion_depth=-1` goes on until nothing is found. */
function depthOf(call: CallExpr): number | undefined {
  const written = keyword(call, "recursion_depth");
  if (written?.kind === "number") return Number(written.text);
  return written?.kind === "operator" && written.op === "-" ? Infinity : undefined;
}

const subclassesOf = ({ ofType }: AttributeValue): Subclasses | undefined =>
  ofType && (ofType.subclasses ?? (ofType.aliased ? undefined : [ofType.entity]));

/** `load_only(User.id, User.name)`; `defer("orders.note")` and `defer(User.orders, Order.note)` go the way to one column. */
function withColumns({ word, call, args }: OptionCall, path: LoadPath): LoadPath | undefined {
  const plain = call.args.filter((arg) => arg.name === undefined);
  const names = plain.map((arg) => (arg.splat ? undefined : nameOf(arg, args[call.args.indexOf(arg)] ?? unknown)));
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length || known.length === 0) return undefined;
  const raises = isTrue(keyword(call, "raiseload")) ? { raises: true as const } : {};
  const base = withRoot(path, args);
  if (word === "load_only") return { ...base, ...raises, only: [...(base.only ?? []), ...known] };
  const way = known.flatMap((name) => name.split("."));
  const last = way.pop()!;
  const steps = way.map((name): LoadStep => ({ name, loading: "default", loader: "defaultload" }));
  const all = last === "*" && isForAll(base) && steps.length === 0 ? { everywhere: true as const } : {};
  const place = { ...base, ...all, ...raises, steps: [...base.steps, ...steps] };
  return word === "defer"
    ? { ...place, deferred: [...(base.deferred ?? []), last] }
    : { ...place, undeferred: [...(base.undeferred ?? []), last] };
}

const nameOf = (arg: Argument, value: Value): string | undefined =>
  stringOf(arg.value) ?? (value.kind === "attribute" ? value.name : value.kind === "string" ? value.literal.value : undefined);

/** An option that begins with a column is for that column's entity. */
function withRoot(path: LoadPath, args: readonly Value[]): LoadPath {
  if (path.steps.length > 0 || path.root !== undefined) return path;
  const first = args.find((arg) => arg.kind === "attribute");
  return first ? { ...path, root: first.entity, ...(first.alias === undefined ? {} : { alias: first.alias }) } : path;
}

function withGroups(call: CallExpr, path: LoadPath): LoadPath | undefined {
  const names = call.args.map((arg) => stringOf(arg.value));
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? { ...path, groups: [...(path.groups ?? []), ...known] } : undefined;
}

/** `selectin_polymorphic(Person, [Engineer])`, or as a method `selectin_polymorphic([Engineer])`. */
function withSubclasses(args: readonly Value[], path: LoadPath): LoadPath | undefined {
  const own = isForAll(path) && args.length > 1 ? rootedAt(args[0], path) : path;
  const subclasses = subclassesAmong(args.at(-1));
  return own && subclasses ? { ...own, subclasses } : undefined;
}

export interface Collected {
  readonly paths: readonly LoadPath[];
  readonly uncertain: boolean;
}

export const argumentsOf = (call: CallExpr, args: readonly Value[]): Value[] => call.args.map((_, at) => args[at] ?? unknown);

/** Everything that can stand in `.options(...)`: options, lists of them, splats, what conditions leave open. */
export function collectOptions(values: readonly Value[]): Collected {
  const paths: LoadPath[] = [];
  let uncertain = false;
  const add = (value: Value, sometimes: boolean) => {
    const members = membersOf(value);
    const maybe = sometimes || members.length > 1;
    for (const member of members) {
      if (member.kind === "options") {
        paths.push(...member.paths.map((path): LoadPath => (maybe && !path.sometimes ? { ...path, sometimes: true } : path)));
        uncertain ||= member.uncertain;
      } else if (member.kind === "collection") add(member.of, maybe);
      else if (member.kind === "mapping") add(member.value, true);
      else if (member.kind === "tuple") for (const item of member.items) add(item, maybe);
      else if (member.kind !== "never" && member.kind !== "none") uncertain = true;
    }
  };
  for (const value of values) add(value, false);
  return { paths, uncertain };
}
