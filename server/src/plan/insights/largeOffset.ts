import { count } from "../format.js";
import { evidence, tookAll } from "./costs.js";
import { negligibleMs, type InsightRule } from "./insight.js";

const leastRows = 1000;
const leastShare = 0.05;

/** Rows are made only to be skipped. */
export const largeOffset: InsightRule = {
  id: "large-offset",
  docs: {
    summary: "OFFSET makes thousands of rows only to skip them.",
    whatItMeans: "OFFSET cannot jump: every skipped row is found, joined and sorted like one that is returned.",
    whyItCosts: "Each page costs more than the one before; the last page costs the whole result.",
    whatToDo:
      "Page by key: `WHERE (created_at, id) < (:last_created_at, :last_id) ORDER BY created_at DESC, id DESC LIMIT 20`, with an index on the keys.",
    silentWhen: "Fewer than 1,000 rows, or fewer than were returned, are skipped, or it takes less than 1 ms or a twentieth of the time.",
    references: ["https://www.postgresql.org/docs/current/queries-limit.html"],
  },
  inspect: (node, subject) => {
    const input = node.type === "Limit" ? subject.children(node).find(({ relationship }) => relationship === "Outer") : undefined;
    if (!input || node.loops !== 1 || input.loops !== 1) return undefined;
    // A Limit asks for no row beyond its last: what came in and did not go out was skipped.
    const skipped = (input.rows ?? 0) - (node.rows ?? 0);
    const share = subject.shareWithChildren(node);
    if (skipped < leastRows || skipped < (node.rows ?? 0) || (node.wallTimeMs ?? 0) < negligibleMs || share < leastShare) return undefined;
    return {
      message: `OFFSET skipped ${count(skipped)} rows to return ${count(node.rows ?? 0)}: all of them were made first; it ${tookAll(node, subject)}.`,
      advice:
        "Page by key instead: remember the last row's sort columns and ask WHERE (a, id) > (:a, :id) ORDER BY a, id LIMIT n, with an index on (a, id).",
      share,
      evidence: evidence(["Rows skipped", count(skipped)], ["Rows returned", count(node.rows ?? 0)]),
    };
  },
};
