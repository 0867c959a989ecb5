import type { ConnectionProfile } from "#protocol/connection";
import type { OperationContext } from "../operations/operation.js";
import type { Workspace } from "../workspace/workspace.js";

/** What a run of an operation needs beyond what the engine has itself. */
export type RunContext = Pick<OperationContext, "signal" | "progress" | "consent">;

/** The rooms behind this front door. One per window: folders that come or go make a new workspace inside it. */
export interface Engine {
  readonly workspace: Workspace;
  setFolders(folders: readonly string[]): Promise<void>;
  setConnections(profiles: readonly ConnectionProfile[], trusted: boolean): void;
  /** Runs the operation of that name; throws `OptimizerError` for what a person can mend. */
  run(operation: string, input: unknown, context: RunContext): Promise<unknown>;
  dispose(): Promise<void>;
}
