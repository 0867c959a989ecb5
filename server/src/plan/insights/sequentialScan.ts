import type { PlanNode } from "#protocol/plan";
import { count, percent } from "../format.js";
import { tookSelf } from "./costs.js";
import { detail, isNegligible, rowsRemoved, type InsightDraft, type InsightRule, type InsightSubject } from "./insight.js";

const leastRows = 1000;
/** Above a tenth of the table an index seldom wins. */
const leastDiscarded = 0.9;

/** Reads a whole table to keep a little of it. */
export const sequentialScan: InsightRule = {
  id: "sequential-scan-discards-rows",
  inspect: (node, subject) => {
    const filter = node.type === "Seq Scan" ? detail(node, "Filter") : undefined;
    if (filter === undefined || node.neverExecuted) return undefined;
    return subject.plan.analyzed ? executed(node, filter, subject) : expected(node, filter, subject);
  },
};

function executed(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const removed = rowsRemoved(node, "Filter");
  const read = removed + (node.rows ?? 0);
  if (removed < leastRows || removed / read < leastDiscarded || isNegligible(node)) return undefined;
  const roughly = (node.loops ?? 1) > 1 ? "about " : "";
  const loops = (node.loops ?? 1) > (node.participants ?? 1) ? ` in ${count(node.loops ?? 1)} scans` : "";
  return {
    message: `${node.title} read ${roughly}${count(read)} rows${loops} and threw away ${percent(removed / read)} of them; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
  };
}

function expected(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const rows = subject.table(node)?.size?.rows;
  if (rows === undefined || rows < leastRows || stopsEarly(node, subject)) return undefined;
  const kept = estimatedRows(node, subject);
  if (kept === undefined || 1 - kept / rows < leastDiscarded) return undefined;
  return {
    message: `${node.title} will read about ${count(rows)} rows to keep about ${count(kept)}; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
  };
}

/** Costing more than the whole plan, the scan is not expected to reach its end: a LIMIT stops it. */
function stopsEarly(node: PlanNode, subject: InsightSubject): boolean {
  return (node.totalCost ?? 0) > (subject.plan.nodes[0]?.totalCost ?? 0) * 1.01;
}

/** A parallel scan's estimate is of one process; the Gather above has that of all. */
function estimatedRows(node: PlanNode, subject: InsightSubject): number | undefined {
  const parent = subject.parent(node);
  return parent?.type === "Gather" || parent?.type === "Gather Merge" ? parent.estimatedRows : node.estimatedRows;
}

function advice(node: PlanNode, filter: string): string {
  return `Let an index find the rows: its columns are those that ${filter} compares on ${node.relation ?? "the table"}, equality first.`;
}
