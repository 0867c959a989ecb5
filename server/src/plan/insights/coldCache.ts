import type { PlanNode } from "#protocol/plan";
import { bytes, count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import { blockBytes } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";

const leastBlocks = 1000;
const leastRead = 0.5;
/** Without I/O times it stays open whether the reads cost anything: the operating system may have had the blocks. */
const mostWithoutTimes = 0.2;

/** Blocks came from the operating system or the disk, not from shared buffers. */
export const coldCache: InsightRule = {
  id: "cold-cache",
  docs: {
    summary: "Most blocks were not in the cache and had to be read.",
    whatItMeans:
      "`Buffers: read` counts blocks that were not in shared buffers. Whether they came from the operating system's cache or the disk shows in the I/O times only.",
    whyItCosts:
      "A block from disk costs a hundred times what one from shared buffers costs. The next run may find them in the cache and be much faster.",
    whatToDo:
      "Run it twice to know what it costs warm. If it is cold in production too: read fewer blocks (an index, narrower rows), or give `shared_buffers` more.",
    silentWhen:
      "Fewer than 1,000 blocks or less than half of a node's blocks were read, `track_io_timing` shows that reading took less than half of its time, or another insight says why so much was read.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-TRACK-IO-TIMING"],
  },
  inspect: (node, subject) => {
    const own = node.selfBuffers;
    const read = own?.sharedRead ?? 0;
    if (!own || read < leastBlocks || read / (read + own.sharedHit) < leastRead || isNegligible(node)) return undefined;
    const io = ioTime(node);
    const self = node.selfTimeMs ?? 0;
    if (io !== undefined && io < self / 2) return undefined;
    const share = io === undefined ? Math.min(subject.share(node), mostWithoutTimes) : subject.share(node) * Math.min(io / self, 1);
    const known =
      io === undefined
        ? "how long the reading took is not known (track_io_timing is off)"
        : `reading took ${milliseconds(io)} of its ${milliseconds(self)}`;
    return {
      message: `${node.title} read ${count(read)} blocks (${bytes(read * blockBytes)}) that were not in shared buffers, ${percent(read / (read + own.sharedHit))} of all it needed; ${known}.`,
      advice:
        "Run it again to see what it costs with a warm cache. If it is cold in production too, read fewer blocks (an index, fewer columns in it) or give shared_buffers more memory.",
      share,
      evidence: evidence(
        ["Blocks read", count(read)],
        ["Blocks found in shared buffers", count(own.sharedHit)],
        ["Read time", io === undefined ? undefined : milliseconds(io)],
      ),
    };
  },
};

/** Milliseconds of the node's own reads; undefined where they were not measured: reads that took no time at all. */
function ioTime(node: PlanNode): number | undefined {
  const ms = node.selfIoTimes?.sharedRead ?? 0;
  return ms > 0 ? ms : undefined;
}
