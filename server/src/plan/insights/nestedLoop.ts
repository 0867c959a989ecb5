import type { PlanNode } from "#protocol/plan";
import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import { indexScans, rowsRemoved } from "./details.js";
import { estimateAdvice, estimateFactor, leastFactor, originsBelow, wrongEstimate } from "./estimates.js";
import { negligibleMs, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastLoops = 1000;
const leastShare = 0.1;
const leastPart = 0.05;
const mostUnknown = 0.2;

/** A nested loop that was chosen for a handful of rows and got thousands. */
export const nestedLoopMisestimate: InsightRule = {
  id: "nested-loop-misestimate",
  docs: {
    summary: "A nested loop was chosen for few rows and got many.",
    whatItMeans:
      "The outer side of the join gave at least ten times the rows that the planner expected, and the inner side was repeated for each.",
    whyItCosts: "A nested loop is the best join for few rows and the worst for many: its time is rows × one inner scan.",
    whatToDo: "Mend the estimate of the outer side; the planner then chooses a hash or merge join by itself.",
    silentWhen: "The inner side ran fewer than 1,000 times, or took less than a tenth of the time or less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/planner-optimizer.html"],
  },
  inspect: (node, subject) => {
    const repeated = node.type === "Nested Loop" ? repetition(node, subject) : undefined;
    const outer = repeated && outerSide(node, subject);
    if (!repeated || !outer || (outer.rowsRatio ?? 1) < leastFactor) return undefined;
    const origins = originsBelow(outer, subject);
    const origin = origins[0] ?? outer;
    const { text, sql } = estimateAdvice(origin, subject);
    return {
      message: `${wrongEstimate(origin)} So ${repeated.inner.title} was repeated ${count(repeated.loops)} times by ${node.title}: ${milliseconds(repeated.ms)}, ${percent(repeated.share)} of the execution.`,
      advice: `Mend that estimate and the planner will choose a hash or merge join. ${text}`,
      share: repeated.share,
      sql,
      explains: [...origins, ...originsBelow(repeated.inner, subject)],
      evidence: evidence(
        ["Outer rows expected", count(outer.estimatedRows ?? 0)],
        ["Outer rows", count((outer.rows ?? 0) / (outer.loops ?? 1))],
        ["Factor", `${count(estimateFactor(outer))}×`],
        ["Inner loops", count(repeated.loops)],
        ["Inner time", milliseconds(repeated.ms)],
      ),
    };
  },
};

/** An index scan that is repeated for each row of the other side; each is quick, all together are not. */
export const nestedLoopIndex: InsightRule = {
  id: "nested-loop-many-index-scans",
  docs: {
    summary: "An index is searched once per row of the other side, thousands of times.",
    whatItMeans:
      "The inner side of a nested loop is an index scan that ran at least 1,000 times and took a tenth of the time or more, as the planner expected.",
    whyItCosts: "Each search descends the index from its root and fetches rows from all over the table.",
    whatToDo:
      "Reduce the rows before the join: filter, aggregate or limit first. Where most of the table is needed a hash join wins: look at `work_mem` and `random_page_cost`.",
    silentWhen:
      "Memoize or few rows keep the number of searches below 1,000, or they take less than a tenth of the time or less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/planner-optimizer.html"],
  },
  inspect: (node, subject) => {
    const repeated = node.type === "Nested Loop" ? repetition(node, subject) : undefined;
    const outer = repeated && outerSide(node, subject);
    if (!repeated || !outer || (outer.rowsRatio ?? 1) >= leastFactor || !indexScans.has(repeated.inner.type)) return undefined;
    const part = fetchedPart(repeated.inner, subject);
    if (part !== undefined && part < leastPart) return undefined;
    return {
      message: `${repeated.inner.title} was repeated ${count(repeated.loops)} times, once per row of the other side: ${milliseconds(repeated.ms)}, ${percent(repeated.share)} of the execution.`,
      advice:
        "Reduce the rows before the join (filter, aggregate or limit first); where most of the table is needed, a hash or merge join wins: check work_mem and random_page_cost.",
      // How much of the table was needed decides whether another join wins: not known, it is worth a look and no warning.
      share: part === undefined ? Math.min(repeated.share, mostUnknown) : repeated.share,
      evidence: evidence(
        ["Inner loops", count(repeated.loops)],
        ["Inner time", milliseconds(repeated.ms)],
        ["Outer rows", count(outer.rows ?? 0)],
        ["Part of the table", part === undefined ? undefined : percent(part)],
      ),
    };
  },
};

/** Rows that the repeated scan fetched, of all that its table has; more than all where rows are fetched again and again. */
function fetchedPart(scan: PlanNode, subject: InsightSubject): number | undefined {
  const rows = subject.table(scan)?.size?.rows;
  return rows === undefined || rows === 0 ? undefined : ((scan.rows ?? 0) + rowsRemoved(scan, "Filter")) / rows;
}

interface Repetition {
  readonly inner: PlanNode;
  readonly loops: number;
  readonly ms: number;
  readonly share: number;
}

function repetition(loop: PlanNode, subject: InsightSubject): Repetition | undefined {
  const inner = innerScan(loop, subject);
  const loops = inner?.loops ?? 0;
  const ms = inner?.wallTimeMs ?? 0;
  if (!inner || loops < leastLoops || ms < negligibleMs) return undefined;
  const share = subject.shareWithChildren(inner);
  return share < leastShare ? undefined : { inner, loops, ms, share };
}

function outerSide(loop: PlanNode, subject: InsightSubject): PlanNode | undefined {
  return subject.children(loop).find((child) => child.relationship === "Outer");
}

const handing: ReadonlySet<string> = new Set(["Memoize", "Subquery Scan", "Result"]);

/** What is repeated: the inner side, or what stands below a node that only hands on. */
function innerScan(loop: PlanNode, subject: InsightSubject): PlanNode | undefined {
  let at = subject.children(loop).find((child) => child.relationship === "Inner");
  while (at && handing.has(at.type))
    at = subject.children(at).find((child) => child.relationship === "Outer" || child.relationship === "Subquery");
  return at;
}
