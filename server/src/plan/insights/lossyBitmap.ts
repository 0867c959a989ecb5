import { count, settingMegabytes } from "../format.js";
import { tookSelf } from "./costs.js";
import { isNegligible, numberDetail, rowsRemoved, type InsightRule } from "./insight.js";

/** Bytes that one heap page takes in the bitmap while it is exact. */
const perPageBytes = 64;

/** The bitmap did not fit into work_mem and remembers pages instead of rows: each of their rows is checked again. */
export const lossyBitmap: InsightRule = {
  id: "lossy-bitmap",
  inspect: (node, subject) => {
    const lossy = node.type === "Bitmap Heap Scan" ? (numberDetail(node, "Lossy Heap Blocks") ?? 0) : 0;
    if (lossy === 0 || isNegligible(node)) return undefined;
    const exact = numberDetail(node, "Exact Heap Blocks") ?? 0;
    const removed = rowsRemoved(node, "Index Recheck");
    return {
      message: `${node.title}: its bitmap did not fit into work_mem, ${count(lossy)} of ${count(lossy + exact)} pages were checked row by row and ${count(removed)} rows dropped; it ${tookSelf(node, subject)}.`,
      advice: `SET LOCAL work_mem = '${settingMegabytes((lossy + exact) * perPageBytes * 2)}' (about) for this statement, or an index that matches fewer rows.`,
      share: subject.share(node),
    };
  },
};
