import { bufferKeys } from "../../measures.js";
import { isObject, type Json, type JsonObject } from "../../json.js";
import type { Keys } from "../document.js";

const bufferNames = Object.values(bufferKeys);

const families: readonly { readonly seen: readonly string[]; readonly keys: readonly string[] }[] = [
  { seen: bufferNames, keys: bufferNames },
  family("Shared I/O", "Local I/O", "Temp I/O"),
  family("I/O"),
  family("Temp I/O"),
  { seen: ["WAL Records", "WAL FPI", "WAL Bytes"], keys: ["WAL Records", "WAL FPI", "WAL Bytes"] },
];

function family(...scopes: readonly string[]) {
  const keys = scopes.flatMap((scope) => [`${scope} Read Time`, `${scope} Write Time`]);
  return { seen: keys.slice(0, 2), keys };
}

/**
 * TEXT leaves out counters that are zero, JSON does not. Where a plan shows a kind of counter anywhere, its absence elsewhere means zero; where
 * it shows none, nobody knows whether it was asked for.
 */
export function complete(nodes: readonly Keys[], document: Keys, decimals: boolean): void {
  const executed = nodes.filter((keys) => keys["Actual Loops"] !== undefined);
  const groups = executed.flatMap((keys) => [keys, ...workersOf(keys)]);
  const others = [document["Planning"], document["Serialization"]].filter(isObject) as Keys[];
  const all = [...groups, ...others];
  for (const { seen, keys } of families) {
    if (all.some((group) => seen.some((key) => group[key] !== undefined))) for (const group of groups) setZero(group, keys);
  }
  for (const { seen, keys } of families) {
    for (const group of others) if (seen.some((key) => group[key] !== undefined)) setZero(group, keys);
  }
  const timed = executed.some((keys) => keys["Actual Total Time"] !== undefined);
  for (const keys of executed) if (timed && keys["Actual Loops"] === 0) setZero(keys, ["Actual Startup Time", "Actual Total Time"]);
  const verbose = nodes.some((keys) => keys["Output"] !== undefined);
  for (const keys of nodes) if (verbose && keys["Join Type"] !== undefined) keys["Inner Unique"] ??= false;
  // From 18 on every node says whether it is disabled; TEXT only says so where it is.
  if (decimals) for (const keys of nodes) keys["Disabled"] ??= false;
}

function workersOf(keys: Keys): readonly Keys[] {
  const workers: Json | undefined = keys["Workers"];
  return Array.isArray(workers) ? (workers as Keys[]).filter((worker: JsonObject) => worker["Actual Loops"] !== undefined) : [];
}

function setZero(keys: Keys, names: readonly string[]): void {
  for (const name of names) keys[name] ??= 0;
}
