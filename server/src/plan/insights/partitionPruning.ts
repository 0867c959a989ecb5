import type { PlanNode } from "#protocol/plan";
import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import { detail, numberDetail, rowsRemoved } from "./details.js";
import { negligibleMs, type InsightRule } from "./insight.js";
import { baseAlias } from "./siblings.js";
import type { InsightSubject } from "./subject.js";

const leastPartitions = 4;
/** Partitions that gave rows, of those that were read: above it reading them was not in vain. */
const mostUseful = 0.25;

/** All partitions are read though the rows lie in few of them. */
export const partitionPruning: InsightRule = {
  id: "partitions-not-pruned",
  docs: {
    summary: "All partitions were read, though the rows lie in few of them.",
    whatItMeans:
      "Partition pruning leaves out the partitions that cannot hold matching rows. Here partitions were read, dropped all their rows and gave none, so that the condition that decides it was not one on the partition key in a form that can be pruned.",
    whyItCosts: "Each partition is opened, locked and read; planning takes longer too.",
    whatToDo:
      "Compare the partition key itself with constants, parameters or stable functions, in its own type; a condition on a column that goes with the key helps only when the key is named too.",
    silentWhen:
      "Fewer than four partitions were read, more than a quarter of them gave rows, or those in vain took less than 1 ms or a tenth of the time.",
    references: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITION-PRUNING"],
  },
  replaces: { below: ["sequential-scan-discards-rows", "implicit-cast", "function-hides-index", "cold-cache"] },
  inspect: (node, subject) => {
    if (node.type !== "Append" && node.type !== "Merge Append") return undefined;
    const scans = partitionScans(node, subject);
    if (scans.length < leastPartitions) return undefined;
    const vain = scans.filter((scan) => (scan.rows ?? 0) === 0 && rowsRemoved(scan, "Filter") > 0);
    const useful = scans.length - vain.length;
    const ms = vain.reduce((sum, scan) => sum + (scan.wallTimeMs ?? 0), 0);
    const share = subject.shareOf(ms);
    if (vain.length === 0 || useful > scans.length * mostUseful || ms < negligibleMs || share < 0.1) return undefined;
    const removed = numberDetail(node, "Subplans Removed");
    const condition = vain.flatMap((scan) => detail(scan, "Filter") ?? [])[0] ?? "the condition";
    const table = baseAlias(scans[0]) ?? "the table";
    return {
      message: `${count(scans.length)} partitions of ${table} were read and ${count(vain.length)} of them gave no row: ${condition} does not prune. They took ${milliseconds(ms)}, ${percent(share)} of the execution.`,
      advice: `Add a condition on the partition key of ${table} itself, compared with a constant or parameter of its own type (no function or cast around the key).`,
      share,
      evidence: evidence(
        ["Partitions read", count(scans.length)],
        ["Partitions without a row", count(vain.length)],
        ["Pruned at start", removed === undefined ? undefined : count(removed)],
        ["Condition", condition],
        ["Time in vain", milliseconds(ms)],
      ),
    };
  },
};

/** Scans of one partitioned table's partitions: executed, and with aliases that PostgreSQL numbered from one. */
function partitionScans(append: PlanNode, subject: InsightSubject): readonly PlanNode[] {
  const scans = subject
    .children(append)
    .filter((child) => child.relation !== undefined && !child.neverExecuted && child.rows !== undefined);
  const base = baseAlias(scans[0]);
  return base !== undefined && scans.every((scan) => baseAlias(scan) === base) ? scans : [];
}
