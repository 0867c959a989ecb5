/** Words that are no names. The soft ones (`match`, `case`, `type`, `_`) and Python 2's `print` and `exec` are names. */
export const keywords: ReadonlyMap<string, string> = new Map(
  [
    ...["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else"],
    ...["except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise"],
    ...["return", "try", "while", "with", "yield"],
  ].map((word) => [word, word]),
);

const operators = [
  ...["**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^="],
  ...["**", "//", "<<", ">>", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";"],
  ...["=", "!"],
];
/** By first character, the longest first. `!` alone stands only in format strings. */
const byFirst: (readonly string[] | undefined)[] = [];
for (const operator of operators) {
  const code = operator.charCodeAt(0);
  byFirst[code] = [...(byFirst[code] ?? []), operator];
}

export function operatorAt(text: string, at: number, code: number): string | undefined {
  const candidates = byFirst[code];
  if (!candidates) return undefined;
  for (const operator of candidates) if (operator.length === 1 || text.startsWith(operator, at)) return operator;
  return undefined;
}

export const augmentedOperators: ReadonlySet<string> = new Set([
  ...["+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="],
]);

/** How tightly a binary operator binds; comparisons, `not`, `and` and `or` bind less tightly than all of these. */
export const precedence: ReadonlyMap<string, number> = new Map([
  ["|", 1],
  ["^", 2],
  ["&", 3],
  ["<<", 4],
  [">>", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["//", 6],
  ["%", 6],
  ["@", 6],
]);
