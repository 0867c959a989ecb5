import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import { negligibleMs, type InsightRule } from "./insight.js";
import { sequentialScan } from "./sequentialScan.js";

const leastLoops = 1000;
const leastShare = 0.1;

/** A correlated subquery runs once per row. */
export const subplanPerRow: InsightRule = {
  id: "subplan-per-row",
  docs: {
    summary: "A subquery runs once per row of the statement around it.",
    whatItMeans:
      "A correlated subquery (one that mentions the outer row) that the planner could not turn into a join is executed anew for each row.",
    whyItCosts: "Its time is rows × one execution. No hash or merge join is possible.",
    whatToDo:
      "Write it as a join with an aggregation (`LEFT JOIN (SELECT … GROUP BY …)`) or as `EXISTS`; at least let an index serve its condition.",
    silentWhen:
      "It ran fewer than 1,000 times, was hashed (then it ran once), took less than a tenth of the time, or a sequential scan inside is what makes it slow.",
    references: ["https://www.postgresql.org/docs/current/functions-subquery.html"],
  },
  replaces: { below: ["memoize-few-hits"] },
  inspect: (node, subject) => {
    const runs = node.loops ?? 0;
    const ms = node.wallTimeMs ?? 0;
    if (node.relationship !== "SubPlan" || runs < leastLoops || ms < negligibleMs) return undefined;
    const share = subject.shareWithChildren(node);
    const scan = [node, ...subject.descendants(node)].find((each) => sequentialScan.inspect(each, subject));
    if (share < leastShare || (scan && subject.share(scan) >= share / 2)) return undefined;
    const name = node.subplanName ?? "A subquery";
    return {
      message: `${name} (${node.title}) ran ${count(runs)} times, once per row around it: ${milliseconds(ms)}, ${percent(share)} of the execution.`,
      advice:
        "Write it as a join: aggregate once per key (LEFT JOIN (SELECT key, … GROUP BY key)) or use EXISTS, so that the planner can hash it.",
      share,
      evidence: evidence(
        ["Executions", count(runs)],
        ["Time of one", milliseconds((node.processTimeMs ?? 0) / runs)],
        ["Time of all", milliseconds(ms)],
      ),
    };
  },
};
