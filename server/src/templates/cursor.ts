import type { SyntaxProblem } from "../python/facts.js";
import type { Token } from "./tokens.js";

/** The tokens of one tag. After the first error it stands at the end, so that what was read before is kept and nothing goes on. */
export class Cursor {
  problem: SyntaxProblem | undefined;
  private at = 0;

  /** `tokens` ends with a token of kind `end`. */
  constructor(private readonly tokens: readonly Token[]) {}

  get current(): Token {
    return this.tokens[this.at]!;
  }
  get next(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
  }
  /** Where the last token that was taken ends. */
  get end(): number {
    return this.tokens[Math.max(0, this.at - 1)]!.end;
  }
  get done(): boolean {
    return this.current.kind === "end";
  }

  take(): Token {
    const token = this.current;
    if (token.kind !== "end") this.at++;
    return token;
  }

  isOperator(text: string): boolean {
    return this.current.kind === "operator" && this.current.text === text;
  }
  isName(text: string): boolean {
    return this.current.kind === "name" && this.current.text === text;
  }
  skipOperator(text: string): boolean {
    const is = this.isOperator(text);
    if (is) this.at++;
    return is;
  }
  skipName(text: string): boolean {
    const is = this.isName(text);
    if (is) this.at++;
    return is;
  }
  /** Takes both words or none. */
  skipNames(first: string, ...second: string[]): boolean {
    const is = this.isName(first) && this.next.kind === "name" && second.includes(this.next.text);
    if (is) this.at += 2;
    return is;
  }

  expectOperator(text: string): void {
    if (!this.skipOperator(text)) this.fail(`Expected "${text}"`);
  }
  expectWord(text: string): void {
    if (!this.skipName(text)) this.fail(`Expected "${text}"`);
  }
  /** A name of any spelling. */
  expectName(what: string): Token | undefined {
    if (this.current.kind === "name") return this.take();
    this.fail(`Expected ${what}`);
    return undefined;
  }

  /** Says that the current token is wrong, and gives up on the rest. */
  fail(message: string): void {
    const { start, end, kind, text } = this.current;
    const found = kind === "end" ? "the end of the tag" : kind === "string" ? "a string" : `"${text}"`;
    this.problem ??= { start, end, message: `${message}, found ${found}.` };
    this.at = this.tokens.length - 1;
  }
}
