import type { AttributeExpr, CallExpr, Expr } from "../../../python/index.js";
import { childrenOf } from "../../../python/index.js";
import type { Span } from "#protocol/place";

/** A query for one row by the value of one column, as it is written. */
export interface Lookup {
  /** All of it, to the call that gives the row. */
  readonly whole: Expr;
  /** The class that is asked for. */
  readonly target: Expr;
  /** The session, or in `User.query` the class: what the new query begins with. */
  readonly receiver: Expr;
  readonly style: "select" | "query" | "model";
  /** The attribute that is compared; absent for the primary key. */
  readonly column?: string;
  readonly key: Expr;
  /** A missing row is an error. */
  readonly required: boolean;
  readonly awaited: boolean;
}

const one: Readonly<Record<string, boolean>> = {
  first: false,
  one_or_none: false,
  scalar: false,
  scalar_one_or_none: false,
  one: true,
  scalar_one: true,
};

/** Reads the row that a call gives. `scope` is what the call stands in: it may go on behind it. */
export function lookupAt(scope: Expr, sent: Span): Lookup | undefined {
  const around = pathTo(scope, sent);
  const call = around.at(-1);
  if (call?.kind !== "call") return undefined;
  const direct = byGet(call) ?? legacy(call) ?? scalarOf(call);
  if (direct) return outwards(direct, around.slice(0, -1), false);
  const inner = resultOf(call);
  return inner && outwards(inner, around.slice(0, -1), true);
}

type Read = Omit<Lookup, "whole" | "required" | "awaited"> & { readonly call: Expr; readonly required?: boolean };

/** Takes in `await`, brackets and the method that gives the one row. */
function outwards(read: Read, around: readonly Expr[], needsMethod: boolean): Lookup | undefined {
  let whole = read.call;
  let awaited = false;
  let required = read.required ?? false;
  let found = !needsMethod;
  for (const outer of [...around].reverse()) {
    if (outer.kind === "await" && !awaited) awaited = true;
    else if (!found && outer.kind === "attribute" && Object.hasOwn(one, outer.name)) continue;
    else if (!found && outer.kind === "call" && outer.callee.kind === "attribute" && outer.args.length === 0) {
      if (!Object.hasOwn(one, outer.callee.name)) return undefined;
      required = one[outer.callee.name]!;
      found = true;
    } else break;
    whole = outer;
  }
  const { call: _call, ...rest } = read;
  return found ? { ...rest, whole, required, awaited } : undefined;
}

const method = (call: CallExpr): AttributeExpr | undefined => (call.callee.kind === "attribute" ? call.callee : undefined);
const isDotted = (expr: Expr): boolean => expr.kind === "name" || (expr.kind === "attribute" && isDotted(expr.of));
const plain = (call: CallExpr, count: number) =>
  call.args.length === count && call.args.every((arg) => arg.name === undefined && !arg.splat);

/** `session.get(User, key)`, `session.query(User).get(key)`, `User.query.get(key)` */
function byGet(call: CallExpr): Read | undefined {
  const callee = method(call);
  if (callee?.name !== "get") return undefined;
  if (plain(call, 2) && isDotted(callee.of) && isDotted(call.args[0]!.value))
    return { call, target: call.args[0]!.value, receiver: callee.of, style: "select", key: call.args[1]!.value };
  const root = plain(call, 1) ? legacyRoot(callee.of) : undefined;
  return root && { call, ...root, key: call.args[0]!.value };
}

/** `session.query(User)` or `User.query` */
function legacyRoot(expr: Expr): Pick<Read, "target" | "receiver" | "style"> | undefined {
  if (expr.kind === "attribute" && expr.name === "query" && isDotted(expr.of))
    return { target: expr.of, receiver: expr.of, style: "model" };
  const callee = expr.kind === "call" ? method(expr) : undefined;
  if (expr.kind !== "call" || callee?.name !== "query" || !plain(expr, 1) || !isDotted(callee.of)) return undefined;
  const target = expr.args[0]!.value;
  return isDotted(target) ? { target, receiver: callee.of, style: "query" } : undefined;
}

/** `session.query(User).filter_by(email=key).first()` */
function legacy(call: CallExpr): Read | undefined {
  const callee = method(call);
  if (!callee || !Object.hasOwn(one, callee.name) || call.args.length > 0 || callee.of.kind !== "call") return undefined;
  const filter = method(callee.of);
  const root = filter && legacyRoot(filter.of);
  const condition = root && conditionOf(callee.of, root.target);
  return condition && { call, ...root, ...condition, required: one[callee.name]! };
}

/** `session.scalar(select(User).where(User.email == key))` */
function scalarOf(call: CallExpr): Read | undefined {
  return method(call)?.name === "scalar" ? statementOf(call) : undefined;
}

/** `session.scalars(select(User).where(…))`, `session.execute(…)`: a method behind it gives the row. */
function resultOf(call: CallExpr): Read | undefined {
  const name = method(call)?.name;
  return name === "scalars" || name === "execute" ? statementOf(call) : undefined;
}

function statementOf(call: CallExpr): Read | undefined {
  const receiver = method(call)?.of;
  const statement = call.args[0]?.value;
  if (!receiver || !isDotted(receiver) || !plain(call, 1) || statement?.kind !== "call") return undefined;
  const select = method(statement)?.of;
  if (select?.kind !== "call" || !plain(select, 1) || wordOf(select.callee) !== "select") return undefined;
  const target = select.args[0]!.value;
  const condition = isDotted(target) ? conditionOf(statement, target) : undefined;
  return condition && { call, target, receiver, style: "select", ...condition };
}

const wordOf = (expr: Expr) => (expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : "");

/** `.filter_by(email=key)`, `.where(User.email == key)` */
function conditionOf(call: CallExpr, target: Expr): { column: string; key: Expr } | undefined {
  const name = method(call)?.name;
  const [only, ...more] = call.args;
  if (!only || more.length > 0 || only.splat) return undefined;
  if (name === "filter_by") return only.name === undefined ? undefined : { column: only.name, key: only.value };
  const { value } = only;
  if ((name !== "filter" && name !== "where") || only.name !== undefined || value.kind !== "operator" || value.op !== "==")
    return undefined;
  const [left, right, ...others] = value.items;
  if (left?.kind !== "attribute" || !right || others.length > 0 || wordOf(left.of) !== wordOf(target)) return undefined;
  return { column: left.name, key: right };
}

/** The expressions around a place, outermost first, and the one that stands there. */
function pathTo(expr: Expr, place: Span): Expr[] {
  if (expr.start > place.start || expr.end < place.end) return [];
  for (const child of childrenOf(expr)) {
    const path = pathTo(child, place);
    if (path.length) return [expr, ...path];
  }
  return expr.start === place.start && expr.end === place.end ? [expr] : [];
}
