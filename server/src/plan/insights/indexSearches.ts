import { asksForList } from "../conditions/parse.js";
import { count } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail, numberDetail, ownBlocks } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";

/** Per execution of the scan. */
const leastSearches = 100;
const searching: ReadonlySet<string> = new Set(["Index Scan", "Index Only Scan", "Bitmap Index Scan"]);

/** A skip scan that skips through too many values of the leading column. */
export const indexSearches: InsightRule = {
  id: "many-index-searches",
  docs: {
    summary: "A skip scan searched the index hundreds of times, once per value of a column that has no condition.",
    whatItMeans:
      "PostgreSQL 18 can use an index whose leading column has no condition: it searches the index anew for each of that column's values. `Index Searches` counts the descents.",
    whyItCosts:
      "Each search descends from the root and reads a leaf. With many distinct values it reads more than an index that begins with the compared column.",
    whatToDo: "Create an index that begins with the compared columns, or name the leading column in the statement too.",
    silentWhen:
      "The condition asks for a list of values (each needs its search), there are fewer than 100 searches per execution, or the scan took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/18/indexes-multicolumn.html"],
  },
  replaces: { here: ["index-reads-many-blocks", "cold-cache"] },
  inspect: (node, subject) => {
    const searches = searching.has(node.type) ? (numberDetail(node, "Index Searches") ?? 0) : 0;
    const each = searches / Math.max(node.loops ?? 1, 1);
    const condition = detail(node, "Index Cond");
    if (condition === undefined || each < leastSearches || isNegligible(node)) return undefined;
    if (asksForList(condition)) return undefined;
    const blocks = ownBlocks(node);
    return {
      message: `${node.title} searched the index ${count(searches)} times${(node.loops ?? 1) > 1 ? ` in ${count(node.loops ?? 1)} scans` : ""}: its leading column has no condition, so each of its values is searched by itself; it ${tookSelf(node, subject)}.`,
      advice: `Create an index that begins with the columns of ${condition}, or compare the leading column of ${node.index ?? "the index"} too.`,
      share: subject.share(node),
      evidence: evidence(
        ["Index searches", count(searches)],
        ["Index condition", condition],
        ["Blocks", blocks === undefined ? undefined : count(blocks)],
        ["Rows", count(node.rows ?? 0)],
        selfTime(node, subject),
      ),
    };
  },
};
