import type { AttributeExpr, CallExpr, Expr } from "../../python/index.js";
import { collection, join, never, none, together, unknown, type Value } from "../values/value.js";
import { applyPerElement } from "./apply.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf } from "./iterations.js";
import { noteEscape } from "./uses.js";

type Container = Value & { kind: "collection" | "mapping" | "page" };

const adders = new Set(["append", "add", "insert", "appendleft"]);
const extenders = new Set(["extend", "update"]);

/** A method of a list, a set, a dict, or a page of results. */
export function containerMethod(ev: Evaluator, value: Container, call: CallExpr, callee: AttributeExpr, args: readonly Value[]): Value {
  const { name, of } = callee;
  if (value.kind === "mapping") return mappingMethod(ev, value, call, callee, args);
  const last = args.at(-1) ?? never;
  // One more outside of loops, or in one of a few rounds, is still few.
  const few =
    value.kind === "collection" && value.few === true && ev.iterations.slice(ev.outer).every((one) => one.few) ? { few: true } : {};
  if (adders.has(name)) return rebind(ev, of, collection(together(value.of, withoutRow(last)), few), last);
  if (extenders.has(name)) {
    const short = few.few && (last.kind === "tuple" || (last.kind === "collection" && last.few === true)) ? few : {};
    return rebind(ev, of, collection(together(value.of, elementsOf(ev, last, of)), short), last);
  }
  const key = name === "sort" ? call.args.findIndex((arg) => arg.name === "key") : -1;
  if (key >= 0) applyPerElement(ev, args[key], value, value.of, call);
  if (name === "pop" || name === "popleft") return value.of;
  if (name === "copy" || name === "union" || name === "difference") return value;
  for (const arg of args) noteEscape(ev, arg);
  return unknown;
}

/** In a list every row is there; which round it came from is forgotten. */
export function withoutRow(value: Value): Value {
  if (value.kind !== "entity" || !value.row) return value;
  const { row: _row, ...rest } = value;
  return rest;
}

function rebind(ev: Evaluator, of: Expr, value: Value, added: Value): Value {
  if (of.kind === "name" && ev.env.has(of.id)) ev.bind(of.id, value);
  // `groups[key].append(row)`, `groups.setdefault(key, []).append(row)`
  else if (!intoMapping(ev, of, value)) noteEscape(ev, added);
  return unknown;
}
function intoMapping(ev: Evaluator, of: Expr, value: Value): boolean {
  const base = of.kind === "subscript" ? of.of : of.kind === "call" && of.callee.kind === "attribute" ? of.callee.of : undefined;
  const known = base?.kind === "name" ? ev.env.get(base.id) : undefined;
  if (base?.kind !== "name" || known?.kind !== "mapping") return false;
  ev.bind(base.id, { ...known, few: false, closed: false, value: join(known.value, value) });
  return true;
}

/** `names["users"] = users`; under a constant key the new value stands alone. */
export function withEntry(mapping: Value & { kind: "mapping" }, key: Value, value: Value): Value & { kind: "mapping" } {
  const entries = new Map(mapping.entries);
  if (key.kind === "string") entries.set(key.literal.value, value);
  const closed = mapping.closed === true && key.kind === "string";
  return { ...mapping, few: false, closed, key: join(mapping.key, key), value: join(mapping.value, value), entries };
}

/** `names.update(other)`, `names.update(users=users)`. */
function updated(mapping: Value & { kind: "mapping" }, call: CallExpr, args: readonly Value[]): Value {
  const entries = new Map(mapping.entries);
  let { key, value } = mapping;
  call.args.forEach((arg, at) => {
    const given = args[at] ?? unknown;
    if (arg.name !== undefined) {
      entries.set(arg.name, given);
      value = join(value, given);
    } else if (given.kind === "mapping") {
      for (const [name, one] of given.entries ?? []) entries.set(name, one);
      key = join(key, given.key);
      value = join(value, given.value);
    }
  });
  return { ...mapping, few: false, closed: false, key, value, entries };
}

function mappingMethod(
  ev: Evaluator,
  value: Value & { kind: "mapping" },
  call: CallExpr,
  { name, of }: AttributeExpr,
  args: readonly Value[],
): Value {
  const few = value.few ? { few: true } : {};
  switch (name) {
    case "values":
      return collection(value.value, few);
    case "keys":
      return collection(value.key, few);
    case "items":
      return collection({ kind: "tuple", items: [value.key, value.value] }, few);
    case "get":
    case "pop": {
      const [key] = args;
      const entry = key?.kind === "string" ? value.entries?.get(key.literal.value) : undefined;
      if (!entry && value.closed && key?.kind === "string") return args[1] ?? none;
      return entry ?? join(value.value, args[1] ?? never);
    }
    case "setdefault": {
      const both = join(value.value, args[1] ?? never);
      const key = join(value.key, withoutRow(args[0] ?? never));
      if (of.kind === "name" && ev.env.has(of.id)) ev.bind(of.id, { ...value, few: false, closed: false, key, value: both });
      return both;
    }
    case "copy":
      return value;
    case "update":
      if (of.kind === "name" && ev.env.has(of.id)) ev.bind(of.id, updated(value, call, args));
      for (const arg of args) noteEscape(ev, arg);
      return unknown;
    default:
      for (const arg of args) noteEscape(ev, arg);
      return unknown;
  }
}
