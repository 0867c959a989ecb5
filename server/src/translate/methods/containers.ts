import type { Machine } from "../execute/machine.js";
import { elementsOf } from "../execute/loops.js";
import { chosenEntry } from "../execute/subscripts.js";
import { none, type Args, type DictValue, type ListValue, type Value } from "../values.js";

/** Lists of conditions that grow, dictionaries of values. */
export function containerMethod(m: Machine, of: ListValue | DictValue, name: string, args: Args, text: () => string): Value {
  return of.kind === "list" ? listMethod(m, of, name, args, text) : dictMethod(m, of, name, args, text);
}

function listMethod(m: Machine, of: ListValue, name: string, args: Args, text: () => string): Value {
  const [first] = args.positional;
  if ((name === "append" || name === "add") && first) {
    of.items.push(first);
    return none;
  }
  if ((name === "extend" || name === "update") && first) {
    const elements = elementsOf(m, first);
    if (elements) of.items.push(...elements);
    else of.open = `${text()} adds what is not known`;
    return none;
  }
  if (name === "insert" && args.positional.length === 2) {
    const [at, value] = args.positional;
    if (at?.kind === "constant" && typeof at.value === "number") of.items.splice(at.value, 0, value!);
    else of.open = `${text()} adds in a place that is not known`;
    return none;
  }
  if (name === "copy") return { ...of, items: [...of.items] };
  of.open = `${text()} changes a list`;
  return { kind: "parameter", name: text() };
}

function dictMethod(m: Machine, of: DictValue, name: string, args: Args, text: () => string): Value {
  const [first, second] = args.positional;
  const key = first?.kind === "constant" && typeof first.value === "string" ? first.value : undefined;
  if (name === "get" || name === "pop" || name === "setdefault") {
    const found = key === undefined ? undefined : of.entries.get(key);
    if (name === "pop" && key !== undefined) of.entries.delete(key);
    if (found) return found;
    if (key !== undefined && of.open === undefined && of.others.length === 0) return second ?? none;
    const chosen = name === "get" && first ? chosenEntry(m, of, first, text, second ?? none) : undefined;
    if (chosen) return chosen;
    return { kind: "unknown", reason: `${text()} is not known` };
  }
  if (name === "update") {
    for (const [each, value] of args.keywords) of.entries.set(each, value);
    if (first?.kind === "dict") for (const [each, value] of first.entries) of.entries.set(each, value);
    if (first && (first.kind !== "dict" || first.open !== undefined)) of.open = `${text()} adds what is not known`;
    return none;
  }
  const open = of.open !== undefined || of.others.length > 0;
  if (name === "items" && !open)
    return {
      kind: "list",
      of: "list",
      items: [...of.entries].map(([each, value]): Value => ({
        kind: "list",
        of: "tuple",
        items: [{ kind: "constant", value: each }, value],
      })),
    };
  if (name === "keys" && !open)
    return { kind: "list", of: "list", items: [...of.entries.keys()].map((each): Value => ({ kind: "constant", value: each })) };
  if (name === "values" && !open) return { kind: "list", of: "list", items: [...of.entries.values()] };
  if (name === "copy") return { ...of, entries: new Map(of.entries) };
  return { kind: "unknown", reason: `${text()} is not known` };
}
