import type { PlanNode } from "#protocol/plan";
import { predicatesOf } from "../conditions/predicates.js";
import { count, percent } from "../format.js";
import { tookSelf } from "./costs.js";
import { detail, isNegligible, rowsRemoved, type InsightDraft, type InsightRule, type InsightSubject } from "./insight.js";

const leastRows = 1000;
/** Above a tenth of the table an index seldom wins. */
const leastDiscarded = 0.9;
/** Of the planner's cost: below it the scan is not what makes the statement dear. */
const leastShare = 0.1;

/** Reads a whole table to keep a little of it. */
export const sequentialScan: InsightRule = {
  id: "sequential-scan-discards-rows",
  inspect: (node, subject) => {
    const filter = node.type === "Seq Scan" ? detail(node, "Filter") : undefined;
    if (filter === undefined || node.neverExecuted) return undefined;
    return subject.plan.analyzed ? executed(node, filter, subject) : expected(node, filter, subject);
  },
};

function executed(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const removed = rowsRemoved(node, "Filter");
  const read = removed + (node.rows ?? 0);
  if (removed < leastRows || removed / read < leastDiscarded || isNegligible(node)) return undefined;
  const roughly = (node.loops ?? 1) > 1 ? "about " : "";
  const loops = (node.loops ?? 1) > (node.participants ?? 1) ? ` in ${count(node.loops ?? 1)} scans` : "";
  return {
    message: `${node.title} read ${roughly}${count(read)} rows${loops} and threw away ${percent(removed / read)} of them; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
  };
}

function expected(node: PlanNode, filter: string, subject: InsightSubject): InsightDraft | undefined {
  const rows = subject.table(node)?.size?.rows;
  if (rows === undefined || rows < leastRows || stopsEarly(node, subject)) return undefined;
  const kept = estimatedRows(node, subject);
  if (kept === undefined || 1 - kept / rows < leastDiscarded || (subject.share(node) ?? 1) < leastShare) return undefined;
  return {
    message: `${node.title} will read about ${count(rows)} rows to keep about ${count(kept)}; it ${tookSelf(node, subject)}.`,
    advice: advice(node, filter),
    share: subject.share(node),
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
  const columns = servedColumns(filter);
  const table = node.relation ?? "the table";
  if (columns === undefined)
    return `Let an index find the rows: its columns are those that ${filter} compares on ${table}, equality first.`;
  if (columns.length > 0) return `An index on ${table} (${columns.join(", ")}) would find the rows.`;
  return `No plain index serves ${filter}: for a pattern use a trigram index (pg_trgm), for a function of a column an index on that expression, or compare the bare column.`;
}

/** Undefined where the condition could not be read. */
function servedColumns(filter: string): readonly string[] | undefined {
  const predicates = predicatesOf(filter);
  if (predicates.length === 0) return undefined;
  const equal = predicates.flatMap((predicate) => {
    if (predicate.kind === "join" && predicate.operator === "=") return [predicate.left.column];
    return predicate.kind === "equality" || predicate.kind === "any" || predicate.kind === "boolean" || predicate.kind === "null"
      ? [predicate.column.column]
      : [];
  });
  const ranges = predicates.flatMap((predicate) =>
    predicate.kind === "range" || predicate.kind === "prefix" ? [predicate.column.column] : [],
  );
  return [...new Set([...equal, ...ranges.slice(0, 1)])];
}
