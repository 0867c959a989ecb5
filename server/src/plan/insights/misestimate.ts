import type { PlanNode } from "#protocol/plan";
import { count } from "../format.js";
import { evidence } from "./costs.js";
import { detail } from "./details.js";
import { causeOf, changesChoices, estimateAdvice, estimateFactor, isOrigin, wrongEstimate, type EstimateCause } from "./estimates.js";
import { negligibleMs, type InsightDraft, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

/** What a wrong estimate costs does not show in the plan that it led to: where it does, another insight names it as the cause. */
const mostShare = 0.2;

const silentWhen =
  "The node never ran; somebody above stopped asking (LIMIT, semi join, a merge join's shorter side); it is a BitmapAnd or BitmapOr, which count no rows; the difference is the planner's divisor for parallel scans, less than 100 rows or less than ten times; nothing above was chosen by it; or a node below has it already.";

/** The planner expected far more or far fewer rows, and neither age nor dependence of columns explains it. */
export const misestimate: InsightRule = {
  id: "row-misestimate",
  docs: {
    summary: "The planner expected ten times more or fewer rows than came.",
    whatItMeans:
      "Expected and actual rows per loop differ at least tenfold. It is told where it arises, not of the nodes above, which inherit it.",
    whyItCosts: "Join methods, join order and memory above are chosen for another amount of data.",
    whatToDo:
      "`ANALYZE` the table. If the estimate stays wrong: a higher statistics target for the compared columns, statistics on the expression, or another way to write the condition.",
    silentWhen,
    references: ["https://www.postgresql.org/docs/current/row-estimation-examples.html"],
  },
  inspect: (node, subject) =>
    inspect(node, subject, ["unknown", "expression"], "Joins and memory above it were chosen for the wrong amount of data."),
};

/** Conditions on several columns that say nearly the same. */
export const correlatedColumns: InsightRule = {
  id: "correlated-columns",
  docs: {
    summary: "Several conditions on one table are taken as independent of each other and are not.",
    whatItMeans:
      "The planner multiplies the selectivities of conditions on one table, and the numbers of distinct values of grouping columns. Where one column follows from another (city and postal code), the product is far off.",
    whyItCosts: "Join methods, join order and memory above are chosen for another amount of data.",
    whatToDo: "`CREATE STATISTICS` on the columns and `ANALYZE` the table: the planner then knows how they go together.",
    silentWhen,
    references: [
      "https://www.postgresql.org/docs/current/planner-stats.html#PLANNER-STATS-EXTENDED",
      "https://www.postgresql.org/docs/current/sql-createstatistics.html",
    ],
  },
  inspect: (node, subject) =>
    inspect(
      node,
      subject,
      ["correlated"],
      "It multiplies the selectivities of the conditions as if the columns were independent; joins and memory above were chosen by that.",
    ),
};

/** Statistics that are older than the data. */
export const staleStatistics: InsightRule = {
  id: "stale-statistics",
  docs: {
    summary: "The statistics of a table are older than its data.",
    whatItMeans:
      "An estimate is wrong, and the table has changed since its last ANALYZE: the server counts the changed rows (`n_mod_since_analyze`), or a scan read another number of rows than the statistics know, or even a scan without a condition was guessed wrong.",
    whyItCosts: "Join methods, join order and memory above are chosen for the table as it was.",
    whatToDo: "`ANALYZE` the table, after bulk loads at once; let autovacuum analyse it more often (`autovacuum_analyze_scale_factor`).",
    silentWhen,
    references: ["https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS"],
  },
  inspect: (node, subject) => inspect(node, subject, ["stale"], "Joins and memory above it were chosen for the table as it was."),
};

function inspect(
  node: PlanNode,
  subject: InsightSubject,
  kinds: readonly EstimateCause["kind"][],
  consequence: string,
): InsightDraft | undefined {
  if ((subject.totalTime ?? 0) < negligibleMs || !isOrigin(node, subject) || !changesChoices(node, subject)) return undefined;
  const cause = causeOf(node, subject);
  if (!kinds.includes(cause.kind)) return undefined;
  const { text, sql } = estimateAdvice(node, subject);
  return {
    message: `${wrongEstimate(node)} ${consequence}`,
    advice: text,
    share: Math.min(subject.shareWithChildren(subject.parent(node) ?? node), mostShare),
    sql,
    evidence: evidence(
      ["Rows expected", count(node.estimatedRows ?? 0)],
      ["Rows per loop", count((node.rows ?? 0) / (node.loops ?? 1))],
      ["Factor", `${count(estimateFactor(node))}×`],
      ["Condition", detail(node, "Filter") ?? detail(node, "Index Cond") ?? detail(node, "Recheck Cond") ?? detail(node, "Group Key")],
      ["Statistics", cause.kind === "stale" ? cause.why : undefined],
    ),
  };
}
