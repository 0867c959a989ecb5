import { fingerprint, normalise, scanTokens } from "./engine/engine.js";
import { hash64 } from "./text/hash.js";

/**
 * Names a statement whatever its constants, layout, comments and letter case of keywords: libpg_query's fingerprint and, because that is
 * coarser than the statement, a hash of the normalised text. It is the same for the statement in the code and in pg_stat_statements, where
 * a driver may have written values into the text and the server numbers them anew: so parameters count without their numbers, and a list
 * of them as one. Throws `SyntaxProblem` for what does not parse.
 */
export function statementKey(text: string): string {
  return `${fingerprint(text)}-${hash64(canonical(normalise(text)))}`;
}

/** Tokens with single spaces, parameters without numbers, lists squashed, names as PostgreSQL folds them. */
function canonical(normalised: string): string {
  const words = scanTokens(normalised)
    .filter((token) => token.tokenName !== "SQL_COMMENT" && token.tokenName !== "C_COMMENT")
    .map((token) => (token.tokenName === "PARAM" ? "$" : /^["'$]/.test(token.text) ? token.text : token.text.toLowerCase()));
  if (words.at(-1) === ";") words.pop();
  return squashLists(words).join(" ");
}

/** `( $ , $ , $ )` after IN, and `[ ... ]` of an array → `( $ )`. */
function squashLists(words: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const opens = (word === "(" && words[index - 1] === "in") || (word === "[" && words[index - 1] === "array");
    const close = opens ? endOfList(words, index + 1) : undefined;
    if (close === undefined) result.push(word);
    else {
      result.push(word, "$", words[close] ?? "");
      index = close;
    }
  }
  return result;
}

function endOfList(words: readonly string[], start: number): number | undefined {
  let index = start;
  while (words[index] === "$" && words[index + 1] === ",") index += 2;
  return words[index] === "$" && /^[)\]]$/.test(words[index + 1] ?? "") ? index + 1 : undefined;
}
