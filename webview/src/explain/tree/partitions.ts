import type { PlanNode } from "#protocol/plan";
import { childrenOf, type PlanIndex } from "../planIndex.js";

/** Siblings that do the same to one partition each. */
export interface PartitionGroup {
  readonly id: string;
  readonly parent: string;
  /** Of one type, with the same types below; in the plan's order. */
  readonly members: readonly PlanNode[];
}

/** Fewer are read faster one by one. */
export const fewestPartitions = 5;

export interface Partitions {
  readonly byParent: ReadonlyMap<string, readonly PartitionGroup[]>;
  readonly byMember: ReadonlyMap<string, PartitionGroup>;
  readonly byId: ReadonlyMap<string, PartitionGroup>;
}

const known = new WeakMap<PlanIndex, Partitions>();

/** Groups of equal siblings below nodes that put partitions together: Append, Merge Append, and the tasks of a custom scan. */
export function partitionsOf(index: PlanIndex): Partitions {
  let partitions = known.get(index);
  if (!partitions) known.set(index, (partitions = findPartitions(index)));
  return partitions;
}

function findPartitions(index: PlanIndex): Partitions {
  const byParent = new Map<string, PartitionGroup[]>();
  const byMember = new Map<string, PartitionGroup>();
  const byId = new Map<string, PartitionGroup>();
  const gatherers = index.plan.nodes.filter((node) => node.children.length >= fewestPartitions && gathers(node.type));
  if (gatherers.length === 0) return { byParent, byMember, byId };
  const shapes = shapesOf(index);
  for (const parent of gatherers) {
    const alike = new Map<string, PlanNode[]>();
    for (const child of childrenOf(index, parent)) {
      const kind = `${shapes.get(child.id)} ${child.relationship ?? ""}`;
      const others = alike.get(kind);
      if (others) others.push(child);
      else alike.set(kind, [child]);
    }
    for (const members of alike.values()) {
      if (members.length < fewestPartitions) continue;
      const group = { id: `partitions from ${members[0]?.id}`, parent: parent.id, members };
      byId.set(group.id, group);
      byParent.set(parent.id, [...(byParent.get(parent.id) ?? []), group]);
      for (const member of members) byMember.set(member.id, group);
    }
  }
  return { byParent, byMember, byId };
}

function gathers(type: string): boolean {
  return type.includes("Append") || type.startsWith("Custom Scan");
}

/** A number per node, the same for nodes whose subtrees have the same types. Children follow their parents: from the end on. */
function shapesOf(index: PlanIndex): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const shapes = new Map<string, number>();
  for (const node of index.plan.nodes.toReversed()) {
    const shape = `${node.type}(${node.children.map((id) => shapes.get(id)).join(" ")})`;
    const number = numbers.get(shape) ?? numbers.size;
    numbers.set(shape, number);
    shapes.set(node.id, number);
  }
  return shapes;
}

/** The group's members with everything below them. */
export function nodesOf(index: PlanIndex, { members }: PartitionGroup): PlanNode[] {
  const all: PlanNode[] = [];
  const open = members.toReversed();
  for (let node = open.pop(); node; node = open.pop()) {
    all.push(node);
    for (const child of childrenOf(index, node).reverse()) open.push(child);
  }
  return all;
}
