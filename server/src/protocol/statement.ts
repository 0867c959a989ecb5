import { z } from "zod";
import { Place } from "./place.js";

/** How placeholders are written where the statement stands. */
export const PlaceholderStyle = z.enum(["none", "colon", "pyformat", "format", "qmark", "dollar"]);
export type PlaceholderStyle = z.infer<typeof PlaceholderStyle>;

/** Text as the server's input function reads it; null is NULL. */
export const ParameterValue = z.union([z.string(), z.null()]);
export type ParameterValue = z.infer<typeof ParameterValue>;

export const Parameter = z.object({
  /** Position in the rewritten statement: $1 is 1. */
  position: z.number().int().min(1),
  name: z.string().optional(),
  /** Column the value is compared with, where the statement shows it: proposals come from its statistics. */
  column: z.object({ schema: z.string().optional(), table: z.string(), column: z.string() }).optional(),
  /** The operator between the two, with the column on its left: `=`, `<`, `~~`. Absent where the value is stored in the column. */
  comparison: z.string().optional(),
  /** As the text says it; of one element for a `list`. */
  sqlType: z.string().optional(),
  pythonType: z.string().optional(),
  /** What the code itself gives. */
  value: ParameterValue.optional(),
  /**
   * `list`: the placeholder stands for a whole IN list, and as many are sent as there are values; `array`: one value, which is an array.
   * Values of both are written as PostgreSQL writes arrays: `{1,2,3}`.
   */
  many: z.enum(["list", "array"]).optional(),
});
export type Parameter = z.infer<typeof Parameter>;

/** A statement that "Explain" can be asked for, as found in a document. */
export const LocatedStatement = z.object({
  place: Place,
  /** With `$1` … instead of whatever placeholders the source uses. */
  sql: z.string(),
  original: z.string(),
  placeholders: PlaceholderStyle,
  parameters: z.array(Parameter),
  /** Fingerprint and hash of the normalised text: libpg_query's fingerprint alone is coarser than the statement. */
  key: z.string().optional(),
  error: z.object({ message: z.string(), line: z.number(), column: z.number() }).optional(),
});
export type LocatedStatement = z.infer<typeof LocatedStatement>;

/** Positions of the placeholders that stand for IN lists. */
export function listsOf({ parameters }: Pick<LocatedStatement, "parameters">): number[] {
  return parameters.flatMap(({ position, many }) => (many === "list" ? [position] : []));
}
