import { isObject, type Json, type JsonObject } from "../../json.js";

export interface Found {
  /** Objects with a “Plan”, or nodes that stand alone. */
  readonly documents: readonly JsonObject[];
  /** Texts in which plans may stand: rows of a result, messages of a log. */
  readonly texts: readonly string[];
}

/** Looks through any JSON for plans. They are not looked for inside plans: what a remote server answered belongs to its node. */
export function findDocuments(value: Json): Found {
  const documents: JsonObject[] = [];
  const texts: string[] = [];
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") texts.push(next);
    else if (isObject(next) && isNode(next["Plan"])) documents.push(next);
    else if (isObject(next) && typeof next["Node Type"] === "string") documents.push({ Plan: next });
    else if (typeof next === "object" && next !== null) {
      const inner: readonly Json[] = Array.isArray(next) ? (next as readonly Json[]) : Object.values(next);
      for (let index = inner.length - 1; index >= 0; index--) waiting.push(inner[index] ?? null);
    }
  }
  return { documents, texts };
}

const isNode = (value: Json | undefined): boolean =>
  isObject(value) && (typeof value["Node Type"] === "string" || Array.isArray(value["Plans"]));

/** Nodes in the order in which the text has them: what stands in a list “Plans” or behind “Plan”, as `scanJson` finds them. */
export function nodesInOrder(value: Json): readonly JsonObject[] {
  const nodes: JsonObject[] = [];
  const waiting: { readonly value: Json; readonly key: string }[] = [{ value, key: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: current, key } = next;
    if (Array.isArray(current)) pushAll(waiting, current as readonly Json[], () => (key === "Plans" ? "Plans[]" : ""));
    else if (isObject(current)) {
      if (key === "Plan" || key === "Plans[]") nodes.push(current);
      const names = Object.keys(current);
      pushAll(
        waiting,
        names.map((name) => current[name] ?? null),
        (index) => names[index] ?? "",
      );
    }
  }
  return nodes;
}

function pushAll(waiting: { value: Json; key: string }[], values: readonly Json[], keyOf: (index: number) => string): void {
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index] ?? null;
    if (typeof value === "object" && value !== null) waiting.push({ value, key: keyOf(index) });
  }
}
