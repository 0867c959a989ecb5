import { z } from "zod";

/** Where in the statement a node comes from. Offsets are UTF-16 units of the explained SQL. Only what is certain is told. */
export const SqlFragment = z.object({
  node: z.string(),
  kind: z.enum(["relation", "condition", "order", "group", "limit", "with"]),
  start: z.number(),
  end: z.number(),
});
export type SqlFragment = z.infer<typeof SqlFragment>;

/** What the catalog knew of an index when the statement was explained. */
export const IndexFacts = z.object({
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  bytes: z.number().optional(),
  /** Since the server's statistics were last reset. */
  scans: z.number().optional(),
  unique: z.boolean(),
  valid: z.boolean(),
});
export type IndexFacts = z.infer<typeof IndexFacts>;

/** What the catalog knew of a table that the plan reads or changes. Absent numbers are unknown. */
export const TableFacts = z.object({
  schema: z.string(),
  name: z.string(),
  /** The planner's count, as of the last ANALYZE or VACUUM. */
  rows: z.number().optional(),
  bytes: z.number().optional(),
  liveRows: z.number().optional(),
  deadRows: z.number().optional(),
  lastAnalyze: z.string().optional(),
  lastVacuum: z.string().optional(),
  indexes: z.array(IndexFacts),
});
export type TableFacts = z.infer<typeof TableFacts>;
