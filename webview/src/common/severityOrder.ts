import type { Severity } from "#protocol/finding";

const weights: Record<Severity, number> = { error: 0, warning: 1, info: 2, hint: 3 };

export function bySeverity(a: { severity: Severity }, b: { severity: Severity }): number {
  return weights[a.severity] - weights[b.severity];
}
