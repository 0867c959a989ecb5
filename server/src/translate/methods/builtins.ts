import type { Expr } from "../../python/index.js";
import { attribute } from "../execute/attributes.js";
import type { Frame } from "../execute/frame.js";
import { elementsOf } from "../execute/loops.js";
import type { Machine } from "../execute/machine.js";
import { unparse } from "../execute/unparse.js";
import { buildsSql, listOf, type Args, type DictValue, type Value } from "../values.js";

type Call = Expr & { kind: "call" };
const plainTypes: Readonly<Record<string, string>> = {
  len: "int",
  int: "int",
  str: "str",
  float: "float",
  bool: "bool",
  isinstance: "bool",
  hasattr: "bool",
  any: "bool",
  all: "bool",
  repr: "str",
  round: "float",
  id: "int",
};

/** Python's own functions as far as queries are built with them. */
export function builtin(m: Machine, name: string, args: Args, expr: Call, frame: Frame): Value {
  const [first] = args.positional;
  if (name === "list" || name === "tuple" || name === "set" || name === "sorted" || name === "frozenset" || name === "reversed") {
    if (!first) return listOf([], name === "tuple" ? "tuple" : name === "set" ? "set" : "list");
    const elements = elementsOf(m, first);
    if (elements && name !== "sorted" && name !== "reversed") return listOf([...elements], name === "tuple" ? "tuple" : "list");
    if (first.kind === "parameter" || first.kind === "list") return first;
    return { kind: "parameter", name: unparse(expr), type: { name: "list", list: { name: "" } } };
  }
  if (name === "dict") {
    const result: DictValue = { kind: "dict", entries: new Map(args.keywords), others: [] };
    if (first?.kind === "dict") for (const [key, value] of first.entries) result.entries.set(key, value);
    else if (first) result.open = "a dictionary that is not known";
    return result;
  }
  if (name === "getattr") return getattr(m, args, expr, frame);
  if (name === "type" && first?.kind === "instance")
    return attribute(m, first, "__class__", { kind: "attribute", of: expr, name: "__class__", start: expr.start, end: expr.end }, frame);
  if (name === "super") return superOf(m, frame);
  if (name === "enumerate" && first) {
    const elements = elementsOf(m, first);
    if (elements) return listOf(elements.map((element, at): Value => listOf([{ kind: "constant", value: at }, element], "tuple")));
  }
  if (name === "len" && first?.kind === "list" && first.open === undefined) return { kind: "constant", value: first.items.length };
  const type = plainTypes[name];
  if (type) return { kind: "parameter", name: unparse(expr), type: { name: type } };
  if (args.positional.some(buildsSql))
    return { kind: "unknown", reason: `what ${name}() gives back is not known`, file: frame.file, start: expr.start };
  return { kind: "parameter", name: unparse(expr) };
}

function getattr(m: Machine, args: Args, expr: Call, frame: Frame): Value {
  const [of, name, otherwise] = args.positional;
  if (of && name?.kind === "constant" && typeof name.value === "string") {
    const found = attribute(m, of, name.value, { kind: "attribute", of: expr, name: name.value, start: expr.start, end: expr.end }, frame);
    return found.kind === "unknown" && otherwise ? otherwise : found;
  }
  if (of && (of.kind === "entity" || buildsSql(of)))
    return { kind: "unknown", reason: `which attribute ${unparse(expr)} is is not known`, file: frame.file, start: expr.start };
  return { kind: "parameter", name: unparse(expr) };
}

/** `super()`: the class above the one whose method runs. */
function superOf(m: Machine, frame: Frame): Value {
  const fn = m.facts(frame.file).functions[frame.index];
  const fact = fn?.class === undefined ? undefined : m.facts(frame.file).classes[fn.class];
  const self = fn?.params[0] && frame.get(fn.params[0].name);
  const ref = fact && m.index.classes.linear({ file: frame.file, index: fn!.class!, fact })[1];
  if (!ref || !self) return { kind: "parameter", name: "super()" };
  if (self.kind === "instance") return { kind: "instance", name: self.name, class: ref, attributes: self.attributes };
  return { kind: "class", class: ref };
}
