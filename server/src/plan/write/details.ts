import type { Json, JsonObject } from "../json.js";
import { isObject } from "../json.js";
import { displayName } from "../identifiers.js";

type Details = readonly { readonly key: string; readonly value: string }[];

/** Keys that the node's own line says, or that only FORMAT JSON has. */
const inTitle = new Set([
  "Parallel Aware",
  "Async Capable",
  "Strategy",
  "Partial Mode",
  "Join Type",
  "Scan Direction",
  "Command",
  "Operation",
  "Custom Plan Provider",
  "CTE Name",
  "Function Name",
  "Table Function Name",
  "Tuplestore Name",
]);

/** A line of EXPLAIN's text that packs several keys: the key that it stands for, and how it is written. */
interface Packed {
  readonly head: string;
  readonly write: (get: (key: string) => string | undefined) => string | undefined;
  readonly takes: readonly string[];
}

const originally = (now: string | undefined, before: string | undefined): string =>
  before === undefined || before === now ? (now ?? "") : `${now} (originally ${before})`;

const tupleKeys = ["Tuples Inserted", "Tuples Updated", "Tuples Deleted", "Tuples Skipped"] as const;

/** MERGE shares one line among what it did, whichever of it comes first. */
const merged = tupleKeys.map((head): Packed => ({
  head,
  takes: tupleKeys,
  write: (get) => {
    if (get("Operation") !== "Merge") return undefined;
    const figures = tupleKeys.filter((key) => !isZero(get(key))).map((key) => `${key.slice("Tuples ".length).toLowerCase()}=${get(key)}`);
    return figures.length === 0 ? "" : `Tuples: ${figures.join(" ")}`;
  },
}));

const packed: readonly Packed[] = [
  ...merged,
  {
    head: "Sort Method",
    takes: ["Sort Space Used", "Sort Space Type"],
    write: (get) =>
      get("Sort Space Type") === undefined
        ? undefined
        : `Sort Method: ${get("Sort Method")}  ${get("Sort Space Type")}: ${get("Sort Space Used")}kB`,
  },
  {
    head: "Hash Buckets",
    takes: ["Original Hash Buckets", "Hash Batches", "Original Hash Batches", "Peak Memory Usage"],
    write: (get) => {
      if (get("Hash Batches") === undefined || get("Peak Memory Usage") === undefined) return undefined;
      const buckets = originally(get("Hash Buckets"), get("Original Hash Buckets"));
      return `Buckets: ${buckets}  Batches: ${originally(get("Hash Batches"), get("Original Hash Batches"))}  Memory Usage: ${get("Peak Memory Usage")}kB`;
    },
  },
  {
    head: "HashAgg Batches",
    takes: ["Peak Memory Usage", "Disk Usage"],
    write: (get) =>
      get("Peak Memory Usage") === undefined
        ? undefined
        : `Batches: ${get("HashAgg Batches")}  Memory Usage: ${get("Peak Memory Usage")}kB${isZero(get("Disk Usage")) ? "" : `  Disk Usage: ${get("Disk Usage")}kB`}`,
  },
  {
    head: "Exact Heap Blocks",
    takes: ["Lossy Heap Blocks"],
    write: (get) => {
      const figures = [["exact", get("Exact Heap Blocks")], ["lossy", get("Lossy Heap Blocks")]].filter(([, value]) => !isZero(value)); // prettier-ignore
      return figures.length === 0 ? "" : `Heap Blocks: ${figures.map(([name, value]) => `${name}=${value}`).join(" ")}`;
    },
  },
  {
    head: "Storage",
    takes: ["Maximum Storage"],
    write: (get) =>
      get("Maximum Storage") === undefined ? undefined : `Storage: ${get("Storage")}  Maximum Storage: ${get("Maximum Storage")}kB`,
  },
  {
    head: "Cache Hits",
    takes: ["Cache Misses", "Cache Evictions", "Cache Overflows", "Peak Memory Usage"],
    write: (get) =>
      get("Cache Misses") === undefined
        ? undefined
        : `Hits: ${get("Cache Hits")}  Misses: ${get("Cache Misses")}  Evictions: ${get("Cache Evictions") ?? "0"}  Overflows: ${get("Cache Overflows") ?? "0"}${get("Peak Memory Usage") === undefined ? "" : `  Memory Usage: ${get("Peak Memory Usage")}kB`}`,
  },
  {
    head: "Sampling Method",
    takes: ["Sampling Parameters", "Repeatable Seed"],
    write: (get) =>
      `Sampling: ${get("Sampling Method")} (${get("Sampling Parameters") ?? ""})${get("Repeatable Seed") === undefined ? "" : ` REPEATABLE (${get("Repeatable Seed")})`}`,
  },
];
const heads: ReadonlyMap<string, Packed> = new Map(packed.map((line) => [line.head, line]));

