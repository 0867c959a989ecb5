import type { Span } from "#protocol/place";
import type { Expr } from "../../python/index.js";
import { asRow, enter, iterationOf, leave } from "./iterations.js";
import { mapValue, unknown, type Iteration, type Value } from "../values/value.js";
import { allOf, argument, matchParameters, type Given } from "./arguments.js";
import { attributeNamed } from "./attributes.js";
import { declaredValue } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { callFunction, childOf, generated } from "./functions.js";
import { construct } from "./instances.js";
import { callMethodNamed } from "./members.js";
import { evaluateBody } from "./statements.js";
import { noteEscape } from "./uses.js";

/** Calls something that is a value: a function, a bound method, a lambda, a partial, a class. */
export function applyValue(ev: Evaluator, callee: Value, given: Given, place: Span): Value {
  return mapValue(callee, (one) => applyOne(ev, one, given, place));
}

function applyOne(ev: Evaluator, callee: Exclude<Value, { kind: "union" }>, given: Given, place: Span): Value {
  switch (callee.kind) {
    case "closure":
      return callee.ref ? callFunction(ev, callee.ref, given, place, { raw: true }) : applyClosure(ev, callee, given, place);
    case "method":
      return callFunction(ev, callee.method, given, place, { self: callee.self, ...definedIn(ev, callee) });
    case "partial":
      return applyValue(ev, callee.of, completed(callee, given), place);
    case "getter":
      return applyGetter(ev, callee, given.positional[0]?.value ?? unknown, place);
    case "symbol":
      if (callee.symbol.kind === "function") {
        escape(ev, given);
        return callFunction(ev, callee.symbol, given, place);
      }
      if (callee.symbol.kind === "class") return construct(ev, callee.symbol, given, place);
      return escape(ev, given);
    case "entityClass":
      escape(ev, given);
      return { kind: "entity", entity: callee.entity, plan: { relationships: new Map(), uncertain: true }, origin: { kind: "new" } };
    default:
      return escape(ev, given);
  }
}

function definedIn(ev: Evaluator, { method }: Value & { kind: "method" }) {
  const fn = ev.context.factsOf(method.file)?.functions[method.index];
  const ref = fn?.class === undefined ? undefined : ev.index.classes.of({ kind: "class", file: method.file, index: fn.class });
  return ref ? { definedIn: ref } : {};
}

export function escape(ev: Evaluator, given: Given): Value {
  for (const { value } of allOf(given)) noteEscape(ev, value);
  return unknown;
}

const completed = (partial: Value & { kind: "partial" }, given: Given): Given => ({
  positional: [...partial.positional.map((value) => argument(value)), ...given.positional],
  named: new Map([...[...partial.named].map(([name, value]) => [name, argument(value)] as const), ...given.named]),
  open: given.open,
});

function applyGetter(ev: Evaluator, { of, paths }: Value & { kind: "getter" }, value: Value, place: Span): Value {
  const [path] = paths;
  if (path === undefined || of === "item") return unknown;
  if (of === "method") return callMethodNamed(ev, value, path, place);
  const results = paths.map((one) => one.split(".").reduce((owner, name) => attributeNamed(ev, owner, name, place), value));
  return results.length === 1 ? results[0]! : { kind: "tuple", items: results };
}

/** Runs a local function or lambda with these arguments. */
function applyClosure(ev: Evaluator, closure: Value & { kind: "closure" }, given: Given, place: Span): Value {
  const { code, env, fn, file } = closure;
  // Within its own function it sees that function's loops as they are.
  const near = file === ev.file && fn === ev.fn;
  const key = `${file}\n@${code.start}`;
  ev.reach(key);
  if (ev.stack.length > 14) ev.found.tooDeep = true;
  if (ev.callDepth > 3 || ev.stack.includes(key) || ev.stack.length > 14) return unknown;
  const child = near ? ev : childOf(ev, file, fn, closure.calledAs ?? ("kind" in code ? "lambda" : code.qualifiedName), place, env);
  const { env: before, outer, stack, yielded, yieldsMany, varying } = child;
  child.yieldsMany = false;
  child.env = env.child();
  const changing = new Map(varying);
  for (const [param, arg] of matchParameters(code.params, given)) {
    if (arg && arg.value.kind !== "unknown") child.env.give(param.name, arg.value);
    else child.bind(param.name, unknown);
    changing.set(param.name, arg?.varies ?? new Set());
  }
  child.varying = changing;
  child.outer = child.iterations.length;
  child.callDepth++;
  child.stack = [...stack, key];
  let result: Value;
  if ("kind" in code) result = evaluate(child, code.body);
  else {
    result = evaluateBody(child, code.body);
    if (code.generator) result = generated(child);
    else if (result.kind === "unknown" && code.returns)
      result = declaredValue(ev.index, file, code.returns, `what \`${code.name}()\` returns`);
  }
  child.callDepth--;
  Object.assign(child, { env: before, outer, stack, yielded, yieldsMany, varying });
  return result;
}

/**
 * Runs a callback once per element: `map`, `filter`, a sort key.
 * @param spread whether an element is a tuple of arguments: `starmap`
 */
export function applyPerElement(
  ev: Evaluator,
  callback: Value | undefined,
  over: Value,
  element: Value,
  place: Expr,
  spread = false,
): Value {
  if (!callback) return unknown;
  const target = callback.kind === "closure" ? (callback.code.params[0]?.name ?? "") : "";
  const head = { kind: "callback" as const, start: place.start, end: place.end };
  const iteration: Iteration = { ...iterationOf(ev, head, over, new Set(target ? [target] : [])), target };
  enter(ev, iteration);
  const row = asRow(element, iteration);
  const items = !spread ? [row] : row.kind === "tuple" ? row.items : [];
  const positional = items.map((item) => argument(item, new Set([iteration])));
  const given: Given = { positional, named: new Map(), open: spread && items.length === 0 };
  const result = applyValue(ev, callback, given, place);
  leave(ev);
  return result;
}
