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
