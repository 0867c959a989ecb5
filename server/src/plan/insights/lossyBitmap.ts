import { count } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { numberDetail, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { bitmapBytes, memoryAdvice } from "./memory.js";

/** The bitmap did not fit into work_mem and remembers pages instead of rows: each of their rows is checked again. */
export const lossyBitmap: InsightRule = {
  id: "lossy-bitmap",
  docs: {
    summary: "A bitmap did not fit into work_mem and forgot which rows it wants.",
    whatItMeans:
      "A bitmap of row positions that outgrows `work_mem` becomes lossy: for a part of the pages it only remembers the page. `Lossy Heap Blocks` counts them.",
    whyItCosts: "Every row of a lossy page is checked against the condition again; `Rows Removed by Index Recheck` counts those in vain.",
    whatToDo: "Raise `work_mem` for this statement: an exact bitmap takes 64 bytes per heap page. Or let an index match fewer rows.",
    silentWhen: "All pages are exact, or the scan took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"],
  },
  replaces: { here: ["index-scan-discards-rows"] },
  inspect: (node, subject) => {
    const lossy = node.type === "Bitmap Heap Scan" ? (numberDetail(node, "Lossy Heap Blocks") ?? 0) : 0;
    if (lossy === 0 || isNegligible(node)) return undefined;
    const exact = numberDetail(node, "Exact Heap Blocks") ?? 0;
    const removed = rowsRemoved(node, "Index Recheck");
    const memory = memoryAdvice(subject, bitmapBytes(lossy + exact));
    return {
      message: `${node.title}: its bitmap did not fit into work_mem, ${count(lossy)} of ${count(lossy + exact)} pages were checked row by row and ${count(removed)} rows dropped; it ${tookSelf(node, subject)}.`,
      advice: `${memory.text} Or let an index match fewer rows.`,
      share: subject.share(node),
      sql: memory.sql,
      evidence: evidence(
        ["Lossy pages", count(lossy)],
        ["Exact pages", count(exact)],
        ["Rows removed by recheck", count(removed)],
        selfTime(node, subject),
      ),
    };
  },
};
