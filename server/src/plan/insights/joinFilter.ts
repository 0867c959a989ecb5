import type { PlanNode } from "#protocol/plan";
import { predicatesOf, type Predicate } from "../conditions/predicates.js";
import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import { detail, rowsRemoved } from "./details.js";
import { negligibleMs, type InsightDraft, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 10_000;
const leastDiscarded = 0.9;

/** A join that makes pairs and drops nearly all of them again. */
export const joinFilter: InsightRule = {
  id: "join-filter-discards-rows",
  docs: {
    summary: "A join makes pairs of rows and drops nearly all of them.",
    whatItMeans:
      "`Rows Removed by Join Filter`: the join condition could not be looked up, so pairs were made first and compared afterwards.",
    whyItCosts: "The number of pairs is the product of both sides.",
    whatToDo:
      "Let an index on the inner table find the partners; join on equality of columns of one type where the meaning allows it, so that a hash join is possible.",
    silentWhen: "Fewer than 10,000 pairs or fewer than nine in ten were dropped, or the join took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/planner-optimizer.html"],
  },
  inspect: (node, subject) => inspect(node, subject, false),
};

/** The same where an OR keeps the join from using hash, merge or index. */
export const joinFilterOr: InsightRule = {
  id: "join-filter-with-or",
  docs: {
    summary: "An OR in a join condition makes the join compare every pair.",
    whatItMeans: "A join condition with OR can neither be hashed nor merged: it is checked as `Join Filter` on every pair of rows.",
    whyItCosts: "The number of pairs is the product of both sides.",
    whatToDo:
      "Split the statement into one part per branch of the OR and put them together with UNION: each part can then use an index or a hash join.",
    silentWhen: "Fewer than 10,000 pairs or fewer than nine in ten were dropped, or the join took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/queries-union.html"],
  },
  inspect: (node, subject) => inspect(node, subject, true),
};

function inspect(node: PlanNode, subject: InsightSubject, withOr: boolean): InsightDraft | undefined {
  const filter = detail(node, "Join Filter");
  if (filter === undefined) return undefined;
  const removed = rowsRemoved(node, "Join Filter");
  const pairs = removed + (node.rows ?? 0);
  const ms = timeOfPairs(node, subject);
  if (removed < leastRows || removed / pairs < leastDiscarded || (ms ?? negligibleMs) < negligibleMs) return undefined;
  const predicates = predicatesOf(filter);
  if (predicates.some(({ kind }) => kind === "or") !== withOr) return undefined;
  const share = ms === undefined ? subject.share(node) : subject.shareOf(ms);
  return {
    message: `${node.title} made ${count(pairs)} pairs of rows and dropped ${percent(removed / pairs)} of them by ${filter}; ${ms === undefined ? "" : `that took ${milliseconds(ms)}, `}${percent(share)} of the execution.`,
    advice: withOr
      ? "Write one statement per branch of the OR and put them together with UNION: each can then use an index or a hash join."
      : advice(node, predicates, subject),
    share,
    explains: [node],
    evidence: evidence(["Pairs made", count(pairs)], ["Pairs kept", count(node.rows ?? 0)], ["Join filter", filter]),
  };
}

/** The join's own time and that of the inner side, which is repeated for the pairs. */
function timeOfPairs(node: PlanNode, subject: InsightSubject): number | undefined {
  if (node.selfWallTimeMs === undefined) return undefined;
  const inner = subject.children(node).find(({ relationship }) => relationship === "Inner");
  return node.selfWallTimeMs + (node.type === "Nested Loop" ? (inner?.wallTimeMs ?? 0) : 0);
}

function advice(node: PlanNode, predicates: readonly Predicate[], subject: InsightSubject): string {
  const index = lookedUp(node, predicates, subject);
  const equal = predicates.some((predicate) => predicate.kind === "join" && predicate.operator === "=");
  if (equal && node.type === "Nested Loop")
    return `${index === undefined ? "The planner could" : `${index}; it could also`} hash the equality if it knew how many rows come: look at the estimates of both sides, and that both columns have one type.`;
  return index === undefined
    ? "Compare columns for equality where the meaning allows it, so that the join can be hashed; or filter both sides first."
    : `${index}. Or filter both sides first.`;
}

/** The index that finds partners: on the side of which the fewest columns are compared, a range of one column being what an index serves. */
function lookedUp(node: PlanNode, predicates: readonly Predicate[], subject: InsightSubject): string | undefined {
  const names = predicates.flatMap((predicate) => (predicate.kind === "join" ? [predicate.left, predicate.right] : []));
  const sides = subject
    .descendants(node)
    .filter(({ relation }) => relation !== undefined)
    .map((scan) => {
      const own = names.filter((name) => name.alias === (scan.alias ?? scan.relation)).map(({ column }) => column);
      return { table: scan.relation ?? "", columns: [...new Set(own)], rows: scan.rows ?? 0 };
    })
    .filter(({ columns }) => columns.length > 0)
    .sort((a, b) => a.columns.length - b.columns.length || b.rows - a.rows);
  const best = sides[0];
  return best && `An index on ${best.table} (${best.columns.join(", ")}) lets the join look partners up`;
}
