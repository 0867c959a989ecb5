import type { FileFacts, FunctionFact } from "../../python/index.js";
import { listOf, type Args, type DictValue, type Value } from "../values.js";
import { typeOf, valueOfType } from "./annotations.js";
import { Frame } from "./frame.js";
import { deepestCall, type Machine } from "./machine.js";
import { sliceOf, type Slice } from "./slice.js";
import { namesOfOuter, namesRead } from "../syntax.js";
import { joinedCall } from "./summaries.js";

/** Of each function: what has to do with its result alone, and with what it does to its arguments as well. */
const slices = { plain: new WeakMap<FunctionFact, Slice>(), changing: new WeakMap<FunctionFact, Slice>() };

function sliceFor(facts: FileFacts, fn: FunctionFact, frame: Frame): Slice {
  const names = fn.params.map((param) => param.name).filter((name) => fn.name === "__init__" || isMutable(frame.get(name)));
  const kept = names.length > 0 ? slices.changing : slices.plain;
  const known = kept.get(fn);
  if (known) return known;
  const params = names.length > 0 ? fn.params.map((param) => param.name) : [];
  const around = fn.parent > 0 ? namesRead(facts, facts.functions.indexOf(fn)) : [];
  const made = sliceOf(facts, fn.body, undefined, new Set(params), new Set([...params, ...around]), namesOfOuter(fn));
  kept.set(fn, made);
  return made;
}
const isMutable = (value: Value | undefined) => value?.kind === "dict" || (value?.kind === "list" && value.of !== "tuple");

/** Calls a function of the project with actual values and gives what it returns on this path. */
export function callFunction(m: Machine, callee: Value & { kind: "function" }, args: Args, depth = 0): Value {
  const facts = m.facts(callee.file);
  const fn = facts.functions[callee.index]!;
  if (depth > deepestCall)
    return { kind: "unknown", reason: `calls of ${fn.name} are nested too deeply`, file: callee.file, start: fn.nameStart };
  if (fn.generator) return contextOf(fn) ? { kind: "parameter", name: fn.name } : { kind: "parameter", name: `${fn.name}()` };
  const run = () => runFunction(m, fn, callee, args, depth);
  return joinedCall(m, fn, callee, args, run) ?? run();
}

function runFunction(m: Machine, fn: FunctionFact, callee: Value & { kind: "function" }, args: Args, depth: number): Value {
  const frame = new Frame(callee.file, callee.index, depth, callee.closure);
  if (callee.closure) frame.outer = namesOfOuter(fn);
  bind(m, fn, callee, args, frame);
  m.run(fn.body, frame, sliceFor(m.facts(callee.file), fn, frame));
  const { returned } = frame;
  if (!returned) return { kind: "constant", value: null };
  // A plain value is known by what the function is called, and by the type that it promises.
  if (returned.kind === "parameter" || returned.kind === "unknown") {
    const { type } = typeOf(m, callee.file, fn.returns);
    if (type && returned.kind === "parameter" && !returned.type) return valueOfType(m, returned.name, type);
  }
  return returned;
}
const contextOf = (fn: FunctionFact) =>
  fn.decorators.some((one) => (one.kind === "attribute" ? one.name : one.kind === "name" ? one.id : "").includes("contextmanager"));

function bind(m: Machine, fn: FunctionFact, callee: Value & { kind: "function" }, args: Args, frame: Frame): void {
  const positional = callee.self ? [callee.self, ...args.positional] : [...args.positional];
  const used = new Set<string>();
  for (const param of fn.params) {
    if (param.splat === 1) {
      frame.set(param.name, listOf(positional.splice(0), "tuple"));
      continue;
    }
    if (param.splat === 2) {
      const rest: DictValue = {
        kind: "dict",
        entries: new Map([...args.keywords].filter(([name]) => !used.has(name) && name !== "**")),
        others: [],
      };
      if (args.keywords.has("**")) rest.open = "keyword arguments that are not known";
      frame.set(param.name, rest);
      continue;
    }
    const named = args.keywords.get(param.name);
    const given = param.keywordOnly || positional.length === 0 ? named : positional.shift();
    used.add(param.name);
    if (given) frame.set(param.name, given);
    else if (param.default && !args.keywords.has("**"))
      frame.set(param.name, m.eval(param.default, new Frame(callee.file, 0, frame.depth)));
    else {
      const { type, optional } = typeOf(m, callee.file, param.annotation);
      frame.set(param.name, valueOfType(m, param.name, type, optional));
    }
  }
}

/** The function as it is called: a plain value goes by the function's own name for it. */
export function bindCalled(m: Machine, file: string, fn: FunctionFact, self: Value | undefined, args: Args, frame: Frame): void {
  const own = new Map(frame.names);
  bind(m, fn, { kind: "function", file, index: frame.index, ...(self ? { self } : {}) }, args, frame);
  for (const { name, splat } of fn.params) {
    const before = own.get(name);
    if (!splat && before && frame.get(name)?.kind === "parameter") frame.set(name, before);
  }
}

/** The function as it is when nothing is known of who calls it. */
export function bindUnknown(m: Machine, file: string, fn: FunctionFact, frame: Frame, self: Value | undefined): void {
  fn.params.forEach((param, at) => {
    if (at === 0 && self) frame.set(param.name, self);
    else if (param.splat === 1) frame.set(param.name, { kind: "list", of: "tuple", items: [], open: `*${param.name} is not known` });
    else if (param.splat === 2)
      frame.set(param.name, { kind: "dict", entries: new Map(), others: [], open: `**${param.name} is not known` });
    else {
      const { type, optional } = typeOf(m, file, param.annotation);
      const noneDefault = param.default?.kind === "constant" && param.default.value === null;
      const value = valueOfType(m, param.name, type, optional || noneDefault);
      frame.set(param.name, param.annotation || !param.default ? value : byDefault(m, file, param.name, param.default, noneDefault));
    }
  });
}

function byDefault(m: Machine, file: string, name: string, written: FunctionFact["params"][number]["default"], optional: boolean): Value {
  const value = m.eval(written!, new Frame(file, 0, 0));
  const type =
    value.kind === "constant" && value.value !== null
      ? { type: { name: typeof value.value === "string" ? "str" : typeof value.value === "boolean" ? "bool" : "int" } }
      : {};
  return { kind: "parameter", name, ...type, ...(optional ? { optional } : {}) };
}
