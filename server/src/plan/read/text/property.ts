import type { Json, JsonObject } from "../../json.js";
import { addKey, type Keys } from "../document.js";
import { packedLines } from "./counters.js";
import { decimal, leadingNumber, splitOutside } from "./scan.js";
import { listKeys, textKeys } from "./vocabulary.js";

export interface Property {
  readonly key: string;
  readonly value: string;
}

/** Splits `Key: value` and `Key:`; undefined where there is no key. */
export function splitProperty(text: string): Property | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0 || (text[colon + 1] !== undefined && text[colon + 1] !== " " && text[colon + 1] !== "\n")) return undefined;
  return { key: text.slice(0, colon), value: text.slice(colon + 1).trim() };
}

/** Adds a line's keys to a node, a worker or another group. A packed line that is not understood is kept under its own name. */
export function addProperty(keys: Keys, { key, value }: Property, nodeType: string): void {
  const packed = packedLines.get(key)?.(value, nodeType);
  if (packed) {
    for (const [name, inner] of Object.entries(packed)) keys[name] = inner;
  } else if (key === "Group Key" || key === "Hash Key" || (key === "Sort Key" && nodeType === "Aggregate")) addGroupKey(keys, key, value);
  else addKey(keys, key, valueOf(key, value));
}

export function valueOf(key: string, value: string): Json {
  if (listKeys.has(key)) return splitOutside(value, ", ");
  if (textKeys.has(key)) return value;
  if (value === "true" || value === "false") return value === "true";
  const number = decimal(value);
  return number !== undefined && String(number) === value ? number : value;
}

/**
 * With GROUPING SETS a node has several: each “Hash Key” is a set of its own, “Group Key” lines that follow each other are one set, and a
 * “Sort Key” begins one that is sorted anew. A list of such sets in JSON.
 */
function addGroupKey(keys: Keys, key: string, value: string): void {
  const columns = value === "()" ? [] : splitOutside(value, ", ");
  const sets = keys["Grouping Sets"] as readonly JsonObject[] | undefined;
  const single = keys["Group Key"] as readonly Json[] | undefined;
  if (key === "Group Key" && single === undefined && sets === undefined && value !== "()") {
    keys[key] = columns;
    return;
  }
  delete keys["Group Key"];
  const before = sets ?? (single ? [{ "Group Keys": [single] }] : []);
  const last = before.at(-1);
  if (key === "Group Key" && last && last["Hash Keys"] === undefined) {
    const known = (last["Group Keys"] as readonly Json[] | undefined) ?? [];
    keys["Grouping Sets"] = [...before.slice(0, -1), { ...last, "Group Keys": [...known, columns] }];
  } else keys["Grouping Sets"] = [...before, key === "Sort Key" ? { [key]: columns } : { [`${key}s`]: [columns] }];
}

/** `time=0.010 ms  output=1kB  format=text` */
export function readSerialization(value: string): JsonObject {
  const names: Readonly<Record<string, string>> = { time: "Time", output: "Output Volume", format: "Format" };
  return Object.fromEntries(
    value.split("  ").map((part) => {
      const equals = part.indexOf("=");
      const name = part.slice(0, equals).trim();
      const text = part.slice(equals + 1).trim();
      return [Object.hasOwn(names, name) ? (names[name] ?? name) : name, name === "format" ? text : (leadingNumber(text) ?? text)];
    }),
  );
}

/** `work_mem = '64kB', enable_seqscan = 'off'` */
export function readSettings(value: string): JsonObject {
  return Object.fromEntries(
    splitOutside(value, ", ").map((part) => {
      const equals = part.indexOf(" = ");
      const text = part.slice(equals + 3).trim();
      const quoted = text.length > 1 && text.startsWith("'") && text.endsWith("'");
      return [part.slice(0, equals < 0 ? undefined : equals).trim(), quoted ? text.slice(1, -1) : text];
    }),
  );
}

/** `Inlining true, Optimization true`, and with a nested part `Generation 1.2 ms (Deform 0.5 ms), Inlining 3.0 ms`. */
export function readJitList(value: string): JsonObject {
  return Object.fromEntries(
    splitOutside(value, ", ").map((part): [string, Json] => {
      const words = part.trim().split(" ");
      const [name = "", text = ""] = words;
      const deform = part.indexOf("(Deform ");
      const number = leadingNumber(text);
      if (deform >= 0) return [name, { Deform: leadingNumber(part.slice(deform + "(Deform ".length)) ?? null, Total: number ?? text }];
      return [name, text === "true" ? true : text === "false" ? false : (number ?? text)];
    }),
  );
}

/** `Trigger a_check for constraint c on t: time=7.264 calls=500`, or undefined. */
export function readTrigger(text: string): JsonObject | undefined {
  const colon = text.lastIndexOf(": ");
  if (!text.startsWith("Trigger ") || colon < 0) return undefined;
  const figures = new Map(
    text
      .slice(colon + 2)
      .split(" ")
      .map((word): [string, string] => [word.split("=")[0] ?? "", word.split("=")[1] ?? ""]),
  );
  const calls = decimal(figures.get("calls") ?? "");
  if (calls === undefined) return undefined;
  const [, name = "", constraint, relation] = splitTrigger(text.slice("Trigger".length, colon));
  const time = decimal(figures.get("time") ?? "");
  return {
    ...(name === "" ? {} : { "Trigger Name": name }),
    ...(constraint === undefined ? {} : { "Constraint Name": constraint }),
    ...(relation === undefined ? {} : { Relation: relation }),
    ...(time === undefined ? {} : { Time: time }),
    Calls: calls,
  };
}

/** Names are not quoted in this line, so that one with “ on ” in it cannot be told; the last one counts. */
function splitTrigger(text: string): readonly [string, string, string | undefined, string | undefined] {
  const at = text.indexOf(" for constraint ");
  const name = at < 0 ? text : text.slice(0, at);
  const owner = at < 0 ? text : text.slice(at + " for constraint ".length);
  const on = owner.lastIndexOf(" on ");
  const relation = on < 0 ? undefined : owner.slice(on + 4);
  const first = on < 0 ? owner : owner.slice(0, on);
  return at < 0 ? [text, first.trim(), undefined, relation] : [text, name.trim(), first, relation];
}
