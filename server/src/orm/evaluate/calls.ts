import type { AttributeExpr, CallExpr, Expr } from "../../python/index.js";
import { lastWord, ormWord } from "../project/names.js";
import { withLoaded } from "../values/plan.js";
import { mapValue, membersOf, none, unknown, type Value } from "../values/value.js";
import { aliasOf, attributeModifier, polymorphicAlias } from "./aliases.js";
import { givenBy } from "./arguments.js";
import { applyValue, escape } from "./apply.js";
import { attributeValue } from "./attributes.js";
import { builtinCall } from "./builtins.js";
import { queryMethod } from "./chain.js";
import { containerMethod } from "./containers.js";
import { all, conditionOn, parentCondition } from "./conditions.js";
import { sessionOf } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate, evaluateArguments } from "./expressions.js";
import { elementsOf, passesThrough } from "./iterations.js";
import { callFunction } from "./functions.js";
import { callMember, memberAbove } from "./members.js";
import { plain } from "./keysInHand.js";
import { isFuture, scheduledCall, scheduledMethod } from "./scheduled.js";
import { filterCall, testCall } from "./filters.js";
import { renderedBy, templateTag } from "./rendering.js";
import { serializedBy } from "./serializers.js";
import { isLoaderOption, loaderOption, optionMethod } from "./options.js";
import { newQuery } from "./queries.js";
import { resultMethod } from "./results.js";
import {
  detach,
  executeStatement,
  getByKey,
  extensionMethod,
  isExtensionMethod,
  looksLikeSession,
  sessionMethod,
  statementMethods,
  type SessionCall,
} from "./sessions.js";
import { stripped } from "./literals.js";
import { engineCall } from "./engines.js";
import { driverCall, noteSql } from "./sqlTexts.js";
import { noteEscape } from "./uses.js";
import { madeView } from "./views.js";

