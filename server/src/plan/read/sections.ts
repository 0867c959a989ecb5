import { columnOf, type SourceLine } from "./lines.js";

export interface Section {
  readonly format: "json" | "xml" | "yaml" | "text";
  /** Index of the first line. */
  readonly start: number;
  /** Offset of the first character inside that line. */
  readonly column: number;
}

/** Where a plan in a structured format begins in the lines from `from` on; undefined where only text follows. */
export function nextStructured(lines: readonly SourceLine[], from: number): Section | undefined {
  for (let index = from; index < lines.length; index++) {
    const text = lines[index]?.text ?? "";
    const column = columnOf(text);
    const first = text[column];
    if (first === "<" && (text.startsWith("<explain", column) || text.startsWith("<Plan>", column)))
      return { format: "xml", start: index, column };
    if ((first === "[" || first === "{") && opensJson(lines, index)) return { format: "json", start: index, column };
    if (first === '"' && /^"(?:Plan|Query Text)"\s*:/.test(text.slice(column, column + 20)))
      return { format: "json", start: index, column };
    if (isYamlStart(lines, index)) return { format: "yaml", start: index, column };
    const inline = first === "[" || first === "{" ? -1 : inlineJson(text);
    if (inline >= 0) return { format: "json", start: index, column: inline };
  }
  return undefined;
}

/** How far a bracket may stand before the first key that shows a plan: “Query Text” can be long, but is one line. */
const lookAhead = 12;
const marks = ['"Plan"', "'Plan'", '"Node Type"', "'Node Type'", "->  ", "(cost=", '"message"', "<explain", "Node Type:"];

function opensJson(lines: readonly SourceLine[], index: number): boolean {
  for (let at = index; at < Math.min(index + lookAhead, lines.length); at++) {
    const text = lines[at]?.text ?? "";
    if (marks.slice(0, 4).some((mark) => text.includes(mark))) return true;
    if (at === index && marks.some((mark) => text.includes(mark)) && /^\s*(?:\{\s*"|\[\s*[[({"'])/.test(text)) return true;
  }
  return false;
}

/** `EXPLAIN says: [{"Plan": …}]` */
function inlineJson(text: string): number {
  if (!marks.slice(0, 4).some((mark) => text.includes(mark))) return -1;
  const at = [text.indexOf("[{"), text.indexOf("{")].filter((index) => index >= 0);
  const plan = text.search(/["'](?:Plan|Node Type|Query Text)["']/);
  const start = at.length === 0 ? -1 : Math.min(...at);
  return start < plan ? start : -1;
}

function isYamlStart(lines: readonly SourceLine[], index: number): boolean {
  const text = (lines[index]?.text ?? "").trim();
  const name = text.startsWith("- ") ? text.slice(2).trimStart() : text;
  if (name.startsWith('Node Type: "') || name.startsWith("Node Type: '")) return true;
  if (name !== "Plan:" && !name.startsWith('Query Text: "')) return false;
  return lines.slice(index, index + lookAhead).some((line) => line.text.trim().replace("- ", "").startsWith("Node Type: "));
}

/** Index behind the last line of YAML: the first line further left, or one that is no key, ends it. */
export function yamlEnd(lines: readonly SourceLine[], start: number): number {
  const left = columnOf(lines[start]?.text ?? "");
  for (let index = start + 1; index < lines.length; index++) {
    const text = lines[index]?.text ?? "";
    const column = columnOf(text);
    if (column === text.length) continue;
    const key = text.startsWith("- ", column) || /^[A-Z][^:"']{0,60}:(?: |$)/.test(text.slice(column, column + 80));
    if (column < left || (column <= left + 2 && !key && column === left)) return index;
  }
  return lines.length;
}

/** Index behind the line that closes the document. */
export function xmlEnd(lines: readonly SourceLine[], start: number): number {
  const index = lines.findIndex(({ text }, at) => at >= start && text.includes("</explain>"));
  return index < 0 ? lines.length : index + 1;
}
