import type { PlanNode } from "#protocol/plan";
import { servedColumns } from "../conditions/columns.js";
import { count, percent } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 1000;
const leastDiscarded = 0.9;

/** Reads along an index in the order of ORDER BY, hoping that the LIMIT is soon full; and it is not. */
export const indexForOrder: InsightRule = {
  id: "index-chosen-for-order",
  docs: {
    summary: "An index was read in the order of ORDER BY … LIMIT and most of it was dropped.",
    whatItMeans:
      "To avoid a sort, the planner walks an index in the wanted order and filters, expecting matching rows to be spread evenly and the LIMIT to be reached soon. They were not, so it read far.",
    whyItCosts:
      "Thousands of rows are fetched in index order, one block each, until the few that match are found; at worst the whole table.",
    whatToDo:
      "An index that has the filtered columns first and the sort columns behind serves both. Until then, `ORDER BY column + 0` keeps the planner from that index.",
    silentWhen: "The scan has an index condition of its own, no LIMIT stands above, or fewer than 1,000 rows or nine in ten were dropped.",
    references: ["https://www.postgresql.org/docs/current/indexes-ordering.html"],
  },
  replaces: { here: ["index-scan-discards-rows", "row-misestimate", "correlated-columns", "cold-cache", "index-reads-many-blocks"] },
  inspect: (node, subject) => {
    const filter = node.type === "Index Scan" || node.type === "Index Only Scan" ? detail(node, "Filter") : undefined;
    if (filter === undefined || detail(node, "Index Cond") !== undefined || isNegligible(node)) return undefined;
    const removed = rowsRemoved(node, "Filter");
    const read = removed + (node.rows ?? 0);
    const limit = limitAbove(node, subject);
    if (!limit || removed < leastRows || removed / read < leastDiscarded) return undefined;
    const equal = servedColumns(filter)?.equal ?? [];
    const first = equal.length > 0 ? equal.join(", ") : `the columns of ${filter}`;
    return {
      message: `${node.title} was read only for its order: ${count(read)} rows, of which ${percent(removed / read)} were dropped before ${limit.title} had its ${count(limit.rows ?? 0)}; it ${tookSelf(node, subject)}.`,
      advice: `An index on ${node.relation ?? "the table"} that begins with ${first} and goes on with the columns of ${node.index ?? "this index"} finds the rows at once and in order.`,
      share: subject.share(node),
      evidence: evidence(
        ["Rows read", count(read)],
        ["Rows kept", count(node.rows ?? 0)],
        ["Rows wanted", limit.estimatedRows === undefined ? undefined : count(limit.estimatedRows)],
        ["Filter", filter],
        selfTime(node, subject),
      ),
    };
  },
};

const keepingOrder: ReadonlySet<string> = new Set([
  "Append",
  "Gather Merge",
  "LockRows",
  "Merge Append",
  "Nested Loop",
  "Result",
  "Subquery Scan",
]);

/** The LIMIT that the order of this scan serves. */
function limitAbove(node: PlanNode, subject: InsightSubject): PlanNode | undefined {
  let below = node;
  for (const above of subject.ancestors(node)) {
    if (above.type === "Limit") return above;
    if (!keepingOrder.has(above.type) || below.relationship === "Inner") return undefined;
    below = above;
  }
  return undefined;
}
