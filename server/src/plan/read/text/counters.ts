import type { JsonObject } from "../../json.js";
import { newKeys, type Keys } from "../document.js";
import { decimal, leadingNumber, splitOutside } from "./scan.js";

/** Lines that pack several figures into one: each gives the keys that FORMAT JSON has for them, or undefined where it is not understood. */
export type LineReader = (value: string, nodeType: string) => JsonObject | undefined;

/** `shared hit=3 read=1, temp read=4 written=5` */
export function readBufferLine(value: string): JsonObject | undefined {
  return readGroups(value, { shared: "Shared", local: "Local", temp: "Temp" }, (scope, name) => {
    const counter = { hit: "Hit", read: "Read", dirtied: "Dirtied", written: "Written" }[name];
    return counter && `${scope} ${counter} Blocks`;
  });
}

/** Up to 14 `read=1.2 write=3`; 15 and 16 `shared/local read=1.2, temp read=3`; from 17 on `shared read=1.2, local read=…`. In ms. */
export function readTimingLine(value: string): JsonObject | undefined {
  const scopes = { "": "I/O", "shared/local": "I/O", shared: "Shared I/O", local: "Local I/O", temp: "Temp I/O" };
  return readGroups(value, scopes, (scope, name) => ({ read: `${scope} Read Time`, write: `${scope} Write Time` })[name]);
}

function readGroups(
  value: string,
  scopes: Readonly<Record<string, string>>,
  keyOf: (scope: string, name: string) => string | undefined,
): JsonObject | undefined {
  const keys = newKeys();
  for (const group of value.split(",")) {
    const words = group.split(" ").filter((word) => word !== "");
    const named = words[0]?.includes("=") === false;
    const name = named ? (words[0] ?? "") : "";
    const scope = Object.hasOwn(scopes, name) ? scopes[name] : undefined;
    if (scope === undefined) return undefined;
    for (const word of named ? words.slice(1) : words) {
      const pair = readPair(word);
      const key = pair && keyOf(scope, pair.name);
      if (!pair || key === undefined) return undefined;
      keys[key] = pair.number;
    }
  }
  return keys;
}

function readPair(word: string): { name: string; number: number } | undefined {
  const equals = word.indexOf("=");
  const number = decimal(word.slice(equals + 1));
  return equals < 0 || number === undefined ? undefined : { name: word.slice(0, equals), number };
}

/** A reader of `exact=3 lossy=4`; a name may have a blank in it (`buffers full=2`), a value a unit (`used=43kB`, `90.00%`). */
function named(names: Readonly<Record<string, string>>): LineReader {
  return (value) => {
    const keys = newKeys();
    let name = "";
    for (const word of value.split(" ").filter((part) => part !== "")) {
      const equals = word.indexOf("=");
      name = name === "" ? word.slice(0, equals < 0 ? undefined : equals) : `${name} ${word.slice(0, equals < 0 ? undefined : equals)}`;
      if (equals < 0) continue;
      const key = Object.hasOwn(names, name) ? names[name] : undefined;
      const text = word.slice(equals + 1);
      if (key === undefined || text === "") return undefined;
      keys[key] = leadingNumber(text) ?? text;
      name = "";
    }
    return name === "" ? keys : undefined;
  };
}

/** A reader of `Buckets: 1024  Batches: 1  Memory Usage: 9kB`, which is given with its first name. */
function packed(names: Readonly<Record<string, string>>): LineReader {
  return (value) => {
    const keys = newKeys();
    for (const part of splitOutside(value, "  ")) {
      const colon = part.indexOf(": ");
      const key = Object.hasOwn(names, part.slice(0, colon).trim()) ? names[part.slice(0, colon).trim()] : undefined;
      const text = part.slice(colon + 2).trim();
      if (colon < 0 || key === undefined || text === "") return undefined;
      keys[key] = leadingNumber(text) ?? text;
      const originally = text.indexOf("(originally ");
      if (names[`originally ${key}`] === undefined) continue;
      keys[`Original ${key}`] = (originally < 0 ? undefined : leadingNumber(text.slice(originally + 12))) ?? keys[key];
    }
    return keys;
  };
}

const readHash = packed({
  Buckets: "Hash Buckets",
  "originally Hash Buckets": "",
  Batches: "Hash Batches",
  "originally Hash Batches": "",
  "Memory Usage": "Peak Memory Usage",
});
const readHashAggregate = packed({
  "Planned Partitions": "Planned Partitions",
  Batches: "HashAgg Batches",
  "Memory Usage": "Peak Memory Usage",
  "Disk Usage": "Disk Usage",
});
const readCache = packed({
  Hits: "Cache Hits",
  Misses: "Cache Misses",
  Evictions: "Cache Evictions",
  Overflows: "Cache Overflows",
  "Memory Usage": "Peak Memory Usage",
});

