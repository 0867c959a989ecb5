import type { Plan } from "#protocol/plan";
import { isObject, objectAt, type Json } from "./json.js";
import { buildPlan } from "./model.js";
import type { PlanDocument } from "./read/document.js";
import { readStrictJson } from "./read/json/reader.js";
import { plausible } from "./read/plausible.js";

export type PlanReading = { readonly plan: Plan; readonly problem?: undefined } | { readonly problem: string; readonly plan?: undefined };

/** Reads what EXPLAIN (FORMAT JSON) of PostgreSQL 10 and later sends. Never throws. */
export function planFromJson(source: string): PlanReading {
  const [strict] = readStrictJson(source)?.documents ?? [];
  // Reads once, and knows the lines of each node.
  if (strict) return { plan: planOfDocument(strict, source) };
  let json: Json;
  try {
    json = JSON.parse(source) as Json;
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const document: Json | undefined = Array.isArray(json) ? (json as readonly Json[])[0] : json;
  if (!isObject(document)) return { problem: "The JSON holds no plan: expected an object with the key “Plan”, or a list with one." };
  const root = objectAt(document, "Plan");
  if (!root) return { problem: "The JSON holds no plan: the key “Plan” is missing. Utility statements have none." };
  return { plan: buildPlan(plausible(document), root, source) };
}

/** The plan of a document that was read from any format. */
export function planOfDocument({ keys, places }: PlanDocument, source: string): Plan {
  return buildPlan(plausible(keys), objectAt(keys, "Plan") ?? {}, source, places);
}
