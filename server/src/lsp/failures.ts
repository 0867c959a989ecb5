import { OptimizerError, type Failure } from "#protocol/failure";

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || (error instanceof OptimizerError && error.failure.kind === "cancelled"));
}

/** A defect keeps its stack in the log; the person gets a sentence. */
export function toFailure(error: unknown, signal: AbortSignal, log: Log, what: string): Failure {
  if (error instanceof OptimizerError) return error.failure;
  if (signal.aborted || isAbort(error)) return { kind: "cancelled", message: `${what} was cancelled.` };
  log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: "internal",
    message: `${what} failed because of a defect in DB Optimize: ${error instanceof Error ? error.message : String(error)}`,
    advice: 'The log has the details: run "DB Optimize: Show log".',
  };
}
