import type { SyntaxProblem } from "../python/facts.js";

export interface Token {
  readonly kind: "name" | "string" | "number" | "operator" | "end";
  /** As written; empty for strings (read them from the template) and for the end. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface LexedTag {
  /** Ends with a token of kind `end`. */
  readonly tokens: readonly Token[];
  /** Behind the closing mark. */
  readonly end: number;
  readonly problem?: SyntaxProblem;
}

const names = /[\p{L}\p{M}\p{N}\p{Pc}]+/uy;
const blanks = /\s+/y;
const integers = /0[box][\da-f_]+|\d[\d_]*/iy;
const floats = /\d[\d_]*(?:\.\d[\d_]*(?:e[+-]?\d[\d_]*)?|e[+-]?\d[\d_]*)/iy;
const operators = /\*\*|\/\/|[=!<>]=|[-+*/%~()[\]{}<>=.:|,;]/y;
const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
/** A tag of more tokens was generated, and costs more than it can tell. */
const maxTokens = 50_000;

/** Reads the tags of one template. What it remembers keeps the whole linear. */
export class TagLexer {
  /** Quotes of which no further closing one follows in the template. */
  private readonly unclosed = new Set<string>();

  constructor(private readonly text: string) {}

  /** The tokens from `from` on, up to `close` (`}}` or `%}`) outside of strings and brackets. */
  lex(from: number, close: string): LexedTag {
    const { text } = this;
    const tokens: Token[] = [];
    const closers: string[] = [];
    let at = from;
    const failed = (message: string): LexedTag => {
      const stop = this.recover(Math.max(from, at - 1), close);
      tokens.push({ kind: "end", text: "", start: Math.min(at, stop.start), end: Math.min(at, stop.start) });
      return { tokens, end: stop.end, problem: { start: at, end: Math.min(text.length, at + 1), message } };
    };
    for (;;) {
      at += this.match(blanks, at).length;
      const closing = at < text.length ? this.closing(at, close, closers) : 0;
      if (closing > 0) {
        tokens.push({ kind: "end", text: "", start: at, end: at });
        return { tokens, end: at + closing };
      }
      if (at >= text.length || opensTag(text, at)) return failed(`This tag is not closed: "${close}" is missing.`);
      if (tokens.length >= maxTokens) return failed(`This tag has more than ${maxTokens} words: not analysed from here on.`);
      const token = this.token(at);
      if (typeof token === "string") return failed(token);
      const closer = closerOf[token.text];
      if (closer !== undefined) closers.push(closer);
      else if (/^[)\]}]$/.test(token.text) && closers.pop() !== token.text) return failed(`"${token.text}" closes nothing.`);
      tokens.push(token);
      at = token.end;
    }
  }

  private match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? "";
  }

  /** Length of the closing mark that stands at `at`; 0 where there is none. Inside a dictionary `}}` closes brackets. */
  private closing(at: number, close: string, closers: readonly string[]): number {
    const mark = this.text[at] === "-" || this.text[at] === "+" ? 1 : 0;
    if (!this.text.startsWith(close, at + mark)) return 0;
    return close === "}}" && closers.at(-1) === "}" ? 0 : mark + close.length;
  }

  /** The token at `at`, or why there is none. */
  private token(at: number): Token | string {
    const first = this.text[at]!;
    if (first === '"' || first === "'") {
      const end = this.endOfString(at, first);
      return end === undefined ? "This string is not closed." : { kind: "string", text: "", start: at, end };
    }
    const number = (this.text[at - 1] === "." ? "" : this.match(floats, at)) || this.match(integers, at);
    const text = number || this.match(names, at) || this.match(operators, at);
    if (text === "") return `"${String.fromCodePoint(this.text.codePointAt(at)!)}" has no meaning in a template's expression.`;
    const kind = number ? "number" : /^[\p{L}\p{M}\p{N}\p{Pc}]/u.test(text) ? "name" : "operator";
    return { kind, text, start: at, end: at + text.length };
  }

  private endOfString(start: number, quote: string): number | undefined {
    if (this.unclosed.has(quote)) return undefined;
    for (let at = start + 1; at < this.text.length; at++) {
      const letter = this.text[at];
      if (letter === quote) return at + 1;
      if (letter === "\\") at++;
    }
    this.unclosed.add(quote);
    return undefined;
  }

  /** The next closing mark after something unreadable; the tag ends at the latest where another one begins. */
  private recover(from: number, close: string): { start: number; end: number } {
    for (let at = from; at < this.text.length; at++) {
      if (this.text.startsWith(close, at)) return { start: at, end: at + close.length };
      if (at > from && opensTag(this.text, at)) return { start: at, end: at };
    }
    return { start: this.text.length, end: this.text.length };
  }
}

/** Whether a tag begins here; no expression holds these pairs outside of a string. */
function opensTag(text: string, at: number): boolean {
  return text[at] === "{" && (text[at + 1] === "%" || text[at + 1] === "{" || text[at + 1] === "#");
}
