import type { Change, ComparedNode } from "#protocol/comparison";
import type { ToPage } from "#protocol/pages";
import type { Plan, PlanNode } from "#protocol/plan";

export type Comparison = Extract<ToPage, { type: "comparison" }>;

/** A line of the merged tree. */
export interface Row {
  readonly node: ComparedNode;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

/** All nodes in preorder, with their places among their siblings. */
export function rowsOf(nodes: readonly ComparedNode[]): readonly Row[] {
  const rows = new Map<string, Row>();
  const places = new Map<string, number>();
  for (const node of nodes) node.children.forEach((child, index) => places.set(child, index));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    const parent = node.parent === undefined ? undefined : byId.get(node.parent);
    rows.set(node.id, {
      node,
      level: parent ? rows.get(parent.id)!.level + 1 : 1,
      position: (places.get(node.id) ?? 0) + 1,
      siblings: parent?.children.length ?? 1,
    });
  }
  return [...rows.values()];
}

/** By what a step's figures are compared: its time, where both plans were run, else what the planner thought. */
export type Measure = "selfTimeMs" | "cost";

export function measureOf(nodes: readonly ComparedNode[]): Measure {
  return nodes.some(({ selfTimeMs }) => selfTimeMs?.before !== undefined && selfTimeMs.after !== undefined) ? "selfTimeMs" : "cost";
}

/** After less before; what one side does not have is nothing there. Undefined where neither side has it. */
export function difference(change: Change | undefined): number | undefined {
  return change && (change.after ?? 0) - (change.before ?? 0);
}

/** The largest difference either way: what a bar of full length stands for. */
export function scaleOf(nodes: readonly ComparedNode[], measure: Measure): number {
  return nodes.reduce((most, node) => Math.max(most, Math.abs(difference(node[measure]) ?? 0)), 0);
}

/** The step that a reader wants to look at first: where most was won or lost among those done otherwise, else among all. */
export function firstOf(nodes: readonly ComparedNode[], measure: Measure): string {
  const changed = nodes.filter(({ kind }) => kind !== "same");
  const [first] = [...(changed.length > 0 ? changed : nodes)].sort(
    (a, b) => Math.abs(difference(b[measure]) ?? 0) - Math.abs(difference(a[measure]) ?? 0),
  );
  return first?.id ?? "";
}

export interface Fact {
  readonly key: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What the two nodes say of themselves, the differing first within the plan's own order. */
export function factsOf(before: PlanNode | undefined, after: PlanNode | undefined): readonly Fact[] {
  const values = (node: PlanNode | undefined) => new Map(node?.details.map(({ key, value }) => [key, value]));
  const [old, now] = [values(before), values(after)];
  const facts = [...new Set([...now.keys(), ...old.keys()])].map((key) => ({ key, before: old.get(key), after: now.get(key) }));
  return [...facts.filter((fact) => fact.before !== fact.after), ...facts.filter((fact) => fact.before === fact.after)];
}

export function nodeOf(plan: Plan, id: string | undefined): PlanNode | undefined {
  return id === undefined ? undefined : plan.nodes.find((node) => node.id === id);
}
