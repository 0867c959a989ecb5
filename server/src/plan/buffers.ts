import type { Buffers } from "#protocol/plan";
import { numberAt, type JsonObject } from "./json.js";

/** Counter → key of EXPLAIN (FORMAT JSON). */
export const bufferKeys = {
  sharedHit: "Shared Hit Blocks",
  sharedRead: "Shared Read Blocks",
  sharedDirtied: "Shared Dirtied Blocks",
  sharedWritten: "Shared Written Blocks",
  localHit: "Local Hit Blocks",
  localRead: "Local Read Blocks",
  localDirtied: "Local Dirtied Blocks",
  localWritten: "Local Written Blocks",
  tempRead: "Temp Read Blocks",
  tempWritten: "Temp Written Blocks",
} as const satisfies Record<keyof Buffers, string>;

export const bufferCounters = Object.keys(bufferKeys) as readonly (keyof Buffers)[];

export function mapBuffers(value: (counter: keyof Buffers) => number): Buffers {
  return Object.fromEntries(bufferCounters.map((counter) => [counter, value(counter)])) as Buffers;
}

/** Undefined when EXPLAIN ran without BUFFERS. */
export function readBuffers(object: JsonObject | undefined): Buffers | undefined {
  if (!object || numberAt(object, bufferKeys.sharedHit) === undefined) return undefined;
  return mapBuffers((counter) => numberAt(object, bufferKeys[counter]) ?? 0);
}

export const noBuffers: Buffers = mapBuffers(() => 0);

export function addBuffers(a: Buffers, b: Buffers): Buffers {
  return mapBuffers((counter) => a[counter] + b[counter]);
}

export function subtractBuffers(a: Buffers, b: Buffers): Buffers {
  return mapBuffers((counter) => a[counter] - b[counter]);
}

/** True when each counter of `part` fits into that of `whole`. */
export function containsBuffers(whole: Buffers, part: Buffers): boolean {
  return bufferCounters.every((counter) => part[counter] <= whole[counter]);
}
