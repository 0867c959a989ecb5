import { z } from "zod";

/** What went wrong, in the words of a person who has to mend it. Exit codes and icons follow `kind`. */
export const FailureKind = z.enum(["usage", "refused", "unreachable", "database", "cancelled", "internal"]);
export type FailureKind = z.infer<typeof FailureKind>;

export const Failure = z.object({
  kind: FailureKind,
  /** What and why, one sentence each. */
  message: z.string(),
  /** What to do. */
  advice: z.string().optional(),
  /** Where in the statement, from 1, in UTF-16 units. */
  position: z.object({ line: z.number(), column: z.number() }).optional(),
  /** Definitions that stand in the way and that the user may choose to trust on this connection. */
  trustable: z.array(z.object({ name: z.string(), definitionHash: z.string() })).optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The one error class that crosses the front doors; everything else is a defect and is shown as `internal`. */
export class OptimizerError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "OptimizerError";
  }
}
