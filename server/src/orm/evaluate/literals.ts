import type { StringExpr } from "../../python/index.js";

/** Offset in the decoded text → offset in the file. */
export function toSource(map: readonly number[], offset: number): number {
  let low = 0;
  let high = map.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (map[middle * 2]! <= offset) low = middle;
    else high = middle - 1;
  }
  return map.length === 0 ? offset : map[low * 2 + 1]! + (offset - map[low * 2]!);
}

/** The stretches of a literal one after the other, still with the way back to the file. */
function pieces(literal: StringExpr, stretches: readonly (readonly [number, number])[]): StringExpr {
  let value = "";
  const map: number[] = [];
  for (const [from, to] of stretches) {
    if (from >= to) continue;
    map.push(value.length, toSource(literal.map, from));
    for (let at = 0; at < literal.map.length; at += 2) {
      const anchor = literal.map[at]!;
      if (anchor > from && anchor < to) map.push(value.length + anchor - from, literal.map[at + 1]!);
    }
    value += literal.value.slice(from, to);
  }
  return { ...literal, value, map: map.length ? map : [0, literal.start] };
}

export function stripped(literal: StringExpr): StringExpr {
  const { value } = literal;
  const from = value.length - value.trimStart().length;
  return pieces(literal, [[from, Math.max(from, value.trimEnd().length)]]);
}

/** As `textwrap.dedent`: the margin that all lines with text share is taken off. */
export function dedented(literal: StringExpr): StringExpr {
  const lines: [number, number][] = [];
  for (let at = 0; at <= literal.value.length;) {
    const end = literal.value.indexOf("\n", at);
    lines.push([at, end < 0 ? literal.value.length : end + 1]);
    at = end < 0 ? literal.value.length + 1 : end + 1;
  }
  const indent = ([from, to]: [number, number]) => {
    let at = from;
    while (at < to && (literal.value[at] === " " || literal.value[at] === "\t")) at++;
    return at - from;
  };
  const isBlank = ([from, to]: [number, number]) => literal.value.slice(from, to).trim() === "";
  const margins = lines.filter((line) => !isBlank(line)).map(indent);
  const margin = margins.length ? Math.min(...margins) : 0;
  return pieces(
    literal,
    lines.map((line) => [Math.min(line[0] + (isBlank(line) ? indent(line) : margin), line[1]), line[1]] as const),
  );
}
