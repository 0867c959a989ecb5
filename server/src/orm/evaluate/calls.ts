import type { AttributeExpr, CallExpr, Expr, ParamFact } from "../../python/index.js";
import { lastWord, ormWord } from "../project/names.js";
import { mapValue, membersOf, unknown, type Iteration, type Value } from "../values/value.js";
import { aliasOf, attributeModifier, polymorphicAlias } from "./aliases.js";
import { attributeValue } from "./attributes.js";
import { builtinCall } from "./builtins.js";
import { queryMethod } from "./chain.js";
import { containerMethod } from "./containers.js";
import { all, conditionOn, parentCondition } from "./conditions.js";
import { sessionClass, sessionOf } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { execute, namesIn } from "./executions.js";
import { evaluate } from "./expressions.js";
import { asRow, enter, iterationOf, leave, passesThrough } from "./iterations.js";
import { isLoaderOption, loaderOption, optionMethod } from "./options.js";
import { newQuery } from "./queries.js";
import { resultMethod } from "./results.js";
import { detach, executeStatement, getByKey, extensionMethod, isExtensionMethod, looksLikeSession, sessionMethod } from "./sessions.js";
import { evaluateBody } from "./statements.js";
import { stripped } from "./literals.js";
import { driverCall, noteSql } from "./sqlTexts.js";
import { unsure } from "./summaries.js";
import { noteEscape } from "./uses.js";

/** @param awaited whether `await` stands before the call */
export function callValue(ev: Evaluator, call: CallExpr, awaited: boolean): Value {
  const { callee } = call;
  if (callee.kind === "name" && callee.id === "len" && call.args.length === 1) return length(ev, call);
  if (callee.kind === "attribute") return methodCall(ev, call, callee, awaited);
  const target = evaluate(ev, callee);
  const args = evaluateArguments(ev, call);
  return mapValue(target, (value) => callOf(ev, value, call, args, awaited));
}

export const evaluateArguments = (ev: Evaluator, call: CallExpr): Value[] => call.args.map((arg) => evaluate(ev, arg.value));

/** `len(user.orders)` and `len(query.all())` need the number only. */
function length(ev: Evaluator, call: CallExpr): Value {
  const argument = call.args[0]!.value;
  if (argument.kind === "attribute") {
    attributeValue(ev, evaluate(ev, argument.of), argument, true);
    return unknown;
  }
  const value = evaluate(ev, argument);
  if (argument.kind === "call" && argument.callee.kind === "attribute" && argument.callee.name === "all")
    for (const member of membersOf(value)) countedRows(ev, member, call, argument);
  return unknown;
}
function countedRows(ev: Evaluator, value: Value, call: CallExpr, argument: Expr): void {
  if (value.kind !== "collection" || value.of.kind !== "entity" || value.of.origin.kind !== "query") return;
  const { query } = value.of.origin;
  if (query.site.file !== ev.file || query.site.scope !== ev.scope) return;
  const callee = argument.kind === "call" && argument.callee.kind === "attribute" ? argument.callee : undefined;
  const plainAll = callee !== undefined && callee.of.end + ".all".length === callee.end && argument.end === callee.end + 2;
  ev.record({ kind: "counted", ...ev.at(call), query, argument: { start: argument.start, end: argument.end }, plainAll });
}

function methodCall(ev: Evaluator, call: CallExpr, callee: AttributeExpr, awaited: boolean): Value {
  const of = evaluate(ev, callee.of);
  const args = evaluateArguments(ev, call);
  return mapValue(of, (value) => methodOf(ev, value, call, callee, args, awaited));
}

function methodOf(
  ev: Evaluator,
  value: Exclude<Value, { kind: "union" }>,
  call: CallExpr,
  callee: AttributeExpr,
  args: readonly Value[],
  awaited: boolean,
): Value {
  const { name } = callee;
  switch (value.kind) {
    case "query":
      return queryMethod(ev, value, name, call, args, awaited);
    case "result":
      return resultMethod(value, name, args);
    case "session":
      return sessionMethod(ev, value, { name, call, args, awaited }) ?? escaping(ev, args);
    case "never":
      // The first element of an empty dictionary of lists: `groups[key].append(row)`.
      return containerMethod(ev, { kind: "collection", of: value }, callee, args);
    case "string":
      return stringMethod(value, name);
    case "collection":
    case "mapping":
    case "page":
      return containerMethod(ev, value, callee, args);
    case "options":
      return optionMethod(ev, value, call, callee, args);
    case "attribute":
      return attributeModifier(value, name, args) ?? conditionOn(ev.index, value, name, call, args) ?? unknown;
    case "entity":
      noteEscape(ev, value);
      return escaping(ev, args);
    case "unknown":
    case "instance":
      return onUnknown(ev, value, call, callee, args, awaited);
    case "symbol":
      // `op.execute("…")` of Alembic.
      if (value.symbol.kind === "external" && name === "execute") noteSql(ev, args[0], "execute", ["colon"], false);
      return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
    case "entityClass":
      return classMethod(ev, value, call, callee, args, awaited);
    case "external":
      driverCall(ev, name, args);
      return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
    default:
      return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
  }
}

