import type { CallExpr, Expr } from "../../python/index.js";
import { keyword } from "../entities/calls.js";
import type { EntityId } from "../entities/entity.js";
import { withLoaded } from "../values/plan.js";
import { originKey } from "../values/origins.js";
import { mapValue, membersOf, none, sameIteration, unknown, type EntityValue, type QueryValue, type Value } from "../values/value.js";
import type { WriteVerb } from "./effects.js";
import { argumentOf } from "./arguments.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { heldQueries } from "./held.js";
import { execute } from "./executions.js";
import { forgetKeys, heldRow } from "./keysInHand.js";
import { collectOptions } from "./options.js";
import { firstWord, noteSql } from "./sqlTexts.js";
import { valuesOf } from "./varying.js";
import { elementOf, getQuery, isFew, newQuery, rowOf } from "./queries.js";

export interface SessionCall {
  readonly name: string;
  readonly call: CallExpr;
  readonly args: readonly Value[];
  readonly awaited: boolean;
}
type Session = Value & { kind: "session" };

export const statementMethods = new Set(["execute", "scalars", "scalar", "exec", "stream", "stream_scalars"]);

/** Whether a receiver of unknown type is called like a session. */
export function looksLikeSession(expr: Expr): boolean {
  const word = expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : expr.kind === "call" ? calleeWord(expr) : "";
  const lower = word.toLowerCase();
  return lower === "db" || lower === "s" || lower.endsWith("session");
}
const calleeWord = (call: CallExpr) =>
  call.callee.kind === "name" ? call.callee.id : call.callee.kind === "attribute" ? call.callee.name : "";

/** A method of a session; undefined where it is none that matters. */
export function sessionMethod(ev: Evaluator, session: Session, at: SessionCall): Value | undefined {
  const { name, call, args, awaited } = at;
  const async = awaited || session.async === true;
  if (name === "query") return newQuery(ev, call, args, "query");
  if (statementMethods.has(name)) return executeStatement(ev, at, async);
  if (name === "exec_driver_sql") noteSql(ev, args[0], "execute", ["pyformat", "format"], true);
  if (name === "get" || name === "get_one") return getByKey(ev, at, async);
  if (expiring.has(name)) forgetKeys(ev);
  if (name === "commit" || name === "flush") return commit(ev, session, call, name === "flush");
  if (name === "refresh") {
    askedAgain(ev, call, "refresh", async);
    return refresh(ev, call);
  }
  if (name === "expunge") return detach(ev, call);
  if (name === "expunge_all" || name === "close") for (const query of heldQueries(ev)) ev.gone.add(query);
  if (name === "delete") noteDeleted(ev, args[0]);
  if (name === "expire") return expire(ev, call);
  if (name === "merge") {
    if (args[0] && mayBeStored(ev, call, args[0])) askedAgain(ev, call, "merge", async);
    return args[0] ?? unknown;
  }
  // What is done with a savepoint ends no transaction.
  if (name === "begin_nested") return unknown;
  if (name === "begin" || name === "__call__") return session;
  if (name === "connection" || name === "get_bind") return { kind: "session", async, proved: session.proved };
  return undefined;
}

/** `execute(select(...))` and its relatives, on a session or on something of unknown type. */
export function executeStatement(ev: Evaluator, at: SessionCall, async: boolean): Value {
  const [statement] = at.args;
  const query = statement && queryAmong(statement);
  if (!query) {
    noteSql(ev, statement, "execute", ["colon"], false);
    // Of several rows in one call the driver makes a batch.
    const many = at.args.length > 1 && at.args[1]!.kind !== "mapping" && at.call.args[1]?.name === undefined;
    const verb = verbOf(statement);
    const operation = verb === "select" ? "select" : verb === undefined || many || emptiesTable(statement) ? "unknown" : "write";
    execute(ev, at.call, { operation, async, ...(operation === "write" && verb !== "select" && verb ? { verb } : {}) });
    return unknown;
  }
  execute(ev, at.call, { operation: "select", query, async });
  return resultOf(ev, statement, at.name, async);
}

