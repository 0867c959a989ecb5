/** Finds the first of the marks that stands outside double quotes; an odd quote does not hide the rest of the line. */
export function findOutsideQuotes(text: string, marks: readonly string[]): number {
  for (const quotes of [true, false]) {
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '"' && quotes) quoted = !quoted;
      else if (!quoted && marks.some((mark) => text.startsWith(mark, at))) return at;
    }
    if (!quoted) return -1;
  }
  return -1;
}

/** Nesting and quotes that are open where a text ends. */
export interface Openness {
  depth: number;
  quote: string | undefined;
}

/** Follows parentheses and quotes over one more piece of a value; the state is carried on, so that long values stay linear. */
export function follow(state: Openness, text: string): void {
  for (const character of text) {
    if (state.quote !== undefined) {
      if (character === state.quote) state.quote = undefined;
    } else if (character === "'" || character === '"') state.quote = character;
    else if (character === "(" || character === "[") state.depth++;
    else if ((character === ")" || character === "]") && state.depth > 0) state.depth--;
  }
}

export const isOpen = (state: Openness): boolean => state.depth > 0 || state.quote !== undefined;

/** Splits at a separator that stands outside parentheses, brackets and quotes. */
export function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  const state: Openness = { depth: 0, quote: undefined };
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isOpen(state) && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at));
      start = at + separator.length;
      at = start - 1;
      continue;
    }
    follow(state, text[at] ?? "");
  }
  parts.push(text.slice(start));
  return parts;
}

/** A decimal number as EXPLAIN prints it, nothing else: no exponent sign of its own, no blanks, no hexadecimal. */
export function decimal(text: string): number | undefined {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character >= "0" && character <= "9") digits++;
    else if (!(character === "-" && at === 0) && character !== "." && !("e+-".includes(character) && digits > 0)) return undefined;
  }
  const value = digits > 0 ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The number that a text begins with, its unit dropped: "25kB", "0.143 ms". */
export function leadingNumber(text: string): number | undefined {
  let end = 0;
  while (end < text.length && (isDigit(text[end] ?? "") || text[end] === "." || (end === 0 && text[end] === "-"))) end++;
  return decimal(text.slice(0, end));
}

export const isDigit = (character: string): boolean => character >= "0" && character <= "9";
