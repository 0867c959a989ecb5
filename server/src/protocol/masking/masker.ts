import { maskTokens, unquoted, type MaskToken } from "./lexer.js";
import { capitals, explained, functions, grammar, reserved, settings, types } from "./vocabulary.js";

export interface MaskOptions {
  /** Relations, indexes, aliases, columns, functions, types and every other name. */
  readonly names: boolean;
  /** Strings and numbers in conditions and in the statement. */
  readonly literals: boolean;
}

/** How a text is to be read. */
export type TextKind =
  /** What PostgreSQL prints of an expression. */
  | "expression"
  /** What a person wrote: keywords in any case. */
  | "statement"
  /** "Index Scan using orders_pkey on orders o". */
  | "title"
  /** "external merge", "25kB": EXPLAIN's own words; numbers stay. */
  | "fact";

/**
 * The same name becomes the same mask everywhere; nothing stays by default. A word stays only where it cannot be anybody's name: a keyword that
 * PostgreSQL would have quoted, a built-in function before its parenthesis, a built-in type behind its cast.
 */
export class Masker {
  readonly #names = new Map<string, string>();
  readonly #literals = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** @param taken every word of what will be masked, so that no mask is by chance somebody's name */
  constructor(
    private readonly options: MaskOptions,
    private readonly taken: ReadonlySet<string>,
  ) {}

