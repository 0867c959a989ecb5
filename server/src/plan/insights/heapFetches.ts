import { count, percent } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { numberDetail } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { tableName } from "./names.js";

/** An index-only scan that had to visit the table after all, because its pages are not marked all-visible. */
export const heapFetches: InsightRule = {
  id: "heap-fetches",
  docs: {
    summary: "An index-only scan visits the table after all.",
    whatItMeans:
      "An index-only scan needs no row from the table as long as the visibility map says that a page's rows are visible to all. `Heap Fetches` counts the rows for which it had to look.",
    whyItCosts: "Each fetch reads a block of the table: the scan costs as much as an ordinary index scan.",
    whatToDo: "`VACUUM` the table: it renews the visibility map. Let autovacuum come more often to tables that change much.",
    silentWhen: "There were fewer than 1,000 fetches or fewer than one per ten rows, or the scan took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/indexes-index-only-scans.html"],
  },
  inspect: (node, subject) => {
    const fetches = node.type === "Index Only Scan" ? (numberDetail(node, "Heap Fetches") ?? 0) : 0;
    const rows = Math.max(node.rows ?? 0, 1);
    if (fetches < 1000 || fetches / rows < 0.1 || isNegligible(node)) return undefined;
    const vacuumed = subject.table(node)?.activity?.lastVacuum;
    const table = tableName(node);
    return {
      message: `${node.title} went to the table ${count(fetches)} times for ${count(rows)} rows (${percent(Math.min(fetches / rows, 1))}): the visibility map is out of date; it ${tookSelf(node, subject)}.`,
      advice: `Run VACUUM ${table ?? "on the table"}${vacuumed === undefined ? "" : ` (last: ${vacuumed})`} and let autovacuum come more often (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor of the table).`,
      share: subject.share(node),
      evidence: evidence(
        ["Heap fetches", count(fetches)],
        ["Rows", count(node.rows ?? 0)],
        ["Last vacuum", vacuumed],
        selfTime(node, subject),
      ),
      ...(table === undefined ? {} : { sql: `VACUUM ${table};` }),
    };
  },
};
