import type { Plan, PlanNode } from "#protocol/plan";
import type { PlanIndex } from "../planIndex.js";
import type { Measure } from "./measure.js";

/** A rectangle of the icicle; `x` and `width` are shares of the whole, 0 to 1. */
export interface Frame {
  /** Undefined for what is no node: triggers, serialization, unattributed time. */
  readonly node: PlanNode | undefined;
  readonly label: string;
  readonly depth: number;
  readonly x: number;
  readonly width: number;
  /** In the measure's unit, contents included. */
  readonly value: number;
  /** A CTE that several scans read is drawn in each, with the part that each of them had. */
  readonly part: boolean;
}

interface Guest {
  readonly node: PlanNode;
  readonly share: number;
}

/** Frames in drawing order: parents before what they contain, left to right. Loops, no recursion: plans can be deeper than the stack. */
export function layoutFlame(index: PlanIndex, measure: Measure): Frame[] {
  const { root, plan } = index;
  if (!root) return [];
  const contents = contentsOf(index, measure.own !== undefined);
  const order = orderOf(root, contents);
  const values = valuesOf(order, contents, measure);
  const others = measure.id === "wall" ? othersOf(plan) : [];
  const whole = (values.get(root) ?? 0) + others.reduce((sum, { value }) => sum + value, 0);
  if (whole <= 0) return [];
  const top = others.length > 0 ? 1 : 0;
  const rootFrame: Placed = { node: root, depth: top, x: 0, width: (values.get(root) ?? 0) / whole, share: 1 };
  const frames = place(rootFrame, contents, values, measure);
  if (top === 0) return frames;
  const execution: Frame = { node: undefined, label: "Execution", depth: 0, x: 0, width: 1, value: whole, part: false };
  let x = rootFrame.width;
  const beside = others.map(({ label, value }): Frame => {
    const frame = { node: undefined, label, depth: 1, x, width: value / whole, value, part: false };
    x += frame.width;
    return frame;
  });
  return [execution, ...frames, ...beside];
}

/** What InitPlans and CTEs took lies in the nodes that evaluate them, everything else in its parent; the planner's costs always do. */
function contentsOf({ plan, nodes }: PlanIndex, measured: boolean): ReadonlyMap<PlanNode, readonly Guest[]> {
  const contents = new Map<PlanNode, Guest[]>();
  for (const node of plan.nodes) {
    const parent = node.parent === undefined ? [] : [node.parent];
    const hosts = ((measured && node.includedIn) || parent).flatMap((id) => nodes.get(id) ?? []);
    const weights = hosts.map((host) => host.processTimeMs ?? host.totalCost ?? 0);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    hosts.forEach((host, i) => {
      const share = sum > 0 ? (weights[i] ?? 0) / sum : 1 / hosts.length;
      if (share <= 0) return;
      const guests = contents.get(host);
      if (guests) guests.push({ node, share });
      else contents.set(host, [{ node, share }]);
    });
  }
  return contents;
}

/** Every node before what it contains. A node that hosts contain several times comes after the last of them. */
function orderOf(root: PlanNode, contents: ReadonlyMap<PlanNode, readonly Guest[]>): readonly PlanNode[] {
  const waiting = new Map<PlanNode, number>();
  for (const guests of contents.values()) for (const { node } of guests) waiting.set(node, (waiting.get(node) ?? 0) + 1);
  const order: PlanNode[] = [];
  const ready = [root];
  for (let node = ready.pop(); node; node = ready.pop()) {
    order.push(node);
    for (const guest of contents.get(node) ?? []) {
      const left = (waiting.get(guest.node) ?? 1) - 1;
      waiting.set(guest.node, left);
      if (left === 0) ready.push(guest.node);
    }
  }
  return order;
}

function valuesOf(order: readonly PlanNode[], contents: ReadonlyMap<PlanNode, readonly Guest[]>, measure: Measure): Map<PlanNode, number> {
  const values = new Map<PlanNode, number>();
  for (const node of [...order].reverse()) {
    const inside = (contents.get(node) ?? []).reduce((sum, guest) => sum + (values.get(guest.node) ?? 0) * guest.share, 0);
    values.set(node, measure.own ? (measure.own(node) ?? 0) + inside : (measure.inclusive?.(node) ?? inside));
  }
  return values;
}

interface Placed {
  readonly node: PlanNode;
  readonly depth: number;
  readonly x: number;
  readonly width: number;
  readonly share: number;
}

/** What nobody could see or hit at any zoom is left out: a plan over 10,000 partitions has most of its frames there. */
const least = 1e-9;

function place(
  root: Placed,
  contents: ReadonlyMap<PlanNode, readonly Guest[]>,
  values: ReadonlyMap<PlanNode, number>,
  measure: Measure,
): Frame[] {
  const frames: Frame[] = [];
  const open = [root];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, depth, x, width, share } = at;
    const value = (values.get(node) ?? 0) * share;
    frames.push({ node, label: labelOf(node), depth, x, width, value, part: share < 1 });
    const guests = contents.get(node) ?? [];
    const inside = guests.reduce((sum, guest) => sum + (values.get(guest.node) ?? 0) * guest.share * share, 0);
    // Own parts fit by construction; costs of what a LIMIT stops early are more than their parent's.
    const scale = value <= 0 ? 0 : width / (measure.own ? value : Math.max(value, inside));
    let left = x;
    const children = guests.map((guest): Placed => {
      const child = (values.get(guest.node) ?? 0) * guest.share * share * scale;
      left += child;
      return { node: guest.node, depth: depth + 1, x: left - child, width: child, share: share * guest.share };
    });
    for (let i = children.length - 1; i >= 0; i--) if ((children[i] as Placed).width > least) open.push(children[i] as Placed);
  }
  return frames;
}

export function labelOf(node: PlanNode): string {
  return node.subplanName ? `${node.subplanName}: ${node.title}` : node.title;
}

function othersOf(plan: Plan): { label: string; value: number }[] {
  return [
    { label: "Triggers", value: plan.triggers.reduce((sum, { timeMs }) => sum + (timeMs ?? 0), 0) },
    { label: "Serialization", value: plan.serializationMs ?? 0 },
    { label: "Unattributed", value: plan.unattributedMs ?? 0 },
  ].filter(({ value }) => value > 0);
}
