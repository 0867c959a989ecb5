import type { PlanNode } from "#protocol/plan";
import { bytes, count, settingMegabytes } from "../format.js";
import { tookSelf } from "./costs.js";
import { detail, numberDetail, type InsightRule } from "./insight.js";

/** Tuple header and slot that each row costs in memory beside its data. */
const perRowBytes = 48;

export const sortOnDisk: InsightRule = {
  id: "sort-on-disk",
  inspect: (node, subject) => {
    const kilobytes =
      node.type === "Sort" && detail(node, "Sort Space Type") === "Disk" ? numberDetail(node, "Sort Space Used") : undefined;
    if (kilobytes === undefined) return undefined;
    return {
      message: `${node.title} of ${count(node.rows ?? 0)} rows did not fit into work_mem and wrote ${bytes(kilobytes * 1024)} to disk; it ${tookSelf(node, subject)}.`,
      advice:
        `An index in the order ${detail(node, "Sort Key") ?? "of the sort"} avoids the sort; else SET LOCAL work_mem = '${settingMegabytes(memory(node, kilobytes * 1024))}' ` +
        `(about) for this statement only: the setting counts per sort and per process.`,
      share: subject.share(node),
    };
  },
};

function memory(node: PlanNode, written: number): number {
  const perProcess = (node.rows ?? 0) / Math.max(node.loops ?? 1, 1);
  return Math.max(written * 1.5, perProcess * ((node.width ?? 0) + perRowBytes));
}
