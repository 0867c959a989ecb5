import type { PlanNode } from "#protocol/plan";
import { count, percent } from "../format.js";
import { evidence, tookAll } from "./costs.js";
import { detail, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 1000;
const leastDiscarded = 0.9;

/** A CTE is computed as a whole and filtered afterwards. */
export const cteFence: InsightRule = {
  id: "cte-fence",
  docs: {
    summary: "A CTE is computed as a whole and then filtered.",
    whatItMeans:
      "A materialized CTE is a fence: conditions of the outer statement are not pushed into it. It is materialized when it says so, when it is used more than once, or on PostgreSQL 11 and older.",
    whyItCosts: "All its rows are computed and stored; most are dropped by the scan's filter, which no index can serve.",
    whatToDo: "Write the condition inside the CTE, or mark it `NOT MATERIALIZED`, so that each use is planned with its own conditions.",
    silentWhen:
      "The CTE is recursive or changes data, fewer than 1,000 rows or nine in ten were dropped, or CTE and scan took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION"],
  },
  replaces: { here: ["temp-files"] },
  inspect: (node, subject) => {
    const filter = node.type === "CTE Scan" ? detail(node, "Filter") : undefined;
    const removed = rowsRemoved(node, "Filter");
    const read = removed + (node.rows ?? 0);
    if (filter === undefined || removed < leastRows || removed / read < leastDiscarded) return undefined;
    const cte = cteOf(node, subject);
    if (!cte || (isNegligible(node) && isNegligible(cte)) || !canBeInlined(cte, subject)) return undefined;
    const name = detail(node, "CTE Name") ?? "the CTE";
    const uses = subject.plan.nodes.filter((each) => each.type === "CTE Scan" && cteOf(each, subject) === cte).length;
    return {
      message: `The CTE ${name} was computed as a whole, ${count(cte.rows ?? 0)} rows, of which ${filter} then dropped ${percent(removed / read)}; it ${tookAll(cte, subject)}.`,
      advice: `Write the condition inside the CTE, or WITH ${name} AS NOT MATERIALIZED${uses > 1 ? ` (it is used ${uses} times: each use is then computed by itself)` : ""}, so that the condition reaches its tables and their indexes.`,
      share: Math.max(subject.shareWithChildren(cte), subject.share(node)),
      evidence: evidence(
        ["Rows of the CTE", count(cte.rows ?? 0)],
        ["Rows kept", count(node.rows ?? 0)],
        ["Filter", filter],
        ["Uses", count(uses)],
      ),
    };
  },
};

/** The nearest CTE of the scan's name, which may hang on the scan itself: inner ones shadow outer ones. */
function cteOf(scan: PlanNode, subject: InsightSubject): PlanNode | undefined {
  const name = `CTE ${detail(scan, "CTE Name") ?? ""}`;
  for (const above of [scan, ...subject.ancestors(scan)]) {
    const cte = subject.children(above).find((child) => child.relationship === "InitPlan" && child.subplanName === name);
    if (cte) return cte;
  }
  return undefined;
}

function canBeInlined(cte: PlanNode, subject: InsightSubject): boolean {
  return ![cte, ...subject.descendants(cte)].some(({ type }) => type === "Recursive Union" || type === "ModifyTable");
}
