import type { Span } from "#protocol/place";
import type { ClassRef } from "../entities/classes.js";
import type { PythonSymbol } from "../project/symbols.js";
import { matters } from "../values/keys.js";
import { unknown, type Value } from "../values/value.js";
import { allOf, type Given } from "./arguments.js";
import { sessionClass } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { callFunction } from "./functions.js";
import { plain } from "./keysInHand.js";
import { isSchema, readFields } from "./serializers.js";
import { noteEscape } from "./uses.js";

/** What calling a class of the project gives: an instance that remembers what its constructor kept. */
export function construct(ev: Evaluator, symbol: PythonSymbol & { kind: "class" }, given: Given, place: Span): Value {
  const ref = ev.index.classes.of(symbol);
  if (!ref) return unknown;
  const session = sessionClass(ev.index, ref.file, ref.index);
  if (session) return session;
  const args = allOf(given);
  for (const { value } of args) noteEscape(ev, value);
  const instance: Value = { kind: "instance", class: ref };
  if (!args.some(({ value }) => matters(value) || value.kind === "session") && !isSchema(ev, ref)) return instance;
  const found = ev.index.classes.method(ref, "__init__");
  const fields = found ? initialFields(ev, found, given, place, instance) : byName(ev, ref, given);
  readFields(ev, ref, fields, place);
  return fields.size ? { ...instance, fields } : instance;
}

/** What the constructor leaves in `self`. */
function initialFields(
  ev: Evaluator,
  found: { index: number; in: ClassRef },
  given: Given,
  place: Span,
  self: Value,
): ReadonlyMap<string, Value> {
  let left: ReadonlyMap<string, Value> = new Map();
  const changed = (fields: ReadonlyMap<string, Value>) => void (left = fields);
  callFunction(ev, { file: found.in.file, index: found.index }, given, place, { self, definedIn: found.in, raw: true, changed });
  return left;
}

/** A dataclass, a NamedTuple, a pydantic model: its fields by position and name. */
function byName(ev: Evaluator, ref: ClassRef, given: Given): ReadonlyMap<string, Value> {
  const names = [...ev.index.classes.linear(ref)]
    .reverse()
    .flatMap((at) => at.fact.fields.flatMap((field) => (field.annotation ? [field.name] : [])));
  const order = [...new Set(names)];
  const fields = new Map<string, Value>();
  given.positional.forEach(({ value }, at) => order[at] !== undefined && fields.set(order[at], plain(value)));
  for (const [name, { value }] of given.named) fields.set(name, plain(value));
  return fields;
}
