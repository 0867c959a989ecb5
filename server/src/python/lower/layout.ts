/** Indentation of what stands at `at`, when only blanks and one line break separate it from `from`. */
export function indentBetween(text: string, from: number, at: number): number | undefined {
  let column = at;
  while (column > from && text[column - 1] === " ") column--;
  if (column === from || text[column - 1] !== "\n") return undefined;
  let rest = column - 1;
  while (rest > from && (text[rest - 1] === " " || text[rest - 1] === "\r")) rest--;
  return rest === from ? at - column : undefined;
}
