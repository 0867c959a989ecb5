import type { Lexeme } from "./lexer.js";

/** Deeper than this no one writes; the parser's stack ends somewhere above it, and with it the process. */
export const deepest = 1000;

/** Between these an expression starts anew; the parser keeps what they join side by side. */
const joins = new Set([
  "and",
  "or",
  "when",
  "then",
  "else",
  "select",
  "from",
  "where",
  "values",
  "set",
  "join",
  "on",
  "by",
  "having",
  "limit",
]);
const deepening = new Set([
  "not",
  "case",
  "union",
  "except",
  "intersect",
  "is",
  "collate",
  "isnull",
  "notnull",
  "like",
  "ilike",
  "similar",
]);

/**
 * How deep the parse tree of a statement can become: parentheses, and at each open one the operators since the last comma. Never less
 * than the truth by much, often more; O(n).
 */
export function nestingOf(text: string, lexemes: readonly Lexeme[]): number {
  const levels: number[] = [0];
  let sum = 0;
  let deepestSoFar = 0;
  let previousOperatorEnd = -1;
  const add = (count: number): void => {
    levels[levels.length - 1] = (levels.at(-1) ?? 0) + count;
    sum += count;
    deepestSoFar = Math.max(deepestSoFar, sum);
  };
  const reset = (): void => add(-(levels.at(-1) ?? 0));
  for (const lexeme of lexemes) {
    const word =
      lexeme.kind === "symbol"
        ? (text[lexeme.start] ?? "")
        : lexeme.kind === "word"
          ? text.slice(lexeme.start, lexeme.end).toLowerCase()
          : "";
    if (word === "(" || word === "[") {
      add(1);
      levels.push(0);
    } else if ((word === ")" || word === "]") && levels.length > 1) {
      sum -= levels.pop() ?? 0;
    } else if (word === "," || joins.has(word)) reset();
    else if (deepening.has(word)) add(1);
    else if (lexeme.kind === "symbol" && word !== "." && word !== ";") {
      // Several characters in a row are one operator.
      if (lexeme.start !== previousOperatorEnd || "+-".includes(word)) add(1);
      previousOperatorEnd = lexeme.end;
    }
  }
  return deepestSoFar;
}
