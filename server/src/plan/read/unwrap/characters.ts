import { changeEach, type Unwrapping } from "./unwrapping.js";

/** Colours of a terminal, no-break spaces, invisible characters, and the arrow as word processors write it. */
export const unwrapCharacters: Unwrapping = (lines) =>
  changeEach(lines, (text) => {
    if (!needsCare(text)) return text;
    const plain = text.replaceAll("\u00a0", " ").replaceAll("\u200b", "").replaceAll("\ufeff", "");
    const uncoloured = plain.includes("\u001b[") ? withoutColours(plain) : plain;
    const start = uncoloured.length - uncoloured.trimStart().length;
    return arrows.some((arrow) => uncoloured.startsWith(arrow, start))
      ? `${uncoloured.slice(0, start)}->  ${uncoloured.slice(start + 2).trimStart()}`
      : uncoloured;
  });

const arrows = ["–>", "—>", "→ "];

function needsCare(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 126 || code === 27) return true;
  }
  return false;
}

function withoutColours(text: string): string {
  const parts: string[] = [];
  let start = 0;
  for (let escape = text.indexOf("\u001b["); escape >= 0; escape = text.indexOf("\u001b[", start)) {
    parts.push(text.slice(start, escape));
    start = escape + 2;
    while (start < text.length && !isLetter(text[start] ?? "")) start++;
    start++;
  }
  return parts.join("") + text.slice(start);
}

const isLetter = (character: string): boolean => (character >= "A" && character <= "Z") || (character >= "a" && character <= "z");

/** A page's source: entities, and a cell of a table per line. Only where the arrow itself is written as an entity, or a cell is opened. */
export const unwrapHtml: Unwrapping = (lines) => {
  if (lines.some(({ text }) => text.trimStart().startsWith("<explain"))) return undefined; // The entities are the XML's own.
  const isHtml = lines.some(
    ({ text }) => htmlMarks.some((mark) => text.includes(mark)) || (text.includes("<td") && text.includes("cost=")),
  );
  return isHtml ? changeEach(lines, (text) => decodeEntities(withoutTags(text))) : undefined;
};

const htmlMarks = ["-&gt;", "&quot;Plan&quot;", "&quot;Node Type&quot;", "Node Type: &quot;", "&lt;explain", "<pre>"];
const tags = ["tr", "td", "th", "pre", "code", "br", "p", "table", "tbody", "div", "span"];

/** Takes known tags away; what else stands between angle brackets is an expression. */
function withoutTags(text: string): string {
  let result = text;
  for (let open = result.indexOf("<"); open >= 0; open = result.indexOf("<", open)) {
    const close = result.indexOf(">", open);
    const name =
      result
        .slice(open + 1, close)
        .replace("/", "")
        .split(" ")[0]
        ?.replace("/", "")
        .toLowerCase() ?? "";
    if (close > open && tags.includes(name)) result = result.slice(0, open) + result.slice(close + 1);
    else open++;
  }
  return result;
}

const entities: readonly (readonly [string, string])[] = [
  ["&nbsp;", " "],
  ["&gt;", ">"],
  ["&lt;", "<"],
  ["&quot;", '"'],
  ["&#34;", '"'],
  ["&#39;", "'"],
  ["&amp;", "&"],
];

export function decodeEntities(text: string): string {
  return text.includes("&") ? entities.reduce((decoded, [entity, character]) => decoded.replaceAll(entity, character), text) : text;
}

const escapedMarks = ['\\"Node Type\\"', 'Node Type: \\"', "<Node-Type>", "\\n  ->  ", "\\n  Output: ", "\\nPlanning Time: "];

/** Text out of a program's source or a log: its line breaks and quotes are written as escapes. */
export const unwrapEscapes: Unwrapping = (lines) => {
  const isEscaped = (text: string): boolean => text.includes("\\n") && escapedMarks.some((mark) => text.includes(mark));
  if (!lines.some(({ text }) => isEscaped(text) && !isJsonString(text))) return undefined;
  return lines.flatMap((line) => (isEscaped(line.text) ? unescaped(line.text).map((text) => ({ ...line, text })) : [line]));
};

/** A value of JSON, whose escapes the reader of JSON undoes. */
const isJsonString = (text: string): boolean => {
  const start = text.trimStart();
  return start.startsWith("{") || start.startsWith('["') || start.startsWith('[{"') || start.startsWith("[('") || start.startsWith("('");
};

const unescaped = (text: string): readonly string[] =>
  text.replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll('\\"', '"').replaceAll("\\\\", "\\").split("\n");
