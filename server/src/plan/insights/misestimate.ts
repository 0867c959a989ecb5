import type { PlanNode } from "#protocol/plan";
import { count } from "../format.js";
import type { InsightRule, InsightSubject } from "./insight.js";
import { detail, negligibleMs } from "./insight.js";

const leastFactor = 10;
const leastRows = 100;

/** Nodes that only hand on the rows below, or whose estimate is a constant of the planner. */
const passing = new Set([
  "Bitmap Index Scan",
  "Gather",
  "Gather Merge",
  "Hash",
  "Limit",
  "LockRows",
  "Materialize",
  "Memoize",
  "ModifyTable",
  "ProjectSet",
  "Recursive Union",
  "Result",
  "Sort",
  "Incremental Sort",
  "WorkTable Scan",
  "CTE Scan",
  "Subquery Scan",
]);

/** The planner expected far more or far fewer rows: it chose its joins for another amount of data. */
export const misestimate: InsightRule = {
  id: "row-misestimate",
  inspect: (node, subject) => {
    const factor = distance(node.rowsRatio);
    if (node.rowsRatio === undefined || factor < leastFactor || passing.has(node.type) || !matters(node, subject)) return undefined;
    // The cause lies lowest: whatever stands above inherits it.
    if (descendants(node, subject).some((below) => distance(below.rowsRatio) >= leastFactor && !passing.has(below.type))) return undefined;
    const loops = node.loops ?? 1;
    const times = factor >= 1000 ? "over a thousand times" : `${count(factor)} times`;
    return {
      message:
        `The planner expected ${count(node.estimatedRows ?? 0)} rows of ${node.title}${loops > 1 ? " per loop" : ""} and got ${count((node.rows ?? 0) / loops)}: ` +
        `${times} ${node.rowsRatio > 1 ? "more" : "fewer"}. Joins and memory above it were chosen for the wrong amount of data.`,
      advice: advice(node),
      share: Math.min(subject.shareWithChildren(subject.parent(node) ?? node), 1) / 2,
    };
  },
};

function distance(ratio: number | undefined): number {
  return ratio === undefined ? 1 : Math.max(ratio, 1 / ratio);
}

/** Where the planner chose a method or a size by the number of rows that come from below. */
const choices = new Set(["Nested Loop", "Hash Join", "Merge Join", "Sort", "Aggregate", "Memoize", "SetOp"]);

/** Ten rows instead of one decide nothing, nor do rows above which nothing was chosen. */
function matters(node: PlanNode, subject: InsightSubject): boolean {
  const difference = Math.abs((node.rows ?? 0) / (node.loops ?? 1) - (node.estimatedRows ?? 0));
  if (difference < leastRows || (subject.totalTime ?? 0) < negligibleMs) return false;
  for (let at = subject.parent(node); at; at = subject.parent(at)) if (choices.has(at.type)) return true;
  return false;
}

function descendants(node: PlanNode, subject: InsightSubject): readonly PlanNode[] {
  const found: PlanNode[] = [];
  const waiting = [...subject.children(node)];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    waiting.push(...subject.children(next));
  }
  return found;
}

function advice(node: PlanNode): string {
  if (node.relation === undefined)
    return "Look at the inputs' statistics; for correlated columns CREATE STATISTICS helps, for expressions an index or statistics on them.";
  const condition = detail(node, "Filter") ?? detail(node, "Index Cond") ?? detail(node, "Recheck Cond");
  const several = condition?.includes(" AND ") ? ` If the columns of ${condition} depend on each other, CREATE STATISTICS on them.` : "";
  return `Run ANALYZE ${node.relation}; if it stays wrong, raise the statistics target of the compared columns.${several}`;
}
