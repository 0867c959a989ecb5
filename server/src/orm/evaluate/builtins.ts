import type { CallExpr } from "../../python/index.js";
import { stringOf } from "../entities/calls.js";
import { lastWord } from "../project/names.js";
import { collection, join, mapValue, membersOf, never, unknown, type Value } from "../values/value.js";
import { attributeNamed, attributeValue } from "./attributes.js";
import { applyPerElement, applyValue } from "./apply.js";
import { givenBy, givenValues } from "./arguments.js";
import { membersOfEnumeration } from "./enumerations.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf } from "./iterations.js";
import { dedented, stripped } from "./literals.js";
import { textOfValue } from "./members.js";
import { typeAdapter } from "./serializers.js";
import { noteEscape } from "./uses.js";

const copies = new Set(["list", "tuple", "set", "frozenset", "reversed", "iter", "deque", "cycle", "islice", "as_completed"]);
const batchers = new Set(["batched", "chunked", "sliced", "ichunked", "grouper", "chunks", "chunk", "chunk_list"]);
const innocent = new Set(["isinstance", "id", "bool", "type", "hasattr", "int", "float", "issubclass", "callable", "len"]);

/** Functions of Python itself and of `itertools`, by the last word of their dotted name. */
export function builtinCall(ev: Evaluator, name: string, call: CallExpr, args: readonly Value[], awaited: boolean): Value {
  const word = lastWord(name);
  const [first, second] = args;
  const elements = (value: Value | undefined) => (value ? elementsOf(ev, value, call, awaited) : never);
  const few = first && isFew(ev, first) ? { few: true } : {};
  // `iter(lambda: list(islice(rows, n)), [])` calls until it gets what ends it.
  if (word === "iter" && first && second)
    return collection(applyValue(ev, first, givenValues(), call), { batches: first.kind === "closure" });
  if (copies.has(word)) return collection(elements(first), few);
  if (batchers.has(word)) return collection(collection(elements(first ?? unknown)), { batches: true });
  switch (word) {
    case "sorted": {
      const element = elements(first);
      key(ev, call, args, first, element);
      return collection(element, few);
    }
    case "min":
    case "max": {
      const element = args.length === 1 || call.args[1]?.name !== undefined ? elements(first) : unknown;
      key(ev, call, args, first, element);
      return element;
    }
    case "enumerate":
      return collection({ kind: "tuple", items: [unknown, elements(first)] }, few);
    case "zip":
    case "zip_longest":
    case "product":
      return collection(
        { kind: "tuple", items: args.filter((_, at) => call.args[at]!.name === undefined).map(elements) },
        fewZipped(ev, word, args),
      );
    case "chain":
      return collection(args.map(elements).reduce(join, never), args.every((arg) => isFew(ev, arg)) ? { few: true } : {});
    case "from_iterable":
      return collection(mapValue(elements(first), (value) => elementsOf(ev, value, call)));
    case "groupby":
      return grouped(ev, call, args, first);
    case "map":
      return collection(applyPerElement(ev, first, second ?? unknown, elements(second), call));
    case "starmap":
      return collection(applyPerElement(ev, first, second ?? unknown, elements(second), call, true));
    case "reduce":
      return reduced(ev, call, args, elements(second));
    case "accumulate":
      return collection(reduced(ev, call, [second ?? unknown, first ?? unknown], elements(first)));
    case "pairwise":
      return collection({ kind: "tuple", items: [elements(first), elements(first)] });
    case "combinations":
    case "permutations":
      return collection(collection(elements(first), { few: true }));
    case "nlargest":
    case "nsmallest": {
      const element = elements(second);
      key(ev, call, args, second, element);
      return collection(element);
    }
    case "filter":
    case "filterfalse":
    case "takewhile":
    case "dropwhile":
      applyPerElement(ev, first, second ?? unknown, elements(second), call);
      return collection(elements(second));
    case "next":
      return join(elements(first), second ?? never);
    case "range":
      return range(args);
    case "dict":
    case "defaultdict":
    case "OrderedDict":
      return first?.kind === "mapping" ? first : { kind: "mapping", key: never, value: never, entries: keywordEntries(call, args) };
    case "super":
      return superValue(ev, args);
    case "partial":
      return partial(ev, call, args);
    case "attrgetter":
    case "methodcaller":
    case "itemgetter":
      return getter(word, call);
    case "str":
    case "repr":
    case "format":
      if (first) textOfValue(ev, first, call, word === "repr" ? ["__repr__"] : ["__str__", "__repr__"]);
      return unknown;
    case "asdict":
    case "astuple":
      if (first) readFieldsOf(ev, first, call);
      return unknown;
    case "dump":
    case "dumps":
      encoded(ev, call, args);
      return unknown;
    case "any":
    case "all":
    case "sum":
      elements(first);
      return unknown;
    case "TypeAdapter":
      return typeAdapter(ev, call) ?? unknown;
    case "cast":
    case "deepcopy":
    case "copy":
      return (word === "cast" ? second : first) ?? unknown;
    case "getattr":
      return constantGetattr(ev, call, args);
    case "dedent":
    case "cleandoc":
      return first?.kind === "string"
        ? { ...first, literal: word === "dedent" ? dedented(first.literal) : stripped(dedented(first.literal)) }
        : unknown;
    case "gather":
      return collection(args.map((arg, at) => (call.args[at]!.splat ? elements(arg) : arg)).reduce(join, never));
    default:
      if (!innocent.has(word)) for (const arg of args) noteEscape(ev, arg);
      return unknown;
  }
}