  name(name: string, kind = "name"): string {
    if (!this.options.names || name === "") return name;
    return remember(this.#names, name, () => this.#fresh(kind));
  }

  /** Tells names apart from EXPLAIN's words in texts that are read later. */
  get names(): ReadonlyMap<string, string> {
    return this.#names;
  }

  text(text: string, kind: TextKind): string {
    return this.pieces(text, kind)
      .map(({ masked }) => masked)
      .join("");
  }

  /** The text's tokens beside what becomes of them, for places that have to be found again. */
  pieces(text: string, kind: TextKind): { readonly original: string; readonly masked: string }[] {
    const tokens = maskTokens(text);
    return tokens.map((token, index) => ({ original: token.text, masked: this.#token(token, tokens, index, kind) }));
  }

  /** Sentences: names that are known by now, and what is quoted or compared, are replaced; the rest stays. Between backticks stands SQL. */
  prose(text: string): string {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return this.#sentence(text);
    return parts.map((part, place) => (place % 2 === 1 ? this.#code(part) : this.#sentence(part))).join("`");
  }

  /** A setting or a node type is named in the same way as SQL is. */
  #code(text: string): string {
    const own = maskTokens(text).every(({ kind, text: word }) => kind === "space" || explained.has(word) || settings.has(word));
    return own ? this.#sentence(text) : this.text(text, "statement");
  }

  #sentence(text: string): string {
    const tokens = maskTokens(text.replaceAll("'", (quote, at: number) => (isApostrophe(text, at) ? apostrophe : quote)));
    return tokens
      .map((token, index) => this.#proseToken(token, tokens, index))
      .join("")
      .replaceAll(apostrophe, "'");
  }

  #token(token: MaskToken, tokens: readonly MaskToken[], index: number, kind: TextKind): string {
    switch (token.kind) {
      case "comment":
        // A comment is as free as a literal, and nobody needs it.
        return this.options.literals || this.options.names ? "" : token.text;
      case "string":
        return this.#literal(token.text);
      case "quoted":
        return this.name(unquoted(token));
      case "number":
        return kind === "fact" || isPlanNumber(tokens, index) ? token.text : this.#literal(token.text);
      case "word":
        return this.#keeps(token.text, tokens, index, kind) ? token.text : this.#nameAt(token.text, tokens, index);
      default:
        return token.text;
    }
  }

  #keeps(word: string, tokens: readonly MaskToken[], index: number, kind: TextKind): boolean {
    if (this.#names.has(word)) return false;
    const upper = word.toUpperCase();
    if (reserved.has(upper) && (word === upper || kind === "statement" || word === word.toLowerCase())) return true;
    if (capitals.has(word) || (kind === "statement" && grammar.has(upper))) return true;
    if (followsCast(tokens, index)) return types.has(word.toLowerCase());
    // With a schema before it, it is somebody's own: built-in ones are printed without.
    if (tokens[index - 1]?.text === ".") return false;
    if (nextSolid(tokens, index)?.text === "(") return functions.has(word.toLowerCase()) || (kind !== "expression" && explained.has(word));
    if (kind === "title" || kind === "fact") return explained.has(word);
    return isPlanWord(word);
  }

  #nameAt(word: string, tokens: readonly MaskToken[], index: number): string {
    if (followsCast(tokens, index)) return this.name(word, "type");
    const next = nextSolid(tokens, index)?.text;
    return this.name(word, next === "(" ? "function" : next === "." ? "name" : "column");
  }

  #proseToken(token: MaskToken, tokens: readonly MaskToken[], index: number): string {
    if (token.kind === "string") return isMeasure(unquoted(token)) ? token.text : this.#literal(token.text);
    if (token.kind === "quoted") return this.name(unquoted(token));
    if (token.kind === "number") return isCompared(tokens, index) ? this.#literal(token.text) : token.text;
    return token.kind === "word" && this.options.names ? (this.#names.get(token.text) ?? token.text) : token.text;
  }

  #literal(text: string): string {
    if (!this.options.literals) return text;
    const quoted = text.includes("'") || text.startsWith("$");
    return remember(this.#literals, text, () => (quoted ? `'${this.#fresh("text")}'` : this.#fresh("number")));
  }

  #fresh(kind: string): string {
    for (;;) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      const mask = `${kind}${count}`;
      if (!this.taken.has(mask)) return mask;
    }
  }
}

/** A private letter in the place of an apostrophe, so that none opens a string. */
const apostrophe = "\u{e000}";

function isApostrophe(text: string, at: number): boolean {
  return /\p{L}/u.test(text[at - 1] ?? "") && /\p{L}/u.test(text[at + 1] ?? "");
}

function remember(map: Map<string, string>, key: string, make: () => string): string {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const isSolid = ({ kind }: MaskToken): boolean => kind !== "space" && kind !== "comment";

function nextSolid(tokens: readonly MaskToken[], index: number): MaskToken | undefined {
  return tokens.slice(index + 1, index + 4).find(isSolid);
}

function beforeSolid(tokens: readonly MaskToken[], index: number): MaskToken | undefined {
  return tokens.slice(Math.max(0, index - 3), index).findLast(isSolid);
}

/** Behind `::`, or a later word of a type's name: "timestamp without time zone". */
function followsCast(tokens: readonly MaskToken[], index: number): boolean {
  for (let at = index - 1; at >= 0; at--) {
    const token = tokens[at] as MaskToken;
    if (token.kind === "symbol") return token.text === ":" && tokens[at - 1]?.text === ":";
    if (token.kind === "word" ? !types.has(token.text.toLowerCase()) : token.kind !== "space") return false;
  }
  return false;
}

/** SubPlans and their like are named in conditions: "(hashed SubPlan 1)", "CTE x", "$0 = (InitPlan 2).col1". */
function isPlanWord(word: string): boolean {
  return ["SubPlan", "Subplan", "InitPlan", "hashed", "rescan", "alternatives"].includes(word);
}

function isPlanNumber(tokens: readonly MaskToken[], index: number): boolean {
  const before = beforeSolid(tokens, index)?.text ?? "";
  return ["SubPlan", "Subplan", "InitPlan"].includes(before);
}

function isCompared(tokens: readonly MaskToken[], index: number): boolean {
  const compared = ["=", "<", ">"].includes(beforeSolid(tokens, index)?.text ?? "") && !units.includes(tokens[index + 1]?.text ?? "");
  return compared && !isRoundedShare(tokens, index);
}

/** "> 99 %" and "< 1 %" are how our sentences round a share. */
function isRoundedShare(tokens: readonly MaskToken[], index: number): boolean {
  return ["1", "99"].includes(tokens[index]?.text ?? "") && tokens[index + 1]?.text === " " && tokens[index + 2]?.text === "%";
}

const units = ["kB", "MB", "GB", "ms", "s", "min"];

/** What advice puts between quotes: '64MB', '0.05'. */
function isMeasure(text: string): boolean {
  const [first, ...rest] = maskTokens(text);
  return first?.kind === "number" && rest.every(({ kind, text: unit }) => kind === "space" || units.includes(unit));
}

export const isSetting = (name: string): boolean => settings.has(name);
