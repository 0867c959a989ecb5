import type { Plan } from "#protocol/plan";
import { planOfDocument } from "../readPlan.js";
import type { PlanDocument, Problem } from "./document.js";
import { readLooseJson, readStrictJson, type Place } from "./json/reader.js";
import { sourceLines, type SourceLine } from "./lines.js";
import { nextStructured, xmlEnd, yamlEnd, type Section } from "./sections.js";
import { readText } from "./text/reader.js";
import { unwrap } from "./unwrap/index.js";
import { readXml } from "./xml/reader.js";
import { readYaml } from "./yaml/reader.js";

export interface PlansReading {
  /** In the order of the source. */
  readonly plans: readonly Plan[];
  /** What could not be read, with its place; plans may stand beside it. Where there is no plan, there is a problem. */
  readonly problems: readonly Problem[];
}

/**
 * Reads every plan in a text: EXPLAIN's TEXT, JSON, YAML and XML, of PostgreSQL 10 and later, alone or with what it was copied with (psql's
 * frames, quotes, cells, logs, mails, Markdown, prose). Never throws. Linear in the text.
 */
export function readPlans(source: string): PlansReading {
  const found = readDocuments(source, 0);
  const plans = found.documents.map(({ document, source: own }) => planOfDocument(document, own));
  if (plans.length > 0 || found.problems.length > 0) return { plans, problems: found.problems };
  return { plans, problems: [nothingFound(source)] };
}

interface Reading {
  readonly documents: readonly { readonly document: PlanDocument; readonly source: string }[];
  readonly problems: readonly Problem[];
}

/** A text in a JSON in a text … : deeper nobody copies. */
const deepest = 4;

function readDocuments(source: string, depth: number): Reading {
  const start = source.trimStart()[0];
  const strict = start === "[" || start === "{" || start === '"' ? readStrictJson(source) : undefined;
  const [only, another] = strict?.documents ?? [];
  if (only && !another) return { documents: [{ document: only, source }], problems: [] };
  if (strict && !only && depth < deepest && strict.texts.length > 0) return readTexts(strict.texts, depth + 1);
  return readLines(source, depth);
}

/** Rows of a result are one plan, a line each; a text with several lines stands for itself. */
function readTexts(texts: readonly string[], depth: number): Reading {
  const whole = texts.filter((text) => text.includes("\n"));
  const sources = whole.length > 0 ? whole : [texts.join("\n")];
  const readings = sources.map((source) => readDocuments(source, depth));
  return { documents: readings.flatMap(({ documents }) => documents), problems: readings.flatMap(({ problems }) => problems) };
}

function readLines(source: string, depth: number): Reading {
  const original = sourceLines(source);
  const reader = new LinesReader(original, unwrap(original), depth);
  return reader.read();
}

class LinesReader {
  private readonly found: { document: PlanDocument; lines: readonly SourceLine[] }[] = [];
  private readonly nested: Reading[] = [];
  private readonly problems: Problem[] = [];
  private joined: { readonly text: string; readonly offsets: readonly number[] } | undefined;

  constructor(
    private readonly original: readonly SourceLine[],
    private readonly lines: readonly SourceLine[],
    private readonly depth: number,
  ) {}

  read(): Reading {
    let from = 0;
    for (let section = nextStructured(this.lines, 0); section; section = nextStructured(this.lines, from)) {
      this.readTextLines(from, section.start);
      from = this.readStructured(section);
    }
    this.readTextLines(from, this.lines.length);
    const single = this.found.length === 1 && this.nested.length === 0;
    const own = this.found.map(({ document }) => (single ? { document, source: textOf(this.original) } : this.shifted(document)));
    return {
      documents: [...own, ...this.nested.flatMap(({ documents }) => documents)],
      problems: [...this.problems, ...this.nested.flatMap(({ problems }) => problems)],
    };
  }

  private readTextLines(from: number, to: number): void {
    if (from >= to) return;
    const { documents, problems } = readText(this.lines.slice(from, to));
    this.keep(documents, problems);
  }

  private keep(documents: readonly PlanDocument[], problems: readonly Problem[]): void {
    this.found.push(...documents.map((document) => ({ document, lines: this.lines })));
    this.problems.push(...problems);
  }

  private readStructured(section: Section): number {
    if (section.format === "json") return this.readJson(section);
    const end = section.format === "xml" ? xmlEnd(this.lines, section.start) : yamlEnd(this.lines, section.start);
    const part = this.lines.slice(section.start, end);
    const { documents, problems } = section.format === "xml" ? readXml(part) : readYaml(part);
    this.keep(documents, problems);
    return end;
  }

  private readJson({ start, column }: Section): number {
    const { text, offsets } = (this.joined ??= join(this.lines));
    const placeAt = (offset: number): Place => {
      const index = lineIndex(offsets, offset);
      return { line: this.lines[index]?.first ?? 1, column: offset - (offsets[index] ?? 0) + 1 };
    };
    const reading = readLooseJson(text, (offsets[start] ?? 0) + column, placeAt);
    this.keep(reading.documents, reading.documents.length > 0 || reading.texts.length === 0 ? reading.problems : []);
    if (reading.documents.length === 0 && reading.texts.length > 0 && this.depth < deepest) {
      this.nested.push(readTexts(reading.texts, this.depth + 1));
    }
    return Math.max(start, lineIndex(offsets, Math.max(reading.end - 1, 0))) + 1;
  }

  /** One of several plans: its own stretch of the source, with lines counted from its beginning. */
  private shifted(document: PlanDocument): Reading["documents"][number] {
    const { first, last } = document.lines;
    const before = first - 1;
    const places = new Map(
      [...document.places].map(([keys, lines]) => [keys, { first: lines.first - before, last: lines.last - before }] as const),
    );
    return { document: { ...document, places }, source: textOf(this.original.slice(before, last)) };
  }
}

const textOf = (lines: readonly SourceLine[]): string => lines.map(({ text }) => text).join("\n");

function join(lines: readonly SourceLine[]): { readonly text: string; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  let offset = 0;
  for (const { text } of lines) {
    offsets.push(offset);
    offset += text.length + 1;
  }
  return { text: textOf(lines), offsets };
}

/** Index of the last line that begins at or before the offset. */
function lineIndex(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nothingFound(source: string): Problem {
  const blank = source.trim() === "";
  return {
    message: blank
      ? "There is nothing to read. Paste the output of EXPLAIN, in any of its formats."
      : "No plan was found: no line looks like one of EXPLAIN's text format, and no JSON, XML or YAML has a “Plan”. Paste the whole output of EXPLAIN, best of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON).",
    line: 1,
  };
}
