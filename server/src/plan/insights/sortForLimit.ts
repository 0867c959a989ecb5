import type { PlanNode } from "#protocol/plan";
import { count } from "../format.js";
import { splitKeys } from "../conditions/access.js";
import { plainColumn } from "../conditions/columns.js";
import { evidence, rowsText, tookAll } from "./costs.js";
import { detail } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { capital } from "./names.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 10_000;
/** Rows read per row wanted: below it the order costs little. */
const leastFactor = 100;
const leastShare = 0.25;

/** All rows of a table are read and sorted for the first few. */
export const sortForLimit: InsightRule = {
  id: "sort-for-limit",
  docs: {
    summary: "All rows are read and sorted to return the first few.",
    whatItMeans:
      "`ORDER BY … LIMIT` over one table without an index in that order: each row is read and compared with the best so far (`top-N heapsort`).",
    whyItCosts: "The time grows with the table, though only a handful of rows is wanted.",
    whatToDo: "An index in the order of the ORDER BY, behind the columns that are compared for equality, gives the first rows at once.",
    silentWhen:
      "Fewer than 10,000 rows or than a hundred per wanted row come in, the keys are no columns of the one table, or it takes less than a quarter of the time.",
    references: ["https://www.postgresql.org/docs/current/indexes-ordering.html"],
  },
  inspect: (node, subject) => {
    const scan = node.type === "Sort" ? scanBelow(node, subject) : undefined;
    const limit = limitAbove(node, subject);
    const key = detail(node, "Sort Key");
    if (!scan || !limit || key === undefined || (isNegligible(scan) && isNegligible(node))) return undefined;
    const rows = scan.rows ?? 0;
    const wanted = Math.max(limit.rows ?? 0, 1);
    const share = subject.shareWithChildren(node);
    if (rows < leastRows || rows < wanted * leastFactor || share < leastShare) return undefined;
    const keys = splitKeys(key);
    if (!keys.every((item) => isColumn(item))) return undefined;
    const filter = detail(scan, "Filter") === undefined ? "" : " Columns that its condition compares for equality come first.";
    return {
      message: `${capital(rowsText(scan))} rows of ${scan.relation ?? "a table"} were read and sorted by ${key} to return ${count(limit.rows ?? 0)}; it ${tookAll(node, subject)}.`,
      advice: `An index on ${scan.relation ?? "the table"} (${keys.map(withoutAlias).join(", ")}) gives the first rows at once.${filter}`,
      share,
      evidence: evidence(
        ["Rows read", count(rows)],
        ["Rows wanted", count(limit.rows ?? 0)],
        ["Sort key", key],
        ["Sort method", detail(node, "Sort Method")],
      ),
    };
  },
};

const handing: ReadonlySet<string> = new Set(["Gather Merge", "Gather", "Result", "Subquery Scan"]);

function limitAbove(node: PlanNode, subject: InsightSubject): PlanNode | undefined {
  return subject.ancestors(node).find((above, position, all) => {
    const between = all.slice(0, position);
    return above.type === "Limit" && between.every(({ type }) => handing.has(type));
  });
}

/** The scan of one whole table that is sorted as it comes. */
function scanBelow(node: PlanNode, subject: InsightSubject): PlanNode | undefined {
  const [child, more] = subject.children(node);
  return child && !more && child.relation !== undefined && (child.type === "Seq Scan" || child.type === "Bitmap Heap Scan")
    ? child
    : undefined;
}

function ordering(item: string): { readonly name: string; readonly order: string } {
  for (const order of [" DESC NULLS LAST", " NULLS FIRST", " DESC"])
    if (item.endsWith(order)) return { name: item.slice(0, -order.length), order };
  return { name: item, order: "" };
}

const isColumn = (item: string): boolean => plainColumn(ordering(item).name) !== undefined;

function withoutAlias(item: string): string {
  const { name, order } = ordering(item);
  return `${plainColumn(name)?.column ?? name}${order}`;
}
