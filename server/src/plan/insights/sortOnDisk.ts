import type { PlanNode } from "#protocol/plan";
import { bytes, count } from "../format.js";
import { evidence, rowsText, selfTime, tookSelf } from "./costs.js";
import { detail, numberDetail, ownTempBytes } from "./details.js";
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
    const onDisk = detail(node, "Sort Space Type") === "Disk" ? numberDetail(node, "Sort Space Used") : undefined;
    if (node.type !== "Sort" || onDisk === undefined) return undefined;
    return draft(node, onDisk * 1024, subject);
  },
};

/** @param file bytes of the sorted file of one process; merging in several passes writes more */
function draft(node: PlanNode, file: number, subject: InsightSubject): InsightDraft {
  const processes = node.participants ?? 1;
  // A sort below a nested loop is made anew each time; one below a Gather is shared out.
  const runs = Math.max((node.loops ?? 1) / processes, 1) * processes;
  const rows = node.rows ?? 0;
  const need = sortBytes(rows / runs, file, subject.catalog?.serverVersion);
  const written = Math.max(ownTempBytes(node), file);
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
      ["Rows sorted", count(rows)],
      ["Written to disk", bytes(written)],
      ["Sort method", detail(node, "Sort Method")],
      ["Sort key", key],
      ["Memory needed", bytes(need)],
      selfTime(node, subject),
    ),
  };
}
