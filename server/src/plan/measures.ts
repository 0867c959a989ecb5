import type { Buffers } from "#protocol/plan";
import { bufferCounters } from "./buffers.js";
import type { RawNode } from "./rawTree.js";

/**
 * One quantity that every node reports inclusive of what ran inside it: time, or one buffer counter. Attribution treats all alike;
 * only the rounding differs.
 */
export interface Measure {
  readonly name: "time" | keyof Buffers;
  readonly inclusive: (node: RawNode) => number;
  /** ± of the inclusive value. */
  readonly error: (node: RawNode) => number;
}

/** EXPLAIN prints milliseconds with three decimals, per loop. */
export const timeRounding = 0.0005;

export const timeMeasure: Measure = {
  name: "time",
  inclusive: (node) => node.processTime ?? 0,
  error: (node) => timeRounding * (node.loops ?? 0),
};

export const bufferMeasures: readonly Measure[] = bufferCounters.map((counter) => ({
  name: counter,
  inclusive: (node) => node.buffers?.[counter] ?? 0,
  error: () => 0,
}));
