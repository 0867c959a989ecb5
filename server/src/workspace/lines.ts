import type { Range, Span } from "#protocol/place";

/** Offsets of a text ↔ lines and columns from 1 in UTF-16 units, with the line ends that editors know: LF, CRLF, CR. */
export class Lines {
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
    }
    this.starts = starts;
  }

  place(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 };
  }

  range({ start, end }: Span): Range {
    const [from, to] = [this.place(start), this.place(end)];
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }
}
