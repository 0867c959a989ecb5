import { isObject, type Json, type JsonObject } from "../../json.js";
import type { Lines, PlanDocument, Problem } from "../document.js";
import { findDocuments, nodesInOrder } from "./documents.js";
import { parseLoosely, type Extent, type LooseReading } from "./looseParser.js";
import { scanJson } from "./positions.js";

export interface JsonReading {
  readonly documents: readonly PlanDocument[];
  /** Texts inside the JSON in which plans may stand. */
  readonly texts: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads a text that is JSON and nothing else; undefined where JSON.parse refuses it, or would lose something. */
export function readStrictJson(source: string): JsonReading | undefined {
  let value: Json;
  try {
    value = JSON.parse(source) as Json;
  } catch {
    return undefined; // Read loosely, which finds the place of the fault.
  }
  const scan = scanJson(source);
  const nodes = nodesInOrder(value);
  if (scan.repeated || nodes.length * 2 !== scan.lines.length) return undefined;
  const places = new Map<JsonObject, Lines>();
  nodes.forEach((node, index) => places.set(node, { first: scan.lines[index * 2] ?? 1, last: scan.lines[index * 2 + 1] ?? 1 }));
  const { documents, texts } = findDocuments(value);
  const lines = { first: 1, last: Number.MAX_SAFE_INTEGER };
  return { documents: documents.map((keys) => ({ keys: identified(keys, scan.identifiers), places, lines })), texts, problems: [] };
}

/** Gives a document its identifier as the text has it: only the text has all digits. */
function identified(keys: JsonObject, identifiers: readonly string[]): JsonObject {
  const rounded = keys["Query Identifier"];
  if (typeof rounded !== "number" || Number.isSafeInteger(rounded)) return keys;
  const exact = identifiers.find((digits) => Number(digits) === rounded);
  return exact === undefined ? keys : { ...keys, "Query Identifier": exact };
}

/**
 * Reads JSON that begins at an offset of a text, as far as it can be understood.
 * @param lineAt line of the source, from 1, in which an offset of the text stands
 */
export function readLooseJson(text: string, start: number, lineAt: (offset: number) => Place): JsonReading & { readonly end: number } {
  const reading = parseLoosely(text, start);
  const { documents, texts } = findDocuments(reading.value);
  const lines = { first: lineAt(start).line, last: lineAt(Math.max(reading.end - 1, start)).line };
  const placed = documents.map((keys) => ({ keys, places: placesOf(reading, lineAt), lines: linesOf(keys, reading, lineAt) ?? lines }));
  return { documents: placed, texts, problems: problemsOf(reading, documents.length > 0, lineAt), end: reading.end };
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

function placesOf(reading: LooseReading, lineAt: (offset: number) => Place): ReadonlyMap<JsonObject, Lines> {
  const places = new Map<JsonObject, Lines>();
  for (const [keys, extent] of reading.extents) if (keys["Node Type"] !== undefined) places.set(keys, ownLines(extent, lineAt));
  return places;
}

function ownLines({ start, end, own }: Extent, lineAt: (offset: number) => Place): Lines {
  const first = lineAt(start).line;
  if (own < 0) return { first, last: lineAt(Math.max(end - 1, start)).line };
  const last = lineAt(own).line;
  return { first, last: Math.max(first, last - 1) };
}

function linesOf(keys: JsonObject, reading: LooseReading, lineAt: (offset: number) => Place): Lines | undefined {
  const extent = reading.extents.get(keys) ?? (isObject(keys["Plan"]) ? reading.extents.get(keys["Plan"]) : undefined);
  return extent && { first: lineAt(extent.start).line, last: lineAt(Math.max(extent.end - 1, extent.start)).line };
}

function problemsOf({ faults }: LooseReading, found: boolean, lineAt: (offset: number) => Place): readonly Problem[] {
  const consequence = found
    ? "What stands before it was read; what comes after it may be missing from tree and sums. Copy the whole output again."
    : "Nothing before it is a plan. Copy the whole output of EXPLAIN (FORMAT JSON), from its first bracket to its last.";
  return faults.slice(0, 20).map(({ offset, what }) => ({ message: `This JSON is not whole: ${what}. ${consequence}`, ...lineAt(offset) }));
}
