import type { PlaceholderStyle } from "#protocol/statement";
import type { SqlOrigin, SqlSource } from "../source.js";
import { ChangedText, type TextChange } from "./edits.js";
import { lexemeAt, type Lexeme } from "./lexer.js";
import { splitStatements, type Piece } from "./split.js";

/** One `$n` of the rewritten statement. */
export interface Placeholder {
  /** $1 is 1. */
  readonly position: number;
  readonly name?: string;
  /** The driver writes a list here (`IN %s`), where `$n` is one value: `IN ($n)`. */
  readonly list: boolean;
}

export interface Rewritten {
  readonly changed: ChangedText;
  readonly style: PlaceholderStyle;
  readonly parameters: readonly Placeholder[];
  /** Why the text has no meaning for PostgreSQL whatever the values are; offsets of the original text. */
  readonly problem?: { message: string; start: number; end: number };
}

type Styles = SqlSource["placeholders"];

/** Placeholders of a whole text, for texts that are one statement. */
export function rewritePlaceholders(text: string, styles: Styles, origin: SqlOrigin = "user"): Rewritten {
  const { pieces } = splitStatements(text, origin === "file");
  const lexemes = pieces.flatMap((piece) => piece.lexemes);
  return rewritePiece(text, { start: 0, end: text.length, lexemes }, styles, origin);
}

/** Rewrites every placeholder between `piece.start` and `piece.end` to `$n`; the result holds that stretch of the text only. */
export function rewritePiece(text: string, piece: Piece, styles: Styles, origin: SqlOrigin): Rewritten {
  return new Rewriter(text, piece, new Set(styles), origin).run();
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly name?: string;
  readonly style: PlaceholderStyle;
}

const nameStart = /[A-Za-z_]/;

class Rewriter {
  readonly #changes: TextChange[] = [];
  readonly #parameters = new Map<number, Placeholder>();
  readonly #numbers = new Map<string, number>();
  #highest = 0;
  #style: PlaceholderStyle = "none";
  #problem: Rewritten["problem"];
  /** One entry per open bracket: whether it subscripts an array. */
  readonly #subscripts: boolean[] = [];

  constructor(
    readonly text: string,
    readonly piece: Piece,
    readonly styles: ReadonlySet<string>,
    readonly origin: SqlOrigin,
  ) {}

  run(): Rewritten {
    const { lexemes } = this.piece;
    this.#reserveNumbers();
    for (let index = 0; index < lexemes.length; index++) {
      const lexeme = lexemes[index];
      if (!lexeme) break;
      if (lexeme.kind === "param") this.#style = this.#style === "none" ? "dollar" : this.#style;
      else if (lexeme.kind === "string" || lexeme.kind === "quoted" || lexeme.kind === "dollar") this.#percentsInside(lexeme);
      else if (lexeme.kind === "symbol") index = this.#symbol(index);
    }
    const { start, end } = this.piece;
    const changes = this.#changes.map((change) => ({ ...change, start: change.start - start, end: change.end - start }));
    return {
      changed: new ChangedText(this.text.slice(start, end), changes),
      style: this.#style,
      parameters: [...this.#parameters.values()].sort((a, b) => a.position - b.position),
      ...(this.#problem ? { problem: this.#problem } : {}),
    };
  }

  #slice(lexeme: Lexeme | undefined): string {
    return lexeme ? this.text.slice(lexeme.start, lexeme.end) : "";
  }

  /** Numbers that the text uses itself are not given to names. */
  #reserveNumbers(): void {
    for (const lexeme of this.piece.lexemes) {
      if (lexeme.kind !== "param") continue;
      const position = Number(this.text.slice(lexeme.start + 1, lexeme.end));
      this.#parameters.set(position, { position, list: false });
      this.#highest = Math.max(this.#highest, position);
    }
  }

