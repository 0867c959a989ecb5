import type { Buffers, PlanNode } from "#protocol/plan";
import type { Attribution } from "./attribution.js";
import { bufferKeys } from "./buffers.js";
import { display, numberAt, textAt } from "./json.js";
import { timeMeasure } from "./measures.js";
import type { RawNode } from "./rawTree.js";
import { titleOf } from "./title.js";

/** What was worked out over the whole tree, by preorder number. */
export interface NodeFigures {
  readonly hosts: readonly (readonly number[])[];
  readonly participants: readonly number[];
  readonly time: Attribution | undefined;
  readonly buffers: readonly Buffers[] | undefined;
  readonly ratios: readonly (number | undefined)[];
  /** ± rows per loop. */
  readonly rowError: number;
}

export function buildNode(node: RawNode, figures: NodeFigures): PlanNode {
  return {
    id: String(node.index),
    parent: node.parent === undefined ? undefined : String(node.parent),
    children: node.children.map(String),
    type: node.type,
    relationship: node.relationship,
    subplanName: node.subplanName,
    title: titleOf(node),
    relation: textAt(node.keys, "Relation Name"),
    schema: textAt(node.keys, "Schema"),
    alias: textAt(node.keys, "Alias"),
    index: textAt(node.keys, "Index Name"),
    neverExecuted: node.loops === 0,
    startupCost: numberAt(node.keys, "Startup Cost"),
    totalCost: numberAt(node.keys, "Total Cost"),
    estimatedRows: numberAt(node.keys, "Plan Rows"),
    width: numberAt(node.keys, "Plan Width"),
    loops: node.loops,
    ...rowsOf(node, figures.rowError),
    ...timesOf(node, figures),
    buffers: node.buffers,
    selfBuffers: node.buffers ? figures.buffers?.[node.index] : undefined,
    rowsRatio: figures.ratios[node.index],
    ...hostsOf(node, figures.hosts),
    details: detailsOf(node),
    lines: node.lines,
  };
}

function rowsOf(node: RawNode, rowError: number): Pick<PlanNode, "rows" | "rowsError"> {
  const perLoop = numberAt(node.keys, "Actual Rows");
  if (perLoop === undefined || node.loops === undefined) return {};
  // An average over one loop is not rounded.
  return { rows: perLoop * node.loops, rowsError: node.loops > 1 ? rowError * node.loops : 0 };
}

function timesOf(node: RawNode, { time, participants }: NodeFigures): Partial<PlanNode> {
  const shares = participants[node.index] ?? 1;
  if (!time || node.processTime === undefined) return node.loops === undefined ? {} : { participants: shares };
  const self = time.self[node.index] ?? 0;
  const clamped = time.discrepancies.find(
    ({ node: index, cause }) => index === node.index && cause !== "rounding" && cause !== "after-plan",
  );
  return {
    processTimeMs: node.processTime,
    selfTimeMs: self,
    wallTimeMs: node.processTime / shares,
    selfWallTimeMs: self / shares,
    timeErrorMs: timeMeasure.error(node),
    selfErrorMs: time.error[node.index],
    participants: shares,
    notes: clamped ? [`Self time shown as 0: what ran below took ${clamped.amount.toFixed(3)} ms longer than this node.`] : undefined,
  };
}

function hostsOf(node: RawNode, hosts: readonly (readonly number[])[]): Pick<PlanNode, "includedIn"> {
  return node.relationship === "InitPlan" ? { includedIn: (hosts[node.index] ?? []).map(String) } : {};
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
  ...Object.values(bufferKeys),
]);

/** Of a remote node they are shown as they are. */
const figuresOfRun = new Set<string>(["Actual Startup Time", "Actual Total Time", ...Object.values(bufferKeys)]);

function detailsOf(node: RawNode): PlanNode["details"] {
  return Object.entries(node.keys)
    .filter(([key]) => !shownElsewhere.has(key) || (node.remote && figuresOfRun.has(key)))
    .map(([key, value]) => ({ key, value: display(value) }));
}
