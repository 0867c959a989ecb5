import type { PlanNode } from "#protocol/plan";
import { bytes, count, counted } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { blockBytes, detail, numberDetail, ownBlocks, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { tableName } from "./names.js";

const leastBlocks = 1000;
/** Root, two or three inner pages, a leaf. */
const descent = 5;
const scans: ReadonlySet<string> = new Set(["Index Scan", "Index Only Scan", "Bitmap Index Scan"]);

/** More blocks than even one per row and a descent per search explain. */
export const indexReadsManyBlocks: InsightRule = {
  id: "index-reads-many-blocks",
  docs: {
    summary: "An index scan read many more blocks than rows and searches explain.",
    whatItMeans:
      "A row costs at most a block of the table, a search the height of the index. Where four times as many blocks were read, the scan walked through index entries that no figure of the plan counts: entries of dead rows, a bloated index, or a condition on a column behind one without equality, which is checked entry by entry.",
    whyItCosts: "Every block must be found in the cache or read, though it gives no row.",
    whatToDo:
      "Look at the index: put columns compared for equality before the range. `VACUUM` the table; `REINDEX CONCURRENTLY` an index that stays too large.",
    silentWhen: "Fewer than 1,000 blocks were read, the scan took less than 1 ms, or rows that the filter dropped explain the blocks.",
    references: [
      "https://www.postgresql.org/docs/current/routine-reindex.html",
      "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
    ],
  },
  replaces: { here: ["cold-cache"] },
  inspect: (node, subject) => {
    const blocks = scans.has(node.type) ? (ownBlocks(node) ?? 0) : 0;
    if (blocks < leastBlocks || isNegligible(node)) return undefined;
    const searches = Math.max(numberDetail(node, "Index Searches") ?? 0, node.loops ?? 1);
    const rows = (node.rows ?? 0) + (node.rowsError ?? 0) + rowsRemoved(node, "Filter") + rowsRemoved(node, "Index Recheck");
    const explained = rows + searches * descent;
    if (blocks < explained * 4) return undefined;
    return {
      message: `${node.title} read ${count(blocks)} blocks (${bytes(blocks * blockBytes)}) for ${counted(rows, "row")} in ${counted(searches, "search", "searches")}: it walks over index entries that give no row; it ${tookSelf(node, subject)}.`,
      advice: `Put columns compared for equality before the range in the index${node.index === undefined ? "" : ` ${node.index}`}. If they are: VACUUM${node.relation === undefined ? "" : ` ${node.relation}`} removes entries of dead rows, REINDEX INDEX CONCURRENTLY a bloated index.`,
      share: subject.share(node),
      evidence: evidence(
        ["Blocks", count(blocks)],
        ["Rows", count(rows)],
        ["Searches", count(searches)],
        ["Index condition", detail(node, "Index Cond")],
        selfTime(node, subject),
      ),
    };
  },
};

/** A table of which the blocks hold less than a row each. */
export const tableBloat: InsightRule = {
  id: "table-bloat",
  docs: {
    summary: "A sequential scan read more blocks than there are rows: the table is mostly empty.",
    whatItMeans:
      "Rows larger than 2 kB are compressed or moved out of line, so that a block of 8 kB holds four rows at the least. Here it held less than one: the blocks are full of dead rows or free space.",
    whyItCosts: "A sequential scan reads every block, empty or not.",
    whatToDo:
      "`VACUUM` keeps it from growing further, but gives space back only at the end of the table. `VACUUM FULL` (locks the table) or pg_repack writes it anew.",
    silentWhen: "Fewer than 1,000 blocks were read, the scan took less than 1 ms, or it was stopped early.",
    references: ["https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY"],
  },
  replaces: { here: ["cold-cache"] },
  inspect: (node, subject) => {
    const blocks = node.type === "Seq Scan" ? (ownBlocks(node) ?? 0) : 0;
    const rows = (node.rows ?? 0) + (node.rowsError ?? 0) + rowsRemoved(node, "Filter");
    if (blocks < leastBlocks || blocks <= rows || (node.loops ?? 1) > (node.participants ?? 1) || isNegligible(node)) return undefined;
    if (hasSubplans(node)) return undefined;
    const table = tableName(node);
    const dead = subject.table(node)?.activity?.deadRows;
    return {
      message: `${node.title} read ${count(blocks)} blocks (${bytes(blocks * blockBytes)}) that hold only ${counted(rows, "row")}, less than one per block: the table is mostly dead rows or free space; it ${tookSelf(node, subject)}.`,
      advice: `VACUUM (VERBOSE) ${table ?? "the table"} shows how much is free. To give it back: VACUUM FULL (locks the table while it is written anew) or pg_repack; then let autovacuum come more often.`,
      share: subject.share(node),
      evidence: evidence(
        ["Blocks", count(blocks)],
        ["Rows", count(rows)],
        ["Dead rows", dead === undefined ? undefined : count(dead)],
        selfTime(node, subject),
      ),
      ...(table === undefined ? {} : { sql: `VACUUM (VERBOSE, ANALYZE) ${table};` }),
    };
  },
};

/** Their blocks may be counted as the scan's where the plan does not say to whom they belong. */
function hasSubplans(node: PlanNode): boolean {
  return node.children.length > 0;
}