/** `external merge  Disk: 9952kB`; a worker's and the node's alike. */
function readSort(value: string): JsonObject | undefined {
  const [method = "", space, ...more] = value.split("  ");
  if (space === undefined) return { "Sort Method": method };
  const colon = space.indexOf(": ");
  const used = leadingNumber(space.slice(colon + 2));
  if (colon < 0 || used === undefined || more.length > 0) return undefined;
  return { "Sort Method": method, "Sort Space Used": used, "Sort Space Type": space.slice(0, colon) };
}

/** `13  Sort Methods: quicksort, top-N heapsort  Average Memory: 33kB  Peak Memory: 33kB`: an object in JSON. */
function readSortGroups(name: string): LineReader {
  return (value) => {
    const group = newKeys();
    for (const part of `Group Count: ${value}`.split("  ")) {
      const colon = part.indexOf(": ");
      const label = part.slice(0, colon);
      const text = part.slice(colon + 2);
      if (colon < 0) return undefined;
      if (label === "Sort Method" || label === "Sort Methods") group["Sort Methods Used"] = text.split(", ");
      else if (label.startsWith("Average ") || label.startsWith("Peak ")) addSpace(group, label, text);
      else group[label] = leadingNumber(text) ?? text;
    }
    return { [name]: group };
  };
}

function addSpace(group: Keys, label: string, text: string): void {
  const [kind = "", type = ""] = label.split(" ");
  const key = `Sort Space ${type}`;
  group[key] = { ...(group[key] as JsonObject | undefined), [`${kind} Sort Space Used`]: leadingNumber(text) ?? text };
}

/** `system ('10'::real) REPEATABLE ('3'::double precision)` */
function readSampling(value: string): JsonObject | undefined {
  const open = value.indexOf(" (");
  if (open < 0) return undefined;
  const [parameters = "", seed] = splitOutside(value.slice(open + 1), " REPEATABLE ");
  const inside = parameters.trim().slice(1, -1);
  const keys = { "Sampling Method": value.slice(0, open), "Sampling Parameters": splitOutside(inside, ", ") };
  return seed === undefined ? keys : { ...keys, "Repeatable Seed": seed.trim().slice(1, -1) };
}

function readStorage(value: string): JsonObject | undefined {
  const [storage = "", maximum] = value.split("  Maximum Storage: ");
  return maximum === undefined ? undefined : { Storage: storage, "Maximum Storage": leadingNumber(maximum) ?? maximum };
}

const withHead = (head: string, reader: LineReader): LineReader => {
  return (value, type) => reader(`${head}: ${value}`, type);
};

/** By the name that the line begins with. */
export const packedLines: ReadonlyMap<string, LineReader> = new Map<string, LineReader>([
  ["Buffers", readBufferLine],
  ["I/O Timings", readTimingLine],
  [
    "WAL",
    named({
      records: "WAL Records",
      fpi: "WAL FPI",
      bytes: "WAL Bytes",
      "fpi bytes": "WAL FPI Bytes",
      "buffers full": "WAL Buffers Full",
    }),
  ],
  ["Heap Blocks", named({ exact: "Exact Heap Blocks", lossy: "Lossy Heap Blocks" })],
  ["Tuples", named({ inserted: "Tuples Inserted", updated: "Tuples Updated", deleted: "Tuples Deleted", skipped: "Tuples Skipped" })],
  ["Buckets", withHead("Buckets", readHash)],
  ["Batches", (value, type) => (type === "Hash" ? readHash : readHashAggregate)(`Batches: ${value}`, type)],
  ["Planned Partitions", withHead("Planned Partitions", readHashAggregate)],
  ["Hits", withHead("Hits", readCache)],
  [
    "Estimates",
    named({
      capacity: "Estimated Capacity",
      "distinct keys": "Estimated Distinct Lookup Keys",
      lookups: "Estimated Lookups",
      "hit percent": "Estimated Hit Percent",
    }),
  ],
  ["Sort Method", readSort],
  ["Full-sort Groups", readSortGroups("Full-sort Groups")],
  ["Pre-sorted Groups", readSortGroups("Pre-sorted Groups")],
  ["Sampling", readSampling],
  ["Storage", readStorage],
  ["Memory", named({ used: "Memory Used", allocated: "Memory Allocated" })],
]);
