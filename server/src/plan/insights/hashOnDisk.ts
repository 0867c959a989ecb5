import type { PlanNode } from "#protocol/plan";
import { bytes, count, settingMegabytes } from "../format.js";
import { tookSelf } from "./costs.js";
import { numberDetail, type InsightDraft, type InsightRule, type InsightSubject } from "./insight.js";

/** Hash joins and hash aggregates that worked in several batches, with temporary files between them. */
export const hashOnDisk: InsightRule = {
  id: "hash-on-disk",
  inspect: (node, subject) => {
    if (node.type === "Hash") return hashTable(node, subject);
    return node.type === "Aggregate" ? hashAggregate(node, subject) : undefined;
  },
};

function hashTable(node: PlanNode, subject: InsightSubject): InsightDraft | undefined {
  const batches = numberDetail(node, "Hash Batches") ?? 1;
  if (batches <= 1) return undefined;
  const peak = (numberDetail(node, "Peak Memory Usage") ?? 0) * 1024;
  const join = subject.parent(node) ?? node;
  return {
    message: `The hash table of ${count(node.rows ?? 0)} rows did not fit into memory: ${count(batches)} batches of ${bytes(peak)} went through temporary files; ${join.title} ${tookSelf(join, subject)}.`,
    advice: `Hash fewer rows (filter earlier, select fewer columns), or SET LOCAL work_mem for this statement: it needs about ${settingMegabytes(batches * peak)} (work_mem × hash_mem_multiplier).`,
    share: Math.max(subject.share(node), subject.share(join)),
  };
}

function hashAggregate(node: PlanNode, subject: InsightSubject): InsightDraft | undefined {
  const batches = numberDetail(node, "HashAgg Batches") ?? 1;
  const disk = (numberDetail(node, "Disk Usage") ?? 0) * 1024;
  const peak = (numberDetail(node, "Peak Memory Usage") ?? 0) * 1024;
  if (batches <= 1 || disk === 0) return undefined;
  return {
    message: `${node.title} of ${count(node.rows ?? 0)} groups did not fit into memory and wrote ${bytes(disk)} to disk in ${count(batches)} batches; it ${tookSelf(node, subject)}.`,
    advice: `Aggregate fewer rows or columns, or SET LOCAL work_mem = '${settingMegabytes(peak + disk * 2)}' (about) for this statement only.`,
    share: subject.share(node),
  };
}