  /** @returns the index of the last lexeme that was used up */
  #symbol(index: number): number {
    const char = this.#slice(this.piece.lexemes[index]);
    if (char === "[") this.#subscripts.push(this.#isSubscript(index));
    if (char === "]") this.#subscripts.pop();
    if (char === "\\") return this.#escapedColon(index);
    if (char === "%") return this.#percent(index);
    if (char === ":") return this.#colon(index);
    if (char === "?" && this.styles.has("qmark")) return this.#questionMark(index);
    return index;
  }

  #isSubscript(index: number): boolean {
    const before = this.piece.lexemes[index - 1];
    const word = this.#slice(before);
    if (word.toLowerCase() === "array") return false;
    return before?.kind === "word" || before?.kind === "quoted" || word === ")" || word === "]";
  }

  /** SQLAlchemy's text(): `\:name` is a colon. */
  #escapedColon(index: number): number {
    const at = this.piece.lexemes[index];
    const next = this.piece.lexemes[index + 1];
    if (!at || this.#slice(next) !== ":" || next?.start !== at.end || !this.styles.has("colon")) return index;
    this.#changes.push({ start: at.start, end: at.end, text: "" });
    return index + 1;
  }

  #percent(index: number): number {
    if (!this.styles.has("pyformat") && !this.styles.has("format")) return index;
    const at = this.piece.lexemes[index]?.start ?? 0;
    if (this.text[at + 1] === "%") {
      this.#changes.push({ start: at, end: at + 2, text: "%" });
      return index + 1;
    }
    if (this.text[at + 1] === "(") {
      const close = this.text.indexOf(")", at);
      if (close < 0 || close > this.piece.end) return index;
      return this.#place(index, { start: at, end: close + 2, name: this.text.slice(at + 2, close), style: "pyformat" }, "sbt", close + 1);
    }
    return this.#place(index, { start: at, end: at + 2, style: "format" }, "sbt", at + 1);
  }

  /** A percent placeholder ends with its conversion, which the lexer may have taken for the beginning of a word. */
  #place(index: number, found: Found, conversions: string, conversion: number): number {
    const letter = this.text[conversion];
    if (letter === undefined || !conversions.includes(letter)) return index;
    this.#found(index, found);
    let last = index;
    while ((this.piece.lexemes[last]?.end ?? Infinity) <= conversion) last++;
    return last;
  }

  #colon(index: number): number {
    const at = this.piece.lexemes[index];
    const next = this.piece.lexemes[index + 1];
    if (!at || next?.start !== at.end) return index;
    const following = this.#slice(next);
    if (following === ":" || following === "=") return index + 1;
    if (!this.styles.has("colon")) return index;
    if (this.origin === "file" && next.kind !== "word") return this.#psqlVariable(index, at, next);
    if (next.kind !== "word" || !nameStart.test(following)) return index;
    // SQLAlchemy's own rule: not after a word character, not before another colon.
    if (/[\w\\]/.test(this.text[at.start - 1] ?? " ")) return index;
    // Its text() does not see `:name::type` either: that reaches the server as it is, and fails there. psql does.
    if (this.text[next.end] === ":" && this.origin !== "file" && this.origin !== "user") return index;
    if (this.origin === "file" && this.#subscripts.at(-1)) return index;
    this.#found(index, { start: at.start, end: next.end, name: following, style: "colon" });
    return index + 1;
  }

  /** `:'name'` is a quoted value; `:"name"` puts an identifier into the text, which no parameter can do. */
  #psqlVariable(index: number, colon: Lexeme, next: Lexeme): number {
    if (next.kind === "string" && this.text[next.start] === "'") {
      this.#found(index, { start: colon.start, end: next.end, name: this.text.slice(next.start + 1, next.end - 1), style: "colon" });
      return index + 1;
    }
    const name = this.#slice(next);
    if (next.kind === "quoted")
      this.#problem ??= {
        message: `psql puts an identifier in place of :${name}, so the statement is not known here.`,
        start: colon.start,
        end: next.end,
      };
    return index;
  }

  #questionMark(index: number): number {
    const at = this.piece.lexemes[index];
    if (!at) return index;
    const following = this.text[at.end];
    if (following === "?") {
      this.#changes.push({ start: at.start, end: at.end + 1, text: "?" });
      return index + 1;
    }
    if (following === "|" || following === "&" || this.#isOperand(this.piece.lexemes[index - 1])) return index;
    this.#found(index, { start: at.start, end: at.end, style: "qmark" });
    return index;
  }

  /** After a value a question mark is jsonb's operator. */
  #isOperand(before: Lexeme | undefined): boolean {
    if (!before) return false;
    const word = this.#slice(before);
    if (before.kind === "symbol") return word === ")" || word === "]";
    if (before.kind === "word") return !operandFollows.has(word.toLowerCase());
    return true;
  }

  #found(index: number, found: Found): void {
    if (this.#style === "none") this.#style = found.style;
    const before = this.piece.lexemes[index - 1];
    const word = before?.kind === "word" ? this.#slice(before).toLowerCase() : "";
    const list = word === "in" || word === "values";
    const position = this.#number(found, list);
    if (list) this.#changes.push({ start: found.start, end: found.end, text: `($${position})` });
    else if (before && literalTypes.has(word) && !this.#namesColumn(index - 1))
      // Drivers that write values into the text make a typed literal of it (INTERVAL '1 day'), which takes no parameter.
      this.#changes.push({ start: before.start, end: found.end, text: `$${position}::${word}` });
    else this.#changes.push({ start: found.start, end: found.end, text: `$${position}` });
  }

  /** `SET date = ...` has an operator between; `t.date` is followed by one too. Only a lone type name can introduce a literal. */
  #namesColumn(index: number): boolean {
    return this.#slice(this.piece.lexemes[index - 1]) === ".";
  }

  #number(found: Found, list: boolean): number {
    const known = found.name === undefined ? undefined : this.#numbers.get(found.name);
    if (known !== undefined) return known;
    const position = ++this.#highest;
    this.#parameters.set(position, { position, ...(found.name === undefined ? {} : { name: found.name }), list });
    if (found.name !== undefined) this.#numbers.set(found.name, position);
    return position;
  }

  /** Drivers with `%` placeholders read `%%` inside quotes too. */
  #percentsInside(lexeme: Lexeme): void {
    if (!this.styles.has("pyformat") && !this.styles.has("format")) return;
    for (let at = this.text.indexOf("%%", lexeme.start); at >= 0 && at < lexeme.end - 1; at = this.text.indexOf("%%", at + 2))
      this.#changes.push({ start: at, end: at + 2, text: "%" });
  }
}

const literalTypes = new Set(["interval", "date", "time", "timestamp", "timestamptz", "json", "jsonb", "uuid", "bytea"]);

/** Keywords after which a value must come, so that a question mark is one. */
const operandFollows = new Set(
  (
    "all and any array as between by case distinct else from having ilike in interval is like limit not offset on or returning select set " +
    "similar then to using values when where with"
  ).split(" "),
);

/** For tests and callers that want the lexemes of a text as it stands. */
export function lexemesOf(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  for (let at = 0; at < text.length; at = lexemes.at(-1)?.end ?? text.length) lexemes.push(lexemeAt(text, at));
  return lexemes;
}
