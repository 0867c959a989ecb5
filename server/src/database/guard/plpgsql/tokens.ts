import { scanTokens } from "../../../sql/engine/engine.js";

/** A token of a body; `form` is how it is compared: words in lower case, quoted names without their quotes. */
export interface Token {
  readonly form: string;
  readonly kind: "word" | "quoted" | "constant" | "sign";
  /** UTF-8 bytes. */
  readonly start: number;
  readonly end: number;
}

/** PostgreSQL's scanner, which PL/pgSQL's is made of. Comments are left out. */
export function tokensOf(text: string): Token[] {
  return scanTokens(text)
    .filter(({ tokenName }) => tokenName !== "SQL_COMMENT" && tokenName !== "C_COMMENT")
    .map(({ text: written, tokenName, keywordName, start, end }) => ({ ...formOf(written, tokenName, keywordName), start, end }));
}

function formOf(written: string, tokenName: string, keywordName: string): Pick<Token, "form" | "kind"> {
  if (keywordName !== "NO_KEYWORD") return { form: written.toLowerCase(), kind: "word" };
  if (tokenName === "IDENT" && written.startsWith('"')) return { form: written.slice(1, -1).replaceAll('""', '"'), kind: "quoted" };
  if (tokenName === "IDENT") return { form: written.toLowerCase(), kind: "word" };
  if (["SCONST", "ICONST", "FCONST", "PARAM"].includes(tokenName)) return { form: written, kind: "constant" };
  return { form: written, kind: "sign" };
}

/** Bytes → text. */
export function between(text: string, start: number, end: number): string {
  return Buffer.from(text, "utf8").subarray(start, end).toString("utf8");
}

/** `target := value`, at the first sign that is not inside brackets. Undefined where there is none. */
export function splitAssignment(text: string): { readonly target: string; readonly value: string } | undefined {
  let depth = 0;
  for (const { form, kind, start, end } of tokensOf(text)) {
    if (kind !== "sign") continue;
    if (form === "(" || form === "[") depth += 1;
    else if (form === ")" || form === "]") depth -= 1;
    else if (depth === 0 && (form === ":=" || form === "="))
      return { target: between(text, 0, start), value: between(text, end, Buffer.byteLength(text)) };
  }
  return undefined;
}
