import type { PlanNode } from "#protocol/plan";
import { bytes, count } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { ownTempBytes } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import { memoryAdvice, storeBytes } from "./memory.js";

/** Nodes that have insights of their own about their files. */
const elsewhere: ReadonlySet<string> = new Set(["Sort", "Incremental Sort", "Hash", "Hash Join"]);
const leastBytes = 1024 ** 2;

/** Rows that are kept for later (a CTE, a Materialize, a window) went to temporary files. */
export const tempFiles: InsightRule = {
  id: "temp-files",
  docs: {
    summary: "Rows that were kept for later went to temporary files.",
    whatItMeans:
      "CTE Scan, Materialize, WindowAgg and others keep rows in a tuplestore; what outgrows `work_mem` is written to a temporary file.",
    whyItCosts: "The rows are written and read again, at each pass over them.",
    whatToDo:
      "Keep fewer or narrower rows, or raise `work_mem` for this statement alone. The memory is computed from rows and width as tuplestore.c accounts for them.",
    silentWhen: "Less than 1 MB was written, or less than 1 ms was spent; sorts and hash tables on disk have insights of their own.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"],
  },
  replaces: { here: ["wide-rows"] },
  inspect: (node, subject) => {
    const written = ownTempBytes(node) || (node.spill?.storageKb ?? 0) * 1024;
    if (written < leastBytes || elsewhere.has(node.type) || isNegligible(node)) return undefined;
    const processes = node.participants ?? 1;
    const kept = keptRows(node);
    const need = Math.max(kept === undefined ? 0 : storeBytes(kept, node.width ?? 0), written * 1.5) / processes;
    const memory = memoryAdvice(subject, need, processes);
    return {
      message: `${node.title} wrote ${bytes(written)} to temporary files; it ${tookSelf(node, subject)}.`,
      advice: `Keep fewer or narrower rows. Else: ${memory.text}`,
      share: subject.share(node),
      sql: memory.sql,
      evidence: evidence(
        ["Written", bytes(written)],
        ["Rows kept", kept === undefined ? undefined : count(kept)],
        ["Memory needed", bytes(need)],
        selfTime(node, subject),
      ),
    };
  },
};

/** Rows in the store, where the node gives what it keeps. */
function keptRows(node: PlanNode): number | undefined {
  if (node.type !== "Materialize" && node.type !== "WindowAgg") return undefined;
  return (node.rows ?? 0) / Math.max(node.loops ?? 1, 1);
}
