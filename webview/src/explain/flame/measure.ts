import type { Plan, PlanNode } from "#protocol/plan";
import { formatBlocks, formatCost, formatTime } from "../../common/numbers.js";
import { selfTime } from "../planIndex.js";

export type FlameMeasure = "wall" | "process" | "buffers" | "cost";

/** What the frames' widths stand for. */
export interface Measure {
  readonly id: FlameMeasure;
  readonly label: string;
  readonly format: (value: number) => string;
  /** The node's own part; a frame is as wide as its own part and what it contains. */
  readonly own?: (node: PlanNode) => number | undefined;
  /** Known with children only: those are drawn in proportion inside, and never wider than their parent. */
  readonly inclusive?: (node: PlanNode) => number | undefined;
}

const measures: readonly Measure[] = [
  { id: "wall", label: "Wall time", format: formatTime, own: selfTime },
  { id: "process", label: "Process time", format: formatTime, own: (node) => node.selfTimeMs },
  {
    id: "buffers",
    label: "Buffers",
    format: formatBlocks,
    own: ({ selfBuffers: own }) => own && own.sharedHit + own.sharedRead + own.localHit + own.localRead + own.tempRead + own.tempWritten,
  },
  { id: "cost", label: "Cost", format: formatCost, inclusive: (node) => node.totalCost },
];

/** Those that this plan has numbers for. */
export function measuresOf(plan: Plan): readonly Measure[] {
  return measures.filter(({ own, inclusive }) => plan.nodes.some((node) => ((own ?? inclusive)?.(node) ?? 0) > 0));
}