/** `query.strip()` is the same text. */
function stringMethod(value: Value & { kind: "string" }, name: string): Value {
  return name === "strip" || name === "lstrip" || name === "rstrip" ? { ...value, literal: stripped(value.literal) } : unknown;
}

function escaping(ev: Evaluator, args: readonly Value[]): Value {
  for (const arg of args) noteEscape(ev, arg);
  return unknown;
}

/** A receiver of unknown type that is given an entity or a query can only be a session or a connection. */
function onUnknown(ev: Evaluator, value: Value, call: CallExpr, callee: AttributeExpr, args: readonly Value[], awaited: boolean): Value {
  const { name } = callee;
  const [first] = args;
  driverCall(ev, name, args);
  const at = { name, call, args, awaited };
  const takesEntity = args.some((arg) => arg.kind === "entityClass" || arg.kind === "attribute");
  if (name === "query" && takesEntity) return newQuery(ev, call, args, "query");
  if (
    ["execute", "scalars", "scalar", "exec", "stream", "stream_scalars"].includes(name) &&
    first &&
    membersOf(first).some((one) => one.kind === "query")
  )
    return executeStatement(ev, at, awaited);
  const session = looksLikeSession(callee.of);
  if (session && (name === "get" || name === "get_one")) return getByKey(ev, at, awaited) ?? escaping(ev, args);
  if (session && (name === "commit" || name === "refresh" || name === "execute"))
    return sessionMethod(ev, { kind: "session", proved: false }, at) ?? unknown;
  if (value.kind === "instance") {
    const method = ev.index.classes.method(value.class, name);
    if (method) return unsure(projectCall(ev, { file: method.in.file, index: method.index }, call, args, true));
  }
  return escaping(ev, args);
}

/** A call of something that is not a method of a followed value. */
function callOf(
  ev: Evaluator,
  target: Exclude<Value, { kind: "union" }> | Value,
  call: CallExpr,
  args: readonly Value[],
  awaited: boolean,
): Value {
  switch (target.kind) {
    case "entityClass":
      args.forEach((arg) => noteEscape(ev, arg));
      return { kind: "entity", entity: target.entity, plan: { relationships: new Map(), uncertain: true }, origin: { kind: "new" } };
    case "closure":
      return applyClosure(ev, target, args);
    case "session":
      return target;
    case "external":
      return madeByFactory(target.name);
    case "symbol":
      return callSymbol(ev, target, call, args, awaited);
    default:
      return escaping(ev, args);
  }
}

/** `SessionLocal()`, `db()`: what calling the instance of an outside class gives. */
function madeByFactory(name: string): Value {
  const word = lastWord(name);
  if (word === "sessionmaker()" || word === "scoped_session()" || word === "Session()")
    return { kind: "session", async: false, proved: true };
  if (word === "async_sessionmaker()" || word === "async_scoped_session()") return { kind: "session", async: true, proved: true };
  return unknown;
}

function callSymbol(ev: Evaluator, target: Value & { kind: "symbol" }, call: CallExpr, args: readonly Value[], awaited: boolean): Value {
  const { symbol } = target;
  if (symbol.kind === "function") {
    args.forEach((arg) => noteEscape(ev, arg));
    return projectCall(ev, { file: symbol.file, index: symbol.index }, call, args, false);
  }
  if (symbol.kind === "class") {
    args.forEach((arg) => noteEscape(ev, arg));
    const ref = ev.index.classes.of(symbol)!;
    return sessionClass(ev.index, symbol.file, symbol.index) ?? { kind: "instance", class: ref };
  }
  if (symbol.kind !== "external") return escaping(ev, args);
  const word = ormWord(symbol);
  if (word !== undefined) return callOrm(ev, word, symbol.name, call, args);
  if (passesThrough(symbol.name)) return args[0] ?? unknown;
  return builtinCall(ev, symbol.name, call, args, awaited);
}

