import type { PlanNode } from "#protocol/plan";
import { servedColumns } from "../conditions/columns.js";
import { count, percent } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail, indexScans, numberDetail, rowsRemoved } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { enumerate } from "./names.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 1000;
const leastDiscarded = 0.8;

/** The index finds too much: most of it is dropped by a condition that the index could not check. */
export const indexFilter: InsightRule = {
  id: "index-scan-discards-rows",
  docs: {
    summary: "An index finds rows of which most are then dropped.",
    whatItMeans:
      "The index checked a part of the conditions (`Index Cond`). The rest (`Filter`, or the recheck of an index that only finds candidates) was checked on the row itself and dropped at least four in five rows.",
    whyItCosts: "Each row that is dropped was fetched from the table first, often from a block of its own.",
    whatToDo:
      "Add the filtered columns to the index, behind those compared for equality and before a range; or make the index partial where the condition is constant.",
    silentWhen: "Fewer than 1,000 rows were dropped, or the scan took less than 1 ms, or more than a fifth of the rows was kept.",
    references: [
      "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
      "https://www.postgresql.org/docs/current/indexes-partial.html",
    ],
  },
  replaces: { here: ["cold-cache"] },
  inspect: (node, subject) => {
    if (!indexScans.has(node.type) || isNegligible(node)) return undefined;
    const filtered = rowsRemoved(node, "Filter");
    const rechecked = (numberDetail(node, "Lossy Heap Blocks") ?? 0) > 0 ? 0 : rowsRemoved(node, "Index Recheck");
    const removed = filtered + rechecked;
    const found = removed + (node.rows ?? 0);
    if (removed < leastRows || removed / found < leastDiscarded) return undefined;
    return {
      message: `${node.title} fetched ${count(found)} rows and threw away ${percent(removed / found)} of them; it ${tookSelf(node, subject)}.`,
      advice: filtered >= rechecked ? byFilter(node, subject) : byRecheck,
      share: subject.share(node),
      evidence: evidence(
        ["Rows fetched", count(found)],
        ["Rows kept", count(node.rows ?? 0)],
        ["Index condition", detail(node, "Index Cond") ?? detail(node, "Recheck Cond")],
        ["Filter", detail(node, "Filter")],
        selfTime(node, subject),
      ),
    };
  },
};

function byFilter(node: PlanNode, subject: InsightSubject): string {
  const filter = detail(node, "Filter") ?? "the filter";
  const served = servedColumns(filter);
  const columns = served ? [...served.equal, ...served.range.slice(0, 1)] : [];
  const [bitmap, more] = subject.descendants(node).filter(({ type }) => type === "Bitmap Index Scan");
  const index = node.index ?? (more ? undefined : bitmap?.index);
  const what = columns.length > 0 ? enumerate(columns) : `the columns that ${filter} compares`;
  return `Add ${what} to the index${index === undefined ? "" : ` ${index}`}, or make it partial where the condition is constant.`;
}

const byRecheck =
  "The index only finds candidates for this operator, and most are none: a longer or more selective search term, or an index of another kind, finds fewer.";