/** What a textual statement does, by its first word. */
function verbOf(statement: Value | undefined): "select" | WriteVerb | undefined {
  // `update(User).where(…)`: what is called, in a row.
  if (statement?.kind === "external") return asVerb(/\.(insert|update|delete)\(\)/.exec(statement.name)?.[1]);
  if (statement?.kind !== "text" && statement?.kind !== "string") return undefined;
  const word = statement.literal && firstWord(statement.literal.value);
  return word === "select" ? word : asVerb(word);
}
/** `delete(scratch)` without a condition takes all rows in one statement already. */
const emptiesTable = (statement: Value | undefined): boolean => statement?.kind === "external" && statement.name.endsWith(".delete()");
/** `insert(User)`, `table.update().where(…)`. */
export const isWriting = (statement: Value): boolean => statement.kind === "external" && verbOf(statement) !== undefined;
const asVerb = (word: string | undefined): WriteVerb | undefined =>
  word === "insert" || word === "update" || word === "delete" ? word : undefined;

const queryAmong = (value: Value): QueryValue | undefined =>
  value.kind === "query" ? value : value.kind === "union" ? value.of.find((member) => member.kind === "query") : undefined;

function resultOf(ev: Evaluator, statement: Value, name: string, async: boolean): Value {
  if (statement.kind === "union") {
    const members = statement.of.map((member) => resultOf(ev, member, name, async));
    const elements = members.map((member) =>
      member.kind === "result" ? member : { kind: "result" as const, element: unknown, first: unknown },
    );
    if (name === "scalar") return { kind: "union", of: members };
    return { kind: "result", element: unionOf(elements.map((one) => one.element)), first: unionOf(elements.map((one) => one.first)) };
  }
  if (statement.kind !== "query") return unknown;
  const { row, first } = rowOf(ev, statement, async);
  if (name === "scalar") return first;
  const scalar = name === "scalars" || name === "stream_scalars" || (name === "exec" && statement.targets.length === 1);
  return { kind: "result", element: scalar ? first : row, first, ...(isFew(statement) ? { few: true } : {}) };
}
const unionOf = (values: readonly Value[]): Value =>
  values.every((value) => value === values[0]) ? (values[0] ?? unknown) : { kind: "union", of: values };

const expiring = new Set(["commit", "rollback", "expire_all", "expunge_all", "close", "expire", "expunge"]);

/** The row under that key, where the session holds it and is not told to ask nevertheless. */
function heldByKey(ev: Evaluator, { call, args }: SessionCall, entity: EntityId, async: boolean): Value | undefined {
  if (keyword(call, "with_for_update") ?? keyword(call, "populate_existing")) return undefined;
  const session = call.callee.kind === "attribute" ? call.callee.of : undefined;
  const proved = session?.kind === "name" && ev.env.get(session.id)?.kind === "session";
  const key = argumentOf(call, args, 1, "ident")?.value;
  return heldRow(ev, { entity, key, async, session, proved });
}

/** `session.get(User, id)`; undefined on `dict.get` and the like. */
export function getByKey(ev: Evaluator, at: SessionCall, async: boolean): Value | undefined {
  const [target] = at.args;
  if (target?.kind !== "entityClass") return undefined;
  const held = heldByKey(ev, at, target.entity, async);
  if (held) return held;
  const optionsAt = at.call.args.findIndex((arg) => arg.name === "options");
  const written = keyword(at.call, "options");
  const collected = written ? collectOptions([at.args[optionsAt] ?? unknown]) : { paths: [], uncertain: false };
  const query = getQuery(ev, at.call, target, { kind: "options", ...collected }, written);
  execute(ev, at.call, { operation: "get", query, async });
  return elementOf(ev, query, async);
}

/** Whether the session, or a savepoint of it, was opened inside the innermost loop. */
export const opensInRound = (ev: Evaluator): boolean => ev.sessionDepth > 0 && ev.sessionDepth >= ev.iterations.length;

function commit(ev: Evaluator, session: Session, call: CallExpr, flush: boolean): Value {
  const iterations = ev.active;
  // In a loop of its caller it matters.
  ev.found.sent++;
  if (iterations.length) {
    const { proved } = session;
    const ownSession = opensInRound(ev) ? { ownSession: true as const } : {};
    const how = {
      ...ownSession,
      iterations,
      guarded: ev.conditions > 0,
      isolated: ev.tries > 0,
      proved,
      ...(flush ? { flush: true as const } : {}),
    };
    ev.record({ kind: "commit", ...ev.at(call), ...how });
  }
  return none;
}

