import type { PlanNode } from "#protocol/plan";
import { bytes, count } from "../format.js";
import { evidence, rowsText, selfTime, tookSelf } from "./costs.js";
import { detail, ownTempBytes } from "./details.js";
import type { InsightDraft, InsightRule } from "./insight.js";
import { memoryAdvice, sortBytes } from "./memory.js";
import type { InsightSubject } from "./subject.js";

/** Rows as wide as this are worth narrowing before they are sorted. */
const wideBytes = 500;

export const sortOnDisk: InsightRule = {
  id: "sort-on-disk",
  docs: {
    summary: "A sort did not fit into work_mem and went through temporary files.",
    whatItMeans: "`Sort Method: external merge` (or `external sort`): sorted runs were written to disk and merged from there.",
    whyItCosts: "Every row is written and read again at least once; the files also push useful pages out of the operating system's cache.",
    whatToDo:
      "An index in the wanted order avoids the sort. Else sort fewer or narrower rows, or raise `work_mem` for this statement alone. The memory is computed from the rows and from what they took on disk, the way tuplesort.c accounts for them: an array of 24-byte entries that doubles, and a copy of each row.",
    silentWhen: "The sort stayed in memory, or took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"],
  },
  replaces: { here: ["wide-rows", "temp-files", "sort-for-limit"] },
  inspect: (node, subject) => {
    const files = (node.spill?.sortKb ?? 0) * 1024;
    return files > 0 && sorting.has(node.type) ? draft(node, files, subject) : undefined;
  },
};

const sorting: ReadonlySet<string> = new Set(["Sort", "Incremental Sort"]);

/** @param files bytes of the sorted files of all processes; merging in several passes writes more */
function draft(node: PlanNode, files: number, subject: InsightSubject): InsightDraft {
  const processes = Math.max(node.participants ?? 1, 1);
  const written = Math.max(ownTempBytes(node), files);
  const need = sortBytes(rowsAtOnce(node, files), files / processes, subject.catalog?.serverVersion);
  const memory = memoryAdvice(subject, need, processes);
  const narrower =
    (node.width ?? 0) >= wideBytes
      ? ` Its rows are ${count(node.width ?? 0)} bytes wide: sort the keys first and fetch the rest after.`
      : "";
  const key = detail(node, "Sort Key");
  return {
    message: `${node.title} of ${rowsText(node)} rows did not fit into work_mem and wrote ${bytes(written)} to disk; it ${tookSelf(node, subject)}.`,
    advice: `An index in the order ${key ?? "of the sort"} avoids the sort. Else: ${memory.text}${narrower}`,
    share: subject.share(node),
    sql: memory.sql,
    evidence: evidence(
      ["Rows sorted", count(node.rows ?? 0)],
      ["Written to disk", bytes(written)],
      ["Sort method", detail(node, "Sort Method")],
      ["Sort key", key],
      ["Memory needed", bytes(need)],
      selfTime(node, subject),
    ),
  };
}

/** Rows that one process sorts at once: a sort below a nested loop is made anew each time, an incremental sort takes a group, which tells its bytes only. */
function rowsAtOnce(node: PlanNode, files: number): number {
  if (node.type === "Sort") return (node.rows ?? 0) / Math.max(node.loops ?? 1, node.participants ?? 1, 1);
  return files / Math.max(node.participants ?? 1, 1) / Math.max(node.width ?? 1, 1);
}
