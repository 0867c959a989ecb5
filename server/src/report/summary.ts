import type { Finding } from "#protocol/finding";
import type { Load, Recommendation, Report } from "#protocol/report";
import { format } from "../plan/index.js";
import { count } from "./findingText.js";

export interface Summary {
  /** What was found, a line each. */
  readonly counts: readonly string[];
  /** What to do first: recommendations stand in the order of what they are worth. */
  readonly first: readonly Recommendation[];
}

const mostActions = 3;
const severities = ["error", "warning", "info", "hint"] as const;

export function summaryOf(report: Report): Summary {
  const actions = report.recommendations.filter(({ kind }) => kind !== "migration");
  const counts = [...findingCounts(report), ...indexCounts(report.recommendations), ...time(report)];
  return { counts, first: varied(actions).slice(0, mostActions) };
}

/** What breaks comes first, then what is proved or safe: one index and the code, because three indexes would hide the queries sent per row. */
function varied(actions: readonly Recommendation[]): readonly Recommendation[] {
  const tier = ({ severity, index, kind, applicability }: Recommendation): number => {
    if (severity === "error") return 0;
    // Why a statement is slow is no action yet.
    const ready = index ? isProved(index) : kind === "code" ? applicability === "safe" : kind !== "rewrite";
    return severity === "warning" && ready ? 1 : 2;
  };
  const [urgent, ready, rest] = [0, 1, 2].map((wanted) => actions.filter((action) => tier(action) === wanted)) as [
    Recommendation[],
    Recommendation[],
    Recommendation[],
  ];
  const [, ...laterIndexes] = ready.filter(({ kind }) => kind === "index");
  return [...urgent, ...ready.filter((action) => !laterIndexes.includes(action)), ...laterIndexes, ...rest];
}

function findingCounts({ findings, recommendations, applied }: Report): string[] {
  if (findings.length === 0) return [];
  const by = severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const);
  const parts = by.filter(([, n]) => n > 0).map(([severity, n]) => (severity === "info" ? `${n} info` : count(n, severity)));
  const safe = recommendations.filter(({ kind, applicability }) => kind === "code" && applicability === "safe").length;
  const offer = safe > 0 && applied.length === 0 ? `; --apply makes ${count(safe, "safe change")}` : "";
  return [`${count(findings.length, "problem")} in the code (${parts.join(", ")})${offer}.`];
}

function indexCounts(recommendations: readonly Recommendation[]): string[] {
  const indexes = recommendations.flatMap(({ index }) => index ?? []);
  const proved = indexes.filter(isProved).length;
  const unproved = indexes.length - proved;
  const plural = (n: number): string => (n === 1 ? "index" : "indexes");
  if (proved > 0) return [`${proved} ${plural(proved)} that the planner has confirmed${unproved > 0 ? `, ${unproved} unproved` : ""}.`];
  return unproved > 0 ? [`${unproved} ${plural(unproved)} may help; none is proved.`] : [];
}

function time({ slowQueries: [slowest] }: Report): string[] {
  if (!slowest) return [];
  const { share, calls, meanTimeMs } = slowest;
  return [
    `The statement that costs most takes ${format.percent(share)} of all time: ${count(calls, "call")}, ${format.milliseconds(meanTimeMs)} each.`,
  ];
}

export const isProved = ({ proof }: NonNullable<Recommendation["index"]>): boolean => proof.method !== "none";

/** `2 statements, 91 calls, 10 % of all time`: what is at stake, not what is saved. */
export function loadText({ statements, calls, share }: Load): string {
  return `${count(statements, "statement")}, ${count(calls, "call")}, ${format.percent(share)} of all time`;
}

/** Findings that no recommended change ends. */
export function openFindings({ findings, recommendations }: Report): readonly Finding[] {
  const changes = new Set(recommendations.filter(({ edits }) => edits.length > 0).map(({ edits }) => JSON.stringify(edits)));
  return findings.filter(({ fixes }) => !fixes.some(({ edits }) => changes.has(JSON.stringify(edits))));
}
