import { z } from "zod";
import { Severity } from "./finding.js";
import { Buffers, Cause, Charge, IoTimes, JitFigures, Spill, Wal, WorkerFigures } from "./planFigures.js";

export { Buffers, Cause, Charge, Figure, IoTimes, JitFigures, Spill, Wal, WorkerFigures, figureNames } from "./planFigures.js";

/** One node. Absent numbers are unknown (no ANALYZE, no BUFFERS, TIMING OFF), never zero. */
export const PlanNode = z.object({
  /** Preorder number as a string; the root is "0". */
  id: z.string(),
  parent: z.string().optional(),
  children: z.array(z.string()),
  type: z.string(),
  /** What the node does, as EXPLAIN's text calls it: "Finalize GroupAggregate", "Parallel Seq Scan". */
  operation: z.string(),
  /** Outer, Inner, Subquery, InitPlan, SubPlan, Member. */
  relationship: z.string().optional(),
  subplanName: z.string().optional(),
  /** The node as one line, the way EXPLAIN's text puts it: "Index Scan using orders_pkey on orders o". */
  title: z.string(),
  relation: z.string().optional(),
  schema: z.string().optional(),
  alias: z.string().optional(),
  index: z.string().optional(),
  neverExecuted: z.boolean(),
  startupCost: z.number().optional(),
  totalCost: z.number().optional(),
  estimatedRows: z.number().optional(),
  width: z.number().optional(),
  loops: z.number().optional(),
  /** As the server prints it: an average over the loops. */
  rowsPerLoop: z.number().optional(),
  /** Rows of all loops together, with the error bound that rounding leaves. */
  rows: z.number().optional(),
  rowsError: z.number().optional(),
  /** As the server prints them: averages over the loops, to the first row and to the last. */
  startupTimePerLoopMs: z.number().optional(),
  totalTimePerLoopMs: z.number().optional(),
  /** Milliseconds over all loops and processes: Actual Total Time × loops. */
  processTimeMs: z.number().optional(),
  /** Process time less that of what ran inside this node. Σ selfTimeMs ÷ participants + unattributed = execution time. */
  selfTimeMs: z.number().optional(),
  /** Process time ÷ participants. */
  wallTimeMs: z.number().optional(),
  /** Self time ÷ participants: this node's share of the execution time. */
  selfWallTimeMs: z.number().optional(),
  /** ± on the process time, in ms: times have three decimals per loop. */
  timeErrorMs: z.number().optional(),
  /** ± on the self time, in ms. */
  selfErrorMs: z.number().optional(),
  /** Processes that share the work of this part of the plan: 1 outside a Gather. */
  participants: z.number().optional(),
  /** The Gather whose processes they are: loops of its child ÷ its own. Absent where one process does the work. */
  gather: z.string().optional(),
  /** For an InitPlan, a CTE, or a SubPlan in an index condition: the nodes whose time and buffers contain this node's. Absent: its parent. */
  includedIn: z.array(z.string()).optional(),
  /** What a reader must know about this node's numbers. */
  notes: z.array(z.string()).optional(),
  buffers: Buffers.optional(),
  selfBuffers: Buffers.optional(),
  ioTimes: IoTimes.optional(),
  selfIoTimes: IoTimes.optional(),
  wal: Wal.optional(),
  selfWal: Wal.optional(),
  /** Absent where nothing was written to disk. */
  spill: Spill.optional(),
  /** The most memory that one process took here, in kB, where the node reports it. */
  peakMemoryKb: z.number().optional(),
  /** The processes of the node where the plan tells them apart (VERBOSE), the leader first if it took part. */
  workers: z.array(WorkerFigures).optional(),
  /** Actual ÷ estimated rows per loop (both at least 1), where the comparison is fair; absent where it is not. */
  rowsRatio: z.number().optional(),
  /** Where the estimate is of one process: by what the planner divided the rows of all. Then `rowsRatio` compares rows × participants ÷ this. */
  estimateDivisor: z.number().optional(),
  /** Every other key of the plan, unknown ones too, in the plan's order and spelling. */
  details: z.array(z.object({ key: z.string(), value: z.string() })),
  /** Where the plan's source says it: lines from 1, both inclusive, without those of the nodes below. */
  lines: z.object({ first: z.number(), last: z.number() }).optional(),
});
export type PlanNode = z.infer<typeof PlanNode>;

export const PlanInsight = z.object({
  rule: z.string(),
  node: z.string(),
  severity: Severity,
  message: z.string(),
  advice: z.string(),
  /** The figures on which it rests, as a reader sees them. */
  evidence: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
  /** A statement that mends it, or lets the next run do better. Shown to be copied; never run. */
  sql: z.string().optional(),
});
export type PlanInsight = z.infer<typeof PlanInsight>;

export const Plan = z.object({
  analyzed: z.boolean(),
  nodes: z.array(PlanNode),
  executionTimeMs: z.number().optional(),
  planningTimeMs: z.number().optional(),
  /** Execution time less triggers, serialization and the self times of all nodes. */
  unattributedMs: z.number().optional(),
  /** ± on the unattributed time. */
  timeErrorMs: z.number().optional(),
  triggers: z.array(
    z.object({
      name: z.string(),
      constraint: z.string().optional(),
      relation: z.string().optional(),
      timeMs: z.number().optional(),
      calls: z.number(),
      /** A BEFORE trigger: its time was inside the node with this id and has been taken out of it. */
      inside: z.string().optional(),
    }),
  ),
  serializationMs: z.number().optional(),
  /** Of EXPLAIN (SERIALIZE). */
  serialization: z
    .object({
      timeMs: z.number().optional(),
      volumeKb: z.number().optional(),
      format: z.string().optional(),
      buffers: Buffers.optional(),
      ioTimes: IoTimes.optional(),
    })
    .optional(),
  jitMs: z.number().optional(),
  jit: JitFigures.optional(),
  /** Of the whole execution, planning and serialization apart. */
  buffers: Buffers.optional(),
  /** `buffers` less the self buffers of all nodes. */
  unattributedBuffers: Buffers.optional(),
  ioTimes: IoTimes.optional(),
  unattributedIoTimes: IoTimes.optional(),
  /** ± on each of the unattributed I/O times, in ms. */
  ioTimeErrorMs: z.number().optional(),
  wal: Wal.optional(),
  unattributedWal: Wal.optional(),
  planningBuffers: Buffers.optional(),
  planningIoTimes: IoTimes.optional(),
  /** Of EXPLAIN (MEMORY). */
  planningMemory: z.object({ usedKb: z.number(), allocatedKb: z.number().optional() }).optional(),
  /** What attribution moved other than by the tree; see `Charge`. */
  charges: z.array(Charge).optional(),
  /** Why times or counters do not add up by themselves, with the amounts. */
  causes: z.array(Cause).optional(),
  /** The sentences of those causes that a reader of the totals must know. */
  notes: z.array(z.string()).optional(),
  settings: z.array(z.object({ key: z.string(), value: z.string() })),
  /** Every other key beside the plan, such as “Query Identifier”, unknown ones too. */
  details: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  insights: z.array(PlanInsight),
  /** The statement, where the text had it: a log, or a plan with `Query Text`. */
  queryText: z.string().optional(),
  /** The plan as the server sent it. */
  source: z.string(),
});
export type Plan = z.infer<typeof Plan>;
