import type { Plan, PlanInsight } from "#protocol/plan";
import type { Catalog } from "../../catalog/catalog.js";
import { hashOnDisk } from "./hashOnDisk.js";
import { heapFetches } from "./heapFetches.js";
import { indexFilter } from "./indexFilter.js";
import { InsightSubject, severityOf, type InsightRule } from "./insight.js";
import { lossyBitmap } from "./lossyBitmap.js";
import { misestimate } from "./misestimate.js";
import { nestedLoopIndex } from "./nestedLoopIndex.js";
import { sequentialScan } from "./sequentialScan.js";
import { sortOnDisk } from "./sortOnDisk.js";

export const insightRules: readonly InsightRule[] = [
  sequentialScan,
  indexFilter,
  misestimate,
  sortOnDisk,
  hashOnDisk,
  nestedLoopIndex,
  heapFetches,
  lossyBitmap,
];

/** What a plan tells, worst first. The catalog adds table sizes, which a plan that did not run lacks. */
export function planInsights(plan: Plan, catalog?: Catalog): readonly PlanInsight[] {
  const subject = new InsightSubject(plan, catalog);
  const found = plan.nodes
    .filter((node) => !node.neverExecuted)
    .flatMap((node) =>
      insightRules.flatMap((rule) => {
        const draft = rule.inspect(node, subject);
        return draft ? [{ rule: rule.id, node: node.id, draft }] : [];
      }),
    );
  return found
    .sort((a, b) => b.draft.share - a.draft.share)
    .map(({ rule, node, draft }) => ({ rule, node, severity: severityOf(draft.share), message: draft.message, advice: draft.advice }));
}
