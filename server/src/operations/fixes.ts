import type { Finding, TextEdit } from "#protocol/finding";
import { OptimizerError } from "#protocol/failure";
import { readProjectFile } from "../workspace/reading.js";
import { combineSafeFixes } from "../rules/index.js";
import { writeAtomically } from "./files.js";

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

export interface FixRounds {
  readonly findings: readonly Finding[];
  /** The findings of the files as they are now; after `invalidate`. */
  readonly check: () => Promise<readonly Finding[]>;
  readonly textOf: (file: string) => string | undefined;
  readonly invalidate: (files: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** Edits can make room for others that clashed with them; real files settle in two rounds. */
const mostRounds = 10;

/** Writes the safe fixes of `findings`, and of what is still found then, until there is nothing left to write. */
export async function applySafeFixes({ findings, check, textOf, invalidate, signal }: FixRounds): Promise<AppliedFixes> {
  const files = new Set<string>();
  const skipped = new Map<string, string>();
  let open = findings;
  for (let round = 0; round < mostRounds; round++) {
    const edits = combineSafeFixes(open).filter(({ file }) => !skipped.has(file));
    if (edits.length === 0) break;
    const applied = await writeEdits(edits, textOf, signal);
    for (const { file, message } of applied.skipped) skipped.set(file, message);
    for (const file of applied.files) files.add(file);
    if (applied.files.length === 0) break;
    invalidate(applied.files);
    open = await check();
  }
  return { files: [...files], skipped: [...skipped].map(([file, message]) => ({ file, message })) };
}
