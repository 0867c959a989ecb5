import type { CallExpr, FunctionFact } from "../../python/index.js";
import type { Span } from "#protocol/place";
import type { ClassRef } from "../entities/classes.js";
import { holdsRows, iterationKey, keyOf, matters, rowsIn } from "../values/keys.js";
import { Names } from "../values/names.js";
import { isAsync, rootOf } from "../values/origins.js";
import { collection, membersOf, never, sameIteration, unknown, type FunctionRef, type Iteration, type Value } from "../values/value.js";
import { allOf, keyOfGiven, matchParameters, placeOfParameter, type Given } from "./arguments.js";
import type { Effect } from "./effects.js";
import { declaredValue } from "./declared.js";
import { decorated, isCached } from "./decorators.js";
import { Evaluator, newFindings, type Applied, type Findings, type Frame } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { heldIn } from "./held.js";
import { afterReads } from "./reads.js";
import { parameterValue } from "./parameters.js";
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
  const times = ev.stack.filter((one) => one === name).length;
  if (times > 1 || (times === 1 && !allOf(given).some(({ value }) => holdsRows(value)))) {
    ev.found.cuts.add(name);
    return promised(ev, ref.file, fn);
  }
  if (ev.stack.length >= deepest || ev.work.left <= 0) {
    ev.found.cuts.add("");
    return promised(ev, ref.file, fn);
  }
  if (!options.raw && fn.decorators.length > 0) {
    const value = decorated(ev, ref, fn, given, place, options);
    if (value) return value;
  }
  const applied = apply(ev, name, { ref, fn, given, place, options });
  if (applied.fields.size > 0) options.changed?.(applied.fields);
  if (!isCached(fn)) merge(ev, applied.found, ref, fn, given, options);
  return membersOf(applied.value).every((member) => member.kind === "unknown" || member.kind === "never" || member.kind === "none")
    ? join(applied.value, promised(ev, ref.file, fn))
    : applied.value;
}

/** Nothing that was followed came back: the annotation may know more. */
const join = (value: Value, declared: Value): Value => (declared.kind === "unknown" ? value : declared);

/** What the annotation says. */
function promised(ev: Evaluator, file: string, fn: FunctionFact): Value {
  return fn.returns ? declaredValue(ev.index, file, fn.returns, `what \`${fn.name}()\` returns`) : unknown;
}

interface Call {
  readonly ref: FunctionRef;
  readonly fn: FunctionFact;
  readonly given: Given;
  readonly place: Span;
  readonly options: CallOptions;
}

/**
 * Without the loops around the call where it makes no difference, so that one result serves all of its callers: a function that is given no
 * rows and sends nothing does the same in a loop.
 */
function apply(ev: Evaluator, name: string, call: Call): Applied {
  const values = [...allOf(call.given).map((arg) => arg.value), ...(call.options.self ? [call.options.self] : [])];
  const exact = values.some((value) => matters(value));
  const self = call.options.self ? keyOf(call.options.self, exact) : "";
  const key = `${name}\n${self}\n${keyOfGiven(call.given, exact)}`;
  const inLoop = ev.active.length > 0;
  if (!inLoop || !values.some((value) => holdsRows(value))) {
    const alone = remembered(ev, `${key}\n`, () => run(ev, call, false));
    if (!inLoop || alone.found.sent === 0) return alone;
  }
  const around = ev.iterations.map((one) => `${iterationKey(one)}${ev.suspended.has(one) ? "-" : ""}`).join(";");
  const state = `${ev.conditions > 0}${ev.tries > 0}${ev.seldom ?? ""}${ev.early}${ev.sessionDepth}`;
  return remembered(ev, `${key}\n${around}\n${state}`, () => run(ev, call, true));
}

/** A result that recursion or depth has cut off above here holds only for the function under way. */
function remembered(ev: Evaluator, key: string, run: () => Applied): Applied {
  const known = ev.context.applied.get(key) ?? ev.partial.get(key);
  if (known) {
    ev.work.left -= known.work;
    return known;
  }
  const before = ev.work.left;
  const result = { ...run(), work: 0 };
  result.work = Math.max(1, before - ev.work.left);
  (result.found.cuts.size === 0 && ev.work.left > 0 ? ev.context.applied : ev.partial).set(key, result);
  return result;
}

