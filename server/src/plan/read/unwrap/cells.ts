import type { SourceLine } from "../lines.js";
import { columnOf } from "../lines.js";
import { kindOf } from "../text/lines.js";
import { carriesPlan, type Unwrapping } from "./unwrapping.js";

/** pgAdmin, DBeaver and spreadsheets: each line in double quotes, those inside doubled. */
export const unwrapQuotedLines: Unwrapping = (lines) => {
  const quoted = lines.flatMap(({ text }) => contentOf(text) ?? []);
  const looksLikePlan = quoted.some((text) => isPlanLine(text) && !isMember(text));
  if (!looksLikePlan) return undefined;
  const filled = lines.filter(({ text }) => text.trim() !== "").length;
  const all = quoted.length >= filled * 0.8;
  return lines.map((line) => {
    const content = contentOf(line.text);
    if (content === undefined || isMember(content) || !(all || isDoubled(content))) return line;
    return { ...line, text: isDoubled(content) ? content.replaceAll('""', '"') : content };
  });
};

/** `Node Type": "Limit`: the quotes are JSON's own. */
const isMember = (text: string): boolean => text.includes('": ') && !text.includes('"": ');

const isPlanLine = (text: string): boolean => ["arrow", "figures", "known"].includes(kindOf(text.trim())) || carriesPlan(text);

function contentOf(text: string): string | undefined {
  let end = text.trimEnd();
  while (end.length > 1 && ",;\t".includes(end.at(-1) ?? " ")) end = end.slice(0, -1);
  const start = columnOf(end);
  return end.length - start >= 2 && end[start] === '"' && end.endsWith('"') ? end.slice(start + 1, -1) : undefined;
}

/** Every quote inside has another beside it. */
function isDoubled(text: string): boolean {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return false;
  return true;
}

/** One row per line as Python prints it: `('Seq Scan on t  (cost=…)',)`. */
export const unwrapTuples: Unwrapping = (lines) => {
  const isTuple = (text: string): boolean => /^\s*\((['"])/.test(text) && /(['"]),?\),?\s*$/.test(text);
  if (!lines.some(({ text }) => isTuple(text) && carriesPlan(text))) return undefined;
  return lines.map((line) => {
    if (!isTuple(line.text)) return line;
    const trimmed = line.text.trim();
    const end = Math.max(trimmed.lastIndexOf("'"), trimmed.lastIndexOf('"'));
    return { ...line, text: trimmed.slice(2, end).replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll("\\\\", "\\") };
  });
};

/**
 * Cells with line breaks: a plan in one cell of a CSV or TSV file, the message of csvlog. Each cell's lines stand for themselves then, parted by
 * blank lines; what stands in other cells goes.
 */
export const unwrapCells: Unwrapping = (lines) => {
  if (!lines.some(({ text }) => text.includes('"') && openQuote(text, 0) >= 0)) return undefined;
  if (!lines.some(({ text }) => text.includes('""Plan""') || text.includes('""Node Type""') || text.includes("plan:") || carriesPlan(text)))
    return undefined;
  const cells = new Cells();
  for (const line of lines) cells.take(line);
  return cells.found ? cells.result : undefined;
};

/** Reads cells by RFC 4180, a line at a time. */
class Cells {
  readonly result: SourceLine[] = [];
  found = false;
  private open: SourceLine[] | undefined;

  take(line: SourceLine): void {
    const { text } = line;
    let at = 0;
    if (this.open) {
      at = this.takeOpen(line);
      if (at < 0) return;
    }
    // From here on a new cell begins at a separator; only one that goes on below the line counts.
    const start = openQuote(text, at);
    if (start >= 0) this.open = [{ ...line, text: unescape(text.slice(start + 1)) }];
    else if (at === 0) this.result.push(line);
  }

  /** Where the open cell ends in this line, or -1. */
  private takeOpen(line: SourceLine): number {
    const end = closingQuote(line.text, 0);
    this.open?.push({ ...line, text: unescape(line.text.slice(0, end < 0 ? undefined : end)) });
    if (end < 0) return -1;
    this.close();
    return end + 1;
  }

  private close(): void {
    const cell = this.open ?? [];
    this.open = undefined;
    const [first] = cell;
    if (!first || !cell.some(({ text }) => carriesPlan(text))) return;
    this.found = true;
    this.result.push({ ...first, text: "" }, ...cell, { ...first, text: "" });
  }
}

const unescape = (text: string): string => text.replaceAll('""', '"');

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

/** What a row of cells does not begin with, and indented lines of a plan in any format do. */
const notCells = [" ", "<", "{", "[", "-", ">"];

/** The quote of a cell that is not closed in its line. */
function openQuote(text: string, from: number): number {
  if (from === 0 && notCells.includes(text[0] ?? " ")) return -1;
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    const before = text.slice(0, at).trimEnd().at(-1);
    if (before !== undefined && !",;\t|".includes(before)) continue;
    const end = closingQuote(text, at + 1);
    if (end < 0) return at;
    at = end;
  }
  return -1;
}
