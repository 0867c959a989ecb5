import type { IndexSuggestion } from "#protocol/advice";
import { formatShare } from "./numbers.js";

type Proof = IndexSuggestion["proof"];

const labels: Record<Proof["method"], { proved: boolean; text: string }> = {
  hypopg: { proved: true, text: "Proved with HypoPG" },
  "rolled-back-index": { proved: true, text: "Proved by a rolled-back index" },
  none: { proved: false, text: "Unproved" },
};

export function proofLabel(method: Proof["method"]): { proved: boolean; text: string } {
  return labels[method];
}

export interface CostChange {
  readonly before: number;
  readonly after: number;
  /** What remains of the cost, 0 to 1. */
  readonly rest: number;
  readonly text: string;
}

export function costChange({ costBefore, costAfter }: Proof): CostChange | undefined {
  if (costBefore === undefined || costAfter === undefined || costBefore <= 0) return undefined;
  const rest = costAfter / costBefore;
  const text = rest <= 1 ? `−${formatShare(1 - rest)}` : `+${formatShare(rest - 1)}`;
  return { before: costBefore, after: costAfter, rest: Math.min(1, rest), text };
}
