import { containsBuffers, noBuffers, subtractBuffers, addBuffers } from "./buffers.js";
import { timeMeasure } from "./measures.js";
import { countParticipants } from "./participants.js";
import { expressions, isCte, isGather, isInitPlan, type RawNode } from "./rawTree.js";
import { initPlanMarks, mentions } from "./reference.js";
import { textAt } from "./json.js";

/**
 * Where each node's time and buffers lie: inside its parent, but for CTEs (in their scans) and InitPlans (in the first node that
 * evaluates them). Empty for the root and for a CTE that nobody scans.
 */
export function findHosts(nodes: readonly RawNode[]): readonly (readonly number[])[] {
  const hosts = nodes.map((node): readonly number[] => (node.parent === undefined ? [] : [node.parent]));
  for (const node of nodes) if (isCte(node)) hosts[node.index] = [];
  for (const [cte, scans] of scansOfCtes(nodes)) hosts[cte] = scans;
  placeInitPlans(nodes, hosts);
  return hosts;
}

/** A scan belongs to the nearest enclosing CTE of its name: inner ones shadow outer ones. */
function scansOfCtes(nodes: readonly RawNode[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const scan of nodes) {
    const name = scan.type === "CTE Scan" ? textAt(scan.keys, "CTE Name") : undefined;
    if (name === undefined) continue;
    for (
      let at = scan.parent === undefined ? undefined : nodes[scan.parent];
      at;
      at = at.parent === undefined ? undefined : nodes[at.parent]
    ) {
      const cte = at.children.map((child) => nodes[child]).find((child) => child && isCte(child) && child.subplanName === `CTE ${name}`);
      if (!cte) continue;
      found.set(cte.index, [...(found.get(cte.index) ?? []), scan.index]);
      break;
    }
  }
  return found;
}

function placeInitPlans(nodes: readonly RawNode[], hosts: (readonly number[])[]): void {
  const initPlans = nodes.filter(isInitPlan);
  if (initPlans.length === 0) return;
  const room = new Room(nodes);
  for (const initPlan of initPlans) {
    const candidates = hostsInOrder(initPlan, nodes);
    const host = candidates.find((candidate) => room.holds(candidate, initPlan)) ?? candidates[0];
    if (host === undefined) continue;
    hosts[initPlan.index] = [host];
    room.take(host, initPlan);
  }
}

/** Nodes that may be the first to evaluate an InitPlan, likeliest first. */
function hostsInOrder(initPlan: RawNode, nodes: readonly RawNode[]): readonly number[] {
  const owner = initPlan.parent === undefined ? undefined : nodes[initPlan.parent];
  if (!owner) return [];
  const marks = initPlanMarks(initPlan);
  const scope = executionOrder(owner, nodes).filter((node) => !isInside(node, initPlan, nodes));
  const mentioned = scope.filter((node) => expressions(node).some((text) => marks.some((mark) => mentions(text, mark))));
  // Without VERBOSE projections are not shown, and LIMIT's count never is: then it is the owner, or whatever below has room for it.
  const silent = [owner, ...scope.filter((node) => node !== owner)];
  const wanted = mentioned.length > 0 ? [...mentioned, ...silent] : silent;
  return [...new Set(wanted.map((node) => evaluator(node, owner, nodes)))];
}

/** A Gather evaluates the InitPlans of its owner's level for its workers, before it launches them. */
function evaluator(consumer: RawNode, owner: RawNode, nodes: readonly RawNode[]): number {
  let result = consumer.index;
  for (let at: RawNode | undefined = consumer; at; at = at === owner || at.parent === undefined ? undefined : nodes[at.parent]) {
    if (isGather(at)) result = at.index;
  }
  return result;
}

/** Children before parents, the hashed side of a join before the other: the order in which rows are first asked for, near enough. */
function executionOrder(root: RawNode, nodes: readonly RawNode[]): readonly RawNode[] {
  const reversed: RawNode[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    reversed.push(node);
    const children = node.children.flatMap((child) => nodes[child] ?? []);
    waiting.push(...(node.type === "Hash Join" ? children.reverse() : children));
  }
  return reversed.reverse();
}

function isInside(node: RawNode, root: RawNode, nodes: readonly RawNode[]): boolean {
  for (let at: RawNode | undefined = node; at; at = at.parent === undefined ? undefined : nodes[at.parent]) if (at === root) return true;
  return false;
}

/** What each node has left for InitPlans once its ordinary children are taken out. */
class Room {
  private readonly time: number[];
  private readonly buffers;

  constructor(nodes: readonly RawNode[]) {
    const participants = countParticipants(nodes, (node) => node.parent);
    const inside = (node: RawNode): readonly RawNode[] =>
      node.children.flatMap((child) => nodes[child] ?? []).filter((child) => child.relationship !== "InitPlan");
    this.time = nodes.map((node) => {
      const shared = isGather(node) ? (child: RawNode) => participants[child.index] ?? 1 : () => 1;
      const taken = inside(node).reduce((sum, child) => sum + timeMeasure.inclusive(child) / shared(child), 0);
      return timeMeasure.inclusive(node) + timeMeasure.error(node) - taken;
    });
    this.buffers = nodes.map((node) =>
      inside(node).reduce((left, child) => subtractBuffers(left, child.buffers ?? noBuffers), node.buffers ?? noBuffers),
    );
  }

  holds(host: number, guest: RawNode): boolean {
    const time = timeMeasure.inclusive(guest) - timeMeasure.error(guest) <= (this.time[host] ?? 0);
    return time && containsBuffers(this.buffers[host] ?? noBuffers, guest.buffers ?? noBuffers);
  }

  take(host: number, guest: RawNode): void {
    this.time[host] = (this.time[host] ?? 0) - timeMeasure.inclusive(guest);
    this.buffers[host] = addBuffers(this.buffers[host] ?? noBuffers, subtractBuffers(noBuffers, guest.buffers ?? noBuffers));
  }
}
