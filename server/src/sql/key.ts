import { fingerprint, normalise, scanTokens } from "./engine/engine.js";
import { hash64 } from "./text/hash.js";

/**
 * Names a statement whatever its constants, layout, comments and letter case of keywords: libpg_query's fingerprint and, because that is
 * coarser than the statement, a hash of the normalised text. Lists of constants count as one, as in pg_stat_statements since 18.
 * Throws `SyntaxProblem` for what does not parse.
 */
export function statementKey(text: string): string {
  return `${fingerprint(text)}-${hash64(canonical(normalise(text)))}`;
}

/** Tokens with single spaces, lists squashed, parameters renumbered by rank so that what a list took up does not count. */
export function canonical(normalised: string): string {
  const words = squashLists(
    scanTokens(normalised)
      .filter((token) => token.tokenName !== "SQL_COMMENT" && token.tokenName !== "C_COMMENT")
      .map((token) => (token.keywordName !== "NO_KEYWORD" || !/^["'$]/.test(token.text) ? token.text.toLowerCase() : token.text)),
  );
  if (words.at(-1) === ";") words.pop();
  const numbers = [...new Set(words.filter(isParameter).map((word) => Number(word.slice(1))))].sort((a, b) => a - b);
  const rank = new Map(numbers.map((number, index) => [`$${number}`, `$${index + 1}`]));
  return words.map((word) => rank.get(word) ?? word).join(" ");
}

const isParameter = (word: string): boolean => /^\$\d+$/.test(word);

/** `( $1 , $2 , $3 )` after IN, and `[ ... ]` of an array → `( $list )`. */
function squashLists(words: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const opens = (word === "(" && words[index - 1] === "in") || (word === "[" && words[index - 1] === "array");
    const close = opens ? endOfList(words, index + 1) : undefined;
    if (close === undefined) result.push(word);
    else {
      result.push(word, "$list", words[close] ?? "");
      index = close;
    }
  }
  return result;
}

function endOfList(words: readonly string[], start: number): number | undefined {
  let index = start;
  while (isParameter(words[index] ?? "") && words[index + 1] === ",") index += 2;
  return isParameter(words[index] ?? "") && /^[)\]]$/.test(words[index + 1] ?? "") ? index + 1 : undefined;
}
