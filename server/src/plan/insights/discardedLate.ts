import type { PlanNode } from "#protocol/plan";
import { count, percent } from "../format.js";
import { evidence, tookAll } from "./costs.js";
import { detail, rowsRemoved } from "./details.js";
import { negligibleMs, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 10_000;
const leastDiscarded = 0.9;
const leastShare = 0.25;

/** A condition above a finished subquery drops most of what it made. */
export const discardedLate: InsightRule = {
  id: "rows-discarded-late",
  docs: {
    summary: "A subquery makes many rows of which the condition around it drops most.",
    whatItMeans:
      "The filter stands on a Subquery Scan: it could not be pushed into the subquery, mostly because of a window function, DISTINCT or LIMIT inside.",
    whyItCosts: "All rows were read, sorted and computed before they were dropped.",
    whatToDo:
      "Bring the condition into the subquery. For “the newest row per group” use `DISTINCT ON`, or a lateral join with `ORDER BY … LIMIT 1` over an index.",
    silentWhen: "Fewer than 10,000 rows or nine in ten are dropped, or the subquery takes less than a quarter of the time.",
    references: ["https://www.postgresql.org/docs/current/sql-select.html#SQL-DISTINCT"],
  },
  inspect: (node, subject) => {
    const filter = node.type === "Subquery Scan" ? detail(node, "Filter") : undefined;
    const removed = rowsRemoved(node, "Filter");
    const made = removed + (node.rows ?? 0);
    const share = subject.shareWithChildren(node);
    if (filter === undefined || removed < leastRows || removed / made < leastDiscarded) return undefined;
    if (share < leastShare || (node.wallTimeMs ?? negligibleMs) < negligibleMs) return undefined;
    return {
      message: `${node.title} made ${count(made)} rows and then dropped ${percent(removed / made)} of them by ${filter}; it ${tookAll(node, subject)}.`,
      advice: hasWindow(node, subject)
        ? "The window function needs all rows before the condition. For the first row of each group use DISTINCT ON, or join the groups LATERAL with ORDER BY … LIMIT 1 over an index on group and order."
        : "Write the condition inside the subquery, so that rows are dropped before they are joined, sorted or made distinct.",
      share,
      evidence: evidence(["Rows made", count(made)], ["Rows kept", count(node.rows ?? 0)], ["Filter", filter]),
    };
  },
};

function hasWindow(node: PlanNode, subject: InsightSubject): boolean {
  return subject.children(node).some(({ type }) => type === "WindowAgg");
}
