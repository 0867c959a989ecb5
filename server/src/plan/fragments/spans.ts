import type { Span } from "#protocol/place";
import type { SqlStatement, Token } from "../../sql/index.js";

/** Words at which an expression, a sort key or a table ends when no parenthesis is open. */
const boundaries = new Set(
  (
    "AND OR GROUP ORDER LIMIT OFFSET FETCH HAVING WINDOW UNION INTERSECT EXCEPT RETURNING JOIN LEFT INNER RIGHT FULL CROSS NATURAL WHERE ON FOR SET " +
    "FROM WHEN THEN USING SELECT"
  ).split(" "),
);

/** Stretches of a statement's text, found by its tokens: the tree itself says only where something begins. */
export class Spans {
  readonly #tokens: readonly Token[];

  constructor(private readonly statement: SqlStatement) {
    this.#tokens = statement.tokens;
  }

  /** The whole expression of which the tree mentions places from `first` to `last` (offsets of the text). */
  expression(first: number, last: number): Span {
    const tokens = this.#tokens;
    let from = this.#at(first);
    let to = this.#at(last);
    let open = balance(tokens.slice(from, to + 1));
    while (to + 1 < tokens.length) {
      const next = tokens[to + 1] as Token;
      if (next.text === ")") {
        if (open > 0) open--;
        else if (tokens[from - 1]?.text === "(") from--;
        else break;
      } else if (next.text === "(" || next.text === "[") open++;
      else if (next.text === "]") open--;
      else if (open <= 0 && isBoundary(next)) break;
      to++;
    }
    if (tokens[from - 1]?.text.toUpperCase() === "NOT") from--;
    return this.#span(from, to);
  }

  /** A table with its schema and alias: "shop.orders AS o". */
  table(offset: number, alias: string | undefined): Span {
    const tokens = this.#tokens;
    const from = this.#at(offset);
    let to = from;
    while (tokens[to + 1]?.text === ".") to += 2;
    if (alias !== undefined) to += tokens[to + 1]?.text.toUpperCase() === "AS" ? 2 : 1;
    return this.#span(from, Math.min(to, tokens.length - 1));
  }

  /** From a token to the end of the first parenthesis behind it: a WITH query from its name. */
  parenthesised(offset: number): Span {
    const tokens = this.#tokens;
    const from = this.#at(offset);
    // A list of columns may stand before AS.
    const as = tokens.findIndex((token, index) => index >= from && token.text.toUpperCase() === "AS");
    const begin = tokens.findIndex((token, index) => index > as && token.text === "(");
    let open = 0;
    for (let at = Math.max(from, begin); at < tokens.length; at++) {
      if (tokens[at]?.text === "(") open++;
      else if (tokens[at]?.text === ")" && --open === 0) return this.#span(from, at);
    }
    return this.#span(from, from);
  }

  /** Back from a place to the keyword before it: "LIMIT 10", "ORDER BY a". */
  fromKeyword(span: Span, keyword: string): Span {
    const at = this.#tokens.findLastIndex((token) => token.end <= span.start && token.text.toUpperCase() === keyword);
    return at < 0 ? span : { start: (this.#tokens[at] as Token).start, end: span.end };
  }

  #at(offset: number): number {
    return Math.max(
      0,
      this.#tokens.findLastIndex((token) => token.start <= offset),
    );
  }

  #span(from: number, to: number): Span {
    return { start: this.#tokens[from]?.start ?? 0, end: this.#tokens[to]?.end ?? this.statement.text.length };
  }
}

function balance(tokens: readonly Token[]): number {
  return tokens.reduce((open, { text }) => open + (text === "(" || text === "[" ? 1 : text === ")" || text === "]" ? -1 : 0), 0);
}

function isBoundary(token: Token): boolean {
  return token.text === "," || token.text === ";" || (token.keyword && boundaries.has(token.text.toUpperCase()));
}