const isZero = (value: string | undefined): boolean => value === undefined || value === "0" || value === "";

/** The lines of a node's or a worker's details, in their order. */
export function detailLines(details: Details, loops = 1): readonly string[] {
  const values = new Map(details.map(({ key, value }) => [key, value]));
  const taken = new Set<string>();
  const lines: string[] = [];
  for (const { key, value } of details) {
    if (inTitle.has(key) || taken.has(key) || isDefault(key, value, loops)) continue;
    const line = heads.get(key)?.write((name) => values.get(name));
    if (line === undefined) lines.push(...plainLines(key, value));
    else {
      for (const name of heads.get(key)?.takes ?? []) taken.add(name);
      if (line !== "") lines.push(line);
    }
  }
  return lines;
}

/** What TEXT leaves out because it says nothing. */
function isDefault(key: string, value: string, loops: number): boolean {
  // Rows per loop are rounded: a few over many loops are printed as 0.
  if (key.startsWith("Rows Removed by ")) return value === "0" && loops <= 1;
  return value === "false" || (value === "0" && (key.startsWith("Tuples ") || key === "Planned Partitions" || key === "Disk Usage"));
}

function plainLines(key: string, value: string): readonly string[] {
  const object = value.startsWith("{") || value.startsWith("[") ? parsed(value) : undefined;
  if (key === "Full-sort Groups" || key === "Pre-sorted Groups") return [isObject(object) ? sortGroups(key, object) : `${key}: ${value}`];
  if (key === "Grouping Sets" && Array.isArray(object)) return (object as readonly Json[]).flatMap(groupingSet);
  if (key === "Target Tables" && Array.isArray(object)) return (object as readonly Json[]).flatMap(targetTable);
  return [`${key}: ${value}`];
}

function parsed(value: string): Json | undefined {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined; // An expression that begins with a bracket.
  }
}

const text = (value: Json | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).map(text) : []);

/** `Full-sort Groups: 13  Sort Method: quicksort  Average Memory: 33kB  Peak Memory: 33kB` */
function sortGroups(key: string, group: JsonObject): string {
  const methods = texts(group["Sort Methods Used"]);
  const spaces = ["Memory", "Disk"].flatMap((type) => {
    const space = group[`Sort Space ${type}`];
    return isObject(space)
      ? [`Average ${type}: ${text(space["Average Sort Space Used"])}kB`, `Peak ${type}: ${text(space["Peak Sort Space Used"])}kB`]
      : [];
  });
  return [`${key}: ${text(group["Group Count"])}`, `Sort Method${methods.length === 1 ? "" : "s"}: ${methods.join(", ")}`, ...spaces].join(
    "  ",
  );
}

function groupingSet(set: Json): readonly string[] {
  if (!isObject(set)) return [];
  return Object.entries(set).flatMap(([name, keys]) => {
    const single = name.replace(/Keys$/, "Key");
    const lists = Array.isArray(keys) ? (keys as readonly Json[]) : [];
    if (name === "Sort Key") return [`Sort Key: ${texts(keys).join(", ")}`];
    return lists.map((columns) => `${single}: ${texts(columns).length === 0 ? "()" : texts(columns).join(", ")}`);
  });
}

function targetTable(target: Json): readonly string[] {
  if (!isObject(target)) return [];
  const name = text(target["Relation Name"]);
  const schema = text(target["Schema"]);
  const alias = text(target["Alias"]);
  return [
    `Update on ${schema === "" ? "" : `${displayName(schema)}.`}${displayName(name)}${alias === "" || alias === name ? "" : ` ${displayName(alias)}`}`,
  ];
}
