import type { SourceLine } from "../lines.js";
import { carriesPlan, changeEach, type Unwrapping } from "./unwrapping.js";

/** Fences of Markdown become blank lines, so that what they part stays apart. */
export const unwrapFences: Unwrapping = (lines) =>
  changeEach(lines, (text) => {
    const start = text.trimStart();
    return start.startsWith("```") || start.startsWith("~~~") ? "" : text;
  });

/** Mails and forums quote with “>”. */
export const unwrapMail: Unwrapping = (lines) => {
  if (!lines.some(({ text }) => isQuoted(text) && carriesPlan(text))) return undefined;
  return changeEach(lines, (text) => (isQuoted(text) ? withoutMark(text.trimStart()) : text));
};

const isQuoted = (text: string): boolean => text.startsWith(">") || text.startsWith(" >");
const withoutMark = (text: string): string => text.slice(text.startsWith("> ") ? 2 : 1);

/**
 * What every line of the plan begins with and is no part of it: comment signs, a container's name, a syslog header. Taken from the lines that
 * carry figures or arrows; the root has no arrow, so that what all have in common ends before it.
 */
export const unwrapCommonPrefix: Unwrapping = (lines) => {
  const prefix = commonPrefix(lines.filter(({ text }) => carriesPlan(text)));
  if (prefix === undefined) return undefined;
  const mark = prefix.trimEnd();
  return changeEach(lines, (text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text === mark ? "" : text));
};

function commonPrefix(lines: readonly SourceLine[]): string | undefined {
  const [first, ...others] = lines;
  if (!first) return undefined;
  const alone = others.length === 0;
  let length = alone ? commentLength(first.text) : first.text.length;
  for (const { text } of others) {
    let same = 0;
    while (same < length && same < text.length && text[same] === first.text[same]) same++;
    length = same;
  }
  const prefix = first.text.slice(0, length);
  const trimmed = prefix.trim();
  if (trimmed === "" || prefix.includes("->") || prefix.includes("(cost") || trimmed.startsWith('"') || trimmed.startsWith("|"))
    return undefined;
  if (trimmed.startsWith("{") || trimmed.startsWith("[") || trimmed.startsWith("'") || trimmed.startsWith("(")) return undefined;
  // The name of a node that all lines share is no prefix: a prefix ends in a blank or a sign.
  const tab = prefix.indexOf(escapedTab);
  if (tab >= 0) return prefix.slice(0, tab + escapedTab.length);
  return alone ? prefix : toLastSign(prefix);
}

/** How syslog writes the tab that the server begins further lines with. */
const escapedTab = "#011";
const comments = ["-- ", "--", "# ", "#", "// ", "//", "* "];

function commentLength(text: string): number {
  const comment = comments.find((mark) => text.trimStart().startsWith(mark) && !text.trimStart().startsWith("->"));
  return comment === undefined ? 0 : text.length - text.trimStart().length + comment.length;
}

const signs = new Set(["|", "#", "-", "/", "*", ":", "]", ">", ";"]);

/** Up to the last sign and one blank behind it. */
function toLastSign(prefix: string): string | undefined {
  let end = prefix.length;
  while (end > 0 && !signs.has(prefix[end - 1] ?? "")) end--;
  if (end === 0) return undefined;
  return prefix.slice(0, prefix[end] === " " ? end + 1 : end);
}

/** Numbered lines: `1 | Seq Scan`, `2: …`, and the row numbers that grids copy along. */
export const unwrapLineNumbers: Unwrapping = (lines) => {
  let expected: number | undefined;
  let counted = 0;
  for (const { text } of lines) {
    if (text.trim() === "") continue;
    const number = numberOf(text);
    if (number === undefined) {
      if (counted > 0) return undefined;
      continue;
    }
    if (expected !== undefined && number.value !== expected) return undefined;
    expected = number.value + 1;
    counted++;
  }
  if (counted < 2 || !lines.some(({ text }) => carriesPlan(text))) return undefined;
  return changeEach(lines, (text) => text.slice(numberOf(text)?.length ?? 0));
};

function numberOf(text: string): { readonly value: number; readonly length: number } | undefined {
  const start = text.length - text.trimStart().length;
  let end = start;
  while (end < text.length && "0123456789".includes(text[end] ?? " ")) end++;
  if (end === start || end - start > 6) return undefined;
  let sign = end;
  while (text[sign] === " ") sign++;
  if (text[end] === "\t") return { value: Number(text.slice(start, end)), length: end + 1 };
  if (!"|:.)│".includes(text[sign] ?? " ") || /[0-9]/.test(text[sign + 1] ?? "")) return undefined;
  return { value: Number(text.slice(start, end)), length: sign + (text[sign + 1] === " " ? 2 : 1) };
}
