import { count, percent } from "../format.js";
import { tookSelf } from "./costs.js";
import { detail, isNegligible, rowsRemoved, type InsightRule } from "./insight.js";

const scans = new Set(["Index Scan", "Index Only Scan", "Bitmap Heap Scan"]);

/** The index finds too much: most of it is dropped by a condition that the index could not check. */
export const indexFilter: InsightRule = {
  id: "index-scan-discards-rows",
  inspect: (node, subject) => {
    const filter = scans.has(node.type) ? detail(node, "Filter") : undefined;
    if (filter === undefined) return undefined;
    const removed = rowsRemoved(node, "Filter");
    const found = removed + (node.rows ?? 0);
    if (removed < 1000 || removed / found < 0.8 || isNegligible(node)) return undefined;
    return {
      message: `${node.title} fetched ${count(found)} rows and threw away ${percent(removed / found)} of them; it ${tookSelf(node, subject)}.`,
      advice: `Add the columns that ${filter} compares to the index${node.index === undefined ? "" : ` ${node.index}`}, or make it partial where the condition is constant.`,
      share: subject.share(node),
    };
  },
};
