/** One replacement in a text; `start` to `end` of the old text became `text`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text, some changes to it in order, and the way between the two texts. */
export class ChangedText {
  readonly text: string;
  /** For each change, where its replacement begins in the new text. */
  readonly #at: number[] = [];

  constructor(
    readonly original: string,
    readonly changes: readonly TextChange[],
  ) {
    let text = "";
    let from = 0;
    for (const change of changes) {
      text += original.slice(from, change.start);
      this.#at.push(text.length);
      text += change.text;
      from = change.end;
    }
    this.text = text + original.slice(from);
  }

  /** Offset in the new text → offset in the original; inside a replacement, the beginning of what it replaced. */
  toOriginal(offset: number): number {
    let shift = 0;
    for (const [index, change] of this.changes.entries()) {
      const begin = this.#at[index] ?? 0;
      if (offset < begin) break;
      if (offset < begin + change.text.length) return change.start;
      shift = change.end - (begin + change.text.length);
    }
    return offset + shift;
  }

  /** Offset in the original → offset in the new text; inside what was replaced, the beginning of the replacement. */
  fromOriginal(offset: number): number {
    let shift = 0;
    for (const [index, change] of this.changes.entries()) {
      if (offset < change.start) break;
      const begin = this.#at[index] ?? 0;
      if (offset < change.end) return begin;
      shift = begin + change.text.length - change.end;
    }
    return offset + shift;
  }
}
