import type { Json, JsonObject } from "../json.js";

/** An object under construction. Without a prototype, so that a key called `__proto__` is a key like others. */
export type Keys = Record<string, Json>;

export const newKeys = (): Keys => Object.create(null) as Keys;

/** Where something stands in the source: lines from 1, both inclusive. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** What hindered the reading, with its place. The message says what is wrong, what follows, and what to do. */
export interface Problem {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
}

/** One plan in the form of EXPLAIN (FORMAT JSON), whatever format it came in. */
export interface PlanDocument {
  /** The object with the key “Plan”. */
  readonly keys: JsonObject;
  /** Lines of each node, by the node's own object. */
  readonly places: ReadonlyMap<JsonObject, Lines>;
  /** The part of the source that the plan takes. */
  readonly lines: Lines;
}

/** Adds without losing: a key that is there already becomes a list. */
export function addKey(keys: Keys, key: string, value: Json): void {
  const before = keys[key];
  if (before === undefined) keys[key] = value;
  else if (before !== value) keys[key] = [...(Array.isArray(before) ? (before as readonly Json[]) : [before]), value];
}
