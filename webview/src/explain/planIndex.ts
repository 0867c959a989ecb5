import type { Plan, PlanInsight, PlanNode } from "#protocol/plan";
import { bySeverity } from "../common/severityOrder.js";

/** A plan with what every view asks of it: made once per plan, in time linear to its nodes. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** Where in `plan.nodes` each node stands. */
  readonly places: ReadonlyMap<string, number>;
  readonly root: PlanNode | undefined;
  /** The worst first. */
  readonly insights: ReadonlyMap<string, readonly PlanInsight[]>;
  /** The slowest node by self time, where times are known. */
  readonly slowest: PlanNode | undefined;
  /** Tells plans of another shape apart: a hash of parents and types, which a second run of a statement leaves as it is. */
  readonly key: string;
}

export function indexPlan(plan: Plan): PlanIndex {
  const insights = new Map<string, PlanInsight[]>();
  for (const insight of [...plan.insights].sort(bySeverity)) {
    const known = insights.get(insight.node);
    if (known) known.push(insight);
    else insights.set(insight.node, [insight]);
  }
  const timed = plan.nodes.filter((node) => selfTime(node) !== undefined);
  return {
    plan,
    nodes: new Map(plan.nodes.map((node) => [node.id, node])),
    places: new Map(plan.nodes.map((node, place) => [node.id, place])),
    root: plan.nodes.find((node) => node.parent === undefined),
    insights,
    slowest: timed.length === 0 ? undefined : timed.reduce((a, b) => ((selfTime(b) ?? 0) > (selfTime(a) ?? 0) ? b : a)),
    key: keyOf(plan),
  };
}

function keyOf(plan: Plan): string {
  let hash = plan.nodes.length;
  for (const { parent = "", type } of plan.nodes)
    for (const text of [parent, type]) for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return String(hash);
}

/** A node's children, in the plan's order. */
export function childrenOf(index: PlanIndex, node: PlanNode): PlanNode[] {
  return node.children.flatMap((id) => index.nodes.get(id) ?? []);
}

/** What the node adds to the execution time, 0 to 1. */
export function selfShare(plan: Plan, node: PlanNode): number | undefined {
  const self = selfTime(node);
  return self === undefined || !plan.executionTimeMs ? undefined : Math.min(1, self / plan.executionTimeMs);
}

/** On the clock, so that the nodes' times sum up to the execution time: what several processes spent side by side counts once. */
export function selfTime(node: PlanNode): number | undefined {
  return node.selfWallTimeMs ?? (node.selfTimeMs === undefined ? undefined : node.selfTimeMs / Math.max(1, node.participants ?? 1));
}

/** Where a reader wants to look first: the worst finding's node, else the slowest, else the root. */
export function startingNode({ plan, nodes, slowest, root }: PlanIndex): string {
  const [worst] = [...plan.insights].filter(({ node }) => nodes.has(node)).sort(bySeverity);
  return worst?.node ?? slowest?.id ?? root?.id ?? "";
}

/** Estimates are per loop, actual rows of all loops: compare like with like. */
export function estimatedTotal(node: PlanNode): number | undefined {
  if (node.estimatedRows === undefined) return undefined;
  return node.loops === undefined || node.loops === 0 ? node.estimatedRows : node.estimatedRows * node.loops;
}

export interface Misestimate {
  /** "more" when more rows came than were expected. */
  readonly direction: "more" | "fewer";
  readonly ratio: number;
  readonly severe: boolean;
}

/** Worth telling from three times; a planner that errs less chooses the same plan. */
export function misestimateOf(node: PlanNode): Misestimate | undefined {
  const ratio = node.rowsRatio;
  if (ratio === undefined || (ratio < 3 && ratio > 1 / 3)) return undefined;
  return { direction: ratio >= 1 ? "more" : "fewer", ratio, severe: ratio >= 10 || ratio <= 0.1 };
}

/** The relation as the statement knows it: "orders o", "orders" where the alias is the name. */
export function relationLabel(node: PlanNode): string | undefined {
  if (!node.relation) return node.alias;
  const name = node.schema && node.schema !== "public" ? `${node.schema}.${node.relation}` : node.relation;
  return node.alias && node.alias !== node.relation ? `${name} ${node.alias}` : name;
}

/** What the node works on: index and relation, as EXPLAIN's text puts it. */
export function subjectOf(node: PlanNode): string | undefined {
  const relation = relationLabel(node);
  if (node.index && relation) return `${node.index} on ${relation}`;
  return node.index ?? relation;
}