function run(ev: Evaluator, { ref, fn, given, place, options }: Call, inLoops: boolean): Applied {
  const name = `${ref.file}\n${ref.index}`;
  const child = new Evaluator(ev.index, ref.file, ev.context.factsOf(ref.file)!, fn, newFindings(), ev.context, ev.work);
  child.partial = ev.partial;
  child.frames = [...ev.frames, frameOf(ev, place, fn.qualifiedName)];
  child.stack = [...ev.stack, name];
  child.definedIn = options.definedIn;
  if (inLoops) inherit(ev, child);
  child.found.visited.add(name);
  bind(child, fn, given, options.self);
  const returned = evaluateBody(child, fn.body);
  child.found.cuts.delete(name);
  const value = fn.generator ? collection(child.yielded) : returned;
  const [self] = fn.params;
  const fields = self ? fieldsLeft(child.env.get(self.name), options.self) : noFields;
  return { value: afterReads(value, child.found.effects), found: child.found, fields, work: 0 };
}
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
export function inherit(ev: Evaluator, child: Evaluator): void {
  child.iterations.push(...ev.iterations);
  child.outer = child.iterations.length;
  child.suspended = ev.suspended;
  child.conditions = ev.conditions;
  child.tries = ev.tries;
  child.seldom = ev.seldom;
  child.early = ev.early;
  child.sessionDepth = ev.sessionDepth;
}

export const isStatic = (fn: FunctionFact): boolean =>
  fn.decorators.some((decorator) => decorator.kind === "name" && decorator.id === "staticmethod");

function bind(child: Evaluator, fn: FunctionFact, given: Given, self: Value | undefined): void {
  const [first, ...others] = fn.params;
  const takesSelf = self !== undefined && first !== undefined && !isStatic(fn) && !first.splat;
  if (takesSelf) child.bind(first.name, self);
  const full = self !== undefined && !takesSelf && !isStatic(fn) ? withSelf(given, self) : given;
  const varying = new Map<string, ReadonlySet<Iteration>>();
  if (takesSelf) varying.set(first.name, underWay(child, rowsIn(self)));
  for (const [param, arg] of matchParameters(takesSelf ? others : fn.params, full)) {
    if (arg && arg.varies.size > 0) varying.set(param.name, arg.varies);
    const value = arg?.value ?? (given.open || !param.default ? unknown : defaultOf(child, param.default));
    child.bind(param.name, value.kind === "unknown" ? parameterValue(child, param) : value);
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
  if (expr.kind === "constant" || expr.kind === "name" || expr.kind === "attribute" || expr.kind === "string") return evaluate(child, expr);
  if (expr.kind === "tuple" && expr.items.length === 0) return { kind: "tuple", items: [] };
  return unknown;
}

/** What happened in a function that was called happened here too, as far as it matters to a caller. */
function merge(ev: Evaluator, found: Findings, ref: FunctionRef, fn: FunctionFact, given: Given, { self }: CallOptions): void {
  for (const one of found.visited) ev.found.visited.add(one);
  for (const one of found.cuts) ev.found.cuts.add(one);
  ev.found.sent += found.sent;
  if (ev.silent > 0) return;
  noteSupplied(ev, ref, fn, given, self);
  for (const one of found.supplied) ev.found.supplied.add(one);
  for (const one of found.reshaped) ev.found.reshaped.add(one);
  for (const one of found.lost) ev.found.lost.add(one);
  for (const one of found.relationshipReads) ev.found.relationshipReads.add(one);
  for (const [place, read] of found.keyReads) ev.found.keyReads.set(place, read);
  for (const effect of found.effects) {
    if (concernsCaller(effect) && !isHeld(ev, effect)) ev.found.effects.push(effect);
  }
}

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
  if (self && comesFromQuery(self)) ev.found.supplied.add(`${ref.file}:${fn.nameStart}`);
  const params = self && !isStatic(fn) ? fn.params.slice(1) : fn.params;
  for (const [param, arg] of matchParameters(params, given))
    if (arg && comesFromQuery(arg.value)) ev.found.supplied.add(placeOfParameter(ref.file, fn, param));
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
  child.frames = [...ev.frames, frameOf(ev, place, callee)];
  child.stack = ev.stack;
  child.silent = ev.silent;
  child.env = env;
  child.returned = never;
  inherit(ev, child);
  return child;
}
