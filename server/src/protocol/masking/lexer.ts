/** A stretch of SQL-like text. Tokens follow each other without gaps: their texts joined are the whole. */
export interface MaskToken {
  readonly kind: "space" | "comment" | "string" | "quoted" | "word" | "number" | "parameter" | "symbol";
  readonly text: string;
}

const isSpace = (letter: string) => /\s/u.test(letter);
const isLetter = (letter: string) => /[\p{L}\p{M}_]/u.test(letter);
const isDigit = (letter: string) => letter >= "0" && letter <= "9" && letter.length === 1;
const isWordPart = (letter: string) => isLetter(letter) || isDigit(letter) || letter === "$";

/**
 * Cuts what PostgreSQL prints (conditions, titles), what people write (statements) and what is broken into tokens. Nothing is refused: an
 * unclosed string or comment goes to the end. Not PostgreSQL's own scanner, because pages mask too and because half of the texts are no SQL.
 */
export function maskTokens(text: string): MaskToken[] {
  const letters = [...text];
  const tokens: MaskToken[] = [];
  let at = 0;
  while (at < letters.length) {
    const end = endOf(letters, at);
    tokens.push({ kind: end.kind, text: letters.slice(at, end.at).join("") });
    at = end.at;
  }
  return tokens;
}

interface End {
  readonly kind: MaskToken["kind"];
  readonly at: number;
}

function endOf(letters: readonly string[], at: number): End {
  const letter = letters[at] ?? "";
  const next = letters[at + 1] ?? "";
  if (isSpace(letter)) return { kind: "space", at: run(letters, at, isSpace) };
  if (letter === "-" && next === "-") return { kind: "comment", at: run(letters, at, (one) => one !== "\n") };
  if (letter === "/" && next === "*") return { kind: "comment", at: closed(letters, at + 2, "*", "/") };
  if (letter === "'") return { kind: "string", at: quoted(letters, at, "'", false) };
  if (letter === '"') return { kind: "quoted", at: quoted(letters, at, '"', false) };
  if ((letter === "E" || letter === "e") && next === "'") return { kind: "string", at: quoted(letters, at + 1, "'", true) };
  if (letter === "$") return dollar(letters, at);
  if (isLetter(letter)) return { kind: "word", at: run(letters, at, isWordPart) };
  if (isDigit(letter) || (letter === "." && isDigit(next))) return { kind: "number", at: number(letters, at) };
  return { kind: "symbol", at: at + 1 };
}

function run(letters: readonly string[], from: number, goesOn: (letter: string) => boolean): number {
  let at = from;
  while (at < letters.length && goesOn(letters[at] ?? "")) at++;
  return at;
}

function closed(letters: readonly string[], from: number, first: string, second: string): number {
  for (let at = from; at < letters.length; at++) if (letters[at] === first && letters[at + 1] === second) return at + 2;
  return letters.length;
}

/** A doubled quote is one letter of the text; a backslash escapes only in E strings. */
function quoted(letters: readonly string[], from: number, quote: string, escapes: boolean): number {
  for (let at = from + 1; at < letters.length; at++) {
    if (escapes && letters[at] === "\\") at++;
    else if (letters[at] === quote) {
      if (letters[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return letters.length;
}

/** `$1`, `$$ … $$`, `$tag$ … $tag$`, or a dollar. */
function dollar(letters: readonly string[], at: number): End {
  if (isDigit(letters[at + 1] ?? "")) return { kind: "parameter", at: run(letters, at + 1, isDigit) };
  const tagEnd = run(letters, at + 1, (letter) => isLetter(letter) || isDigit(letter));
  if (letters[tagEnd] !== "$") return { kind: "symbol", at: at + 1 };
  const tag = letters.slice(at, tagEnd + 1);
  for (let end = tagEnd + 1; end < letters.length; end++)
    if (tag.every((letter, index) => letters[end + index] === letter)) return { kind: "string", at: end + tag.length };
  return { kind: "string", at: letters.length };
}

function number(letters: readonly string[], from: number): number {
  let at = run(letters, from, (letter) => isDigit(letter) || letter === "." || letter === "_");
  const exponent = letters[at] === "e" || letters[at] === "E";
  const sign = letters[at + 1] === "-" || letters[at + 1] === "+" ? 1 : 0;
  if (exponent && isDigit(letters[at + 1 + sign] ?? "")) at = run(letters, at + 1 + sign, isDigit);
  return at;
}

/** The name or text that a quoted token stands for. */
export function unquoted({ text }: MaskToken): string {
  const quote = text.startsWith('"') ? '"' : "'";
  const start = text.indexOf(quote);
  if (start < 0) return text;
  const end = text.length > start + 1 && text.endsWith(quote) ? text.length - 1 : text.length;
  return text.slice(start + 1, end).replaceAll(quote + quote, quote);
}
