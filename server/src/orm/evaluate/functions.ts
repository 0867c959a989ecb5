import type { CallExpr, FunctionFact, ParamFact } from "../../python/index.js";
import type { Span } from "#protocol/place";
import type { ClassRef } from "../entities/classes.js";
import { holdsRows, keyOf, loopKey, matters, rowsIn } from "../values/keys.js";
import { Names } from "../values/names.js";
import { isAsync, rootOf } from "../values/origins.js";
import {
  collection,
  membersOf,
  never,
  sameIteration,
  unknown,
  type EntityValue,
  type FunctionRef,
  type Iteration,
  type Value,
} from "../values/value.js";
import { allOf, argument, keyOfGiven, matchParameters, placeOfParameter, type Given } from "./arguments.js";
import type { Effect } from "./effects.js";
import { declaredValue } from "./declared.js";
import { decorated, isCached } from "./decorators.js";
import { equal } from "../incremental/equal.js";
import type { Cell } from "../incremental/memory.js";
import { functionUnit, signatureUnit } from "../incremental/units.js";
import { Evaluator, isSerializer, newFindings, type Applied, type EvaluationContext, type Findings, type Frame } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { heldIn } from "./held.js";
import { noPlans, plansLeft, takePlans } from "./plansLeft.js";
import { afterReads } from "./reads.js";
import { parameterValue } from "./parameters.js";
import { isSchema } from "./serializers.js";
import { evaluateBody } from "./statements.js";

/** Calls within calls that are followed. */
const deepest = 14;

export interface CallOptions {
  /** What the first parameter of a method is bound to. */
  readonly self?: Value;
  /** The class that defines the method, for `super()`. */
  readonly definedIn?: ClassRef;
  /** The function itself, without what its decorators make of it. */
  readonly raw?: boolean;
  /** Is told the fields of `self` where the call has changed them. */
  readonly changed?: (fields: ReadonlyMap<string, Value>) => void;
}

/** What a call of a function of the project gives; what it does on the way is recorded. */
export function callFunction(ev: Evaluator, ref: FunctionRef, given: Given, place: Span, options: CallOptions = {}): Value {
  const facts = ev.context.factsOf(ref.file);
  const fn = facts?.functions[ref.index];
  if (!fn) return unknown;
  const name = `${ref.file}\n${ref.index}`;
  // A second time only with other rows: a tree whose every level is loaded per row.
  ev.reach(name);
  const times = ev.stack.filter((one) => one === name).length;
  const givesRows = () => allOf(given).some(({ value }) => holdsRows(value)) || (options.self !== undefined && holdsRows(options.self));
  if (times > 1 || (times === 1 && !givesRows())) return promised(ev, ref, fn);
  if (ev.stack.length >= deepest || ev.work.left <= 0) {
    if (ev.stack.length >= deepest) ev.found.tooDeep = true;
    else ev.found.exhausted = true;
    return promised(ev, ref, fn);
  }
  if (!options.raw && fn.decorators.length > 0) {
    const value = decorated(ev, ref, fn, given, place, options);
    if (value) return value;
  }
  const applied = apply(ev, name, { ref, fn, given, place, options });
  if (applied.fields.size > 0) options.changed?.(applied.fields);
  if (applied.plans.size > 0) takePlans(ev, applied.plans, rowsReceived(fn, given, options.self));
  mergeReach(ev, applied.found);
  if (!isCached(fn)) merge(ev, applied.found, { ref, fn, given, place, options });
  return membersOf(applied.value).every(saysNothing) ? join(applied.value, promised(ev, ref, fn)) : applied.value;
}

const saysNothing = (value: Value): boolean =>
  value.kind === "unknown" ||
  value.kind === "never" ||
  value.kind === "none" ||
  (value.kind === "collection" && membersOf(value.of).every(saysNothing));

/** Nothing that was followed came back: the annotation may know more. */
function join(value: Value, declared: Value): Value {
  if (declared.kind === "unknown") return value;
  // What the annotation cannot say: how many there are.
  const few = value.kind === "collection" && value.few === true;
  return few && declared.kind === "collection" ? { ...declared, few: true } : declared;
}

