import type { FunctionFact } from "../../python/index.js";
import { Refusal } from "../sql/ir.js";
import type { Args, InstanceValue, Value } from "../values.js";
import { TooLong, type Machine } from "./machine.js";
import { Merged } from "./merging.js";
import { PathEnd } from "./oracle.js";
import { Shape } from "./shape.js";

/** More ways through a function are not gone. */
const mostWays = 40;

type Callee = Value & { readonly kind: "function" };
/** What a call gives, whichever way it goes; undefined: its ways stay apart. */
type Summary = Value | undefined;

const summaries = new WeakMap<object, Map<string, Summary>>();

/**
 * The value of a call whose branches decide about plain values only: then they are no branches of the query. Undefined where the ways have to
 * be told apart, because what builds SQL goes in or comes out.
 */
export function joinedCall(m: Machine, fn: FunctionFact, callee: Callee, args: Args, run: () => Value): Value | undefined {
  const given = [...(callee.self ? [callee.self] : []), ...args.positional, ...args.keywords.values()];
  if (!m.goal || callee.closure || !given.every((value) => isHarmless(value, 2))) return undefined;
  let known = summaries.get(m.mapping);
  if (!known) summaries.set(m.mapping, (known = new Map<string, Summary>()));
  const shape = new Shape().add(args.keywords).add(given);
  shape.addFacts(m.answers(), (value) => m.attributeValues.get(value), m.sharedValues);
  const key = `${m.version} ${callee.file} ${callee.index} ${shape.text}`;
  if (!known.has(key)) {
    // Should it call itself: those calls are gone one by one.
    known.set(key, undefined);
    try {
      known.set(key, summary(m, fn, given.filter(isInstance), run));
    } catch (error) {
      known.delete(key);
      throw error;
    }
  }
  const found = known.get(key);
  return found && copyOf(found);
}

/** Nothing that SQL is built from, and nothing that a function could fill with it unnoticed. */
function isHarmless(value: Value, depth: number): boolean {
  if (["constant", "parameter", "enum", "unknown", "symbol", "module", "entity", "class", "type"].includes(value.kind)) return true;
  if (value.kind === "function") return !value.closure;
  return value.kind === "instance" && depth > 0 && [...value.attributes.values()].every((one) => isHarmless(one, depth - 1));
}
const isInstance = (value: Value): value is InstanceValue => value.kind === "instance";
const copyOf = (value: Value): Value => (value.kind === "instance" ? { ...value, attributes: new Map(value.attributes) } : { ...value });

function summary(m: Machine, fn: FunctionFact, given: readonly InstanceValue[], run: () => Value): Summary {
  const before = given.map(({ attributes }) => new Map(attributes));
  try {
    const results = m.apart(() => ways(m, fn.name, run));
    const touched = given.some(({ attributes }, at) => attributes.size !== before[at]!.size);
    return touched || !results ? undefined : joined(fn.name, results);
  } finally {
    given.forEach(({ attributes }, at) => {
      attributes.clear();
      for (const [name, value] of before[at]!) attributes.set(name, value);
    });
  }
}

/** What each way gives; undefined where there is one only. Where they are too many it is not known. */
function ways(m: Machine, name: string, run: () => Value): Value[] | undefined {
  const results: Value[] = [];
  const oracle = m.oracle;
  const { junctions } = m.goal!;
  for (let count = 1; count <= mostWays; count++) {
    junctions.begin();
    try {
      results.push(run());
    } catch (error) {
      // The steps are those of the outermost call: what an inner one gives is not known by that.
      if (error instanceof TooLong && m.aside === 1) return tooMany(name);
      if (error instanceof TooLong) throw error;
      if (error instanceof Refusal) results.push({ kind: "unknown", reason: error.reason, ...error.place });
      else if (!(error instanceof PathEnd || error instanceof Merged)) throw error;
    }
    if (!oracle.next()) return count > 1 && results.length > 0 ? results : undefined;
  }
  return tooMany(name);
}
const tooMany = (name: string): Value[] => [{ kind: "unknown", reason: `too many branches decide about ${name}()` }];

/** One value for all of them: known when the code runs. */
function joined(name: string, results: readonly Value[]): Summary {
  const some = results.filter((value) => value.kind !== "constant" || value.value !== null);
  const optional = some.length < results.length || some.some((value) => value.kind === "parameter" && value.optional);
  const [first] = some;
  const unknown = some.find((value) => value.kind === "unknown");
  if (!first || unknown) return unknown ?? first;
  if (isInstance(first)) {
    const alike = some.every(
      (value) =>
        isInstance(value) && value.attributes.size === 0 && value.entity === first.entity && value.class?.fact === first.class?.fact,
    );
    return alike ? first : undefined;
  }
  if (!some.every((value) => value.kind === "parameter" || value.kind === "constant")) return undefined;
  // Words are names of columns and directions too: each is a way of its own.
  if (some.every((value) => value.kind === "constant" && typeof value.value === "string")) return undefined;
  const types = new Set(some.map((value) => JSON.stringify(typeOf(value) ?? "")));
  const type = types.size === 1 ? typeOf(first) : undefined;
  return { kind: "parameter", name, ...(type ? { type } : {}), ...(optional ? { optional } : {}) };
}

function typeOf(value: Value): { name: string } | undefined {
  if (value.kind === "parameter") return value.type && { name: value.type.name };
  if (value.kind !== "constant") return undefined;
  return { name: typeof value.value === "string" ? "str" : typeof value.value === "boolean" ? "bool" : "int" };
}
