import type { Node } from "libpg-query";
import type { Span } from "#protocol/place";
import type { SqlStatement, Token } from "../../sql/index.js";

// The parse tree keeps where things begin, not where they end: ends come from the tokens.

export function tokenIndexAt(statement: SqlStatement, offset: number): number {
  return statement.tokens.findIndex((token) => token.start <= offset && offset < token.end);
}

export function tokenAt(statement: SqlStatement, offset: number): Token | undefined {
  return statement.tokens[tokenIndexAt(statement, offset)];
}

/** Index of the token that closes the parenthesis or bracket at `index`. */
export function closingIndex(statement: SqlStatement, index: number): number | undefined {
  let depth = 0;
  for (let at = index; at < statement.tokens.length; at++) {
    const text = statement.tokens[at]?.text;
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (depth === 0) return at;
  }
  return undefined;
}

/** A call `f(...)` that begins at this offset, up to its closing parenthesis; the name alone where none follows. */
export function callSpan(statement: SqlStatement, offset: number): Span | undefined {
  const first = tokenIndexAt(statement, offset);
  let open = first;
  while (open >= 0 && statement.tokens[open + 1]?.text === ".") open += 2;
  const start = statement.tokens[first];
  if (!start) return undefined;
  if (statement.tokens[open + 1]?.text !== "(") return { start: start.start, end: statement.tokens[open]?.end ?? start.end };
  const close = closingIndex(statement, open + 1);
  return close === undefined ? undefined : { start: start.start, end: statement.tokens[close]?.end ?? start.end };
}

/** A name with its qualifiers: `schema.table.column`, `t.*`. */
export function nameSpan(statement: SqlStatement, offset: number): Span | undefined {
  const first = tokenIndexAt(statement, offset);
  let last = first;
  while (statement.tokens[last + 1]?.text === "." && statement.tokens[last + 2]) last += 2;
  const [start, end] = [statement.tokens[first], statement.tokens[last]];
  return start && end && { start: start.start, end: end.end };
}

/**
 * An expression from its first to its last token: the places that its nodes carry, the parentheses that these open or close, and the
 * brackets of a call that ends it. Undefined for a node without places.
 */
export function expressionSpan(statement: SqlStatement, node: Node): Span | undefined {
  const places = locations(node).map((location) => tokenIndexAt(statement, statement.at(location)));
  if (places.length === 0 || places.includes(-1)) return undefined;
  let first = Math.min(...places);
  let last = Math.max(...places);
  const next = statement.tokens[last + 1]?.text;
  if (next === "(" && !statement.tokens[last]?.text.startsWith("$")) last = closingIndex(statement, last + 1) ?? last;
  for (let balance = balanceOf(statement, first, last); balance !== 0; balance = balanceOf(statement, first, last)) {
    if (balance > 0) last = nextText(statement, last, 1, ")");
    else first = nextText(statement, first, -1, "(");
    if (first < 0 || last < 0) return undefined;
  }
  const [start, end] = [statement.tokens[first], statement.tokens[last]];
  return start && end && { start: start.start, end: end.end };
}

function locations(value: unknown): number[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "location" && typeof child === "number" && child >= 0 ? [child] : locations(child),
  );
}

/** Parentheses opened less those closed, or minus those closed before they were opened. */
function balanceOf(statement: SqlStatement, first: number, last: number): number {
  let depth = 0;
  let missing = 0;
  for (let at = first; at <= last; at++) {
    const text = statement.tokens[at]?.text;
    if (text === "(") depth++;
    if (text === ")") depth--;
    if (depth < 0) {
      missing++;
      depth = 0;
    }
  }
  return missing > 0 ? -missing : depth;
}

function nextText(statement: SqlStatement, from: number, step: 1 | -1, text: string): number {
  for (let at = from + step; at >= 0 && at < statement.tokens.length; at += step) if (statement.tokens[at]?.text === text) return at;
  return -1;
}