/** What the annotation says. */
function promised(ev: Evaluator, { file, index }: FunctionRef, fn: FunctionFact): Value {
  if (!fn.returns) return unknown;
  const declared = declaredValue(ev.index, file, fn.returns, `what \`${fn.name}()\` returns`);
  if (declared.kind !== "unknown") ev.context.memory.use(signatureUnit(file, index));
  return declared;
}

interface Call {
  readonly ref: FunctionRef;
  readonly fn: FunctionFact;
  readonly given: Given;
  readonly place: Span;
  readonly options: CallOptions;
}

/** What a call's result is made of, apart from the project's text: enough to compute it anew. */
interface Recipe {
  readonly ref: FunctionRef;
  readonly given: Given;
  readonly self?: Value;
  readonly definedIn?: ClassRef;
  readonly around?: Surroundings;
}

/** The loops and conditions around a call. */
type Surroundings = Pick<Evaluator, "iterations" | "suspended" | "conditions" | "tries" | "answered" | "seldom" | "early" | "sessionDepth">;

/**
 * Without the loops around the call where it makes no difference, so that one result serves all of its callers: a function that is given no
 * rows and sends nothing does the same in a loop.
 */
function apply(ev: Evaluator, name: string, { ref, given, options }: Call): Applied {
  const { self, definedIn } = options;
  const values = [...allOf(given).map((arg) => arg.value), ...(self ? [self] : [])];
  const exact = values.some((value) => matters(value));
  const key = (args: Given) =>
    `${name}\n${self ? keyOf(self, exact) : ""}\n${keyOfGiven(args, exact)}\n${definedIn ? `${definedIn.file}#${definedIn.index}` : ""}\n`;
  const recipe: Recipe = { ref, given, ...(self ? { self } : {}), ...(definedIn ? { definedIn } : {}) };
  const inLoop = ev.active.length > 0;
  if (!inLoop || !values.some((value) => holdsRows(value))) {
    // Which loops the arguments change with is of no interest where there are none.
    const constant = withoutLoops(given);
    const result = remembered(ev, key(constant), { ...recipe, given: constant });
    if (!inLoop || result.found.sent === 0) return result;
  }
  const around = ev.iterations.map((one) => `${loopKey(one)}${ev.suspended.has(one) ? "-" : ""}`).join(";");
  const state = `${ev.conditions > 0}${ev.tries > 0}${ev.answered > 0}${ev.seldom ?? ""}${ev.early}${ev.sessionDepth}`;
  return remembered(ev, `${key(given)}${around}\n${state}`, { ...recipe, around: surroundings(ev) });
}

function withoutLoops(given: Given): Given {
  if (allOf(given).every(({ varies }) => varies.size === 0)) return given;
  const named = new Map([...given.named].map(([name, { value }]) => [name, argument(value)]));
  return { ...given, positional: given.positional.map(({ value }) => argument(value)), named };
}

const surroundings = (ev: Evaluator): Surroundings => {
  const { suspended, conditions, tries, answered, seldom, early, sessionDepth } = ev;
  return { iterations: [...ev.iterations], suspended, conditions, tries, answered, seldom, early, sessionDepth };
};

/**
 * A result is taken only where computing it anew would give the same, so that it makes no difference who asked first: see `under`.
 */
function remembered(ev: Evaluator, key: string, recipe: Recipe): Applied {
  const { memory, calls } = ev.context;
  const cell = calls.get(key);
  const known = cell && memory.read(cell);
  if (known && holds(ev, known, undefined, "")) {
    memory.use(cell as Cell<unknown>);
    return charged(ev, known);
  }
  const before = ev.partial.get(key);
  if (before && holds(ev, before.value, before.value.found.tooDeep ? before.depth : undefined, before.under)) {
    memory.useAll(before.dependencies);
    return charged(ev, before.value);
  }
  const tracked = memory.track(() => run(ev, recipe));
  const { found } = tracked.value;
  const underWay = under(ev, found);
  const stands = underWay === "" && !found.tooDeep && !tracked.provisional;
  if (stands && known === undefined && !cell?.running) {
    const made = memory.keep(tracked, () => anew(ev.context, recipe), sameResult);
    calls.set(key, made);
    memory.use(made as Cell<unknown>);
  } else {
    memory.useAll(tracked.dependencies);
    ev.partial.set(key, { ...tracked, depth: ev.stack.length, under: underWay });
  }
  return charged(ev, tracked.value);
}

