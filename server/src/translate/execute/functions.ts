import type { FileFacts, FunctionFact } from "../../python/index.js";
import { listOf, type Args, type DictValue, type Value } from "../values.js";
import { typeOf, valueOfType } from "./annotations.js";
import { Frame } from "./frame.js";
import { deepestCall, type Machine } from "./machine.js";
import { sliceOf, type Slice } from "./slice.js";
import { namesOfOuter, namesRead } from "../syntax.js";
import { joinedCall } from "./summaries.js";

const slices = new WeakMap<FunctionFact, Slice>();

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
  const facts = m.facts(callee.file);
  let slice = slices.get(fn);
  if (!slice) slices.set(fn, (slice = sliceOf(facts, fn.body, undefined, undefined, fillable(facts, fn), namesOfOuter(fn))));
  m.run(fn.body, frame, slice);
  const { returned } = frame;
  if (!returned) return { kind: "constant", value: null };
  // A plain value is known by what the function is called, and by the type that it promises.
  if (returned.kind === "parameter" || returned.kind === "unknown") {
    const { type } = typeOf(m, callee.file, fn.returns);
    if (type && returned.kind === "parameter" && !returned.type) return valueOfType(m, returned.name, type);
  }
  return returned;
}
/** Lists that are handed in, and those of the function around. */
function fillable(facts: FileFacts, fn: FunctionFact): Set<string> {
  const around = fn.parent > 0 ? namesRead(facts, facts.functions.indexOf(fn)) : [];
  return new Set([...fn.params.map(({ name }) => name).filter((name) => name !== "self" && name !== "cls"), ...around]);
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
