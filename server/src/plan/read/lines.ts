/** A line of what was given, wrapping taken off; it may stand for several lines of the source (a cell with line breaks). */
export interface SourceLine {
  readonly text: string;
  /** First and last line in the source, from 1. */
  readonly first: number;
  readonly last: number;
}

/** Splits at any kind of line break, without a copy per character; nothing is trimmed. */
export function sourceLines(source: string): readonly SourceLine[] {
  return source.split(/\r\n|\n|\r/).map((text, index) => ({ text, first: index + 1, last: index + 1 }));
}

/** Column of the first character that is no blank; the length of a blank line. A tab counts as one. */
export function columnOf(text: string): number {
  let column = 0;
  while (column < text.length && (text[column] === " " || text[column] === "\t" || text[column] === "\u00a0")) column++;
  return column;
}