function charged(ev: Evaluator, known: Applied): Applied {
  ev.work.left -= known.work;
  return known;
}

/** Whether a result that was computed elsewhere would come out here too. */
function holds(ev: Evaluator, { found }: Applied, depth: number | undefined, underWay: string): boolean {
  if (under(ev, found) !== underWay) return false;
  return depth === undefined ? ev.stack.length + found.height <= deepest : ev.stack.length === depth;
}

/** What is under way of that which a call reaches: it runs no second time. */
function under(ev: Evaluator, { visited }: Findings): string {
  let names = "";
  let serializers = 0;
  for (const one of ev.stack) {
    if (visited.has(one)) names += `${one};`;
    if (isSerializer(one)) serializers++;
  }
  if (serializers > 0 && [...visited].some(isSerializer)) names += serializers;
  return names;
}

/** The result as it is after an edit; undefined where it does not stand by itself any more. */
function anew(context: EvaluationContext, recipe: Recipe): Applied | undefined {
  const facts = context.factsOf(recipe.ref.file);
  const fn = facts?.functions[recipe.ref.index];
  if (!fn) return undefined;
  const ev = new Evaluator(context.index, recipe.ref.file, facts, fn, newFindings(), context);
  const result = run(ev, recipe);
  return result.found.tooDeep ? undefined : result;
}

/** The amount of work decides only whether a limit is met: near enough is the same. */
function sameResult(before: Applied, after: Applied): boolean {
  const { found: a } = before;
  const { found: b } = after;
  return (
    Math.abs(before.work - after.work) <= 16 + before.work / 8 &&
    equal(before.value, after.value) &&
    equal(before.fields, after.fields) &&
    equal(before.plans, after.plans) &&
    equal(merged(a), merged(b))
  );
}

/** What a caller takes over. */
const merged = ({
  effects,
  reshaped,
  keyReads,
  lost,
  relationshipReads,
  tableLoops,
  deleted,
  visited,
  supplied,
  height,
  tooDeep,
  exhausted,
  sent,
}: Findings) => ({
  effects,
  reshaped,
  keyReads,
  lost,
  relationshipReads,
  tableLoops,
  deleted,
  visited,
  supplied,
  height,
  tooDeep,
  exhausted,
  sent,
});

function run(ev: Evaluator, { ref, given, self, definedIn, around }: Recipe): Applied {
  const { context } = ev;
  const name = functionUnit(ref.file, ref.index);
  const facts = context.factsOf(ref.file)!;
  const fn = facts.functions[ref.index]!;
  // A share of work of its own: what the caller has left must make no difference.
  const child = new Evaluator(ev.index, ref.file, facts, fn, newFindings(), context);
  const share = child.work.left;
  child.partial = ev.partial;
  child.base = ev.stack.length;
  child.reach(name);
  child.stack = [...ev.stack, name];
  child.definedIn = definedIn;
  // What a schema's own method reads, the schema reads.
  if (definedIn && !ev.index.entityOfClass(definedIn) && isSchema(ev, definedIn)) child.medium = "serializer";
  if (around) inherit(around, child);
  context.memory.use(name);
  bind(child, fn, given, self);
  const rows = rowsReceived(fn, given, self);
  const returned = evaluateBody(child, fn.body);
  const value = fn.generator ? generated(child) : returned;
  const [first] = fn.params;
  const fields = first ? fieldsLeft(child.env.get(first.name), self) : noFields;
  const plans = rows.size > 0 ? plansLeft(child, rows) : noPlans;
  return { value: afterReads(value, child.found.effects), found: child.found, fields, plans, work: share - child.work.left };
}

