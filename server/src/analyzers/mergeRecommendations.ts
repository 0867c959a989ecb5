import type { IndexSuggestion } from "#protocol/advice";
import type { Recommendation } from "#protocol/report";
import { slowStatementId } from "./support.js";

const levels = ["code", "schema", "planner", "workload", "measured"] as const;
const severities = ["error", "warning", "info", "hint"] as const;

/**
 * Two analyzers that recommend the same thing say it once, with the stronger evidence. The worst stands first, and among equals what most
 * of the workload's time is at stake for.
 */
export function mergeRecommendations(recommendations: readonly Recommendation[]): Recommendation[] {
  const byId = new Map<string, Recommendation>();
  for (const recommendation of recommendations) {
    const other = byId.get(recommendation.id);
    byId.set(recommendation.id, other ? stronger(other, recommendation) : recommendation);
  }
  const strength = (recommendation: Recommendation): number => levels.indexOf(recommendation.evidence.level);
  return withoutServed(withoutExplained([...byId.values()])).sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (b.load?.totalTimeMs ?? 0) - (a.load?.totalTimeMs ?? 0) ||
      strength(b) - strength(a),
  );
}

function stronger(a: Recommendation, b: Recommendation): Recommendation {
  const [better, other] = levels.indexOf(b.evidence.level) > levels.indexOf(a.evidence.level) ? [b, a] : [a, b];
  return {
    ...other,
    ...better,
    evidence: { ...better.evidence, facts: [...new Set([...better.evidence.facts, ...other.evidence.facts])] },
  };
}

/** An index that makes a slow statement cheap is the answer to it: why the statement is slow becomes a fact of the index. */
function withoutExplained(recommendations: readonly Recommendation[]): Recommendation[] {
  const slow = new Map(recommendations.map((recommendation) => [recommendation.id, recommendation]));
  const explained = new Set<string>();
  const told = recommendations.map((recommendation) => {
    const { index } = recommendation;
    if (!index || index.proof.method === "none") return recommendation;
    const answered = index.statements
      .filter(({ before, after }) => after < before / 2)
      .flatMap(({ statement }) => slow.get(slowStatementId(statement)) ?? []);
    for (const { id } of answered) explained.add(id);
    const facts = answered.map(({ title, evidence }) => `${title} (${(evidence.facts[0] ?? "").replace(/\.$/, "")})`);
    return { ...recommendation, evidence: { ...recommendation.evidence, facts: [...recommendation.evidence.facts, ...facts] } };
  });
  return told.filter(({ id }) => !explained.has(id));
}

/** A proved index on (a, b) serves what an unproved one on (a) would. */
function withoutServed(recommendations: readonly Recommendation[]): Recommendation[] {
  const indexes = recommendations.flatMap(({ index }) => (index && index.proof.method !== "none" ? index : []));
  const serves = (wide: IndexSuggestion, narrow: IndexSuggestion): boolean =>
    wide.table === narrow.table && wide.method === narrow.method && narrow.columns.every((column, i) => column === wide.columns[i]);
  return recommendations.filter(({ index }) => !index || index.proof.method !== "none" || !indexes.some((proved) => serves(proved, index)));
}
