import type { z } from "zod";
import type { AskConsent } from "#protocol/messages";
import type { OperationContract } from "#protocol/operations";
import type { Connections } from "../database/connections.js";
import type { SampleServer } from "../embedded/index.js";
import type { PlanHistory } from "../history/index.js";
import type { Workspace } from "../workspace/workspace.js";

/** What every operation is given; each front door makes its own. */
export interface OperationContext {
  readonly workspace: Workspace;
  readonly connections: Connections;
  /** The embedded sample database as this front door owns it. */
  readonly sample: SampleServer;
  readonly history: PlanHistory;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** A message for a person and, where it is known, the share done (0 to 1). */
  readonly progress: (message: string, share?: number) => void;
  /** Answered "no" where nobody can be asked. */
  readonly consent: (question: AskConsent.Params) => Promise<boolean>;
}

/** One thing that a user can ask for. `run` throws `OptimizerError` for what a person can mend, anything else is a defect. */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly contract: OperationContract<I, O>;
  readonly run: (input: z.output<I>, context: OperationContext) => Promise<z.output<O>>;
}

export function operation<I extends z.ZodType, O extends z.ZodType>(
  contract: OperationContract<I, O>,
  run: Operation<I, O>["run"],
): Operation<I, O> {
  return { contract, run };
}