/** What a generator hands out: as many values as it has `yield`s, where none stands in a loop. */
export const generated = (ev: Evaluator): Value => collection(ev.yielded, ev.yieldsMany ? {} : { few: true });

const noFields: ReadonlyMap<string, Value> = new Map();

/** The fields of an instance behind a call, where the call has changed them. */
function fieldsLeft(after: Value | undefined, before: Value | undefined): ReadonlyMap<string, Value> {
  if (after?.kind !== "instance" || before?.kind !== "instance" || after.fields === before.fields) return noFields;
  return after.fields ?? noFields;
}

function frameOf(ev: Evaluator, place: Span | CallExpr, callee: string): Frame {
  const span = { start: place.start, end: place.end };
  const calleeSpan = "callee" in place ? { start: place.start, end: place.callee.end } : span;
  return { file: ev.file, span, calleeSpan, scope: ev.scope, callee };
}

/** The loops and conditions around the call are those around what happens in the function. */
export function inherit(ev: Surroundings, child: Evaluator): void {
  child.iterations.push(...ev.iterations);
  child.outer = child.iterations.length;
  child.suspended = ev.suspended;
  child.conditions = ev.conditions;
  child.tries = ev.tries;
  child.answered = ev.answered;
  child.seldom = ev.seldom;
  child.early = ev.early;
  child.sessionDepth = ev.sessionDepth;
}

export const isStatic = (fn: FunctionFact): boolean =>
  fn.decorators.some((decorator) => decorator.kind === "name" && decorator.id === "staticmethod");

interface Received {
  /** The first parameter, where it is bound to `self`. */
  readonly own?: { readonly name: string; readonly value: Value };
  readonly params: readonly ParamFact[];
  readonly full: Given;
}

/** What each parameter is given by, `self` included. */
function received(fn: FunctionFact, given: Given, self: Value | undefined): Received {
  const [first, ...others] = fn.params;
  if (self === undefined || isStatic(fn)) return { params: fn.params, full: given };
  if (first === undefined || first.splat) return { params: fn.params, full: withSelf(given, self) };
  return { own: { name: first.name, value: self }, params: others, full: given };
}

/** The rows among what a call gives, by parameter. */
function rowsReceived(fn: FunctionFact, given: Given, self: Value | undefined): ReadonlyMap<string, EntityValue> {
  const rows = new Map<string, EntityValue>();
  if (self?.kind !== "entity" && !allOf(given).some(({ value }) => value.kind === "entity")) return rows;
  const { own, params, full } = received(fn, given, self);
  if (own?.value.kind === "entity") rows.set(own.name, own.value);
  for (const [param, arg] of matchParameters(params, full)) if (arg?.value.kind === "entity") rows.set(param.name, arg.value);
  return rows;
}

function bind(child: Evaluator, fn: FunctionFact, given: Given, self: Value | undefined): void {
  const { own, params, full } = received(fn, given, self);
  if (own) child.bind(own.name, own.value);
  const varying = new Map<string, ReadonlySet<Iteration>>();
  if (own) varying.set(own.name, underWay(child, rowsIn(own.value)));
  for (const [param, arg] of matchParameters(params, full)) {
    if (arg && arg.varies.size > 0) varying.set(param.name, arg.varies);
    const value = arg?.value ?? (given.open || !param.default ? unknown : defaultOf(child, param.default));
    if (value.kind === "unknown") child.bind(param.name, parameterValue(child, param));
    else child.env.give(param.name, value);
  }
  child.varying = varying;
}
/** Those loops that are entered. */
const underWay = (ev: Evaluator, rows: ReadonlySet<Iteration>): ReadonlySet<Iteration> =>
  new Set(ev.active.filter((iteration) => [...rows].some((row) => sameIteration(row, iteration))));

/** `def wrapper(*args, **kwargs)` around a method. */
const withSelf = (given: Given, self: Value): Given => ({
  ...given,
  positional: [{ value: self, varies: new Set<Iteration>() }, ...given.positional],
});

