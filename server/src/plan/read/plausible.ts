import { isObject, type Json, type JsonObject } from "../json.js";
import { figureKeys } from "../measures.js";
import { newKeys } from "./document.js";

/** Beyond what any server counts or measures; products of two such figures are still finite. */
const most = 1e15;
/** Estimates may be as absurd as 1e100. */
const mostEstimated = 1e150;

const measured: ReadonlySet<string> = new Set([
  ...figureKeys,
  ...["Actual Startup Time", "Actual Total Time", "Actual Rows", "Actual Loops", "Planning Time", "Execution Time", "Time", "Calls"],
  ...["Memory Used", "Memory Allocated", "Output Volume", "Sort Space Used", "Peak Memory Usage", "Disk Usage", "Maximum Storage", "Total"],
  ...["Generation", "Inlining", "Optimization", "Emission", "Deform", "Functions", "Hash Batches", "HashAgg Batches"],
]);
const estimated: ReadonlySet<string> = new Set(["Startup Cost", "Total Cost", "Plan Rows", "Plan Width"]);

/**
 * The same object without figures that cannot be: negative ones, and those beyond all measure. A damaged plan has them, and they would make
 * sums negative or infinite. Objects and lists inside are looked through as deep as EXPLAIN nests them, but not the nodes below.
 */
export function plausible(object: JsonObject, depth = 0): JsonObject {
  let changed: Record<string, Json> | undefined;
  for (const key in object) {
    const value = object[key] ?? null;
    const better = key === "Plans" || key === "Plan" ? value : plausibleValue(key, value, depth);
    if (better === value) continue;
    changed ??= Object.assign(newKeys(), object);
    if (better === undefined) delete changed[key];
    else changed[key] = better;
  }
  return changed ?? object;
}

function plausibleValue(key: string, value: Json, depth: number): Json | undefined {
  if (typeof value === "number") {
    if (measured.has(key)) return value >= 0 && value <= most ? value : undefined;
    if (estimated.has(key)) return value >= 0 && value <= mostEstimated ? value : undefined;
    return value;
  }
  if (depth > 2) return value;
  if (isObject(value)) return plausible(value, depth + 1);
  if (!Array.isArray(value)) return value;
  const items = (value as readonly Json[]).map((item) => (isObject(item) ? plausible(item, depth + 1) : item));
  return items.some((item, index) => item !== value[index]) ? items : value;
}
