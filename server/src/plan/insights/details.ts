import type { PlanNode } from "#protocol/plan";
import type { InsightSubject } from "./subject.js";

export function detail(node: PlanNode, key: string): string | undefined {
  return node.details.find((candidate) => candidate.key === key)?.value;
}

export function numberDetail(node: PlanNode, key: string): number | undefined {
  const text = detail(node, key);
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `Rows Removed by …` is an average per loop. */
export function rowsRemoved(node: PlanNode, by: "Filter" | "Index Recheck" | "Join Filter"): number {
  return (numberDetail(node, `Rows Removed by ${by}`) ?? 0) * (node.loops ?? 0);
}

const blockBytes = 8192;

/** Blocks of 8 kB that the node itself asked for, found in shared buffers or not. */
export function ownBlocks(node: PlanNode): number | undefined {
  const own = node.selfBuffers;
  return own && own.sharedHit + own.sharedRead + own.localHit + own.localRead;
}

/** Bytes that the node itself wrote to temporary files. */
export function ownTempBytes(node: PlanNode): number {
  return (node.selfBuffers?.tempWritten ?? 0) * blockBytes;
}

export { blockBytes };

/** Ways to read a table through an index. */
export const indexScans: ReadonlySet<string> = new Set(["Index Scan", "Index Only Scan", "Bitmap Heap Scan"]);

/** What a scan read and dropped, over all its loops. */
export interface Discarded {
  readonly read: number;
  readonly removed: number;
  readonly ms: number | undefined;
}

/** The same of all partitions of the node's table: whether reading was in vain is a question to the table as a whole. */
export function discardedByFilter(node: PlanNode, subject: InsightSubject): Discarded {
  const scans = subject.partitions(node);
  return subject.once(`discarded ${node.parent ?? ""} ${scans[0]?.id ?? ""} ${String(scans.length)}`, () => {
    const removed = scans.reduce((sum, scan) => sum + rowsRemoved(scan, "Filter"), 0);
    const kept = scans.reduce((sum, scan) => sum + (scan.rows ?? 0), 0);
    const timed = scans.every((scan) => scan.selfWallTimeMs !== undefined);
    return { removed, read: removed + kept, ms: timed ? scans.reduce((sum, scan) => sum + (scan.selfWallTimeMs ?? 0), 0) : undefined };
  });
}
