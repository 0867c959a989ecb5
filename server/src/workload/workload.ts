/** What is known of the load. Plain values; no I/O. Times in ms, blocks of 8 kB. */
export interface WorkloadSnapshot {
  readonly source: "pg_stat_statements" | "log" | "profiler";
  readonly takenAt: string;
  readonly resetAt?: string;
  readonly available: boolean;
  /** Why it is not, and how to mend it. */
  readonly reason?: string;
  readonly extensionVersion?: string;
  readonly statements: readonly WorkloadStatement[];
}

/** Columns that the installed version lacks are absent, never zero. */
export interface WorkloadStatement {
  readonly queryId: string;
  readonly database?: string;
  readonly user?: string;
  readonly query: string;
  readonly topLevel?: boolean;
  readonly calls: number;
  readonly totalTimeMs: number;
  readonly meanTimeMs: number;
  readonly minTimeMs?: number;
  readonly maxTimeMs?: number;
  readonly stddevTimeMs?: number;
  readonly rows: number;
  readonly sharedBlocksHit: number;
  readonly sharedBlocksRead: number;
  readonly sharedBlocksDirtied: number;
  readonly sharedBlocksWritten: number;
  readonly tempBlocksRead: number;
  readonly tempBlocksWritten: number;
  readonly plans?: number;
  readonly walBytes?: number;
}
