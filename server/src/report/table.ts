import type { Style } from "./style.js";

export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

/** Columns as wide as what is in them; the last one is left ragged. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = columns.map((column, i) => Math.max(column.title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.right ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [style.bold(line(columns.map((column) => column.title))), ...rows.map(line)];
}

export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map((column) => column.title)),
    line(columns.map((column) => (column.right ? "---:" : "---"))),
    ...rows.map((row) => line(row.map(inMarkdownCell))),
  ];
}

/** Text of foreign origin inside a Markdown table: no markup, no line ends, no bars. */
export function inMarkdownCell(text: string): string {
  return inMarkdown(text.replace(/\s+/g, " ")).replaceAll("|", "\\|");
}

/** Outside code, `<`, `[` and friends would be read as markup; our own `code` marks are kept. */
export function inMarkdown(text: string): string {
  return text
    .split(/(`[^`\n]*`)/)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/[\\<>[\]*_#]/g, (char) => `\\${char}`)))
    .join("");
}

/** A fence longer than any run of backticks in the text. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
