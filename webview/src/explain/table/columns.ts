import type { DerivedFigure } from "#protocol/derivation";
import type { Buffers, IoTimes, Plan, PlanNode } from "#protocol/plan";
import { formatBytes, formatCost, formatCount, formatFactor, formatShort, formatTime } from "../../common/numbers.js";
import { estimatedTotal, selfTime } from "../planIndex.js";

/** A column of numbers. Its id is kept with the page's state: never rename one. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** What exactly is counted, for the header's tooltip. */
  readonly hint: string;
  /** Undefined where the plan does not know it, which is not zero. */
  readonly value: (node: PlanNode) => number | undefined;
  readonly format: (value: number) => string;
  /** How its numbers can be told to have been computed. */
  readonly figure?: DerivedFigure;
  /** By what it is sorted, where that is not the value itself. */
  readonly rank?: (value: number) => number;
  /** Only the nodes' own parts can be summed up: inclusive numbers contain each other. */
  readonly total?: (plan: Plan) => number | undefined;
  /** What of the total belongs to no node. */
  readonly unattributed?: (plan: Plan) => number | undefined;
  /** Shown without being chosen. */
  readonly usual: boolean;
}

function blocks(id: string, label: string, hint: string, usual: boolean, ...counters: readonly (keyof Buffers)[]): Column {
  const sum = (buffers: Buffers | undefined) => buffers && counters.reduce((all, counter) => all + buffers[counter], 0);
  const [only, another] = counters;
  return {
    ...(only && another === undefined ? { figure: only } : {}),
    id,
    label,
    hint,
    usual,
    value: (node) => sum(node.selfBuffers),
    format: formatShort,
    total: (plan) => sum(plan.buffers),
    unattributed: (plan) => sum(plan.unattributedBuffers),
  };
}

/** "3.2×" where more rows came than were estimated, "÷ 4.0" where fewer did. */
function formatRatio(ratio: number): string {
  return ratio > 1 / 1.05 ? formatFactor(ratio) : `÷ ${formatFactor(ratio).slice(0, -1)}`;
}

function ioOf(times: IoTimes | undefined): number | undefined {
  // Times that a version does not count are there as undefined.
  return times && Object.values(times).reduce<number>((sum, ms?: number) => sum + (ms ?? 0), 0);
}

export const columns: readonly Column[] = [
  {
    id: "self",
    label: "Self time",
    hint: "What the node itself adds to the execution time: without its children, and processes side by side counted once",
    figure: "selfWallTime",
    value: selfTime,
    format: formatTime,
    total: (plan) => plan.executionTimeMs,
    unattributed: (plan) => plan.unattributedMs,
    usual: true,
  },
  {
    id: "wall",
    label: "Wall time",
    hint: "With children: process time ÷ participating processes",
    figure: "wallTime",
    value: (node) => node.wallTimeMs,
    format: formatTime,
    usual: true,
  },
  {
    id: "process",
    label: "Process time",
    hint: "With children, over all loops and processes",
    figure: "processTime",
    value: (node) => node.processTimeMs,
    format: formatTime,
    usual: false,
  },
  {
    id: "rows",
    label: "Rows",
    hint: "Rows that came, over all loops",
    figure: "rows",
    value: (node) => (node.neverExecuted ? undefined : node.rows),
    format: formatShort,
    usual: true,
  },
  {
    id: "estimate",
    label: "Estimated",
    hint: "Rows that the planner expected, over all loops",
    value: estimatedTotal,
    format: formatShort,
    usual: true,
  },
  {
    id: "ratio",
    label: "Misestimate",
    hint: "Actual ÷ estimated rows; × where more came, ÷ where fewer did. Sorted by how far off it is",
    figure: "rowsRatio",
    value: (node) => node.rowsRatio,
    format: formatRatio,
    rank: (ratio) => (ratio > 0 ? Math.abs(Math.log(ratio)) : Infinity),
    usual: true,
  },
  { id: "loops", label: "Loops", hint: "How often the node was run", value: (node) => node.loops, format: formatShort, usual: true },
  blocks("hit", "Hit", "Shared blocks that the node itself found in the buffer cache (8 kB each)", true, "sharedHit"),
  blocks("read", "Read", "Shared blocks that the node itself had to read", true, "sharedRead"),
  blocks("dirtied", "Dirtied", "Shared blocks that the node itself changed first", false, "sharedDirtied"),
  blocks("written", "Written", "Shared blocks that the node itself had to write out", false, "sharedWritten"),
  blocks("temp", "Temp", "Temporary blocks that the node itself read and wrote", true, "tempRead", "tempWritten"),
  {
    id: "io",
    label: "I/O time",
    hint: "What the node itself waited for reads and writes, over all processes (track_io_timing)",
    value: (node) => ioOf(node.selfIoTimes),
    format: formatTime,
    total: (plan) => ioOf(plan.ioTimes),
    unattributed: (plan) => ioOf(plan.unattributedIoTimes),
    usual: true,
  },
  {
    id: "wal",
    label: "WAL",
    hint: "Write-ahead log of the node itself",
    figure: "walBytes",
    value: (node) => node.selfWal?.bytes,
    format: formatBytes,
    total: (plan) => plan.wal?.bytes,
    unattributed: (plan) => plan.unattributedWal?.bytes,
    usual: true,
  },
  {
    id: "cost",
    label: "Cost",
    hint: "The planner's total cost, children included. Not a time",
    value: (node) => node.totalCost,
    format: formatCost,
    usual: true,
  },
  {
    id: "width",
    label: "Width",
    hint: "Estimated bytes of a row",
    value: (node) => node.width,
    format: (bytes) => (bytes < 1024 ? `${formatCount(bytes)} B` : formatBytes(bytes)),
    usual: false,
  },
];

/** Columns of which the plan knows nothing at all are not offered. */
export function knownColumns(plan: Plan): readonly Column[] {
  return columns.filter((column) => plan.nodes.some((node) => column.value(node) !== undefined));
}

/** The chosen ones in the columns' own order; the usual ones where nothing was chosen. */
export function shownColumns(plan: Plan, chosen: readonly string[] | undefined): readonly Column[] {
  const known = knownColumns(plan);
  if (chosen) return known.filter(({ id }) => chosen.includes(id));
  // A column of zeros is there to be chosen, not to be looked at.
  return known.filter(({ usual, value }) => usual && plan.nodes.some((node) => value(node)));
}
