export type LexemeKind = "space" | "comment" | "string" | "dollar" | "quoted" | "word" | "number" | "param" | "template" | "symbol";

/**
 * A piece of SQL text. PostgreSQL's own scanner cannot be used where this one is: it stops at the first unterminated quote and knows
 * neither psql's commands and data lines nor the placeholders of drivers. The cuts are psql's.
 */
export interface Lexeme {
  readonly kind: LexemeKind;
  readonly start: number;
  readonly end: number;
  /** False where the text ended, or was given up, before the closing mark. */
  readonly terminated: boolean;
}

const wordStart = /[A-Za-z_\u0080-\uffff]/;
const wordRest = /[A-Za-z0-9_$\u0080-\uffff]/;
const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";
const isSpace = (char: string | undefined): boolean =>
  char === " " || char === "\n" || char === "\r" || char === "\t" || char === "\f" || char === "\v" || char === "\ufeff";

/** The lexeme that begins at `start`, which must be inside the text. */
export function lexemeAt(text: string, start: number): Lexeme {
  const char = text[start] ?? "";
  const next = text[start + 1];
  if (isSpace(char)) return lexeme("space", start, skip(text, start, isSpace));
  if (char === "-" && next === "-") return lexeme("comment", start, endOfLine(text, start));
  if (char === "/" && next === "*") return blockComment(text, start);
  if (char === "'") return quoted(text, "string", start, start, false);
  if (char === '"') return quoted(text, "quoted", start, start, false);
  if (char === "{" && (next === "{" || next === "%" || next === "#")) return template(text, start, next);
  if (char === "$") return dollar(text, start);
  if (isDigit(char) || (char === "." && isDigit(next))) return number(text, start);
  if (wordStart.test(char)) return wordOrPrefixedString(text, start);
  return lexeme("symbol", start, start + 1);
}

function lexeme(kind: LexemeKind, start: number, end: number, terminated = true): Lexeme {
  return { kind, start, end, terminated };
}

function skip(text: string, start: number, accepts: (char: string | undefined) => boolean): number {
  let end = start;
  while (end < text.length && accepts(text[end])) end++;
  return end;
}

export function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" && end - 1 >= start ? end - 1 : end;
}

function blockComment(text: string, start: number): Lexeme {
  let depth = 1;
  for (let index = start + 2; index < text.length; index++) {
    if (text[index] === "*" && text[index + 1] === "/") {
      depth--;
      index++;
      if (depth === 0) return lexeme("comment", start, index + 1);
    } else if (text[index] === "/" && text[index + 1] === "*") {
      depth++;
      index++;
    }
  }
  return lexeme("comment", start, givenUp(text, start), false);
}

function quoted(text: string, kind: "string" | "quoted", start: number, opening: number, backslashes: boolean): Lexeme {
  const mark = text[opening];
  for (let index = opening + 1; index < text.length; index++) {
    if (backslashes && text[index] === "\\") index++;
    else if (text[index] === mark) {
      if (text[index + 1] === mark) index++;
      else return lexeme(kind, start, index + 1);
    }
  }
  return lexeme(kind, start, givenUp(text, opening), false);
}

/** An open quote would swallow every statement after it: what follows the next semicolon at the end of a line is taken as text again. */
function givenUp(text: string, start: number): number {
  for (let at = text.indexOf(";", start); at >= 0; at = text.indexOf(";", at + 1)) {
    const rest = text.slice(at + 1, endOfLine(text, at + 1));
    if (rest.trim() === "") return at;
  }
  return text.length;
}

const closing = { "{": "}}", "%": "%}", "#": "#}" } as const;

function template(text: string, start: number, kind: "{" | "%" | "#"): Lexeme {
  const end = text.indexOf(closing[kind], start + 2);
  return end < 0 ? lexeme("template", start, text.length, false) : lexeme("template", start, end + 2);
}

function dollar(text: string, start: number): Lexeme {
  if (isDigit(text[start + 1])) return lexeme("param", start, skip(text, start + 1, isDigit));
  let tagEnd = start + 1;
  while (tagEnd < text.length && text[tagEnd] !== "$" && wordRest.test(text[tagEnd] ?? "")) tagEnd++;
  if (text[tagEnd] !== "$") return lexeme("symbol", start, start + 1);
  const tag = text.slice(start, tagEnd + 1);
  const end = text.indexOf(tag, tagEnd + 1);
  return end < 0 ? lexeme("dollar", start, text.length, false) : lexeme("dollar", start, end + tag.length);
}

function number(text: string, start: number): Lexeme {
  const digitOrWord = (char: string | undefined): boolean => char !== undefined && /[0-9A-Za-z_]/.test(char);
  let end = skip(text, start, digitOrWord);
  if (text[end] === "." && text[end + 1] !== ".") end = skip(text, end + 1, digitOrWord);
  if (/[eE]/.test(text[end - 1] ?? "") && (text[end] === "-" || text[end] === "+") && isDigit(text[end + 1]))
    end = skip(text, end + 1, isDigit);
  return lexeme("number", start, end);
}

function wordOrPrefixedString(text: string, start: number): Lexeme {
  const end = skip(text, start, (char) => char !== undefined && wordRest.test(char));
  const prefix = text.slice(start, end).toLowerCase();
  if (text[end] === "'" && prefix.length === 1 && "ebxn".includes(prefix)) return quoted(text, "string", start, end, prefix === "e");
  if (prefix === "u" && text[end] === "&" && (text[end + 1] === "'" || text[end + 1] === '"'))
    return quoted(text, text[end + 1] === "'" ? "string" : "quoted", start, end + 1, false);
  return lexeme("word", start, end);
}
