import type { CallExpr, Expr } from "../../python/index.js";
import { collection, join, mapValue, never, unknown, type Value } from "../values/value.js";
import { argumentOf, givenBy, givenValues } from "./arguments.js";
import { applyPerElement, applyValue } from "./apply.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf } from "./iterations.js";
import { textOfValue } from "./members.js";
import { givenByTemplate } from "./registered.js";
import { noteEscape } from "./uses.js";

const copies = new Set(["list", "sort", "reverse", "unique", "dictsort", "safe", "e", "escape", "slice"]);

/** A test, `x is name`: what the project has registered is called. */
export function testCall(ev: Evaluator, name: string, call: CallExpr, args: readonly Value[]): Value {
  const own = ev.context.registered("test", name);
  if (own.kind !== "unknown") return applyOwn(ev, own, call, args);
  for (const arg of args) noteEscape(ev, arg);
  return unknown;
}

const applyOwn = (ev: Evaluator, own: Value, call: CallExpr, args: readonly Value[]): Value =>
  mapValue(own, (one) => applyValue(ev, one, givenByTemplate(ev, one, givenBy(ev, call, args)), call));

/** `map("label")`, `select("foreign")`: a function that the project has registered, called with each element. */
function applyNamed(ev: Evaluator, kind: "filter" | "test", call: CallExpr, args: readonly Value[]): Value | undefined {
  const [input = unknown, name, ...others] = args;
  const own = name?.kind === "string" && call.args[1]?.name === undefined ? ev.context.registered(kind, name.literal.value) : unknown;
  if (own.kind === "unknown") return undefined;
  const takes = givenByTemplate(ev, own, givenValues()).positional.map(({ value }) => value);
  const callback: Value = takes.length > 0 ? { kind: "partial", of: own, positional: takes, named: new Map() } : own;
  for (const other of others) noteEscape(ev, other);
  return applyPerElement(ev, callback, input, elementsOf(ev, input, call.args[0]!.value), call);
}

/** One of Jinja's filters, or one that the project has registered; its input is the first argument. */
export function filterCall(ev: Evaluator, name: string, call: CallExpr, args: readonly Value[]): Value {
  const [input = unknown] = args;
  const place = call.args[0]?.value ?? call;
  const own = ev.context.registered("filter", name);
  if (own.kind !== "unknown") return applyOwn(ev, own, call, args);
  const elements = () => elementsOf(ev, input, place);
  switch (name) {
    case "map":
      return collection(perElement(ev, call, args, input, place) ?? applyNamed(ev, "filter", call, args) ?? unknown);
    case "select":
    case "reject":
      applyNamed(ev, "test", call, args);
      return collection(elements());
    case "selectattr":
    case "rejectattr":
      perElement(ev, call, args, input, place, 1);
      return collection(elements());
    case "groupby":
      perElement(ev, call, args, input, place, 1);
      return collection({ kind: "tuple", items: [unknown, collection(elements())], names: ["grouper", "list"] });
    case "sum":
    case "join":
      if (!perElement(ev, call, args, input, place, name === "sum" ? 1 : 2)) printed(ev, input, place);
      return unknown;
    case "min":
    case "max":
      perElement(ev, call, args, input, place);
      return elements();
    case "first":
    case "last":
    case "random":
      return elements();
    case "batch":
      return collection(collection(elements()));
    case "default":
    case "d":
      return join(input, args[1] ?? never);
    case "items":
      return input.kind === "mapping" ? collection({ kind: "tuple", items: [input.key, input.value] }) : unknown;
    case "attr":
      return perElement(ev, call, args, { kind: "tuple", items: [input] }, place, 1) ?? unknown;
  }
  if (copies.has(name)) {
    perElement(ev, call, args, input, place);
    return input.kind === "collection" || input.kind === "query" || input.kind === "result" ? collection(elements()) : input;
  }
  textOfValue(ev, input, place);
  for (const arg of args) noteEscape(ev, arg);
  return unknown;
}

/** Reads `attribute="author.name"` of each element; undefined where the filter names none. */
function perElement(ev: Evaluator, call: CallExpr, args: readonly Value[], input: Value, place: Expr, position = -1): Value | undefined {
  const named = argumentOf(call, args, position, "attribute");
  const value = named && (position >= 0 || call.args.some((arg) => arg.name === "attribute")) ? named.value : undefined;
  if (value?.kind !== "string") return undefined;
  const getter: Value = { kind: "getter", of: "attribute", paths: value.literal.value.split(",") };
  return applyPerElement(ev, getter, input, elementsOf(ev, input, place), call);
}

/** Elements that are written out as text. */
function printed(ev: Evaluator, input: Value, place: Expr): void {
  if (input.kind !== "collection" || input.of.kind !== "entity") return;
  applyPerElement(ev, { kind: "getter", of: "method", paths: ["__str__"] }, input, input.of, place);
}