function defaultOf(child: Evaluator, expr: NonNullable<FunctionFact["params"][number]["default"]>): Value {
  if (expr.kind === "constant" || expr.kind === "name" || expr.kind === "attribute" || expr.kind === "string" || expr.kind === "number")
    return evaluate(child, expr);
  if (expr.kind === "tuple" && expr.items.length === 0) return { kind: "tuple", items: [] };
  return unknown;
}

function mergeReach(ev: Evaluator, found: Findings): void {
  for (const one of found.visited) ev.found.visited.add(one);
  ev.found.height = Math.max(ev.found.height, ev.stack.length - ev.base + found.height);
  ev.found.tooDeep ||= found.tooDeep;
  ev.found.exhausted ||= found.exhausted;
}

/** What happened in a function that was called happened here too, as far as it matters to a caller. */
function merge(ev: Evaluator, found: Findings, { ref, fn, given, place, options }: Call): void {
  ev.found.sent += found.sent;
  if (ev.silent > 0) return;
  noteSupplied(ev, ref, fn, given, options.self);
  for (const one of found.supplied) ev.found.supplied.add(one);
  for (const one of found.reshaped) ev.found.reshaped.add(one);
  for (const one of found.tableLoops) ev.found.tableLoops.add(one);
  for (const one of found.deleted) ev.found.deleted.add(one);
  for (const one of found.lost) ev.found.lost.add(one);
  for (const one of found.relationshipReads) ev.found.relationshipReads.add(one);
  for (const [read, what] of found.keyReads) ev.found.keyReads.set(read, what);
  const frames = framesTo(ev, fn.qualifiedName, place);
  for (const effect of found.effects)
    if (concernsCaller(effect) && !isHeld(ev, effect)) ev.found.effects.push({ ...effect, path: [...frames, ...effect.path] });
}

/** The calls under way, the one that stands at `place` included. */
const framesTo = (ev: Evaluator, callee: string, place: Span | CallExpr): readonly Frame[] => [...ev.frames, frameOf(ev, place, callee)];

/** The caller's names hold what the function reads. */
const isHeld = (ev: Evaluator, effect: Effect) => effect.kind === "lazyLoad" && heldIn(ev, effect.owner, effect.relationship) !== undefined;

/** What happens once, wherever the function is called from, is found where the function itself is looked at. */
function concernsCaller(effect: Effect): boolean {
  if (effect.kind === "lazyLoad") return effect.iteration !== undefined || effect.raises === true || isAsync(effect.owner);
  if (effect.kind === "execution" || effect.kind === "commit") return effect.iterations.length > 0;
  return effect.kind === "columnLoad";
}

/** The function's own declaration says less of these parameters than this call. */
function noteSupplied(ev: Evaluator, ref: FunctionRef, fn: FunctionFact, given: Given, self: Value | undefined): void {
  const using = () => ev.context.memory.use(signatureUnit(ref.file, ref.index));
  if (self && comesFromQuery(self)) {
    using();
    ev.found.supplied.add(`${ref.file}:${fn.nameStart}`);
  }
  const params = self && !isStatic(fn) ? fn.params.slice(1) : fn.params;
  for (const [param, arg] of matchParameters(params, given))
    if (arg && comesFromQuery(arg.value)) {
      using();
      ev.found.supplied.add(placeOfParameter(ref.file, fn, param));
    }
}

function comesFromQuery(value: Value): boolean {
  return membersOf(value).some((member) => {
    if (member.kind === "entity") return rootOf(member).origin.kind === "query";
    return (member.kind === "collection" || member.kind === "page") && comesFromQuery(member.of);
  });
}

/** Evaluates code that is no function of its own in the files of the project: a lambda, a local function, a template. */
export function childOf(ev: Evaluator, file: string, fn: FunctionFact, callee: string, place: Span, env: Names): Evaluator {
  const child = new Evaluator(ev.index, file, ev.context.factsOf(file) ?? ev.facts, fn, ev.found, ev.context, ev.work);
  child.partial = ev.partial;
  child.frames = framesTo(ev, callee, place);
  child.stack = ev.stack;
  child.base = ev.base;
  child.silent = ev.silent;
  child.env = env;
  child.returned = never;
  inherit(ev, child);
  return child;
}
