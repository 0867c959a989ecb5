import { exact } from "./exact.js";
import type { Expr, StringExpr } from "../ir.js";
import type { Lowering } from "./context.js";

const simpleEscapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Decoded {
  value: string;
  map: number[];
}

/** Reads `count` hex digits; undefined where there are fewer. */
function hex(text: string, at: number, count: number): number | undefined {
  const digits = text.slice(at, at + count);
  const code = digits.length === count ? Number(`0x${digits}`) : NaN;
  return Number.isNaN(code) || code > 0x10ffff ? undefined : code;
}

function octal(text: string, at: number): { code: number; length: number } | undefined {
  let code = 0;
  let length = 0;
  while (length < 3 && text[at + length]! >= "0" && text[at + length]! <= "7") code = code * 8 + Number(text[at + length++]);
  return length ? { code, length } : undefined;
}

/** The escape at `at` (a backslash): what it stands for and how long it is. An unknown escape stands for itself. */
function escape(text: string, at: number): { value: string; length: number } {
  const letter = text[at + 1] ?? "";
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, length: 2 };
  if (letter === "\n") return { value: "", length: 2 };
  if (letter === "\r") return { value: "", length: text[at + 2] === "\n" ? 3 : 2 };
  const digits = hexLengths[letter];
  const code = digits === undefined ? undefined : hex(text, at + 2, digits);
  if (digits !== undefined && code !== undefined) return { value: String.fromCodePoint(code), length: 2 + digits };
  const oct = octal(text, at + 1);
  if (oct) return { value: String.fromCharCode(oct.code), length: 1 + oct.length };
  return { value: `\\${letter}`, length: 1 + letter.length };
}

/** Length of the prefix letters and of the quotes of the literal that starts at `start`. */
const conversions: Readonly<Record<string, string>> = { r: "repr", s: "str", a: "ascii" };

/** `{value!r}` in a format string is `repr(value)`. */
export function converted(value: Expr, conversion: string): Expr {
  const id = conversions[conversion];
  const { start, end } = value;
  return id === undefined ? value : { kind: "call", start, end, callee: { kind: "name", start, end: start, id }, args: [{ value }] };
}

export function opening(text: string, start: number): { prefix: string; quote: number } {
  let at = start;
  while (at < start + 3 && text[at] !== '"' && text[at] !== "'") at++;
  const mark = text[at]!;
  const triple = text.startsWith(mark.repeat(3), at);
  return { prefix: text.slice(start, at).toLowerCase(), quote: triple ? 3 : 1 };
}

/** Appends the literal at [start, end) to what stands before it. */
function decodeInto(into: Decoded, text: string, start: number, end: number): void {
  const { prefix, quote } = opening(text, start);
  const first = start + prefix.length + quote;
  const last = Math.max(first, end - quote);
  into.map.push(into.value.length, first);
  const raw = text.slice(first, last);
  if (prefix.includes("r") || !raw.includes("\\")) {
    into.value += raw;
    return;
  }
  let at = first;
  while (at < last) {
    // Within the literal only: a search through the rest of the file for each would not be linear.
    const slash = raw.indexOf("\\", at - first);
    const stop = slash < 0 ? last : first + slash;
    into.value += text.slice(at, stop);
    at = stop;
    if (at >= last) break;
    const { value, length } = escape(text, at);
    into.value += value;
    at += length;
    if (value.length !== length) into.map.push(into.value.length, at);
  }
}

/** The literals with these places as one string. */
export function stringFrom(text: string, literals: readonly { readonly start: number; readonly end: number }[]): StringExpr {
  const decoded: Decoded = { value: "", map: [] };
  for (const { start, end } of literals) decodeInto(decoded, text, start, end);
  return { kind: "string", start: literals[0]?.start ?? 0, end: literals.at(-1)?.end ?? 0, ...decoded };
}

/** Where a literal stands, prefix and quotes included. */
export interface LiteralSpan {
  readonly start: number;
  readonly end: number;
}

/** The value of plain literals side by side, or of one alone; `start` and `end` are those of the whole. */
export function stringOf(text: string, literals: readonly LiteralSpan[], start: number, end: number): StringExpr {
  const decoded: Decoded = { value: "", map: [] };
  let bytes = false;
  for (const literal of literals) {
    if (opening(text, literal.start).prefix.includes("b")) bytes = true;
    decodeInto(decoded, text, literal.start, literal.end);
  }
  const base = { kind: "string", start, end, value: decoded.value, map: exact(decoded.map) } as const;
  return bytes ? { ...base, bytes: true } : base;
}

/** Plain literals side by side, or one alone. */
export function lowerStrings(lowering: Lowering, node: number, literals: readonly number[]): StringExpr {
  const spans = literals.map((literal) => ({ start: lowering.start(literal), end: lowering.end(literal) }));
  return stringOf(lowering.text, spans, lowering.start(node), lowering.end(node));
}

export const isFormat = (lowering: Lowering, literal: number) => {
  const { prefix } = opening(lowering.text, lowering.start(literal));
  return prefix.includes("f") || prefix.includes("t") ? prefix : undefined;
};
