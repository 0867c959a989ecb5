import { bytes, count } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";

const storing: ReadonlySet<string> = new Set(["Sort", "Incremental Sort", "Hash", "Materialize", "Memoize"]);
const leastWidth = 500;
const leastBytes = 8 * 1024 ** 2;

/** Wide rows are carried through sorts and hash tables. */
export const wideRows: InsightRule = {
  id: "wide-rows",
  docs: {
    summary: "Wide rows are copied into a sort, a hash table or a store.",
    whatItMeans: "A node that keeps rows in memory gets rows of 500 bytes and more, 8 MB in all. The width is the planner's average.",
    whyItCosts: "Every column is copied with its row, whether it is sorted by or not; the memory that is full sooner goes to disk sooner.",
    whatToDo:
      "Select only the columns that are needed; sort and join the keys first and fetch wide columns afterwards for the rows that remain.",
    silentWhen: "Rows are narrower, or come to less than 8 MB, or the node took less than 1 ms; one that went to disk says so instead.",
    references: ["https://www.postgresql.org/docs/current/storage-toast.html"],
  },
  inspect: (node, subject) => {
    const width = node.width ?? 0;
    const rows = (node.rows ?? 0) / Math.max(node.loops ?? 1, 1);
    if (!storing.has(node.type) || detail(node, "Sort Method") === "top-N heapsort" || isNegligible(node)) return undefined;
    if (width < leastWidth || rows * width < leastBytes) return undefined;
    return {
      message: `${node.title} keeps ${count(rows)} rows of about ${count(width)} bytes, ${bytes(rows * width)}; it ${tookSelf(node, subject)}.`,
      advice: "Select only the columns that are needed, or work on the keys first and join the wide columns to the rows that remain.",
      share: subject.share(node),
      evidence: evidence(
        ["Rows", count(rows)],
        ["Width", `${count(width)} bytes`],
        ["Together", bytes(rows * width)],
        selfTime(node, subject),
      ),
    };
  },
};
