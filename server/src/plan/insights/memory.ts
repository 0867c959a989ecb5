import { bytes, settingMegabytes } from "../format.js";
import type { InsightSubject } from "./subject.js";

/** What is known of the server beyond the plan. */
export interface ServerFacts {
  readonly memoryBytes?: number | undefined;
  readonly maxConnections?: number | undefined;
  readonly hashMemMultiplier?: number | undefined;
}

export interface MemoryAdvice {
  /** How to say it; complete sentences. */
  readonly text: string;
  /** Absent where so much memory would endanger the server. */
  readonly sql?: string;
}

/** One statement shall not take more of the server's memory than this, all its processes together. */
const leastLeft = 0.25;
/** Where the server's memory is not known: more than this for one process is not given away unseen. */
const carefulBytes = 1024 ** 3;
const defaultMultiplier: Readonly<Record<"old" | "new", number>> = { old: 1, new: 2 };

/**
 * `SET LOCAL work_mem` that lets one operation stay in memory.
 * @param need bytes of one process
 * @param processes that do the same side by side, each with its own work_mem
 * @param hashed hash tables may take work_mem × hash_mem_multiplier
 */
export function memoryAdvice(subject: InsightSubject, need: number, processes = 1, hashed = false): MemoryAdvice {
  const multiplier = hashed ? hashMultiplier(subject) : 1;
  const setting = settingMegabytes((need * 1.1) / multiplier);
  const times = hashed && multiplier !== 1 ? ` (× hash_mem_multiplier ${multiplier})` : "";
  const total = need * processes;
  const { memoryBytes, maxConnections } = subject.server;
  const limit = memoryBytes === undefined ? carefulBytes : memoryBytes * leastLeft;
  const all = processes > 1 ? `, ${bytes(total)} in ${Math.round(processes)} processes` : "";
  if (total > limit) {
    const why =
      memoryBytes === undefined
        ? "more than should be given to one statement unseen"
        : `over a quarter of the server's ${bytes(memoryBytes)}`;
    return { text: `In memory it would need about ${bytes(need)}${all}: ${why}. Give it fewer or narrower rows instead.` };
  }
  const everywhere =
    maxConnections === undefined
      ? " Not for the whole server: the setting counts per operation, process and connection."
      : ` Not for the whole server: all ${maxConnections} connections together could then take ${bytes(total * maxConnections)}${memoryBytes === undefined ? "" : ` of ${bytes(memoryBytes)}`}.`;
  return {
    text: `SET LOCAL work_mem = '${setting}'${times} for this statement: in memory it needs about ${bytes(need)}${all}.${everywhere}`,
    sql: `SET LOCAL work_mem = '${setting}';`,
  };
}

/** hash_mem_multiplier is 2 from PostgreSQL 15 and was 1 before, the safe assumption where the version is not known. */
function hashMultiplier(subject: InsightSubject): number {
  const shown = Number(subject.setting("hash_mem_multiplier"));
  if (Number.isFinite(shown) && shown > 0) return shown;
  const version = subject.catalog?.serverVersion;
  return subject.server.hashMemMultiplier ?? (version !== undefined && version >= 150000 ? defaultMultiplier.new : defaultMultiplier.old);
}

const align = (size: number): number => Math.ceil(size / 8) * 8;
const powerOfTwo = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(size, 1)));

/**
 * Bytes to sort rows in memory (tuplesort.c): an array of 24-byte entries that grows by doubling, and a copy of each row. Before PostgreSQL 15 each
 * copy is rounded up to a power of two.
 * @param written bytes that the same rows took on disk
 */
export function sortBytes(rows: number, written: number, serverVersion: number | undefined): number {
  const body = align(written / Math.max(rows, 1)) + 24;
  const copy = serverVersion !== undefined && serverVersion >= 150000 ? body : powerOfTwo(body);
  return powerOfTwo(rows) * 24 + rows * copy;
}

/** Bytes of a hash table of rows (nodeHash.c, ExecChooseHashTableSize): two headers of 16 bytes and the row; 8 bytes per bucket, a power of two. */
export function hashTableBytes(rows: number, width: number): number {
  return rows * (32 + align(width)) + powerOfTwo(rows) * 8;
}

/** Bytes of a hash table of groups (nodeAgg.c, hash_agg_entry_size): header and row, an entry of the hash, the states of the aggregates. */
export function groupTableBytes(groups: number, width: number): number {
  return groups * (16 + align(width) + 2 * 24 + 32);
}

/** Bytes of a tuplestore of rows (tuplestore.c): each row's copy with its allocation's header and its pointer in an array that doubles. */
export function storeBytes(rows: number, width: number): number {
  return rows * (40 + align(width)) + powerOfTwo(rows) * 8;
}

/** Bytes of an exact bitmap of heap pages (tidbitmap.c, tbm_calculate_entries): an entry of 48 bytes and two pointers per page. */
export function bitmapBytes(pages: number): number {
  return pages * 64;
}
