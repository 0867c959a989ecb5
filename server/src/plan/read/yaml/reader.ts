import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from "yaml";
import type { Json, JsonObject } from "../../json.js";
import { addKey, newKeys, type Keys, type Lines, type Problem } from "../document.js";
import { findDocuments } from "../json/documents.js";
import { columnOf, type SourceLine } from "../lines.js";
import type { StructuredReading } from "../xml/reader.js";

/** Reads EXPLAIN (FORMAT YAML). Anchors and tags, which EXPLAIN never writes, are not followed. */
export function readYaml(lines: readonly SourceLine[]): StructuredReading {
  const counter = new LineCounter();
  const lineAt = (offset: number): number => lines[Math.min(counter.linePos(offset).line, lines.length) - 1]?.first ?? 1;
  const range = { first: lines[0]?.first ?? 1, last: lines.at(-1)?.last ?? 1 };
  const text = straightened(lines.map((line) => line.text)).join("\n");
  try {
    const parsed = parseAllDocuments(text, { lineCounter: counter, uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    const parts = "empty" in parsed ? [] : parsed;
    const converter = new Converter(lineAt);
    const values = parts.map((part) => converter.convert(part.contents as Node | null));
    const problems = parts.flatMap((part) => part.errors).slice(0, 20).map((error): Problem => ({
      message: `This YAML is not whole: ${error.message.replace(/\.$/, "")}. What could be read is shown and may lack parts. Copy the whole output again, with its indentation.`,
      line: lineAt(error.pos[0]),
      column: counter.linePos(error.pos[0]).col,
    })); // prettier-ignore
    return { documents: findDocuments(values).documents.map((keys) => ({ keys, places: converter.places, lines: range })), problems };
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deeply" : error instanceof Error ? error.message : String(error);
    return { documents: [], problems: [{ message: `This YAML cannot be read: ${why}. Use EXPLAIN (FORMAT JSON).`, line: range.first }] };
  }
}

/** Copied without the first line's blank: everything else stands one column further right than YAML allows. */
function straightened(lines: readonly string[]): readonly string[] {
  const [first = "", ...others] = lines;
  const column = columnOf(first);
  let left = Infinity;
  for (const line of others) if (line.trim() !== "") left = Math.min(left, columnOf(line));
  const key = first.startsWith("- ", column) ? column + 2 : column;
  return left === key + 1 ? [` ${first}`, ...others] : lines;
}

class Converter {
  readonly places = new Map<JsonObject, Lines>();

  constructor(private readonly lineAt: (offset: number) => number) {}

  /** Recursive like the library, which refuses what is too deep before this runs. */
  convert(node: Node | null): Json {
    if (isScalar(node)) return scalar(node.value, node.source);
    if (isSeq(node)) return node.items.map((item) => this.convert(item as Node | null));
    if (!isMap(node)) return null;
    const keys: Keys = newKeys();
    let own: number | undefined;
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const offset = isScalar(key) ? key.range?.[0] : undefined;
      if (name === "Plans" && offset !== undefined) own ??= this.lineAt(offset) - 1;
      addKey(keys, name, this.convert(value as Node | null));
    }
    if (keys["Node Type"] !== undefined && node.range) {
      const first = this.lineAt(node.range[0]);
      this.places.set(keys, { first, last: Math.max(first, own ?? this.lineAt(Math.max(node.range[1] - 1, node.range[0]))) });
    }
    return keys;
  }
}

/** A whole number beyond 2^53 stays as it is written. */
function scalar(value: unknown, source: string | undefined): Json {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return source ?? String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return source ?? null;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : value === null
      ? null
      : (source ?? null);
}
