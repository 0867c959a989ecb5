import { exact } from "../lower/exact.js";
import type { Expr } from "../ir.js";
import { converted, opening, stringOf, type LiteralSpan } from "../lower/strings.js";
import { readExpr, readFormatted, readTuple, readYield } from "./expressions.js";
import { quoteLength } from "./literals.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";

const longestAnnotation = 500;

/** String literals side by side: one value, or the expressions inside where one of them is a format string. */
export function readStrings(r: Reader): Expr {
  const { start } = r;
  const literals: LiteralSpan[] = [];
  const parts: Expr[] = [];
  let prefix: string | undefined;
  while (r.token === "string" || r.token === "format") {
    const from = r.start;
    if (r.token === "format") {
      prefix ??= r.text.slice(from, r.end).toLowerCase();
      readFormat(r, parts);
    } else r.advance();
    literals.push({ start: from, end: r.lastEnd });
  }
  const end = r.lastEnd;
  if (prefix === undefined) return (literals.length === 1 && annotation(r, start, end)) || stringOf(r.text, literals, start, end);
  return prefix.includes("t")
    ? { kind: "format", start, end, parts: exact(parts), template: true }
    : { kind: "format", start, end, parts: exact(parts) };
}

/** In a type a string's content is code. */
function annotation(r: Reader, start: number, end: number): Expr | undefined {
  if (!r.inType) return undefined;
  const { prefix, quote } = opening(r.text, start);
  const from = start + prefix.length + quote;
  const to = end - quote;
  return to <= from || to - from > longestAnnotation ? undefined : r.annotation(from, to, readExpr);
}

/** The current token is the prefix of a format string; its quotes stand where the token ends. */
function readFormat(r: Reader, parts: Expr[]): void {
  const { text, brackets } = r;
  const isRaw = text.slice(r.start, r.end).toLowerCase().includes("r");
  const mark = text.charCodeAt(r.end);
  const quotes = quoteLength(text, r.end);
  let at = r.end + quotes;
  for (;;) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code) || (code === 10 && quotes === 1)) giveUp();
    else if (code === mark && (quotes === 1 || (text.charCodeAt(at + 1) === mark && text.charCodeAt(at + 2) === mark))) break;
    else if (code === 92) at = behindEscape(text, at, isRaw);
    else if (code === 123 && text.charCodeAt(at + 1) !== 123) at = interpolation(r, at, parts, quotes);
    else if (code === 123 || code === 125) at += text.charCodeAt(at + 1) === code ? 2 : giveUp();
    else at++;
  }
  r.resume(at + quotes, brackets);
}

function behindEscape(text: string, at: number, isRaw: boolean): number {
  const next = text[at + 1];
  if (next === "{" || next === "}") return at + 1;
  if (next === "N" && !isRaw && text[at + 2] === "{") return text.indexOf("}", at) + 1 || giveUp();
  return at + 2;
}

/** `{value!r:format}`; the answer is where the text goes on. */
function interpolation(r: Reader, at: number, parts: Expr[], quotes: number): number {
  r.enter(at + 1);
  const { start } = r;
  const first = r.token === "yield" ? readYield(r) : readFormatted(r);
  const value = r.token === "," ? readTuple(r, start, first, readFormatted) : first;
  r.skip("=");
  parts.push(r.skip("!") ? converted(value, r.name()) : value);
  if (r.token === "}") return r.end;
  if (r.token !== ":" && r.token !== ":=") giveUp();
  return formatSpecifier(r, r.start + 1, parts, quotes);
}

function formatSpecifier(r: Reader, from: number, parts: Expr[], quotes: number): number {
  for (let at = from; ;) {
    const code = r.text.charCodeAt(at);
    if (code === 125) return at + 1;
    if (Number.isNaN(code) || code === 92 || code === 34 || code === 39 || (code === 10 && quotes === 1)) giveUp();
    at = code === 123 ? interpolation(r, at, parts, quotes) : at + 1;
  }
}
