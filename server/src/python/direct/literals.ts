import { giveUp } from "./scanner.js";

/** Length of the quotes that open at `at`. */
export function quoteLength(text: string, at: number): 1 | 3 {
  const code = text.charCodeAt(at);
  return text.charCodeAt(at + 1) === code && text.charCodeAt(at + 2) === code ? 3 : 1;
}

/** Where the plain literal whose quotes open at `quote` ends. A backslash protects the next character, in raw strings too. */
export function stringEnd(text: string, quote: number, limit: number): number {
  const code = text.charCodeAt(quote);
  const length = quoteLength(text, quote);
  for (let at = quote + length; at < limit; at++) {
    const here = text.charCodeAt(at);
    if (here === 92) at += text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10 ? 2 : 1;
    else if (here === code) {
      if (length === 1) return at + 1;
      if (text.charCodeAt(at + 1) === code && text.charCodeAt(at + 2) === code) return at + 3;
    } else if (here === 10 && length === 1) giveUp();
  }
  return giveUp();
}
