import type { Expr } from "../../python/index.js";
import { buildsSql, type Value } from "../values.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";
import { unparse } from "./unparse.js";

export function assign(m: Machine, target: Expr, value: Value, frame: Frame): void {
  if (target.kind === "name") frame.set(target.id, value);
  else if (target.kind === "tuple" || target.kind === "list") unpack(m, target.items, value, frame);
  else if (target.kind === "splat") assign(m, target.value, { kind: "parameter", name: unparse(target.value) }, frame);
  else if (target.kind === "attribute") setAttribute(m, m.eval(target.of, frame), target.name, value);
  else if (target.kind === "subscript") setItem(m.eval(target.of, frame), m.eval(target.index, frame), value);
}

function unpack(m: Machine, targets: readonly Expr[], value: Value, frame: Frame): void {
  const known = value.kind === "list" && value.open === undefined && value.items.length === targets.length ? value.items : undefined;
  targets.forEach((target, at) => {
    const unknown: Value = value.kind === "unknown" ? value : { kind: "parameter", name: unparse(target) };
    assign(m, target, known?.[at] ?? unknown, frame);
  });
}

function setAttribute(m: Machine, of: Value, name: string, value: Value): void {
  if (of.kind === "instance") of.attributes.set(name, value);
  void m;
}

function setItem(of: Value, key: Value, value: Value): void {
  if (of.kind === "dict") {
    if (key.kind === "constant" && typeof key.value === "string") of.entries.set(key.value, value);
    else if (buildsSql(key)) (of.others as [Value, Value][]).push([key, value]);
    else of.open = "a dictionary gets a key that is not known";
  } else if (of.kind === "list") of.open = "an element of a list is replaced";
}

/** What a value becomes when a loop may have changed it. */
export function widen(value: Value, name: string, place: { file: string; start: number }): Value {
  if (value.kind === "list") {
    const open = `"${name}" grows in a loop whose rounds are not known`;
    return value.items.some(buildsSql) || value.items.length === 0
      ? { kind: "list", of: value.of, items: [...value.items], open }
      : { kind: "parameter", name };
  }
  if (value.kind === "dict")
    return { ...value, entries: new Map(value.entries), open: `"${name}" grows in a loop whose rounds are not known` };
  if (buildsSql(value) || value.kind === "unknown")
    return { kind: "unknown", reason: `"${name}" is changed in a loop whose rounds are not known`, ...place };
  return value.kind === "parameter" ? value : { kind: "parameter", name };
}
