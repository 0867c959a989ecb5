import type { Span } from "#protocol/place";
import { endOfLine, lexemeAt, type Lexeme } from "./lexer.js";

/** The text of one statement, without its semicolon and the space and comments around it. */
export interface Piece extends Span {
  /** Its lexemes without space and comments. */
  readonly lexemes: readonly Lexeme[];
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly comments: readonly Lexeme[];
}

/**
 * Cuts a text at the semicolons that end statements, the way psql does it: not inside quotes, comments, a rule's actions or a
 * `BEGIN ATOMIC` body. With `psql`, backslash commands and the lines after `COPY ... FROM stdin` are left out too.
 */
export function splitStatements(text: string, psql: boolean): Pieces {
  const pieces: Piece[] = [];
  const comments: Lexeme[] = [];
  let lexemes: Lexeme[] = [];
  const finish = (): Piece | undefined => {
    const first = lexemes[0];
    const last = lexemes.at(-1);
    const piece = first && last ? { start: first.start, end: last.end, lexemes } : undefined;
    if (piece) pieces.push(piece);
    lexemes = [];
    nesting = new Nesting(text);
    return piece;
  };
  let nesting = new Nesting(text);
  for (let at = 0; at < text.length;) {
    const lexeme = lexemeAt(text, at);
    at = lexeme.end;
    const char = lexeme.kind === "symbol" ? text[lexeme.start] : undefined;
    if (lexeme.kind === "comment") comments.push(lexeme);
    else if (char === "\\" && psql) {
      finish();
      at = endOfLine(text, at);
    } else if (char === ";" && !nesting.isOpen()) {
      const piece = finish();
      if (psql && piece && readsStandardInput(text, piece.lexemes)) at = afterData(text, at);
    } else if (lexeme.kind !== "space") {
      lexemes.push(lexeme);
      nesting.take(lexeme);
    }
  }
  finish();
  return { pieces, comments };
}

/** Whether a semicolon would stand inside the statement. */
class Nesting {
  #words: string[] = [];
  #parentheses = 0;
  #blocks = 0;

  constructor(readonly text: string) {}

  take(lexeme: Lexeme): void {
    if (lexeme.kind === "symbol") this.#parenthesis(this.text[lexeme.start] ?? "");
    if (lexeme.kind !== "word") return;
    const word = this.text.slice(lexeme.start, lexeme.end).toLowerCase();
    if (this.#words.length < 4) this.#words.push(word);
    if (!this.#definesRoutine()) return;
    if (word === "begin" || (word === "case" && this.#blocks > 0)) this.#blocks++;
    if (word === "end" && this.#blocks > 0) this.#blocks--;
  }

  isOpen(): boolean {
    return this.#blocks > 0 || (this.#parentheses > 0 && this.#defines("rule"));
  }

  #parenthesis(char: string): void {
    if (char === "(") this.#parentheses++;
    if (char === ")" && this.#parentheses > 0) this.#parentheses--;
  }

  #definesRoutine(): boolean {
    return this.#defines("function") || this.#defines("procedure");
  }

  #defines(kind: string): boolean {
    const [create, or, replace, last] = this.#words;
    return create === "create" && (or === kind || (or === "or" && replace === "replace" && last === kind));
  }
}

function readsStandardInput(text: string, lexemes: readonly Lexeme[]): boolean {
  const word = (index: number): string => {
    const lexeme = lexemes[index];
    return lexeme?.kind === "word" ? text.slice(lexeme.start, lexeme.end).toLowerCase() : "";
  };
  return word(0) === "copy" && lexemes.some((_, index) => word(index) === "from" && word(index + 1) === "stdin");
}

/** Behind the line `\.` that ends the data, or at the end of the text. */
function afterData(text: string, start: number): number {
  let line = endOfLine(text, start) + 1;
  while (line < text.length) {
    const end = endOfLine(text, line);
    if (text.slice(line, end).trim() === "\\.") return end;
    const next = text.indexOf("\n", end);
    if (next < 0) break;
    line = next + 1;
  }
  return text.length;
}
