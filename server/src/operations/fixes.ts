import type { Finding, TextEdit } from "#protocol/finding";
import { OptimizerError } from "#protocol/failure";
import { readProjectFile } from "../workspace/reading.js";
import { writeAtomically } from "./files.js";

/**
 * The safe fixes that can be made at once. A fix is taken whole or not at all: one that clashes with an earlier one waits for the next
 * round. Two fixes may add the same import: equal edits at one place are one edit.
 */
export function combineSafeFixes(findings: readonly Finding[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes.find((candidate) => candidate.applicability === "safe" && candidate.edits.length > 0);
    const fresh = fix?.edits.filter((edit) => !taken.some((other) => sameEdit(edit, other))) ?? [];
    if (!fresh.some((edit) => taken.some((other) => clash(edit, other)))) taken.push(...fresh);
  }
  return taken;
}

/** Applies edits to one text. Ranges speak about the text before any of them. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = lineStarts(text);
  const offset = (line: number, column: number): number => Math.min((starts[line - 1] ?? text.length) + column - 1, text.length);
  const spans = edits
    .map(({ range, newText }) => ({
      start: offset(range.line, range.column),
      end: offset(range.endLine, range.endColumn),
      newText,
    }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return spans.reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

export interface AppliedFixes {
  readonly files: readonly string[];
  /** One sentence per file that was left as it is. */
  readonly skipped: readonly { file: string; message: string }[];
}

/**
 * Writes edits into their files, each file whole or not at all. Encoding, byte order mark and line ends stay as they are. A file whose
 * text is no longer `textOf` it is left alone: the edits were made for another text.
 */
export async function writeEdits(
  edits: readonly TextEdit[],
  textOf: (file: string) => string | undefined,
  signal: AbortSignal,
): Promise<AppliedFixes> {
  const files: string[] = [];
  const skipped: { file: string; message: string }[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    signal.throwIfAborted();
    const read = readProjectFile(file);
    if (!("ok" in read)) {
      skipped.push({ file, message: read.warning });
      continue;
    }
    const { text, bom, encoding } = read.ok;
    if (encoding !== "utf-8") {
      skipped.push({ file, message: `It was not changed: it is in ${encoding}, and only UTF-8 is written. Save it as UTF-8.` });
      continue;
    }
    if (text !== textOf(file)) {
      skipped.push({ file, message: "It was not changed: it was edited while it was being analysed. Run the command again." });
      continue;
    }
    const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    const own = edits.filter((edit) => edit.file === file);
    const adapted = own.map((edit) => ({ ...edit, newText: edit.newText.replace(/\r?\n/g, lineEnd) }));
    try {
      await writeAtomically(file, (bom ? "\ufeff" : "") + applyEdits(text, adapted));
      files.push(file);
    } catch (error) {
      if (!(error instanceof OptimizerError)) throw error;
      skipped.push({ file, message: error.message });
    }
  }
  return { files, skipped };
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
}

function before(aLine: number, aColumn: number, bLine: number, bColumn: number): boolean {
  return aLine < bLine || (aLine === bLine && aColumn < bColumn);
}

function clash(a: TextEdit, b: TextEdit): boolean {
  if (a.file !== b.file) return false;
  const [x, y] = [a.range, b.range];
  const sameStart = x.line === y.line && x.column === y.column;
  return sameStart || (before(x.line, x.column, y.endLine, y.endColumn) && before(y.line, y.column, x.endLine, x.endColumn));
}

export function sameEdit(a: TextEdit, b: TextEdit): boolean {
  const [x, y] = [a.range, b.range];
  const sameRange = x.line === y.line && x.column === y.column && x.endLine === y.endLine && x.endColumn === y.endColumn;
  return a.file === b.file && a.newText === b.newText && sameRange;
}
