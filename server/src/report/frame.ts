import type { Range } from "#protocol/place";
import { printable, type Style } from "./style.js";

const tabWidth = 4;
const widestLine = 160;

/** The lines of a text as editors count them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The place in its text, with a line before it and marks under it. Columns count UTF-16 units, the marks stand under what is shown. */
export function codeFrame(lines: readonly string[], range: Range, style: Style, paint: (text: string) => string): string[] {
  const source = lines[range.line - 1];
  if (source === undefined) return [];
  const gutter = String(range.line).length;
  const bar = (label: string): string => style.dim(`${label.padStart(gutter)} | `);
  const out = [style.dim(`${" ".repeat(gutter)} |`)];
  const before = lines[range.line - 2];
  if (before?.trim()) out.push(bar(String(range.line - 1)) + shown(before));
  out.push(bar(String(range.line)) + shown(source));
  const from = range.column - 1;
  const to = range.endLine === range.line ? range.endColumn - 1 : source.length;
  const start = width(source.slice(0, from));
  if (start < widestLine) {
    const length = Math.max(1, Math.min(width(source.slice(0, to)), widestLine) - start);
    const more = range.endLine > range.line ? style.dim(` … to line ${range.endLine}`) : "";
    out.push(bar("") + " ".repeat(start) + paint("^".repeat(length)) + more);
  }
  return out;
}

function shown(line: string): string {
  const text = printable(line.replaceAll("\t", " ".repeat(tabWidth)));
  return text.length > widestLine ? `${text.slice(0, widestLine)}…` : text;
}

/** Columns of a terminal: tabs are widened, East Asian wide characters and most emoji take two, combining marks none. */
function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (char === "\t") columns += tabWidth;
    else if (/\p{Mark}/u.test(char)) columns += 0;
    else
      columns +=
        /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
          char,
        )
          ? 2
          : 1;
  }
  return columns;
}
