import { z } from "zod";

/** Counters of 8 kB blocks, as EXPLAIN names them. */
export const Buffers = z.object({
  sharedHit: z.number(),
  sharedRead: z.number(),
  sharedDirtied: z.number(),
  sharedWritten: z.number(),
  localHit: z.number(),
  localRead: z.number(),
  localDirtied: z.number(),
  localWritten: z.number(),
  tempRead: z.number(),
  tempWritten: z.number(),
});
export type Buffers = z.infer<typeof Buffers>;

/**
 * Milliseconds spent reading and writing blocks, over all loops and processes (not per loop). There with track_io_timing. Up to version 16
 * PostgreSQL counts local blocks with the shared ones; temporary files are counted from 15 on.
 */
export const IoTimes = z.object({
  sharedRead: z.number(),
  sharedWrite: z.number(),
  localRead: z.number().optional(),
  localWrite: z.number().optional(),
  tempRead: z.number().optional(),
  tempWrite: z.number().optional(),
});
export type IoTimes = z.infer<typeof IoTimes>;

/** Write-ahead log; there with option WAL. */
export const Wal = z.object({
  records: z.number(),
  /** Full page images. */
  fpi: z.number(),
  bytes: z.number(),
  /** Times that the WAL buffers were full; from version 18 on. */
  buffersFull: z.number().optional(),
});
export type Wal = z.infer<typeof Wal>;

/** Disk that an operation took because its memory did not suffice, in kB over all processes. */
export const Spill = z.object({
  /** Sort and Incremental Sort (its largest group of each kind). */
  sortKb: z.number(),
  /** HashAggregate as it reports; a hash join in several batches by the temporary blocks that it wrote itself. */
  hashKb: z.number(),
  /** Rows kept by CTE Scan, Materialize, WindowAgg, Recursive Union, Table Function Scan; from version 18 on. */
  storageKb: z.number(),
});
export type Spill = z.infer<typeof Spill>;

export const JitFigures = z.object({
  functions: z.number(),
  /** Inlining, Optimization, Expressions, Deforming: switched on or not. */
  options: z.array(z.object({ name: z.string(), on: z.boolean() })),
  /** Milliseconds of all processes together. `deformMs` (17+) is a part of `generationMs`. Absent with TIMING OFF. */
  generationMs: z.number().optional(),
  deformMs: z.number().optional(),
  inliningMs: z.number().optional(),
  optimizationMs: z.number().optional(),
  emissionMs: z.number().optional(),
  totalMs: z.number().optional(),
});
export type JitFigures = z.infer<typeof JitFigures>;

/** What one process did in a node. The leader is the node less its workers. */
export const WorkerFigures = z.object({
  /** Worker number; absent for the leader. */
  number: z.number().optional(),
  loops: z.number().optional(),
  /** Rows of all its loops together. */
  rows: z.number().optional(),
  /** Milliseconds until its first row, per loop; unknown for the leader. */
  startupTimeMs: z.number().optional(),
  /** Milliseconds of all its loops. */
  processTimeMs: z.number().optional(),
  buffers: Buffers.optional(),
  ioTimes: IoTimes.optional(),
  wal: Wal.optional(),
  sortMethod: z.string().optional(),
  sortSpaceKb: z.number().optional(),
  /** "Disk" or "Memory". */
  sortSpaceType: z.string().optional(),
  jit: JitFigures.optional(),
  /** Every other key of the worker. */
  details: z.array(z.object({ key: z.string(), value: z.string() })),
});
export type WorkerFigures = z.infer<typeof WorkerFigures>;

/** Everything that a node reports inclusive of what ran inside it, and that attribution therefore has to take apart. */
export const figureNames = [
  "time",
  "sharedHit",
  "sharedRead",
  "sharedDirtied",
  "sharedWritten",
  "localHit",
  "localRead",
  "localDirtied",
  "localWritten",
  "tempRead",
  "tempWritten",
  "ioSharedRead",
  "ioSharedWrite",
  "ioLocalRead",
  "ioLocalWrite",
  "ioTempRead",
  "ioTempWrite",
  "walRecords",
  "walFpi",
  "walBytes",
  "walBuffersFull",
] as const;
export const Figure = z.enum(figureNames);
export type Figure = z.infer<typeof Figure>;

/**
 * An amount of a figure that was taken out of a node, or put back, other than what its ordinary children report:
 * self = inclusive − Σ ordinary children (÷ participants under a Gather, for time) − Σ charges.
 */
export const Charge = z.object({
  /** The node whose self figure is the smaller (amount > 0) or the larger (amount < 0) for it. */
  node: z.string(),
  figure: Figure,
  amount: z.number(),
  /**
   * - `guest`: `of`, which the tree shows elsewhere (an InitPlan, a SubPlan in an index condition), was evaluated inside this node.
   * - `cte`: this scan's share of the CTE `of`.
   * - `shutdown`: `of` did this when the plan was shut down or started anew, inside this node.
   * - `trigger`: a BEFORE or INSTEAD OF trigger, `of` is its position in `Plan.triggers`.
   * - `rounding`: the rest was below zero, within the bound, and is shown as 0.
   * - `gather`, `async`: the rest was below zero beyond the bound and is shown as 0; `Plan.causes` names it.
   */
  cause: z.enum(["guest", "cte", "shutdown", "trigger", "rounding", "gather", "async"]),
  of: z.string().optional(),
});
export type Charge = z.infer<typeof Charge>;

/** Why a figure's self values do not add up to the total by themselves. */
export const Cause = z.object({
  figure: Figure,
  node: z.string().optional(),
  /**
   * - `executor`: opening and closing the plan, sending rows, CREATE TABLE AS; what of the execution time no node accounts for.
   * - `jit`: starting the compiler, and code made before the first node ran.
   * - `gather`: processes worked while their Gather was not waiting for them.
   * - `async`: foreign scans side by side.
   * - `after-plan`: a data-changing CTE went on when the main plan had ended; not in the root's figure.
   * - `shutdown`: work that a node did while only a node above it was running.
   * - `unexplained`: the plan does not say why.
   */
  cause: z.enum(["executor", "jit", "gather", "async", "after-plan", "shutdown", "unexplained"]),
  /** In the figure's unit; negative where self values exceed the total. */
  amount: z.number(),
  message: z.string(),
});
export type Cause = z.infer<typeof Cause>;
