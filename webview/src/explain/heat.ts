import type { Buffers, PlanNode } from "#protocol/plan";
import { formatCost, formatFactor, formatShare, formatShort, formatTime } from "../common/numbers.js";
import { childrenOf, estimatedTotal, selfTime, type PlanIndex } from "./planIndex.js";
import { nodesOf, type PartitionGroup } from "./tree/partitions.js";

export const heatMeasures = ["time", "rows", "misestimate", "cost", "buffers", "io"] as const;
export type HeatMeasure = (typeof heatMeasures)[number];

export const measureLabels: Record<HeatMeasure, string> = {
  time: "Self time",
  rows: "Rows",
  misestimate: "Misestimate",
  cost: "Self cost",
  buffers: "Buffers",
  io: "I/O time",
};

export type Heat = 0 | 1 | 2 | 3;

/** A node by one measure. */
export interface Warmth {
  /** Length of the bar, 0 to 1. */
  readonly part: number;
  readonly heat: Heat;
  /** The number itself, with its unit: "12.4 ms, 31 %", "208× more rows". */
  readonly label: string;
}

/** Undefined where the node has no number for the measure. */
export type HeatScale = (node: PlanNode) => Warmth | undefined;

/** The measure of several partitions together: their sum, or the worst misestimate of them. */
export type GroupHeatScale = (group: PartitionGroup) => Warmth | undefined;

/** Limits of the levels 1, 2 and 3. */
export const heatLimits: Record<HeatMeasure, readonly [number, number, number]> = {
  time: [0.1, 0.3, 0.6],
  rows: [0.1, 0.3, 0.6],
  misestimate: [3, 10, 100],
  cost: [0.1, 0.3, 0.6],
  buffers: [0.1, 0.3, 0.6],
  io: [0.1, 0.3, 0.6],
};

/** Measures that at least one node has a number for. */
export function availableMeasures(index: PlanIndex): HeatMeasure[] {
  return heatMeasures.filter((measure) => index.plan.nodes.some((node) => numberOf(index, measure, node) !== undefined));
}

/** How warm each node is: its share of the plan's total, or of the greatest where numbers do not add up to one. */
export function heatScale(index: PlanIndex, measure: HeatMeasure): HeatScale {
  if (measure === "misestimate") return misestimateWarmth;
  const whole = wholeOf(index, measure);
  return (node) => warmthOf(measure, numberOf(index, measure, node), whole);
}

export function groupHeatScale(index: PlanIndex, measure: HeatMeasure): GroupHeatScale {
  const number = (node: PlanNode) => numberOf(index, measure, node);
  if (measure === "misestimate") return ({ members }) => misestimateWarmth(worstMisestimate(members));
  const whole = wholeOf(index, measure);
  // Rows come out of the members alone; time, cost and blocks are spent below them too.
  const parts = (group: PartitionGroup) => (measure === "rows" ? group.members : nodesOf(index, group));
  return (group) => warmthOf(measure, sumOf(parts(group).map(number)), whole);
}

/** The member whose rows were guessed worst, the first of those that are equal. */
export function worstMisestimate(members: readonly PlanNode[]): PlanNode {
  return members.reduce((worst, node) => (factorOf(node) > factorOf(worst) ? node : worst));
}

function factorOf({ rowsRatio: ratio }: PlanNode): number {
  return ratio === undefined ? 0 : ratio === 0 ? Infinity : Math.max(ratio, 1 / ratio);
}

/** Undefined when there is no number among them. */
export function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, number) => sum + number, 0);
}

function warmthOf(measure: HeatMeasure, number: number | undefined, whole: number): Warmth | undefined {
  if (number === undefined) return undefined;
  const part = whole > 0 ? Math.min(1, number / whole) : 0;
  return { part, heat: heatOf(part, heatLimits[measure]), label: labelOf(measure, number, part) };
}

export function heatOf(value: number | undefined, limits: readonly [number, number, number] = heatLimits.time): Heat {
  if (value === undefined || value < limits[0]) return 0;
  if (value < limits[1]) return 1;
  return value < limits[2] ? 2 : 3;
}

function misestimateWarmth(node: PlanNode): Warmth | undefined {
  const { rowsRatio } = node;
  if (rowsRatio === undefined) return undefined;
  const factor = factorOf(node);
  const direction = rowsRatio >= 1 ? "more" : "fewer";
  return {
    // A thousand times is as wrong as the bar can say.
    part: Math.min(1, Math.log10(factor) / 3),
    heat: heatOf(factor, heatLimits.misestimate),
    label: `${formatFactor(rowsRatio)} ${direction} rows`,
  };
}

function labelOf(measure: HeatMeasure, number: number, part: number): string {
  switch (measure) {
    case "time":
    case "io":
      return `${formatTime(number)}, ${formatShare(part)}`;
    case "cost":
      return `${formatCost(number)}, ${formatShare(part)}`;
    case "buffers":
      return `${formatShort(number)} blocks, ${formatShare(part)}`;
    case "rows":
    case "misestimate":
      return `${formatShort(number)} rows`;
  }
}

function numberOf(index: PlanIndex, measure: HeatMeasure, node: PlanNode): number | undefined {
  switch (measure) {
    case "time":
      return selfTime(node);
    case "rows":
      return node.neverExecuted ? undefined : (node.rows ?? estimatedTotal(node));
    case "misestimate":
      return node.rowsRatio;
    case "cost":
      return selfCost(index, node);
    case "buffers":
      return node.selfBuffers && blocksOf(node.selfBuffers);
    case "io":
      return node.selfIoTimes && sumOf(Object.values(node.selfIoTimes));
  }
}

/** Blocks that the node asked for: read or hit, and what it spilled. */
function blocksOf(own: Buffers): number {
  return own.sharedHit + own.sharedRead + own.localHit + own.localRead + own.tempRead + own.tempWritten;
}

/** The node's cost less its children's: a planner's cost contains theirs. Below a LIMIT or a semi join it can be less: 0. */
function selfCost(index: PlanIndex, node: PlanNode): number | undefined {
  if (node.totalCost === undefined) return undefined;
  const below = childrenOf(index, node).reduce((sum, child) => sum + (child.totalCost ?? 0), 0);
  return Math.max(0, node.totalCost - below);
}

function wholeOf(index: PlanIndex, measure: HeatMeasure): number {
  if (measure === "time") return index.plan.executionTimeMs ?? 0;
  const numbers = index.plan.nodes.map((node) => numberOf(index, measure, node) ?? 0);
  if (measure === "rows") return numbers.reduce((most, number) => Math.max(most, number), 0);
  return numbers.reduce((sum, number) => sum + number, 0);
}
