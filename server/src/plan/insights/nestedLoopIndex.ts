import type { PlanNode } from "#protocol/plan";
import { count, milliseconds, percent } from "../format.js";
import { negligibleMs, type InsightRule, type InsightSubject } from "./insight.js";

const leastLoops = 1000;
const leastShare = 0.1;

/** An index scan that is repeated for each row of the other side; each is quick, all together are not. */
export const nestedLoopIndex: InsightRule = {
  id: "nested-loop-many-index-scans",
  inspect: (node, subject) => {
    const loop = subject.parent(node);
    const scan = loop && innerIndexScan(node, loop, subject);
    if (!loop || !scan || (scan.loops ?? 0) < leastLoops || (scan.wallTimeMs ?? 0) < negligibleMs) return undefined;
    const share = subject.shareWithChildren(scan);
    if (share < leastShare) return undefined;
    const outer = subject.children(loop).find((child) => child.relationship === "Outer");
    const wrong = outer?.rowsRatio !== undefined && outer.rowsRatio >= 10;
    return {
      message: `${scan.title} was repeated ${count(scan.loops ?? 0)} times, once per row of the other side: ${milliseconds(scan.wallTimeMs ?? 0)}, ${percent(share)} of the execution.`,
      advice: wrong
        ? `The planner expected ${count(outer.estimatedRows ?? 0)} rows there: mend that estimate (ANALYZE, CREATE STATISTICS) and it will choose a hash join.`
        : "Reduce the rows before the join (filter, aggregate or limit first); where most of the table is needed, a hash or merge join wins: check work_mem and random_page_cost.",
      share,
    };
  },
};

/** The inner side itself, or what stands below Memoize, Materialize or a Subquery Scan. */
function innerIndexScan(node: PlanNode, loop: PlanNode, subject: InsightSubject): PlanNode | undefined {
  if (loop.type !== "Nested Loop" || node.relationship !== "Inner") return undefined;
  const through = new Set(["Memoize", "Subquery Scan", "Result"]);
  let at: PlanNode | undefined = node;
  while (at && through.has(at.type))
    at = subject.children(at).find((child) => child.relationship === "Outer" || child.relationship === "Subquery");
  return at && ["Index Scan", "Index Only Scan", "Bitmap Heap Scan"].includes(at.type) ? at : undefined;
}
