import type { Expr, OperatorExpr } from "../../python/index.js";
import { isDecisive } from "../values/keys.js";
import type { Value } from "../values/value.js";
import { memberOfEnumeration, sameMember } from "./enumerations.js";
import type { Evaluator } from "./evaluator.js";
import { nameValue } from "./names.js";
import { namesIn } from "./executions.js";

type Decision = boolean | undefined;

/**
 * Whether a test holds by what the call under way has given: its arguments, the defaults of those that it leaves out, what the function that
 * made a closure was given. What the function says itself decides nothing: it may be changed tomorrow. Evaluates nothing.
 */
export function decided(ev: Evaluator, test: Expr): Decision {
  if (test.kind === "name") {
    const value = ev.env.givenValue(test.id);
    return value && truthOf(value);
  }
  if (test.kind !== "operator") return undefined;
  switch (test.op) {
    case "not":
      return negated(test.items[0] && decided(ev, test.items[0]));
    case "and":
      return decidedJunction(ev, test, false);
    case "or":
      return decidedJunction(ev, test, true);
    default:
      return test.items.length === 2 ? compared(ev, test) : undefined;
  }
}

const negated = (decision: Decision): Decision => (decision === undefined ? undefined : !decision);

/** @param by what one side decides the whole by: a false one an `and`, a true one an `or` */
function decidedJunction(ev: Evaluator, { items }: OperatorExpr, by: boolean): Decision {
  let open = false;
  for (const item of items) {
    const decision = decided(ev, item);
    if (decision === by) return by;
    open ||= decision === undefined;
  }
  return open ? undefined : !by;
}

/** Of values whose truth does not depend on what only the run knows. */
function truthOf(value: Value): Decision {
  switch (value.kind) {
    case "none":
      return false;
    case "boolean":
      return value.value;
    case "string":
      return value.literal.value.length > 0;
    case "number":
      return Number.isNaN(value.value) ? undefined : value.value !== 0;
    case "closure":
    case "method":
    case "partial":
      return true;
    case "key":
      return isKey(value) || undefined;
    default:
      return undefined;
  }
}

function compared(ev: Evaluator, { op, items }: OperatorExpr): Decision {
  const [left, right] = items as readonly [Expr, Expr];
  if (![left, right].some((side) => isGiven(ev, side))) return undefined;
  const one = operand(ev, left);
  if (!one) return undefined;
  if (op === "in" || op === "not in") {
    const among = contained(ev, one, right);
    return op === "in" ? among : negated(among);
  }
  const other = operand(ev, right);
  if (!other) return undefined;
  if (op === "==" || op === "!=") return op === "==" ? equals(ev, one, other) : negated(equals(ev, one, other));
  if (op !== "is" && op !== "is not") return undefined;
  const same = isText(one) && isText(other) ? undefined : equals(ev, one, other);
  return op === "is" ? same : negated(same);
}
/** Two equal texts or numbers may be two objects. */
const isText = ({ kind }: Value) => kind === "string" || kind === "number";

const isGiven = (ev: Evaluator, expr: Expr): boolean => expr.kind === "name" && ev.env.givenValue(expr.id) !== undefined;

/** What a side of a comparison is: what a call has given, a constant, a name of the module, a member of an enumeration. */
function operand(ev: Evaluator, expr: Expr): Value | undefined {
  switch (expr.kind) {
    case "name":
      return ev.env.has(expr.id) ? ev.env.givenValue(expr.id) : nameValue(ev, expr);
    case "string":
      return { kind: "string", literal: expr, file: ev.file };
    case "number":
      return { kind: "number", value: Number(expr.text) };
    case "constant":
      if (expr.value === null) return { kind: "none" };
      return typeof expr.value === "boolean" ? { kind: "boolean", value: expr.value } : undefined;
    case "attribute": {
      const symbol = ev.index.symbols.resolve(ev.file, expr.of);
      const ref = expr.of.kind === "name" && ev.env.has(expr.of.id) ? undefined : ev.index.classes.of(symbol);
      return ref && memberOfEnumeration(ev, ref, expr.name);
    }
    default:
      return undefined;
  }
}

function contained(ev: Evaluator, one: Value, among: Expr): Decision {
  const written = among.kind === "tuple" || among.kind === "list" || among.kind === "set" ? among.items : undefined;
  const named = written ? undefined : operand(ev, among);
  const others = written ? written.map((item) => operand(ev, item)) : named?.kind === "tuple" ? named.items : [undefined];
  let open = false;
  for (const other of others) {
    const same = other && equals(ev, one, other);
    if (same) return true;
    open ||= same === undefined;
  }
  return open ? undefined : false;
}

/** A key is neither None nor 0. */
const isKey = (value: Value) => value.kind === "key" && !value.nullable;

/** Kinds of which no value is None. */
const neverNone = new Set<Value["kind"]>(["string", "number", "boolean", "closure", "method", "partial"]);
const isSomething = (value: Value) =>
  neverNone.has(value.kind) || isKey(value) || (value.kind === "instance" && isMade(value)) || isRow(value);

/** An annotation may leave None open; a member, and what a constructor has filled, are something. */
const isMade = ({ member, fields, made }: Value & { kind: "instance" }) =>
  member !== undefined || fields !== undefined || made !== undefined;

/** What a loop over a query of one entity, or over a collection, hands out. */
function isRow(value: Value): boolean {
  if (value.kind !== "entity" || !value.row) return false;
  const { origin } = value;
  return origin.kind === "query"
    ? origin.query.targets.length === 1
    : origin.kind === "relationship" && origin.relationship.collection === true;
}

function equals(ev: Evaluator, a: Value, b: Value): Decision {
  if (a.kind === "none" || b.kind === "none") {
    if (a.kind === b.kind) return true;
    return isSomething(a) || isSomething(b) ? false : undefined;
  }
  if (a.kind === "boolean" && b.kind === "boolean") return a.value === b.value;
  if (a.kind === "number" && b.kind === "number") return Number.isNaN(a.value) || Number.isNaN(b.value) ? undefined : a.value === b.value;
  if (a.kind === "string" && b.kind === "string") return sameText(a.literal.value, b.literal.value);
  return a.kind === "instance" && b.kind === "instance" ? sameMember(ev.index, a, b) : undefined;
}

/** A result of a call is shared by calls with other texts than those that are told apart. */
function sameText(a: string, b: string): Decision {
  if (isDecisive(a) && isDecisive(b)) return a === b;
  return isDecisive(a) !== isDecisive(b) ? false : undefined;
}

/** Kinds of values that a test may be decided by. */
const decisive = new Set<Value["kind"]>(["none", "boolean", "string", "number", "key"]);

/** Whether an expression is made of nothing but what the call has given: `eager = not lazy`. */
export function passesOn(ev: Evaluator, expr: Expr, value: Value): boolean {
  if (!decisive.has(value.kind)) return false;
  const names = namesIn(expr);
  return names.size > 0 && [...names].every((name) => ev.env.givenValue(name) !== undefined);
}
