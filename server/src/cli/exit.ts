import type { FailureKind } from "#protocol/failure";
import type { Finding, Severity } from "#protocol/finding";

/** Exit codes, part of the contract with scripts. */
export const exit = {
  clean: 0,
  findings: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  /** EX_SOFTWARE of sysexits.h: a defect of this program. */
  defect: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

/** What the server answered with an error was asked wrongly: same as usage, and not the same as a server that is not there. */
export const exitOf: Record<FailureKind, number> = {
  usage: exit.usage,
  refused: exit.refused,
  unreachable: exit.unreachable,
  database: exit.usage,
  cancelled: exit.interrupted,
  internal: exit.defect,
};

export type FailOn = Severity | "never";

const ranks: readonly FailOn[] = ["hint", "info", "warning", "error", "never"];

export function exitOfFindings(findings: readonly Finding[], failOn: FailOn): number {
  return findings.some(({ severity }) => ranks.indexOf(severity) >= ranks.indexOf(failOn)) ? exit.findings : exit.clean;
}
