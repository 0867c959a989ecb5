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
  for (const group of [bufferMeasures, ioMeasures, walMeasures]) {
    const readings = group.map((measure) => readMeasure(measure, nodes));
    const any = readings.some(({ known }) => known);
    for (const { column, known } of readings)
      if (known || (any && isAlwaysReported(column.measure))) columns.set(column.measure.figure, column);
  }
  return columns;
}

interface Reading {
  readonly column: Column;
  readonly known: boolean;
}

function timeColumn(nodes: readonly RawNode[]): Column {
  const inclusive = Float64Array.from(nodes, (node) => node.processTime ?? 0);
  return { measure: timeMeasure, inclusive, error: Float64Array.from(nodes, (node) => timeMeasure.rounding * (node.loops ?? 0)) };
}

function readMeasure(measure: Measure, nodes: readonly RawNode[]): Reading {
  const inclusive = new Float64Array(nodes.length);
  let known = false;
  for (const node of nodes) {
    const value = measured(node.keys, measure);
    if (value === undefined) continue;
    known = true;
    inclusive[node.index] = value;
  }
  return { column: { measure, inclusive, error: new Float64Array(nodes.length).fill(measure.rounding) }, known };
}