function callOrm(ev: Evaluator, word: string, name: string, call: CallExpr, args: readonly Value[]): Value {
  if (word === "select") return newQuery(ev, call, args, "select");
  if (isLoaderOption(word)) return loaderOption(ev, word, call, args);
  if (word === "and_") return all(args);
  if (word === "aliased") return aliasOf(ev, call, args[0]);
  if (word === "with_polymorphic") return polymorphicAlias(ev, call, args);
  if (word === "with_parent") return parentCondition(ev.index, args);
  if (word === "cast") return args[0] ?? unknown;
  if (word === "text") return textClause(ev, args[0]);
  if (word === "make_transient") return detach(ev, call);
  if (isExtensionMethod(word)) return extensionMethod(ev, { name: word, call, args, awaited: false });
  if (word === "selectable" || word === "outparam") return unknown;
  return sessionOf({ kind: "external", name }) ?? { kind: "external", name: `${name}()` };
}

/** `User.by_email(x)`: a function of the class that is called on the class. */
function classMethod(
  ev: Evaluator,
  value: Value & { kind: "entityClass" },
  call: CallExpr,
  callee: AttributeExpr,
  args: readonly Value[],
  awaited: boolean,
): Value {
  const entity = ev.index.entities.get(value.entity);
  const ref = entity && ev.index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  const found = ref && ev.index.classes.method(ref, callee.name);
  const kind = found?.method.decorators
    .map((one) => (one.kind === "name" ? one.id : ""))
    .find((id) => id === "classmethod" || id === "staticmethod");
  if (!found || !kind || found.in.index !== ref.index || found.in.file !== ref.file)
    return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
  args.forEach((arg) => noteEscape(ev, arg));
  return projectCall(ev, { file: found.in.file, index: found.index }, call, args, kind === "classmethod");
}

/** Runs a function of the project: what it gives, and what it sends each time. */
function projectCall(
  ev: Evaluator,
  target: { file: string; index: number },
  call: CallExpr,
  args: readonly Value[],
  bound: boolean,
): Value {
  const sent = ev.active.length ? ev.context.sends(target) : undefined;
  if (sent) {
    const { execution, function: fn, parameters } = sent;
    const params = fn.params.slice(bound && !fn.decorators.some((one) => one.kind === "name" && one.id === "staticmethod") ? 1 : 0);
    const given = call.args.filter((arg, at) => parameters.has(arg.name ?? params[at]?.name ?? ""));
    execute(ev, call, {
      operation: execution.operation,
      ...(execution.query ? { query: execution.query } : {}),
      async: execution.async,
      names: new Set(given.flatMap((arg) => [...namesIn(arg.value)])),
      through: { function: fn.name, file: execution.file, span: execution.span },
    });
  }
  return ev.context.call(target, args);
}

/** `text("SELECT …")`: also a fragment such as `text("now()")`, which is no statement. */
function textClause(ev: Evaluator, value: Value | undefined): Value {
  noteSql(ev, value, "text", ["colon"], false);
  return value?.kind === "string" ? { kind: "text", literal: value.literal, file: value.file } : { kind: "text", file: ev.file };
}

/** Runs a local function or lambda with these arguments. */
export function applyClosure(ev: Evaluator, closure: Value & { kind: "closure" }, args: readonly Value[]): Value {
  if (closure.file !== ev.file || ev.callDepth > 3) return unknown;
  const { code, env } = closure;
  const { env: before, outer } = ev;
  ev.env = env.child();
  for (const [name, value] of parameters(code.params, args)) ev.bind(name, value);
  ev.outer = ev.iterations.length;
  ev.callDepth++;
  const result = "kind" in code ? evaluate(ev, code.body) : evaluateBody(ev, code.body);
  ev.callDepth--;
  Object.assign(ev, { env: before, outer });
  return result;
}
function parameters(params: readonly ParamFact[], args: readonly Value[]): [string, Value][] {
  return params.map((param, at) => [param.name, param.splat ? unknown : (args[at] ?? unknown)]);
}

/** Runs a callback once per element: `map`, `filter`, a sort key. */
export function applyPerElement(ev: Evaluator, callback: Value | undefined, over: Value, element: Value, place: Expr): Value {
  if (callback?.kind !== "closure") return unknown;
  const [param] = callback.code.params;
  const bound = new Set(param ? [param.name] : []);
  const head = { kind: "callback" as const, start: place.start, end: place.end };
  const iteration: Iteration = { ...iterationOf(ev, head, over, bound), target: param?.name ?? "" };
  enter(ev, iteration);
  const result = applyClosure(ev, callback, [asRow(element, iteration)]);
  leave(ev);
  return result;
}
