import type { PlanNode } from "#protocol/plan";
import { servedColumns } from "../conditions/columns.js";
import { count, percent } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail, discardedByFilter, ownBlocks, rowsRemoved } from "./details.js";
import { negligibleMs, type InsightDraft, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 1000;
/** Above a tenth of the table an index seldom wins. */
const leastDiscarded = 0.9;
/** Of the planner's cost: below it the scan is not what makes the statement dear. */
const leastShare = 0.1;

/** Reads a whole table to keep a little of it. */
export const sequentialScan: InsightRule = {
  id: "sequential-scan-discards-rows",
  docs: {
    summary: "A whole table is read to keep a little of it.",
    whatItMeans: "A sequential scan read every row of the table and its filter dropped at least nine in ten of them.",
    whyItCosts: "The time grows with the table, not with the result: each row is fetched, unpacked and compared before it is dropped.",
    whatToDo:
      "Give the condition an index: columns compared for equality first, then one that is compared with a range. A pattern that begins with `%` needs a trigram index, a function of a column an index on that expression.",
    silentWhen:
      "Fewer than 1,000 rows are dropped, the scan takes less than 1 ms, more than a tenth of the rows is kept (an index would then seldom win), or the scan never ran.",
    references: [
      "https://www.postgresql.org/docs/current/using-explain.html",
      "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
    ],
  },
  replaces: { here: ["cold-cache"], above: ["parallel-not-used"] },
  inspect: (node, subject) => {
    const filter = node.type === "Seq Scan" ? detail(node, "Filter") : undefined;
    if (filter === undefined || node.neverExecuted) return undefined;
    return subject.plan.analyzed ? executed(node, filter, subject) : expected(node, filter, subject);
  },
};

function executed(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const removed = rowsRemoved(node, "Filter");
  const read = removed + (node.rows ?? 0);
  const all = discardedByFilter(node, subject);
  if (all.removed < leastRows || all.removed / all.read < leastDiscarded || (all.ms ?? negligibleMs) < negligibleMs || removed === 0)
    return undefined;
  const loops = node.loops ?? 1;
  const roughly = loops > 1 ? "about " : "";
  const scans = loops > (node.participants ?? 1) ? ` in ${count(loops)} scans` : "";
  return {
    message: `${node.title} read ${roughly}${count(read)} rows${scans} and threw away ${percent(removed / read)} of them; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
    evidence: evidence(["Rows read", count(read)], ["Rows kept", count(node.rows ?? 0)], ["Filter", filter], selfTime(node, subject)),
  };
}

function expected(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const rows = subject.table(node)?.size?.rows;
  if (rows === undefined || rows < leastRows || stopsEarly(node, subject)) return undefined;
  const kept = estimatedRows(node, subject);
  if (kept === undefined || 1 - kept / rows < leastDiscarded || subject.share(node) < leastShare) return undefined;
  return {
    message: `${node.title} will read about ${count(rows)} rows to keep about ${count(kept)}; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
    evidence: evidence(["Rows of the table", count(rows)], ["Rows expected", count(kept)], ["Filter", filter]),
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

/** Names the columns that an index could serve; patterns, functions and arithmetic on columns it cannot. */
function advice(node: PlanNode, filter: string): string {
  const served = servedColumns(filter);
  const table = node.relation ?? "the table";
  if (served === undefined) return `Let an index find the rows: its columns are those that ${filter} compares on ${table}, equality first.`;
  const columns = [...served.equal, ...served.range.slice(0, 1)];
  if (columns.length > 0) return `An index on ${table} (${columns.join(", ")}) would find the rows.${isScattered(node) ? doubt : ""}`;
  return `No plain index serves ${filter}: for a pattern use a trigram index (pg_trgm), for a function of a column an index on that expression, or compare the bare column.`;
}

const doubt =
  " There are more of them than blocks, though: it pays if they lie together, or as an index-only scan (INCLUDE the columns that are read).";

/** With a row and more kept per block, an index may lead to every block of the table all the same. */
function isScattered(node: PlanNode): boolean {
  const blocks = ownBlocks(node) ?? 0;
  return blocks > 0 && (node.rows ?? 0) >= blocks;
}
