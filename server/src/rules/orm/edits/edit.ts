import type { Span } from "#protocol/place";

/** One replacement in one file; a span of length 0 inserts. */
export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly newText: string;
}

export const insertion = (file: string, at: number, newText: string): Edit => ({ file, span: { start: at, end: at }, newText });