/** The shortest list ends `zip`. */
function fewZipped(ev: Evaluator, word: string, args: readonly Value[]): { few?: boolean } {
  const few = args.map((arg) => isFew(ev, arg));
  return (word === "zip" ? few.some(Boolean) : few.every(Boolean)) ? { few: true } : {};
}

const isFew = (ev: Evaluator, value: Value): boolean =>
  value.kind === "tuple" ||
  (value.kind === "union" && value.of.every((member) => isFew(ev, member))) ||
  (value.kind === "collection" || value.kind === "mapping" ? value.few === true : membersOfEnumeration(ev, value) !== undefined);

/** `dict(users=users)` */
const keywordEntries = (call: CallExpr, args: readonly Value[]): ReadonlyMap<string, Value> =>
  new Map(call.args.flatMap((arg, at) => (arg.name === undefined ? [] : [[arg.name, args[at] ?? unknown] as const])));

function key(ev: Evaluator, call: CallExpr, args: readonly Value[], over: Value | undefined, element: Value): void {
  const at = call.args.findIndex((arg) => arg.name === "key");
  if (at >= 0 && over) applyPerElement(ev, args[at], over, element, call);
}

/** `reduce(f, rows, start)` calls with what came out before, and each row. */
function reduced(ev: Evaluator, call: CallExpr, [callback = unknown, over = unknown, start]: readonly Value[], element: Value): Value {
  const of: Value = { kind: "partial", of: callback, positional: [start ?? element], named: new Map() };
  return applyPerElement(ev, of, over, element, call);
}

function grouped(ev: Evaluator, call: CallExpr, args: readonly Value[], over: Value | undefined): Value {
  const element = over ? elementsOf(ev, over, call) : unknown;
  const callback = args[1];
  if (over) applyPerElement(ev, callback, over, element, call);
  return collection({ kind: "tuple", items: [unknown, collection(element)] });
}

/** `super()` inside a method. */
function superValue(ev: Evaluator, args: readonly Value[]): Value {
  const [param] = ev.fn.params;
  const self = args[1] ?? (param && ev.env.get(param.name));
  return self && ev.definedIn && self.kind !== "unknown" ? { kind: "super", self, class: ev.definedIn } : unknown;
}

/** `dataclasses.asdict` of a mapped dataclass walks its relationships. */
function readFieldsOf(ev: Evaluator, value: Value, place: CallExpr): void {
  noteEscape(ev, value);
  for (const member of membersOf(value)) {
    const entity = member.kind === "entity" ? ev.index.entities.get(member.entity) : undefined;
    for (const name of entity?.relationships.keys() ?? []) attributeNamed(ev, member, name, place);
  }
}

/** `json.dumps(rows, default=fn)` calls the function for whatever it cannot write. */
function encoded(ev: Evaluator, call: CallExpr, args: readonly Value[]): void {
  const at = call.args.findIndex((arg) => arg.name === "default");
  const [first] = args;
  if (first) noteEscape(ev, first);
  if (at < 0 || !first) return;
  const within = (value: Value, depth: number): void => {
    for (const member of membersOf(value)) {
      if (member.kind === "entity") applyValue(ev, args[at]!, givenValues(member), call);
      else if (member.kind === "collection" && member.of.kind === "entity") applyPerElement(ev, args[at], member, member.of, call);
      else if (member.kind === "mapping" && depth < 4) within(member.value, depth + 1);
    }
  };
  within(first, 0);
}

function partial(ev: Evaluator, call: CallExpr, args: readonly Value[]): Value {
  const given = givenBy(ev, call, args);
  const [of, ...positional] = given.positional.map((one) => one.value);
  return of ? { kind: "partial", of, positional, named: new Map([...given.named].map(([name, one]) => [name, one.value])) } : unknown;
}

function getter(word: string, call: CallExpr): Value {
  const paths = call.args.flatMap((arg) => stringOf(arg.value) ?? []);
  const of = word === "attrgetter" ? "attribute" : word === "methodcaller" ? "method" : "item";
  return { kind: "getter", of, paths };
}

/** With a step it goes through batches; with a small constant it is a few retries. */
function range(args: readonly Value[]): Value {
  if (args.length === 3) return collection(unknown, { batches: true });
  const bound = args.at(-1);
  return collection(unknown, bound?.kind === "number" && bound.value <= 10 ? { few: true } : {});
}

/** `getattr(user, "orders")`, also with a name out of a few constants. */
function constantGetattr(ev: Evaluator, call: CallExpr, args: readonly Value[]): Value {
  const [value = unknown, name = unknown] = args;
  const of = call.args[0]?.value;
  const names = membersOf(name);
  if (!of || !names.every((one) => one.kind === "string")) {
    noteEscape(ev, value);
    return unknown;
  }
  const { start, end } = call;
  return mapValue(name, (one) =>
    one.kind === "string" ? attributeValue(ev, value, { kind: "attribute", start, end, of, name: one.literal.value }) : unknown,
  );
}
