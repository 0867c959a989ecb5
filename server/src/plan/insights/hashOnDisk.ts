import type { PlanNode } from "#protocol/plan";
import { bytes, count } from "../format.js";
import { evidence, rowsText, selfTime, tookSelf } from "./costs.js";
import { numberDetail } from "./details.js";
import { estimateFactor, leastFactor, originsBelow, wrongEstimate } from "./estimates.js";
import type { InsightDraft, InsightRule } from "./insight.js";
import { groupTableBytes, hashTableBytes, memoryAdvice } from "./memory.js";
import type { InsightSubject } from "./subject.js";

/** Hash joins and hash aggregates that worked in several batches, with temporary files between them. */
export const hashOnDisk: InsightRule = {
  id: "hash-on-disk",
  docs: {
    summary: "A hash table did not fit into memory and was worked off in batches.",
    whatItMeans:
      "A hash join or hash aggregation split its input into batches of which one fits into `work_mem` × `hash_mem_multiplier`; the others waited in temporary files.",
    whyItCosts:
      "Rows of both sides are written and read again. Batches that were added while it ran show that more rows came than the planner expected.",
    whatToDo:
      "Hash fewer rows or columns (filter and aggregate earlier), mend the estimate where it is wrong, or raise `work_mem` for this statement alone. The memory is computed from the rows and their width as nodeHash.c and nodeAgg.c do, and from the peak of a batch times the batches.",
    silentWhen: "Everything fitted into one batch.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER"],
  },
  replaces: { here: ["wide-rows", "temp-files"], above: ["temp-files"] },
  inspect: (node, subject) => {
    if (node.type === "Hash") return hashTable(node, subject);
    return node.type === "Aggregate" ? hashAggregate(node, subject) : undefined;
  },
};

function hashTable(node: PlanNode, subject: InsightSubject): InsightDraft | undefined {
  const batches = numberDetail(node, "Hash Batches") ?? 1;
  if (batches <= 1) return undefined;
  const original = numberDetail(node, "Original Hash Batches") ?? batches;
  const peak = (numberDetail(node, "Peak Memory Usage") ?? 0) * 1024;
  const join = subject.parent(node) ?? node;
  const need = tableMemory(node, peak * batches);
  const memory = memoryAdvice(subject, need, node.participants ?? 1, true);
  const wrong = batches > original ? originsBelow(node, subject) : [];
  const cause = wrong[0] ? ` ${wrongEstimate(wrong[0])}` : "";
  const grown = batches > original ? ` (${count(original)} at the start)` : "";
  return {
    message: `The hash table of ${rowsText(node)} rows did not fit into memory: ${count(batches)} batches${grown} of up to ${bytes(peak)} went through temporary files; ${join.title} ${tookSelf(join, subject)}.${cause}`,
    advice: `Hash fewer rows (filter earlier, select fewer columns). Else: ${memory.text}`,
    share: Math.max(subject.share(node), subject.share(join)),
    sql: memory.sql,
    explains: wrong,
    evidence: evidence(
      ["Rows hashed", count(node.rows ?? 0)],
      ["Batches", count(batches)],
      ["Planned batches", count(original)],
      ["Peak of a batch", bytes(peak)],
      ["Memory needed", bytes(need)],
      selfTime(join, subject),
    ),
  };
}

/** Per process. A parallel hash table is one for all, and so is the memory that each may bring. */
function tableMemory(node: PlanNode, ofBatches: number): number {
  const processes = node.participants ?? 1;
  const loops = Math.max((node.loops ?? 1) / processes, 1);
  const rows = (node.rows ?? 0) / loops / processes;
  return Math.max(hashTableBytes(rows, node.width ?? 0), ofBatches / 2 / processes);
}

function hashAggregate(node: PlanNode, subject: InsightSubject): InsightDraft | undefined {
  const disk = (node.spill?.hashKb ?? 0) * 1024;
  if (disk === 0) return undefined;
  // The leader's; it may have had none while its workers did.
  const batches = numberDetail(node, "HashAgg Batches") ?? 1;
  const peak = (node.peakMemoryKb ?? 0) * 1024;
  const processes = node.participants ?? 1;
  const groups = (node.rows ?? 0) / Math.max(node.loops ?? 1, 1);
  const need = Math.max(groupTableBytes(groups, node.width ?? 0), peak);
  const memory = memoryAdvice(subject, need, processes, true);
  const planned = numberDetail(node, "Planned Partitions") ?? 0;
  const wrong = planned === 0 && estimateFactor(node) >= leastFactor ? [node] : [];
  const cause = wrong[0] ? ` ${wrongEstimate(wrong[0])}` : "";
  return {
    message: `${node.title} of ${rowsText(node)} groups did not fit into memory and wrote ${bytes(disk)} to disk${batches > 1 ? ` in ${count(batches)} batches` : ""}; it ${tookSelf(node, subject)}.${cause}`,
    advice: `Aggregate fewer rows or columns. Else: ${memory.text}`,
    share: subject.share(node),
    sql: memory.sql,
    explains: wrong,
    evidence: evidence(
      ["Groups", count(node.rows ?? 0)],
      ["Batches", batches > 1 ? count(batches) : undefined],
      ["Planned partitions", count(planned)],
      ["Written to disk", bytes(disk)],
      ["Memory needed", bytes(need)],
      selfTime(node, subject),
    ),
  };
}
