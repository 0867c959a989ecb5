/** JSON as it comes from outside: every access asks for a kind and gets undefined where it is another. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isObject(value) ? value : undefined;
}

/** One line for a reader: lists with commas, objects as JSON. */
export function display(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return typeof value === "object" ? compact(value) : String(value);
}

function compact(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deeply to be shown)"; // The only thing that JSON cannot be written for.
  }
}

/** All keys but those that are shown elsewhere, in their order and spelling. */
export function detailsBut(object: JsonObject, shown: ReadonlySet<string>): { key: string; value: string }[] {
  const details: { key: string; value: string }[] = [];
  for (const key in object) if (!shown.has(key)) details.push({ key, value: display(object[key] ?? null) });
  return details;
}
