import type { Lexeme } from "./lexer.js";

/** Deeper than this no one writes; the parser's stack ends somewhere above it, and with it the process. */
export const deepest = 1000;

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));
/** Between these an expression starts anew; the parser keeps what they join side by side. */
const joints = words("and or when then else select from where values set on by having limit offset");
const deepening = words("not is collate isnull notnull like ilike similar between at");
/** Each of these puts all that stood before it one level down, whatever expressions stand between. */
const chaining = words("union except intersect join");

interface Level {
  readonly opener: "(" | "case" | "";
  /** Operators since the last joint. */
  expression: number;
  chain: number;
}

/**
 * How deep the parse tree of a statement can become, by its open parentheses and CASEs and at each of them the operators in a row.
 * An estimate that errs to the high side; O(n).
 */
export function nestingOf(text: string, lexemes: readonly Lexeme[]): number {
  const levels: Level[] = [{ opener: "", expression: 0, chain: 0 }];
  let depth = 0;
  let most = 0;
  let operatorEnd = -1;
  const current = (): Level => levels.at(-1) ?? { opener: "", expression: 0, chain: 0 };
  const add = (key: "expression" | "chain", count: number): void => {
    current()[key] += count;
    depth += count;
    most = Math.max(most, depth);
  };
  const open = (opener: "(" | "case"): void => {
    add("expression", 1);
    levels.push({ opener, expression: 0, chain: 0 });
  };
  const close = (opener: "(" | "case"): void => {
    if (levels.length === 1 || current().opener !== opener) return;
    const closed = levels.pop();
    depth -= (closed?.expression ?? 0) + (closed?.chain ?? 0);
  };
  for (const lexeme of lexemes) {
    const word = wordOf(text, lexeme);
    if (word === "(" || word === "[") open("(");
    else if (word === ")" || word === "]") close("(");
    else if (word === "case") open("case");
    else if (word === "end") close("case");
    else if (word === "," || joints.has(word)) add("expression", -current().expression);
    else if (chaining.has(word)) add("chain", 1);
    else if (deepening.has(word)) add("expression", 1);
    else if (lexeme.kind === "symbol" && word !== "." && word !== ";") {
      // Several characters in a row are one operator, signs apart.
      if (lexeme.start !== operatorEnd || word === "+" || word === "-") add("expression", 1);
      operatorEnd = lexeme.end;
    }
  }
  return most;
}

function wordOf(text: string, lexeme: Lexeme): string {
  if (lexeme.kind === "symbol") return text[lexeme.start] ?? "";
  return lexeme.kind === "word" ? text.slice(lexeme.start, lexeme.end).toLowerCase() : "";
}
