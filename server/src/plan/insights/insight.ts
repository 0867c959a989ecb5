import type { Severity } from "#protocol/finding";
import type { Plan, PlanNode } from "#protocol/plan";
import type { Catalog, Table } from "../../catalog/catalog.js";

/** One kind of insight is one file. It sees every node and says at most one thing about it. */
export interface InsightRule {
  readonly id: string;
  readonly inspect: (node: PlanNode, subject: InsightSubject) => InsightDraft | undefined;
}

export interface InsightDraft {
  /** What is wrong and what it costs. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** Share of the statement's time (or cost, where it did not run) that is at stake: gives the severity. */
  readonly share: number;
}

/** A plan with what the insights ask of it. */
export class InsightSubject {
  private readonly byId: ReadonlyMap<string, PlanNode>;

  constructor(
    readonly plan: Plan,
    readonly catalog?: Catalog,
  ) {
    this.byId = new Map(plan.nodes.map((node) => [node.id, node]));
  }

  parent(node: PlanNode): PlanNode | undefined {
    return node.parent === undefined ? undefined : this.byId.get(node.parent);
  }

  children(node: PlanNode): readonly PlanNode[] {
    return node.children.flatMap((id) => this.byId.get(id) ?? []);
  }

  /** Time of the whole statement in ms: of its execution, or of its root where that is not told. */
  get totalTime(): number | undefined {
    return this.plan.executionTimeMs ?? this.plan.nodes[0]?.processTimeMs;
  }

  /** 0 to 1 of the statement's time that the node itself took; of its cost where the plan did not run. */
  share(node: PlanNode): number {
    if (!this.plan.analyzed || node.selfWallTimeMs === undefined) return this.costShare(node);
    return ratio(node.selfWallTimeMs, this.totalTime);
  }

  /** The same with everything below the node. */
  shareWithChildren(node: PlanNode): number {
    if (!this.plan.analyzed || node.wallTimeMs === undefined) return ratio(node.totalCost ?? 0, this.plan.nodes[0]?.totalCost);
    return ratio(node.wallTimeMs, this.totalTime);
  }

  table(node: PlanNode): Table | undefined {
    const named = this.catalog?.tables.filter((table) => table.name === node.relation) ?? [];
    return named.find((table) => table.schema === node.schema) ?? (node.schema === undefined ? named[0] : undefined);
  }

  private costShare(node: PlanNode): number {
    const below = this.children(node).reduce((sum, child) => sum + (child.totalCost ?? 0), 0);
    return Math.max(ratio((node.totalCost ?? 0) - below, this.plan.nodes[0]?.totalCost), 0);
  }
}

function ratio(part: number, whole: number | undefined): number {
  return whole === undefined || whole <= 0 ? 0 : Math.min(part / whole, 1);
}

export function severityOf(share: number): Severity {
  return share >= 0.25 ? "warning" : share >= 0.05 ? "info" : "hint";
}

export function detail(node: PlanNode, key: string): string | undefined {
  return node.details.find((candidate) => candidate.key === key)?.value;
}

export function numberDetail(node: PlanNode, key: string): number | undefined {
  const text = detail(node, key);
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `Rows Removed by …` is an average per loop. */
export function rowsRemoved(node: PlanNode, by: "Filter" | "Index Recheck" | "Join Filter"): number {
  return (numberDetail(node, `Rows Removed by ${by}`) ?? 0) * (node.loops ?? 0);
}

/** What is over within this time is nobody's problem, whatever it looks like. */
export const negligibleMs = 1;

export function isNegligible(node: PlanNode): boolean {
  return node.selfWallTimeMs !== undefined && node.selfWallTimeMs < negligibleMs;
}
