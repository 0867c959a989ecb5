import type { PlanNode, Spill } from "#protocol/plan";
import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from "./json.js";
import type { RawNode } from "./rawTree.js";

const kbPerBlock = 8;

/**
 * Disk and memory that a node took for itself. Each process sorts and hashes for itself: disk is the sum, peak memory the largest.
 * @param ownTempBlocks temporary blocks that the node itself wrote
 */
export function spaceOf(node: RawNode, ownTempBlocks: number): Pick<PlanNode, "spill" | "peakMemoryKb"> {
  // Most nodes of a large plan are scans, which keep nothing but the rows of a CTE or a function.
  if (node.type.endsWith("Scan") && node.keys["Storage"] === undefined) return {};
  const processes = [node.keys, ...objectsAt(node.keys, "Workers")];
  const disk: Spill = {
    sortKb: sum(processes.map((keys) => sortSpace(keys, "Disk"))),
    hashKb: sum(processes.map((keys) => numberAt(keys, "Disk Usage") ?? 0)) + hashTableOnDisk(node, ownTempBlocks),
    storageKb: textAt(node.keys, "Storage") === "Disk" ? (numberAt(node.keys, "Maximum Storage") ?? 0) : 0,
  };
  const memory = processes.flatMap(memoryOf);
  return {
    ...(disk.sortKb + disk.hashKb + disk.storageKb > 0 ? { spill: disk } : {}),
    ...(memory.length > 0 ? { peakMemoryKb: Math.max(...memory, 0) } : {}),
  };
}

/** A hash join says how many batches it made, not what they took: that is what it wrote to temporary files. */
function hashTableOnDisk(node: RawNode, ownTempBlocks: number): number {
  const batches = numberAt(node.keys, "Hash Batches") ?? 0;
  return node.type === "Hash" && batches > 1 ? ownTempBlocks * kbPerBlock : 0;
}

const groups = ["Full-sort Groups", "Pre-sorted Groups"];

function sortSpace(keys: JsonObject, type: "Disk" | "Memory"): number {
  const own = textAt(keys, "Sort Space Type") === type ? (numberAt(keys, "Sort Space Used") ?? 0) : 0;
  return Math.max(own, ...groups.map((group) => groupSpace(keys, group, type)));
}

/** Incremental Sort: `"Sort Space Disk": { "Average Sort Space Used", "Peak Sort Space Used" }`. */
function groupSpace(keys: JsonObject, group: string, type: "Disk" | "Memory"): number {
  const space = objectAt(objectAt(keys, group) ?? {}, `Sort Space ${type}`);
  return space ? (numberAt(space, "Peak Sort Space Used") ?? 0) : 0;
}

function memoryOf(keys: JsonObject): readonly number[] {
  const sorted = sortSpace(keys, "Memory");
  const stored = textAt(keys, "Storage") === "Memory" ? numberAt(keys, "Maximum Storage") : undefined;
  return [numberAt(keys, "Peak Memory Usage"), sorted > 0 ? sorted : undefined, stored].filter((value) => value !== undefined);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
