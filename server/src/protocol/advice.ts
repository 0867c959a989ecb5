import { z } from "zod";
import { Evidence } from "./finding.js";

/** How an index suggestion was proved; `none` is labelled "unproved" wherever it is shown. */
export const ProofMethod = z.enum(["hypopg", "rolled-back-index", "none"]);

/** Planner costs, which are no times. */
export const StatementCost = z.object({ statement: z.string(), before: z.number(), after: z.number(), calls: z.number().optional() });

export const IndexSuggestion = z.object({
  /** Hash of table, method, columns, predicate. */
  id: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  method: z.string(),
  /** `CREATE INDEX CONCURRENTLY …`, ready to be copied. */
  ddl: z.string(),
  reason: z.string(),
  proof: z.object({
    method: ProofMethod,
    /** Planner cost of the statement(s), before and after. */
    costBefore: z.number().optional(),
    costAfter: z.number().optional(),
    planBefore: z.string().optional(),
    planAfter: z.string().optional(),
    /** Why there is no proof, or what it leaves open. */
    note: z.string().optional(),
  }),
  statements: z.array(StatementCost),
  /** Estimated bytes, from statistics or the planner's own what-if. */
  sizeBytes: z.number().optional(),
  evidence: Evidence,
});
export type IndexSuggestion = z.infer<typeof IndexSuggestion>;