/** `refresh(row)`, `merge(Row(id=1))` ask for one row by its key. Behind a commit or flush of the same round that one is the cause. */
function askedAgain(ev: Evaluator, call: CallExpr, by: "refresh" | "merge", async: boolean): void {
  if (keyword(call, "with_for_update")) return;
  // In a loop of its caller it matters.
  ev.found.sent++;
  const innermost = ev.active.at(-1);
  const written = ev.found.effects.some((effect) => effect.kind === "commit" && sameIteration(effect.iterations.at(-1), innermost));
  if (innermost && !written) execute(ev, call, { operation: "select", by, async });
}

/** A row that was made with its key: `merge` asks whether the database has it. What a session has loaded it holds. */
function mayBeStored(ev: Evaluator, call: CallExpr, value: Value): boolean {
  const [row] = call.args;
  if (!row || keyword(call, "load") || value.kind !== "entity" || value.origin.kind !== "new") return false;
  const keys = [...(ev.index.entities.get(value.entity)?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey);
  const made = row.value.kind === "name" ? valuesOf(ev.fn, row.value.id) : [row.value];
  return made.some((one) => one.kind === "call" && one.args.some((arg) => arg.splat === 2 || keys.some(({ name }) => name === arg.name)));
}

/** Under what a name, or a name's attribute, is remembered. */
function placeOf(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.id;
  return expr.kind === "attribute" && expr.of.kind === "name" ? `${expr.of.id}.${expr.name}` : undefined;
}

/** `delete(user)`: unless `passive_deletes` says otherwise, the collections of the row are loaded, to go with it or to let it go. */
function noteDeleted(ev: Evaluator, row: Value | undefined): void {
  for (const member of row ? membersOf(row) : []) if (member.kind === "entity") ev.found.deleted.add(originKey(member));
}

/** `refresh(user, ["orders"])` loads what it names. */
function refresh(ev: Evaluator, call: CallExpr): Value {
  const [target, second] = call.args;
  const names = keyword(call, "attribute_names") ?? second?.value;
  const id = target && placeOf(target.value);
  if (!target || id === undefined) return none;
  const value = ev.env.get(id) ?? (target.value.kind === "attribute" ? evaluate(ev, target.value) : undefined);
  if (!value || !names) return none;
  const given = names.kind === "list" || names.kind === "tuple" ? names.items : undefined;
  const loaded = (one: EntityValue): EntityValue =>
    given
      ? given.reduce<EntityValue>((row, item) => (item.kind === "string" ? { ...row, plan: withLoaded(row.plan, item.value) } : row), one)
      : { ...one, plan: { ...one.plan, uncertain: true } };
  ev.bind(
    id,
    mapValue(value, (member) => (member.kind === "entity" ? loaded(member) : member)),
  );
  return none;
}

/** What it had loaded is asked for again; by which query cannot be said here. */
function expire(ev: Evaluator, call: CallExpr): Value {
  const target = call.args[0]?.value;
  const value = target?.kind === "name" ? ev.env.get(target.id) : undefined;
  if (target?.kind === "name" && value?.kind === "entity") ev.bind(target.id, { ...value, plan: { ...value.plan, uncertain: true } });
  return none;
}

/** An instance that left the session loads nothing more: what is missing is an error, not a query. */
export function detach(ev: Evaluator, call: CallExpr): Value {
  const target = call.args[0]?.value;
  const value = target?.kind === "name" ? ev.env.get(target.id) : undefined;
  if (target?.kind === "name" && value?.kind === "entity") ev.bind(target.id, { ...value, origin: { kind: "new" } });
  return none;
}

const statementThen: Readonly<Record<string, "page" | "one">> = { paginate: "page", first_or_404: "one", one_or_404: "one" };
export const isExtensionMethod = (word: string) => Object.hasOwn(statementThen, word) || word === "get_or_404";

/** Flask-SQLAlchemy's own: `db.paginate(select(User))`, `db.first_or_404(select(User))`, `db.get_or_404(User, id)`. */
export function extensionMethod(ev: Evaluator, at: SessionCall): Value {
  if (at.name === "get_or_404") return getByKey(ev, at, false) ?? unknown;
  const query = at.args[0] && queryAmong(at.args[0]);
  if (!query) return unknown;
  execute(ev, at.call, { operation: "select", query, async: false });
  const { first } = rowOf(ev, query, false);
  return statementThen[at.name] === "page" ? { kind: "page", of: first } : first;
}
