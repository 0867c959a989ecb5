import { z } from "zod";

/** One figure on both sides; absent where a plan does not tell it. */
export const Change = z.object({ before: z.number().optional(), after: z.number().optional() });
export type Change = z.infer<typeof Change>;

/** A node of the merged tree: what both plans do, or only one of them. */
export const ComparedNode = z.object({
  /** Preorder number in the merged tree, as a string. */
  id: z.string(),
  parent: z.string().optional(),
  children: z.array(z.string()),
  /** Ids of the nodes in the two plans; one of them is absent where the other plan has no such step. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** `same`: the same step done in the same way; its figures may differ. */
  kind: z.enum(["same", "changed", "added", "removed"]),
  /** Of the later plan's node, where it has one. */
  title: z.string(),
  /** What it works on, where it does: "orders o". */
  subject: z.string().optional(),
  /** What is another, one phrase each: "Index Scan using ix_orders_customer instead of Seq Scan". */
  changes: z.array(z.string()),
  /** Self time on the clock, in ms. */
  selfTimeMs: Change.optional(),
  /** Whether the self times differ by more than their rounding. */
  timeDiffers: z.boolean().optional(),
  /** Rows of all loops; of the estimate where a plan did not run. */
  rows: Change.optional(),
  /** Whether they differ by more than their rounding. */
  rowsDiffer: z.boolean().optional(),
  /** Blocks that the node itself touched: shared and local ones hit and read, temporary ones read and written. */
  blocks: Change.optional(),
  /** Total cost: of the node with what is below it. */
  cost: Change.optional(),
});
export type ComparedNode = z.infer<typeof ComparedNode>;

export const PlanComparison = z.object({
  /** What changed, in one sentence. */
  summary: z.string(),
  executionTimeMs: Change.optional(),
  planningTimeMs: Change.optional(),
  blocks: Change.optional(),
  cost: Change.optional(),
  /** Preorder; the first one is the root. */
  nodes: z.array(ComparedNode),
  /** Names of indexes, sorted. */
  indexes: z.object({ both: z.array(z.string()), onlyBefore: z.array(z.string()), onlyAfter: z.array(z.string()) }),
});
export type PlanComparison = z.infer<typeof PlanComparison>;
