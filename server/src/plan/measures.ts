import type { Buffers, Figure, IoTimes, Wal } from "#protocol/plan";
import type { JsonObject } from "./json.js";

/**
 * One quantity that every node reports inclusive of what ran inside it: time, a counter of blocks, an I/O time, a counter of WAL. Attribution
 * treats all alike; only the rounding differs.
 */
export interface Measure {
  readonly figure: Figure;
  /** Keys of EXPLAIN (FORMAT JSON) that hold it, the newest first. None for time, which is a product. */
  readonly keys: readonly string[];
  /** ± of a reported value: counters are exact. */
  readonly rounding: number;
  /** Counted in whole units: shares of it have to be whole too. */
  readonly whole: boolean;
}

/** EXPLAIN prints milliseconds with three decimals: times per loop, I/O times as totals. */
export const timeRounding = 0.0005;

export const timeMeasure: Measure = { figure: "time", keys: [], rounding: timeRounding, whole: false };

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

/** Up to 16 one key counts shared and local blocks. */
export const ioKeys = {
  sharedRead: ["ioSharedRead", "Shared I/O Read Time", "I/O Read Time"],
  sharedWrite: ["ioSharedWrite", "Shared I/O Write Time", "I/O Write Time"],
  localRead: ["ioLocalRead", "Local I/O Read Time"],
  localWrite: ["ioLocalWrite", "Local I/O Write Time"],
  tempRead: ["ioTempRead", "Temp I/O Read Time"],
  tempWrite: ["ioTempWrite", "Temp I/O Write Time"],
} as const satisfies Record<keyof IoTimes, readonly [Figure, ...string[]]>;

export const walKeys = {
  records: ["walRecords", "WAL Records"],
  fpi: ["walFpi", "WAL FPI"],
  bytes: ["walBytes", "WAL Bytes"],
  buffersFull: ["walBuffersFull", "WAL Buffers Full"],
} as const satisfies Record<keyof Wal, readonly [Figure, ...string[]]>;

export const bufferMeasures: readonly Measure[] = Object.entries(bufferKeys).map(([figure, key]) => ({
  figure: figure as keyof Buffers,
  keys: [key],
  rounding: 0,
  whole: true,
}));

export const ioMeasures: readonly Measure[] = Object.values(ioKeys).map(([figure, ...keys]) => ({
  figure,
  keys,
  rounding: timeRounding,
  whole: false,
}));

export const walMeasures: readonly Measure[] = Object.values(walKeys).map(([figure, ...keys]) => ({
  figure,
  keys,
  rounding: 0,
  whole: true,
}));

/** Keys of a node that are shown as figures. */
export const figureKeys: ReadonlySet<string> = new Set([...bufferMeasures, ...ioMeasures, ...walMeasures].flatMap(({ keys }) => keys));

const laterFigures = new Set<Figure>(["ioLocalRead", "ioLocalWrite", "ioTempRead", "ioTempWrite", "walBuffersFull"]);

/** Whether every version that reports a measure's group reports the measure: then one that is missing is zero. */
export function isAlwaysReported({ figure }: Measure): boolean {
  return !laterFigures.has(figure);
}

/** What a node, a worker, planning or serialization reports of a measure. Figures that cannot be were left out before (`read/plausible.ts`). */
export function measured(keys: JsonObject, measure: Measure): number | undefined {
  for (const key of measure.keys) {
    const value = keys[key];
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return undefined;
}
