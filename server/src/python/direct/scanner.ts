import { stringEnd } from "./literals.js";
import { keywords, operatorAt } from "./words.js";

/**
 * Thrown where a text is not what this reader knows: it never guesses. The caller reads the text in another way then.
 * One object: a stack trace would cost more than the reading.
 */
export const unsupported = new Error("not read directly");
export function giveUp(): never {
  throw unsupported;
}

interface Comment {
  /** Column, with tabs as tree-sitter counts them; Infinity behind code. */
  readonly indent: number;
  readonly end: number;
}

const isWord = new Uint8Array(128);
for (let code = 0; code < 128; code++) if (/[A-Za-z0-9_]/.test(String.fromCharCode(code))) isWord[code] = 1;
const stringPrefix = /^(?:[bB][rR]?|[rR][bB]?|[fFtT][rR]?|[rR][fFtT]|[uU])$/;
const wordCharacter = /[\p{XID_Continue}]/u;
const number =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y;

/**
 * Python text → tokens, one at a time. `token` is the current one: "name", "number", "string", "format", "newline", "indent", "dedent",
 * "end", or the keyword or operator itself.
 */
export class Scanner {
  token = "";
  /** The current token's place. For a line's end and for indentation `end` stays that of the last token with a text. */
  start = 0;
  end = 0;
  /** End of the token before the current one. */
  lastEnd = 0;
  /** Text of a name. */
  word = "";
  /** Brackets that are open: line breaks mean nothing between them. */
  brackets = 0;
  /** Comments for this tool, where the text has any. */
  readonly comments: { start: number; end: number; text: string }[] = [];
  private readonly keepComments: boolean;
  private readonly indents = [0];
  private dedents = 0;
  private lineStarts = true;
  /** Comments since the last token with a text, and how many of them belong to blocks that are closed already. */
  private trailing: Comment[] = [];
  private taken = 0;
  private blockEnd = -1;

  constructor(
    readonly text: string,
    /** Where the next token is looked for. */
    protected at = 0,
    protected readonly limit = text.length,
    /** One string object per spelling. */
    readonly words = new Map<string, string>(),
  ) {
    this.keepComments = text.includes("db-optimize");
  }

  /** Column of the block whose first statement is read. */
  get indentation(): number {
    return this.indents.at(-1)!;
  }

  is(token: string): boolean {
    return this.token === token;
  }
  expect(token: string): void {
    if (this.token !== token) giveUp();
    this.advance();
  }
  skip(token: string): boolean {
    if (this.token !== token) return false;
    this.advance();
    return true;
  }

  advance(): void {
    this.lastEnd = this.end;
    if (this.lineStarts && this.brackets === 0 && this.startLine()) return;
    this.at = this.skipBlanks(this.at);
    const { at, limit, text } = this;
    this.start = at;
    const code = at < limit ? text.charCodeAt(at) : 10;
    if (code === 10) {
      // A line break between brackets is a blank: what is met there is the end of the text.
      this.lineStarts = this.brackets === 0;
      this.token = this.lineStarts ? "newline" : "end";
      return;
    }
    if (this.trailing.length > 0) this.trailing = [];
    [this.taken, this.blockEnd] = [0, -1];
    this.scan(code, at);
    this.at = this.end;
  }

  /**
   * End of the block that the current token closes. Comments behind its last statement belong to it while they stand as deep as it does.
   */
  closeBlock(indent: number): number {
    let end = this.blockEnd < 0 ? this.end : this.blockEnd;
    while (this.taken < this.trailing.length && this.trailing[this.taken]!.indent >= indent) end = this.trailing[this.taken++]!.end;
    return (this.blockEnd = end);
  }

  /** Passes the line's end; the answer is where a block of this one line ends. */
  closeLine(): number {
    if (this.token !== "newline") giveUp();
    const end = this.closeBlock(Infinity);
    this.advance();
    return end;
  }

  /** Whether the bracket that is the current token closes right before `token`. */
  bracketEndsBefore(token: string): boolean {
    const { at, start, end, lastEnd, brackets, trailing, taken, blockEnd, word } = this;
    const kept = this.comments.length;
    const current = this.token;
    while (this.brackets >= brackets && this.token !== "end" && this.token !== "format") this.advance();
    if (this.token === "format") giveUp();
    this.advance();
    const answer = this.token === token;
    Object.assign(this, { token: current, at, start, end, lastEnd, brackets, trailing, taken, blockEnd, word, lineStarts: false });
    this.comments.length = kept;
    return answer;
  }

