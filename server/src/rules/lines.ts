import type { Range, Span } from "#protocol/place";

/** Offsets of a text → lines and columns from 1 in UTF-16 units, with the line ends that editors know: LF, CRLF, CR. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) this.#starts.push(at + 1);
    }
  }

  /** From 1. */
  lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle + 1) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Offset at which a line, counted from 1, begins. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? Infinity;
  }

  range({ start, end }: Span): Range {
    const [line, endLine] = [this.lineAt(start), this.lineAt(end)];
    return { line, column: start - this.startOf(line) + 1, endLine, endColumn: end - this.startOf(endLine) + 1 };
  }
}
