import type { PlanNode } from "#protocol/plan";
import { bytes, count, milliseconds } from "../format.js";
import { evidence, selfTime, tookAll, tookSelf } from "./costs.js";
import { blockBytes, numberDetail, ownBlocks, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

/** Workers that the plan counts on did not come. */
export const workersNotLaunched: InsightRule = {
  id: "workers-not-launched",
  docs: {
    summary: "Fewer parallel workers started than the plan counts on.",
    whatItMeans: "`Workers Launched` is less than `Workers Planned`: at that moment the server had no worker left, or allowed none.",
    whyItCosts: "The plan was chosen for more processes; with fewer, another might have been faster. It varies from run to run.",
    whatToDo: "Look at `max_parallel_workers` and `max_worker_processes`, and at how many statements run in parallel at the same time.",
    silentWhen: "All planned workers started, or the part below took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/when-can-parallel-query-be-used.html"],
  },
  inspect: (node, subject) => {
    const planned = numberDetail(node, "Workers Planned");
    const launched = numberDetail(node, "Workers Launched");
    if (planned === undefined || launched === undefined || launched >= planned || (node.wallTimeMs ?? 0) < 1) return undefined;
    return {
      message: `${node.title} planned ${count(planned)} workers and got ${count(launched)}: the plan was chosen for more processes; it ${tookAll(node, subject)}.`,
      advice:
        "Raise max_parallel_workers (and max_worker_processes), or lower max_parallel_workers_per_gather where many statements run side by side.",
      share: subject.shareWithChildren(node),
      evidence: evidence(["Workers planned", count(planned)], ["Workers launched", count(launched)]),
    };
  },
};

const leastMs = 500;
const leastShare = 0.5;
/** min_parallel_table_scan_size is 8 MB; three times as much is worth a second worker. */
const leastBlocks = 3072;
/** Rows that each must pass from a worker to its leader cost what the workers save. */
const mostReturned = 0.1;

/** A long scan by a single process, and the plan tells why. */
export const parallelNotUsed: InsightRule = {
  id: "parallel-not-used",
  docs: {
    summary: "One process scanned a large table alone, and the plan says why.",
    whatItMeans:
      "A scan of half a second and more that could be shared was not. Named is only a reason that shows in the plan: a setting, or a statement that changes or locks rows, which PostgreSQL never runs in parallel.",
    whyItCosts: "The other processors are idle while one process reads and compares every row.",
    whatToDo: "Reset the setting; or find the rows with a SELECT of its own, which can be parallel, and change them by key.",
    silentWhen:
      "The scan is parallel, takes less than half a second or half of the time, reads less than 24 MB, hands on more than a tenth of its rows, an index would serve it, or no reason shows.",
    references: ["https://www.postgresql.org/docs/current/when-can-parallel-query-be-used.html"],
  },
  inspect: (node, subject) => {
    if (node.type !== "Seq Scan" || (node.selfWallTimeMs ?? 0) < leastMs || subject.share(node) < leastShare) return undefined;
    const blocks = ownBlocks(node) ?? 0;
    if (blocks < leastBlocks || node.loops !== 1 || isNegligible(node) || isShared(node, subject) || !returnsFew(node, subject))
      return undefined;
    const reason = reasonFor(node, subject);
    if (reason === undefined) return undefined;
    return {
      message: `${node.title} read ${bytes(blocks * blockBytes)} with a single process: ${reason.why}; it ${tookSelf(node, subject)}.`,
      advice: reason.advice,
      share: subject.share(node),
      evidence: evidence(
        ["Blocks", count(blocks)],
        ["Time", milliseconds(node.wallTimeMs ?? 0)],
        ["Reason", reason.why],
        selfTime(node, subject),
      ),
      ...(reason.sql === undefined ? {} : { sql: reason.sql }),
    };
  },
};

function isShared(node: PlanNode, subject: InsightSubject): boolean {
  return [node, ...subject.ancestors(node)].some(({ type }) => type === "Gather" || type === "Gather Merge");
}

/** Few rows leave the scan, or they are aggregated at once. */
function returnsFew(node: PlanNode, subject: InsightSubject): boolean {
  const rows = node.rows ?? 0;
  return rows <= (rows + rowsRemoved(node, "Filter")) * mostReturned || subject.parent(node)?.type === "Aggregate";
}

interface Reason {
  readonly why: string;
  readonly advice: string;
  readonly sql?: string;
}

function reasonFor(node: PlanNode, subject: InsightSubject): Reason | undefined {
  if (subject.setting("max_parallel_workers_per_gather") === "0")
    return {
      why: "max_parallel_workers_per_gather is 0",
      advice: "Allow workers for this statement: SET LOCAL max_parallel_workers_per_gather = 2.",
      sql: "SET LOCAL max_parallel_workers_per_gather = 2;",
    };
  const types = new Set(subject.plan.nodes.map(({ type }) => type));
  if (types.has("ModifyTable"))
    return {
      why: "a statement that changes rows is never parallel",
      advice: "Find the keys with a SELECT of its own, which can be parallel, and change the rows by key.",
    };
  if (subject.ancestors(node).some(({ type }) => type === "LockRows"))
    return {
      why: "SELECT … FOR UPDATE or FOR SHARE is never parallel",
      advice: "Find the keys with a plain SELECT, which can be parallel, and lock the rows by key.",
    };
  return undefined;
}
