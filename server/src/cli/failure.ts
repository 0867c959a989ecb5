import { OptimizerError, type Failure } from "#protocol/failure";
import { printable, type Style } from "../report/index.js";
import { exitOf } from "./exit.js";

export interface Ending {
  readonly code: number;
  readonly text: string;
}

/** What to print and which code to end with, for whatever was thrown. */
export function endingOf(error: unknown, signal: AbortSignal, style: Style): Ending {
  const failure = failureOf(error, signal);
  if (failure.kind === "cancelled") return { code: exitOf.cancelled, text: "Cancelled.\n" };
  const at = failure.position ? ` (line ${failure.position.line}, column ${failure.position.column})` : "";
  const advice = failure.advice ? `\n${printable(failure.advice)}` : "";
  return { code: exitOf[failure.kind], text: `${style.red("error")}: ${printable(failure.message)}${at}${advice}\n` };
}

function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return { kind: "cancelled", message: "Cancelled." };
  if (error instanceof OptimizerError) return error.failure;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    kind: "internal",
    message: `This is a defect of db-optimize: ${detail}`,
    advice: "Please report it with the lines above and the command that you ran.",
  };
}
