import { count, percent } from "../format.js";
import { tookSelf } from "./costs.js";
import { isNegligible, numberDetail, type InsightRule } from "./insight.js";

/** An index-only scan that had to visit the table after all, because its pages are not marked all-visible. */
export const heapFetches: InsightRule = {
  id: "heap-fetches",
  inspect: (node, subject) => {
    const fetches = node.type === "Index Only Scan" ? (numberDetail(node, "Heap Fetches") ?? 0) : 0;
    const rows = Math.max(node.rows ?? 0, 1);
    if (fetches < 1000 || fetches / rows < 0.1 || isNegligible(node)) return undefined;
    const vacuumed = subject.table(node)?.activity?.lastVacuum;
    return {
      message: `${node.title} went to the table ${count(fetches)} times for ${count(rows)} rows (${percent(Math.min(fetches / rows, 1))}): the visibility map is out of date; it ${tookSelf(node, subject)}.`,
      advice: `Run VACUUM ${node.relation ?? "on the table"}${vacuumed === undefined ? "" : ` (last: ${vacuumed})`} and let autovacuum come more often (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor of the table).`,
      share: subject.share(node),
    };
  },
};
