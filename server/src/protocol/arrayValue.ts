import type { ParameterValue } from "./statement.js";

/**
 * Elements of a one-dimensional array as PostgreSQL writes it, or of a list without braces: `{1,2}`, `{"a, b",NULL}`, `1, 2`.
 * Undefined where brackets or quotes do not match, or an array stands in the array.
 */
export function arrayElements(text: string): ParameterValue[] | undefined {
  const trimmed = text.trim();
  const braced = trimmed.startsWith("{");
  if (braced !== trimmed.endsWith("}")) return undefined;
  const inner = braced ? trimmed.slice(1, -1) : trimmed;
  if (inner.trim() === "") return [];
  const elements: ParameterValue[] = [];
  for (let at = 0; at <= inner.length;) {
    const element = elementAt(inner, at);
    if (!element) return undefined;
    elements.push(element.value);
    at = element.end + 1;
  }
  return elements;
}

/** The element that begins at `start`; `end` is its comma, or the end of the text. */
function elementAt(text: string, start: number): { value: ParameterValue; end: number } | undefined {
  let value = "";
  let at = start;
  while (/\s/.test(text[at] ?? "")) at++;
  if (text[at] === '"') {
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      if (at >= text.length) return undefined;
      value += text[at];
    }
    at++;
    while (/\s/.test(text[at] ?? "")) at++;
    return at === text.length || text[at] === "," ? { value, end: at } : undefined;
  }
  for (; at < text.length && text[at] !== ","; at++) {
    if ('{}"'.includes(text[at] ?? "")) return undefined;
    if (text[at] === "\\") at++;
    value += text[at] ?? "";
  }
  value = value.trimEnd();
  if (value === "") return undefined;
  return { value: value.toUpperCase() === "NULL" ? null : value, end: at };
}

/** The elements as PostgreSQL writes an array of them. */
export function arrayText(elements: readonly ParameterValue[]): string {
  return `{${elements.map(elementText).join(",")}}`;
}

function elementText(element: ParameterValue): string {
  if (element === null) return "NULL";
  const plain = /^[^\s{},"\\]+$/.test(element) && element.toUpperCase() !== "NULL";
  return plain ? element : `"${element.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
