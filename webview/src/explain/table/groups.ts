import type { Plan, PlanNode } from "#protocol/plan";
import { relationLabel } from "../planIndex.js";
import type { Column } from "./columns.js";

export type GroupBy = "relation" | "index" | "type";

export interface NodeGroup {
  readonly name: string;
  /** False for what has no such name. */
  readonly named: boolean;
  readonly nodes: readonly PlanNode[];
}

const keys: Record<GroupBy, (node: PlanNode) => string | undefined> = {
  relation: (node) => node.relation && relationLabel({ ...node, alias: undefined }),
  index: (node) => node.index,
  type: (node) => node.type,
};

/** Nodes that share a relation, index or type; the others together at the end, so that the sums are of all nodes. */
export function groupNodes(plan: Plan, by: GroupBy): NodeGroup[] {
  const groups = new Map<string, PlanNode[]>();
  const rest: PlanNode[] = [];
  for (const node of plan.nodes) {
    const key = keys[by](node);
    if (key === undefined) rest.push(node);
    else if (groups.has(key)) groups.get(key)?.push(node);
    else groups.set(key, [node]);
  }
  const named = [...groups].map(([name, nodes]) => ({ name, named: true, nodes }));
  return rest.length === 0
    ? named
    : [...named, { name: by === "relation" ? "Without a relation" : "Without an index", named: false, nodes: rest }];
}

/** Undefined where no node knows the number. */
export function sumOf(nodes: readonly PlanNode[], column: Column): number | undefined {
  const values = nodes.flatMap((node) => column.value(node) ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** Greatest sum first, by the first column that has any. */
export function sortGroups(groups: readonly NodeGroup[], column: Column | undefined, descending = true): readonly NodeGroup[] {
  const weight = (group: NodeGroup) => (column ? (sumOf(group.nodes, column) ?? -1) : group.nodes.length);
  const direction = descending ? -1 : 1;
  return [...groups].sort((a, b) => direction * (weight(a) - weight(b)));
}
