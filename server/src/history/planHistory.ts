import type { KeptRun } from "#protocol/history";

export type NewRun = Omit<KeptRun, "id">;

/** The plans that were explained on this machine: kept in files, bounded, and deleted on request. */
export interface PlanHistory {
  /** @param perStatement how many runs of one statement stay; the oldest go. 0 keeps none and deletes nothing */
  add(run: NewRun, plan: string, perStatement: number): Promise<KeptRun | undefined>;
  /** Runs of a statement, or all, newest first. */
  list(key?: string): Promise<readonly KeptRun[]>;
  /** The plan as the server sent it; undefined where it is gone. */
  plan(id: string): Promise<string | undefined>;
  /** @returns how many were deleted */
  remove(ids: readonly string[]): Promise<number>;
  clear(): Promise<number>;
}

/** Where nothing is kept. */
export const noHistory: PlanHistory = {
  add: async () => undefined,
  list: async () => [],
  plan: async () => undefined,
  remove: async () => 0,
  clear: async () => 0,
};
