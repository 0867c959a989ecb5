import { z } from "zod";

/**
 * A stretch of text in a file as everything outside the engine counts it: lines and columns from 1, columns in UTF-16 units,
 * the end exclusive. Inside the engine a `Span` is used instead.
 */
export const Range = z.object({
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  endLine: z.number().int().min(1),
  endColumn: z.number().int().min(1),
});
export type Range = z.infer<typeof Range>;

export const Place = Range.extend({ file: z.string() });
export type Place = z.infer<typeof Place>;

/**
 * A stretch of a file's text: UTF-16 offsets, end exclusive. The one unit of positions inside the engine; the edges convert (the editor
 * counts lines and UTF-16 columns, libpg_query's tree counts UTF-8 bytes, PostgreSQL's errors count code points).
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}
