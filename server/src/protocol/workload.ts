import { z } from "zod";

/** One entry of pg_stat_statements. Times in ms, blocks of 8 kB. What the installed version does not count is absent. */
export const SlowQuery = z.object({
  queryId: z.string(),
  database: z.string().optional(),
  user: z.string().optional(),
  query: z.string(),
  key: z.string().optional(),
  calls: z.number(),
  totalTimeMs: z.number(),
  meanTimeMs: z.number(),
  minTimeMs: z.number().optional(),
  maxTimeMs: z.number().optional(),
  stddevTimeMs: z.number().optional(),
  rows: z.number(),
  sharedBlocksHit: z.number(),
  sharedBlocksRead: z.number(),
  tempBlocksWritten: z.number(),
  /** Share of the total time of all statements, 0 to 1. */
  share: z.number(),
});
export type SlowQuery = z.infer<typeof SlowQuery>;

export const SlowQueryOrder = z.enum(["total", "mean", "calls", "rows", "reads"]);
export type SlowQueryOrder = z.infer<typeof SlowQueryOrder>;