/** @param awaited whether `await` stands before the call */
export function callValue(ev: Evaluator, call: CallExpr, awaited: boolean): Value {
  const { callee } = call;
  if (callee.kind === "name" && callee.id === "len" && call.args.length === 1) return length(ev, call);
  if (callee.kind === "attribute") return methodCall(ev, call, callee, awaited);
  const tag = templateTag(ev, call);
  if (tag) return tag;
  const target = evaluate(ev, callee);
  const args = evaluateArguments(ev, call);
  const rendered = renderedBy(ev, target, call, args);
  return rendered ?? mapValue(target, (value) => callOf(ev, value, call, args, awaited));
}

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
  else if (argument.kind === "call") countedElsewhere(ev, value, call, argument);
  return unknown;
}
/** `len(open_orders(session))`: a function of the project loads them, and only the number is used. */
function countedElsewhere(ev: Evaluator, value: Value, call: CallExpr, argument: CallExpr): void {
  const given = argument.args.map((arg) => (arg.value.kind === "name" ? (ev.env.get(arg.value.id) ?? unknown) : unknown));
  if (value.kind !== "collection" || value.of.kind !== "entity" || value.of.origin.kind !== "query") return;
  const { query } = value.of.origin;
  const handsThrough = given.some(
    (one) => one.kind !== "session" && one.kind !== "unknown" && one.kind !== "string" && one.kind !== "number",
  );
  const own = query.site.file === ev.file && query.site.scope === ev.scope;
  if (!own && !handsThrough)
    ev.record({ kind: "counted", ...ev.at(call), query, argument: { start: argument.start, end: argument.end }, plainAll: false });
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
  if (ev.medium === "template" && callee.of.kind === "name" && callee.of.id === "__filter__") {
    if ((callee.name === "length" || callee.name === "count") && call.args.length === 1) return length(ev, call);
    return filterCall(ev, callee.name, call, evaluateArguments(ev, call));
  }
  if (ev.medium === "template" && callee.of.kind === "name" && callee.of.id === "__test__")
    return testCall(ev, callee.name, call, evaluateArguments(ev, call));
  const of = evaluate(ev, callee.of);
  const args = evaluateArguments(ev, call);
  const special = renderedBy(ev, of, call, args) ?? serializedBy(ev, of, call, callee, args);
  if (isFuture(of, callee.name)) return of;
  return (
    special ?? scheduledMethod(ev, of, callee.name, call, args) ?? mapValue(of, (value) => methodOf(ev, value, call, callee, args, awaited))
  );
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
      return containerMethod(ev, { kind: "collection", of: value }, call, callee, args.map(plain));
    case "string":
      return stringMethod(value, name);
    case "collection":
    case "mapping":
    case "page":
      return containerMethod(ev, value, call, callee, args.map(plain));
    case "options":
      return optionMethod(ev, value, call, callee, args);
    case "attribute":
      return attributeModifier(value, name, args) ?? conditionOn(ev.index, value, name, call, args) ?? unknown;
    case "entity":
      noteEscape(ev, value, true);
      return callMember(ev, value, name, call, args) ?? escaping(ev, [value, ...args]);
    case "instance":
      return callOnInstance(ev, value, call, callee, args) ?? onUnknown(ev, attributeValue(ev, value, callee), call, callee, args, awaited);
    case "super":
      return aboveMethod(ev, value, callee, call, args);
    case "unknown":
      return onUnknown(ev, value, call, callee, args, awaited);
    case "symbol": {
      const sent = engineCall(ev, value, callee.of, { name, call, args, awaited });
      if (sent) return sent;
      // `op.execute("…")` of Alembic.
      if (value.symbol.kind === "external" && name === "execute") noteSql(ev, args[0], "execute", ["colon"], false);
      const view = madeView(ev, value, name, call);
      if (view) return view;
      const asked = value.symbol.kind === "external" ? statementOf(ev, { name, call, args, awaited }) : undefined;
      if (asked) return asked;
      return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
    }
    case "entityClass":
      return classMethod(ev, value, call, callee, args, awaited);
    case "external": {
      const sent = engineCall(ev, value, callee.of, { name, call, args, awaited });
      if (sent) return sent;
      driverCall(ev, name, args);
      return callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
    }
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

/** A query that something of unknown type is given to make or to send. */
function statementOf(ev: Evaluator, at: SessionCall): Value | undefined {
  const { name, call, args, awaited } = at;
  if (name === "query" && args.some((arg) => arg.kind === "entityClass" || arg.kind === "attribute"))
    return newQuery(ev, call, args, "query");
  const [first] = args;
  const sends = statementMethods.has(name) && first && membersOf(first).some((one) => one.kind === "query");
  return sends ? executeStatement(ev, at, awaited) : undefined;
}

/** A receiver of unknown type that is given an entity or a query can only be a session or a connection. */
function onUnknown(ev: Evaluator, value: Value, call: CallExpr, callee: AttributeExpr, args: readonly Value[], awaited: boolean): Value {
  const { name } = callee;
  const at = { name, call, args, awaited };
  const sent = engineCall(ev, value, callee.of, at);
  if (sent) return sent;
  driverCall(ev, name, args);
  const asked = statementOf(ev, at);
  if (asked) return asked;
  const session = looksLikeSession(callee.of);
  if (session && (name === "get" || name === "get_one")) return getByKey(ev, at, awaited) ?? escaping(ev, args);
  if (session && (name === "commit" || name === "flush" || name === "refresh" || name === "merge" || name === "execute"))
    return sessionMethod(ev, { kind: "session", proved: false }, at) ?? unknown;
  // A field that holds something to call: `self.serializer(row)`.
  return value.kind === "unknown" ? escaping(ev, args) : callOf(ev, value, call, args, awaited);
}

/** A method may change the instance that it is called on, where that has a name. */
function callOnInstance(
  ev: Evaluator,
  value: Value & { kind: "instance" },
  call: CallExpr,
  { of, name }: AttributeExpr,
  args: readonly Value[],
): Value | undefined {
  const changed = of.kind === "name" ? (fields: ReadonlyMap<string, Value>) => keepFields(ev, of.id, fields) : undefined;
  return callMember(ev, value, name, call, args, changed);
}

function keepFields(ev: Evaluator, name: string, fields: ReadonlyMap<string, Value>): void {
  const known = ev.env.get(name);
  if (known?.kind === "instance") ev.bind(name, { ...known, fields: new Map([...(known.fields ?? []), ...fields]) });
}

/** `super().method(…)`; a constructor above fills the same instance. */
function aboveMethod(
  ev: Evaluator,
  value: Value & { kind: "super" },
  callee: AttributeExpr,
  call: CallExpr,
  args: readonly Value[],
): Value {
  const given = givenBy(ev, call, args);
  const member = memberAbove(ev, value, callee.name, call);
  if (member?.kind !== "method") return escape(ev, given);
  if (callee.name !== "__init__") return applyValue(ev, member, given, call);
  const [self] = ev.fn.params;
  const options = { self: value.self, definedIn: value.class };
  callFunction(ev, member.method, given, call, { ...options, raw: true, changed: (fields) => self && keepFields(ev, self.name, fields) });
  return none;
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
    case "session":
      return target;
    case "external":
      return madeByFactory(target.name);
    case "symbol":
      return callSymbol(ev, target, call, args, awaited);
    default:
      return applyValue(ev, target, givenBy(ev, call, args), call);
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
  if (symbol.kind === "function" || symbol.kind === "class") return applyValue(ev, target, givenBy(ev, call, args), call);
  if (symbol.kind !== "external") return escaping(ev, args);
  const word = ormWord(symbol);
  if (word !== undefined) return callOrm(ev, word, symbol.name, call, args);
  if (passesThrough(symbol.name)) return args[0] ?? unknown;
  const page = pageOf(ev, symbol.name, call, args);
  if (page) return page;
  return scheduledCall(ev, symbol.name, call, args) ?? builtinCall(ev, symbol.name, call, args.map(plain), awaited);
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
  if (word === "object_session" || word === "async_object_session")
    return { kind: "session", async: word.startsWith("async"), proved: true };
  if (word === "set_committed_value") return filled(ev, call);
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
  return callMember(ev, value, callee.name, call, args) ?? callOf(ev, attributeValue(ev, value, callee), call, args, awaited);
}

/** `SqlalchemyOrmPage(query, page=2)`, `paginate(query)` of a library: a page of the query's rows. */
function pageOf(ev: Evaluator, name: string, call: CallExpr, args: readonly Value[]): Value | undefined {
  if (!/page|pagina/i.test(lastWord(name))) return undefined;
  const at = args.findIndex((arg) => arg.kind === "query");
  const query = args[at];
  if (query?.kind !== "query") return undefined;
  return { kind: "page", of: elementsOf(ev, { ...query, bound: true }, call.args[at]!.value) };
}

/** `set_committed_value(user, "orders", rows)` fills the relationship. */
function filled(ev: Evaluator, call: CallExpr): Value {
  const [owner, name] = call.args.map((arg) => arg.value);
  const value = owner?.kind === "name" ? ev.env.get(owner.id) : undefined;
  if (owner?.kind === "name" && value?.kind === "entity" && name?.kind === "string")
    ev.bind(owner.id, { ...value, plan: withLoaded(value.plan, name.value) });
  return none;
}

/** `text("SELECT …")`: also a fragment such as `text("now()")`, which is no statement. */
function textClause(ev: Evaluator, value: Value | undefined): Value {
  noteSql(ev, value, "text", ["colon"], false);
  return value?.kind === "string" ? { kind: "text", literal: value.literal, file: value.file } : { kind: "text", file: ev.file };
}
