import type { DerivedFigure } from "#protocol/derivation";
import type { Plan, PlanNode } from "#protocol/plan";
import { formatCost, formatCount, formatFactor, formatRows, formatShare, formatTimeExact } from "../../common/numbers.js";
import { misestimateOf, relationLabel, selfShare, selfTime } from "../planIndex.js";

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Long text, code: gets a line of its own. */
  readonly long?: boolean;
  /** A key of the plan that says nothing happened: folded away, never left out. */
  readonly idle?: boolean;
  /** The figure that the value is, where it can be told how it was computed. */
  readonly figure?: DerivedFigure;
}

export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Everything that is known of a node, in the order in which it is asked for. Empty groups are left out. */
export function groupsOf(plan: Plan, node: PlanNode): FactGroup[] {
  const rest = new Map<string, Fact[]>(detailGroups.map(([title]) => [title, []]));
  for (const { key, value } of node.details)
    rest.get(groupOfKey(key))?.push({ label: key, value, long: value.length > 28, idle: isIdle(value) });
  const groups: FactGroup[] = [
    { title: "Time", facts: node.neverExecuted ? [{ label: "Never executed", value: "" }] : timeFacts(plan, node) },
    ...(node.parent === undefined ? [{ title: "Execution time", facts: executionFacts(plan) }] : []),
    { title: "Rows", facts: [...rowFacts(node), ...(rest.get("Rows") ?? [])] },
    { title: "Conditions", facts: rest.get("Conditions") ?? [] },
    { title: "Cost", facts: costFacts(node) },
    ...[...rest].filter(([title]) => title !== "Rows" && title !== "Conditions").map(([title, facts]) => ({ title, facts })),
    { title: "Relation", facts: relationFacts(node) },
  ];
  return groups.filter(({ facts }) => facts.length > 0);
}

function isIdle(value: string): boolean {
  return value === "false" || Number(value) === 0;
}

function known(...facts: readonly (Fact | false | undefined)[]): Fact[] {
  return facts.filter((fact): fact is Fact => Boolean(fact));
}

const timeFact = (label: string, ms: number | undefined, error: number | undefined, figure?: DerivedFigure): Fact | undefined =>
  ms === undefined ? undefined : { label, value: formatTimeExact(ms, error), ...(figure ? { figure } : {}) };

/** A bound over all processes is a bound per process. */
const perProcess = (node: PlanNode, error: number | undefined): number | undefined =>
  error === undefined ? undefined : error / Math.max(1, node.participants ?? 1);

function timeFacts(plan: Plan, node: PlanNode): Fact[] {
  const share = selfShare(plan, node);
  const several = (node.participants ?? 1) > 1;
  return known(
    several && timeFact("Self, on the clock", node.selfWallTimeMs, perProcess(node, node.selfErrorMs), "selfWallTime"),
    timeFact(several ? "Self, all processes" : "Self", node.selfTimeMs, node.selfErrorMs, "selfTime"),
    share !== undefined && { label: "Share of execution", value: formatShare(share) },
    timeFact(several ? "With children, all processes" : "With children", node.processTimeMs, node.timeErrorMs, "processTime"),
    several && timeFact("With children, per process", node.wallTimeMs, perProcess(node, node.timeErrorMs), "wallTime"),
    several && { label: "Processes", value: formatCount(node.participants ?? 1), figure: "participants" },
    node.loops !== undefined && { label: "Loops", value: formatCount(node.loops) },
  );
}

/** Execution time = all nodes + triggers + serialization + unattributed. */
function executionFacts(plan: Plan): Fact[] {
  if (plan.executionTimeMs === undefined) return [];
  const nodes = plan.nodes.reduce((sum, node) => sum + (selfTime(node) ?? 0), 0);
  return known(
    timeFact("All nodes", nodes, plan.timeErrorMs),
    ...plan.triggers.map((trigger) =>
      timeFact(`Trigger ${trigger.constraint ?? trigger.name} (${formatCount(trigger.calls)} calls)`, trigger.timeMs, 0),
    ),
    timeFact("Serialization", plan.serializationMs, 0),
    timeFact("Unattributed", plan.unattributedMs, plan.timeErrorMs),
    timeFact("Execution", plan.executionTimeMs, 0),
    timeFact("JIT, within the nodes", plan.jitMs, 0),
  );
}

function rowFacts(node: PlanNode): Fact[] {
  const misestimate = misestimateOf(node);
  const loops = node.loops ?? 0;
  return known(
    node.rows !== undefined && !node.neverExecuted && { label: "Rows", value: formatRows(node.rows, node.rowsError), figure: "rows" },
    node.rows !== undefined && loops > 1 && { label: "Rows per loop", value: formatCount(node.rows / loops) },
    node.estimatedRows !== undefined && {
      label: loops > 1 ? "Estimated per loop" : "Estimated",
      value: formatCount(node.estimatedRows),
    },
    misestimate && {
      label: "Estimate",
      value: `${formatFactor(misestimate.ratio)} ${misestimate.direction === "more" ? "too low" : "too high"}`,
      figure: "rowsRatio",
    },
    node.width !== undefined && { label: "Width of a row", value: `${formatCount(node.width)} bytes` },
  );
}

function costFacts(node: PlanNode): Fact[] {
  return known(
    node.startupCost !== undefined && { label: "To the first row", value: formatCost(node.startupCost) },
    node.totalCost !== undefined && { label: "Total", value: formatCost(node.totalCost) },
  );
}

function relationFacts(node: PlanNode): Fact[] {
  return known(
    node.relation !== undefined && { label: "Relation", value: relationLabel(node) ?? node.relation },
    node.index !== undefined && { label: "Index", value: node.index },
    node.relationship !== undefined && { label: "Parent relationship", value: node.relationship },
    node.subplanName !== undefined && { label: "Subplan", value: node.subplanName },
  );
}

// A key belongs to the first group one of whose words it contains.
const detailGroups: readonly (readonly [string, readonly string[]])[] = [
  ["Rows", ["Rows Removed", "Heap Fetches"]],
  ["Conditions", ["Cond", "Filter", "One-Time", "Cache Key", "Order By"]],
  ["Sort, hash and memory", ["Sort", "Presorted", "Hash", "Memory", "Disk", "Peak", "Cache", "Storage", "Group", "Spill"]],
  ["Parallel", ["Worker", "Parallel", "Async", "Gather"]],
  ["I/O and WAL", ["I/O", "WAL", "Heap Blocks", "Searches"]],
  ["Output", ["Output"]],
  ["More", [""]],
];

function groupOfKey(key: string): string {
  return detailGroups.find(([, words]) => words.some((word) => key.includes(word)))?.[0] ?? "More";
}
