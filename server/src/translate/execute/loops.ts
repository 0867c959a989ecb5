import type { Value } from "../values.js";
import type { Machine } from "./machine.js";

/** The elements of something that is iterated over, where all of them are known. */
export function elementsOf(m: Machine, value: Value): readonly Value[] | undefined {
  if (value.kind === "list") return value.open === undefined ? value.items : undefined;
  if (value.kind === "dict")
    return value.open === undefined && value.others.length === 0
      ? [...value.entries.keys()].map((key): Value => ({ kind: "constant", value: key }))
      : undefined;
  if (value.kind === "statement" && value.statement.kind === "select" && value.statement.legacy) {
    m.send(value.statement, "", value.statement.site.span.start);
    return undefined;
  }
  return undefined;
}

/** One element of something whose elements are not known. */
export function loopVariable(m: Machine, over: Value, name: string): Value {
  if (over.kind === "parameter") {
    const type = over.type?.list;
    if (type?.entity) return { kind: "instance", name, entity: type.entity, attributes: new Map() };
    if (type?.class) return { kind: "instance", name, class: type.class, attributes: new Map() };
    return { kind: "parameter", name, ...(type ? { type } : {}) };
  }
  if (over.kind === "list" && over.items.length > 0)
    return { kind: "unknown", reason: over.open ?? "an element of a list that is not known" };
  if (over.kind === "statement" && over.statement.kind === "select") {
    const [first, second] = over.statement.columns;
    if (first?.kind === "entity" && !second) return { kind: "instance", name, entity: first.use.entity, attributes: new Map() };
  }
  void m;
  return { kind: "parameter", name };
}
