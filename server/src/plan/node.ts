import type { PlanNode } from "#protocol/plan";
import type { Attribution } from "./attribution.js";
import type { Columns } from "./columns.js";
import type { RowRatio } from "./estimates.js";
import type { Groups } from "./groups.js";
import { isGuest } from "./hosts.js";
import { detailsBut, numberAt, textAt } from "./json.js";
import { figureKeys, timeMeasure } from "./measures.js";
import type { Participants } from "./participants.js";
import { processesOf } from "./processes.js";
import type { RawNode } from "./rawTree.js";
import { spaceOf } from "./spill.js";
import { operationOfNode, titleOf } from "./title.js";

/** What was worked out over the whole tree, by preorder number. */
export interface NodeFigures {
  readonly hosts: readonly (readonly number[])[];
  readonly participants: Participants;
  readonly columns: Columns;
  readonly time: Attribution | undefined;
  /** Counters of each node with and without what ran inside it. */
  readonly inclusive: (index: number) => Groups;
  readonly own: (index: number) => Groups;
  readonly ratios: readonly RowRatio[];
  /** Sentences about single nodes. */
  readonly notes: ReadonlyMap<number, string[]>;
  /** ± rows per loop. */
  readonly rowError: number;
}

export function buildNode(node: RawNode, figures: NodeFigures): PlanNode {
  const { keys, index } = node;
  return {
    id: String(index),
    parent: node.parent === undefined ? undefined : String(node.parent),
    children: node.children.map(String),
    type: node.type,
    operation: operationOfNode(node),
    relationship: node.relationship,
    subplanName: node.subplanName,
    title: titleOf(node),
    relation: textAt(keys, "Relation Name"),
    schema: textAt(keys, "Schema"),
    alias: textAt(keys, "Alias"),
    index: textAt(keys, "Index Name"),
    neverExecuted: node.loops === 0,
    startupCost: numberAt(keys, "Startup Cost"),
    totalCost: numberAt(keys, "Total Cost"),
    estimatedRows: numberAt(keys, "Plan Rows"),
    width: numberAt(keys, "Plan Width"),
    loops: node.loops,
    ...rowsOf(node, figures.rowError),
    ...timesOf(node, figures),
    ...countersOf(node, figures),
    ...figures.ratios[index],
    includedIn: isGuest(node, figures.hosts) ? (figures.hosts[index] ?? []).map(String) : undefined,
    notes: figures.notes.get(index),
    details: detailsBut(keys, shownElsewhere),
    lines: node.lines,
  };
}

function rowsOf(node: RawNode, rowError: number): Pick<PlanNode, "rows" | "rowsError" | "rowsPerLoop"> {
  const perLoop = numberAt(node.keys, "Actual Rows");
  if (perLoop === undefined || node.loops === undefined) return {};
  // An average over one loop is not rounded.
  return { rowsPerLoop: perLoop, rows: Math.max(perLoop * node.loops, 0), rowsError: node.loops > 1 ? rowError * node.loops : 0 };
}

function timesOf(node: RawNode, { time, participants }: NodeFigures): Partial<PlanNode> {
  if (node.loops === undefined) return {};
  const shares = participants.count[node.index] ?? 1;
  const gather = participants.gather[node.index];
  const shared = { participants: shares, gather: gather === undefined ? undefined : String(gather) };
  if (!time || node.processTime === undefined) return shared;
  const self = time.self[node.index] ?? 0;
  return {
    startupTimePerLoopMs: numberAt(node.keys, "Actual Startup Time"),
    totalTimePerLoopMs: numberAt(node.keys, "Actual Total Time"),
    processTimeMs: node.processTime,
    selfTimeMs: self,
    wallTimeMs: node.processTime / shares,
    selfWallTimeMs: self / shares,
    timeErrorMs: timeMeasure.rounding * node.loops,
    selfErrorMs: time.error[node.index],
    ...shared,
  };
}

function countersOf(node: RawNode, { columns, inclusive, own }: NodeFigures): Partial<PlanNode> {
  const all = inclusive(node.index);
  const self = own(node.index);
  return {
    buffers: all.buffers,
    selfBuffers: self.buffers,
    ioTimes: all.ioTimes,
    selfIoTimes: self.ioTimes,
    wal: all.wal,
    selfWal: self.wal,
    ...spaceOf(node, self.buffers?.tempWritten ?? 0),
    workers: node.keys["Workers"] === undefined ? undefined : processesOf(node, all, columns),
  };
}

const shownElsewhere = new Set<string>([
  "Node Type",
  "Parent Relationship",
  "Subplan Name",
  "Relation Name",
  "Schema",
  "Alias",
  "Index Name",
  "Startup Cost",
  "Total Cost",
  "Plan Rows",
  "Plan Width",
  "Actual Startup Time",
  "Actual Total Time",
  "Actual Rows",
  "Actual Loops",
  "Plans",
  "Workers",
  ...figureKeys,
]);
