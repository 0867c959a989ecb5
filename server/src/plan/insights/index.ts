import type { Plan, PlanInsight } from "#protocol/plan";
import type { Catalog } from "../../catalog/catalog.js";
import { severityOf } from "./insight.js";
import { insightRules } from "./list.js";
import type { ServerFacts } from "./memory.js";
import { distinctFindings, type Finding } from "./ranking.js";
import { InsightSubject } from "./subject.js";

export { insightRules } from "./list.js";
export type { ServerFacts } from "./memory.js";

/**
 * What a plan tells, worst first.
 * @param catalog adds table sizes and activity, which a plan lacks
 * @param server bounds the memory that may be advised
 */
export function planInsights(plan: Plan, catalog?: Catalog, server?: ServerFacts): readonly PlanInsight[] {
  const subject = new InsightSubject(plan, catalog, server);
  const found = plan.nodes
    .filter((node) => !node.neverExecuted && subject.isInspected(node))
    .flatMap((node) =>
      insightRules.flatMap((rule): Finding[] => {
        const draft = rule.inspect(node, subject);
        return draft ? [{ rule, node, draft }] : [];
      }),
    );
  return [...distinctFindings(found, subject)].sort((a, b) => b.draft.share - a.draft.share).map(insightOf);
}

function insightOf({ rule, node, draft }: Finding): PlanInsight {
  const { message, advice, evidence, sql } = draft;
  return {
    rule: rule.id,
    node: node.id,
    severity: severityOf(draft.share),
    message,
    advice,
    evidence: [...evidence],
    ...(sql === undefined ? {} : { sql }),
  };
}