  private scan(code: number, at: number): void {
    if (code < 128 ? isWord[code] === 1 && (code < 48 || code > 57) : true) this.scanWord(at);
    else if (code === 34 || code === 39) this.scanString(at, at);
    else if (code >= 48 && code <= 57) this.scanNumber(at);
    else if (code === 46 && isDigit(this.text.charCodeAt(at + 1))) this.scanNumber(at);
    else {
      const operator = operatorAt(this.text, at, code) ?? giveUp();
      this.token = operator;
      this.end = at + operator.length;
      if (code === 40 || code === 91 || code === 123) this.brackets++;
      else if ((code === 41 || code === 93 || code === 125) && --this.brackets < 0) giveUp();
    }
    if (this.end > this.limit) giveUp();
  }

  private scanWord(start: number): void {
    const { text } = this;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      // Letters of other scripts; what is none of them (a non-breaking space, say) is for the other reader.
      if (code < 128 ? isWord[code] === 1 : code >= 128 && wordCharacter.test(text[at]!)) at++;
      else break;
    }
    if (at === start) giveUp();
    const slice = text.slice(start, at);
    const next = at < this.limit ? text.charCodeAt(at) : 0;
    if ((next === 34 || next === 39) && stringPrefix.test(slice)) return this.scanString(start, at);
    this.end = at;
    const keyword = keywords.get(slice);
    if (keyword !== undefined) {
      this.token = keyword;
      return;
    }
    this.token = "name";
    const known = this.words.get(slice);
    if (known === undefined) this.words.set(slice, slice);
    this.word = known ?? slice;
  }

  private scanNumber(at: number): void {
    number.lastIndex = at;
    number.test(this.text);
    this.end = number.lastIndex;
    const next = this.text.charCodeAt(this.end);
    if (this.end === at || next >= 128 || isWord[next] === 1) giveUp();
    this.token = "number";
  }

  /** `quote` is where the prefix ends. What stands in a format string is left to its reader. */
  private scanString(start: number, quote: number): void {
    const prefix = this.text.slice(start, quote).toLowerCase();
    if (prefix.includes("f") || prefix.includes("t")) {
      this.token = "format";
      this.end = quote;
      return;
    }
    this.token = "string";
    this.end = stringEnd(this.text, quote, this.limit);
  }

  /** The next character that counts; inside brackets line breaks do not. */
  private skipBlanks(from: number): number {
    const { text, limit } = this;
    let at = from;
    while (at < limit) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9 || code === 12) at++;
      else if (code === 10 && this.brackets > 0) at++;
      else if (code === 13) {
        if (text.charCodeAt(at + 1) !== 10) giveUp();
        at++;
      } else if (code === 35) at = this.skipComment(at, Infinity);
      else if (code === 92) at = this.skipContinuation(at);
      else break;
    }
    return at;
  }

  private skipContinuation(at: number): number {
    const next = this.text.charCodeAt(at + 1) === 13 ? at + 2 : at + 1;
    return this.text.charCodeAt(next) === 10 ? next + 1 : giveUp();
  }

  private skipComment(at: number, indent: number): number {
    const lineEnd = this.text.indexOf("\n", at);
    const end = lineEnd < 0 || lineEnd > this.limit ? this.limit : lineEnd;
    this.trailing.push({ indent, end });
    if (this.keepComments) {
      const comment = this.text.slice(at, end);
      if (comment.includes("db-optimize")) this.comments.push({ start: at, end, text: comment });
    }
    return end;
  }

  /** Reads indentation up to the next line with code; true when it gave a token. */
  private startLine(): boolean {
    if (this.dedents === 0) {
      const indent = this.nextIndent();
      const { indents } = this;
      if (indent > this.indentation) {
        indents.push(indent);
        this.lineStarts = false;
        return this.virtual("indent");
      }
      while (indent < this.indentation) {
        indents.pop();
        this.dedents++;
      }
      if (indent !== this.indentation) giveUp();
    }
    if (this.dedents > 0) {
      // The line is reached with the last one; at the end of the text another token follows.
      if (--this.dedents === 0) this.lineStarts = this.at >= this.limit;
      return this.virtual("dedent");
    }
    this.lineStarts = false;
    return this.at >= this.limit && this.virtual("end");
  }

  private virtual(token: string): true {
    this.start = this.at;
    this.token = token;
    return true;
  }

  /** Moves to the first character of the next line with code, and says its column. */
  private nextIndent(): number {
    const { text, limit } = this;
    let indent = 0;
    while (this.at < limit) {
      const code = text.charCodeAt(this.at);
      if (code === 32) indent++;
      else if (code === 9) indent += 8;
      else if (code === 12 || code === 10) indent = 0;
      else if (code === 13) {
        if (text.charCodeAt(this.at + 1) !== 10) giveUp();
      } else if (code === 35) {
        this.at = this.skipComment(this.at, indent);
        continue;
      } else return code === 92 ? giveUp() : indent;
      this.at++;
    }
    return 0;
  }
}

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
