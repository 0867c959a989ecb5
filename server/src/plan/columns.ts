import type { Figure } from "#protocol/plan";
import { bufferMeasures, ioMeasures, isAlwaysReported, measured, timeMeasure, walMeasures, type Measure } from "./measures.js";
import type { RawNode } from "./rawTree.js";

/** One measure over all nodes, by preorder number: plans have ten thousand nodes and twenty measures. */
export interface Column {
  readonly measure: Measure;
  /** What each node reports; 0 where it reports nothing. Never negative. */
  readonly inclusive: Float64Array;
  /** ± of each. */
  readonly error: Float64Array;
}

export type Columns = ReadonlyMap<Figure, Column>;

/** The measures that the plan knows. The text format leaves out what is zero, so a measure is known where any node has it. */
export function readColumns(nodes: readonly RawNode[]): Columns {
  const columns = new Map<Figure, Column>();
  if (nodes[0]?.processTime !== undefined) columns.set("time", timeColumn(nodes));
  const readings = [bufferMeasures, ioMeasures, walMeasures].map((group) => group.map((measure) => reading(measure, nodes.length)));
  const all = readings.flat();
  for (const node of nodes) for (const each of all) readMeasure(each, node);
  for (const group of readings) {
    const any = group.some(({ known }) => known);
    for (const { column, known } of group)
      if (known || (any && isAlwaysReported(column.measure))) columns.set(column.measure.figure, column);
  }
  return columns;
}

interface Reading {
  readonly column: Column;
  known: boolean;
}

function timeColumn(nodes: readonly RawNode[]): Column {
  const inclusive = Float64Array.from(nodes, (node) => node.processTime ?? 0);
  return { measure: timeMeasure, inclusive, error: Float64Array.from(nodes, (node) => timeMeasure.rounding * (node.loops ?? 0)) };
}

function reading(measure: Measure, length: number): Reading {
  const error = new Float64Array(length).fill(measure.rounding);
  return { column: { measure, inclusive: new Float64Array(length), error }, known: false };
}

function readMeasure(reading: Reading, node: RawNode): void {
  const value = measured(node.keys, reading.column.measure);
  if (value === undefined) return;
  reading.known = true;
  reading.column.inclusive[node.index] = value;
}
