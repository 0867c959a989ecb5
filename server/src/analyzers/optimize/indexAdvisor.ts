import type { IndexSuggestion } from "#protocol/advice";
import type { Recommendation } from "#protocol/report";
import type { Analyzer } from "../analyzer.js";
import { loadOf, plural, recommend } from "../support.js";
import type { WorkloadStatement } from "../../workload/workload.js";
import { adviseWorkload } from "./indexes/adviseWorkload.js";

/** Indexes for the whole workload, each proved by the planner where the connection allows it. */
export const indexAdvisor: Analyzer = {
  name: "indexAdvisor",
  phase: "optimize",
  needs: ["workload"],
  run: async (context) => {
    const workload = await context.workload?.();
    const catalog = await context.catalog();
    const { signal, progress } = context;
    const advice = await context.withSession?.((session) =>
      adviseWorkload({ session, statements: workload?.statements ?? [], catalog, signal, progress }),
    );
    if (!advice) return { summary: "No connection." };
    const { suggestions, indexes, explained, refused, notes } = advice;
    const proved = suggestions.filter(({ proof }) => proof.method !== "none").length;
    return {
      summary: `${plural(explained, "statement")} planned: ${plural(proved, "proved index", "proved indexes")}${unproved(suggestions.length - proved)}.`,
      recommendations: suggestions.map((suggestion) => toRecommendation(suggestion, workload?.statements ?? [])),
      indexes: proved === 0 ? [] : indexes,
      notes: [
        ...notes,
        ...(refused.length > 0
          ? [`${plural(refused.length, "statement")} could not be planned; the first: ${refused[0]?.reason ?? ""}`]
          : []),
      ],
    };
  },
};

const unproved = (count: number): string => (count === 0 ? "" : `, ${count} unproved`);

function toRecommendation(suggestion: IndexSuggestion, workload: readonly WorkloadStatement[]): Recommendation {
  const faster = new Set(suggestion.statements.flatMap(({ statement, before, after }) => (after < before ? statement : [])));
  const served = workload.filter(({ query }) => faster.has(query));
  const { costBefore, costAfter, method } = suggestion.proof;
  const saved = costBefore !== undefined && costAfter !== undefined ? 1 - costAfter / costBefore : 0;
  return recommend({
    id: suggestion.id,
    kind: "index",
    title: `Index on ${suggestion.table} (${suggestion.columns.join(", ")})${method === "none" ? ", unproved" : ""}`,
    why: suggestion.reason,
    severity: saved >= 0.5 ? "warning" : "info",
    evidence: suggestion.evidence,
    action: suggestion.ddl,
    index: suggestion,
    ...(served.length > 0 ? { load: loadOf(served, workload) } : {}),
  });
}
