import type { Plan, PlanNode } from "#protocol/plan";
import type { Catalog, Table } from "../../catalog/catalog.js";
import type { ServerFacts } from "./memory.js";
import { baseAlias } from "./siblings.js";

/** Partitions of one table, read alike, that are looked at one by one. */
export const mostPartitions = 50;

/** A plan with what the insights ask of it. */
export class InsightSubject {
  private readonly positions: ReadonlyMap<string, number>;
  private readonly remembered = new Map<string, unknown>();
  /** By preorder position: where the part below ends (exclusive). */
  private readonly ends: readonly number[];

  constructor(
    readonly plan: Plan,
    readonly catalog?: Catalog,
    readonly server: ServerFacts = {},
  ) {
    this.positions = new Map(plan.nodes.map((node, position) => [node.id, position]));
    this.ends = this.findEnds();
  }

  private findEnds(): readonly number[] {
    const ends = this.plan.nodes.map((_, position) => position + 1);
    for (let position = this.plan.nodes.length - 1; position > 0; position--) {
      const parent = this.positions.get(this.plan.nodes[position]?.parent ?? "");
      if (parent !== undefined) ends[parent] = Math.max(ends[parent] ?? 0, ends[position] ?? 0);
    }
    return ends;
  }

  node(id: string | undefined): PlanNode | undefined {
    const position = this.positions.get(id ?? "");
    return position === undefined ? undefined : this.plan.nodes[position];
  }

  isRoot(node: PlanNode): boolean {
    return node.parent === undefined;
  }

  parent(node: PlanNode): PlanNode | undefined {
    return this.node(node.parent);
  }

  children(node: PlanNode): readonly PlanNode[] {
    return node.children.flatMap((id) => this.node(id) ?? []);
  }

  /** Nearest first. */
  ancestors(node: PlanNode): readonly PlanNode[] {
    const found: PlanNode[] = [];
    for (let at = this.parent(node); at; at = this.parent(at)) found.push(at);
    return found;
  }

  /** Everything below, sub-plans too, in the plan's order. */
  descendants(node: PlanNode): readonly PlanNode[] {
    const position = this.positions.get(node.id) ?? 0;
    return this.plan.nodes.slice(position + 1, this.ends[position]);
  }

  isBelow(node: PlanNode, above: PlanNode): boolean {
    const at = this.positions.get(node.id) ?? -1;
    const top = this.positions.get(above.id) ?? -1;
    return at > top && at < (this.ends[top] ?? 0);
  }

  /**
   * Scans of the other partitions of the node's table below the same Append, by the same method, the node among them; the node alone
   * where it is no partition. Remembered: there may be thousands.
   */
  partitions(node: PlanNode): readonly PlanNode[] {
    const base = baseAlias(node);
    const parent = base === undefined ? undefined : this.parent(node);
    if (!parent) return [node];
    return this.once(`partitions ${parent.id} ${base ?? ""} ${node.type}`, () =>
      this.children(parent).filter((sibling) => sibling.type === node.type && baseAlias(sibling) === base),
    );
  }

  /** Whether the node is looked at: every node but the cheap ones among very many partitions, which say what the dear ones say. */
  isInspected(node: PlanNode): boolean {
    const all = this.partitions(node);
    if (all.length <= mostPartitions) return true;
    const dearest = this.once(`dearest ${node.parent ?? ""} ${all[0]?.id ?? ""}`, () => {
      const byTime = [...all].sort((a, b) => (b.wallTimeMs ?? b.totalCost ?? 0) - (a.wallTimeMs ?? a.totalCost ?? 0));
      return new Set(byTime.slice(0, mostPartitions));
    });
    return dearest.has(node);
  }

  /** A figure over many nodes, computed once. */
  once<T>(key: string, compute: () => T): T {
    if (!this.remembered.has(key)) this.remembered.set(key, compute());
    return this.remembered.get(key) as T;
  }

  /** Time of the whole statement in ms: of its execution, or of its root where that is not told. */
  get totalTime(): number | undefined {
    return this.plan.executionTimeMs ?? this.plan.nodes[0]?.processTimeMs;
  }

  /** 0 to 1 of the statement's time that the node itself took; of its cost where the plan did not run. */
  share(node: PlanNode): number {
    if (!this.plan.analyzed || node.selfWallTimeMs === undefined) return this.costShare(node);
    return this.shareOf(node.selfWallTimeMs);
  }

  /** The same with everything below the node. */
  shareWithChildren(node: PlanNode): number {
    if (!this.plan.analyzed || node.wallTimeMs === undefined) return ratio(node.totalCost ?? 0, this.plan.nodes[0]?.totalCost);
    return this.shareOf(node.wallTimeMs);
  }

  /** 0 to 1 of the statement's time that these milliseconds are. */
  shareOf(ms: number): number {
    return ratio(ms, this.totalTime);
  }

  table(node: PlanNode): Table | undefined {
    const named = this.catalog?.tables.filter((table) => table.name === node.relation) ?? [];
    return named.find((table) => table.schema === node.schema) ?? (node.schema === undefined ? named[0] : undefined);
  }

  setting(name: string): string | undefined {
    return this.plan.settings.find(({ key }) => key === name)?.value;
  }

  private costShare(node: PlanNode): number {
    const below = this.children(node).reduce((sum, child) => sum + (child.totalCost ?? 0), 0);
    return Math.max(ratio((node.totalCost ?? 0) - below, this.plan.nodes[0]?.totalCost), 0);
  }
}

function ratio(part: number, whole: number | undefined): number {
  return whole === undefined || whole <= 0 ? 0 : Math.min(Math.max(part / whole, 0), 1);
}
