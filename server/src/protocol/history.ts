import { z } from "zod";
import { ParameterValue } from "./statement.js";

/** One explain of a statement that was kept, without its plan. */
export const KeptRun = z.object({
  id: z.string(),
  /** By which runs of one statement belong together. */
  key: z.string(),
  sql: z.string(),
  parameters: z.array(ParameterValue),
  genericPlan: z.boolean(),
  connection: z.object({ id: z.string(), name: z.string(), target: z.string() }),
  /** ISO 8601, UTC. */
  time: z.string(),
  analyzed: z.boolean(),
  executionTimeMs: z.number().optional(),
  /** The root's total cost. */
  cost: z.number().optional(),
  /** Alike for plans that do the same steps in the same way. */
  shape: z.string(),
});
export type KeptRun = z.infer<typeof KeptRun>;

/** Execution times of runs with the same values, on the same database, that took the same plan. */
export const RunStatistics = z.object({
  runs: z.number().int(),
  medianMs: z.number(),
  /** Quartiles, which say how far the times spread; those of two or three runs are their extremes. */
  lowerQuartileMs: z.number(),
  upperQuartileMs: z.number(),
  lowestMs: z.number(),
  highestMs: z.number(),
});
export type RunStatistics = z.infer<typeof RunStatistics>;
