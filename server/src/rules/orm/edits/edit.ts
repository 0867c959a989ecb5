import type { Span } from "#protocol/place";

/** One replacement in one file; a span of length 0 inserts. */
export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly newText: string;
}

export const insertion = (file: string, at: number, newText: string): Edit => ({ file, span: { start: at, end: at }, newText });

export const sameEdit = (a: Edit, b: Edit): boolean =>
  a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;

export const distinctEdits = (edits: readonly Edit[]): Edit[] =>
  edits.filter((edit, at) => edits.findIndex((other) => sameEdit(edit, other)) === at);
