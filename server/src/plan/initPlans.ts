import { numberAt } from "./json.js";
import { timeRounding } from "./measures.js";
import { forEachExpression, isGather, isInitPlan, type RawNode } from "./rawTree.js";
import { initPlanMarks, marksIn } from "./reference.js";
import type { Room } from "./room.js";
import { isStartedAnew, keyConditions } from "./runtimeKeys.js";
import { evaluationRanks, subtreeEnds } from "./tree.js";

/** For each InitPlan the node in which it ran: the first that evaluates it. */
export function placeInitPlans(nodes: readonly RawNode[], room: Room): ReadonlyMap<number, number> {
  const search = new Search(nodes);
  const placed = new Map<number, number>();
  for (const initPlan of nodes.filter(isInitPlan)) {
    const host = search.host(initPlan, room);
    if (host === undefined) continue;
    placed.set(initPlan.index, host);
    room.take(host, initPlan.index);
  }
  return placed;
}

class Search {
  private readonly ends: readonly number[];
  private readonly ranks: readonly number[];
  /** Mark → nodes whose expressions name it. */
  private readonly mentions: ReadonlyMap<string, readonly number[]>;

  constructor(private readonly nodes: readonly RawNode[]) {
    this.ends = subtreeEnds(nodes);
    this.ranks = evaluationRanks(nodes);
    this.mentions = findMentions(nodes);
  }

  host(initPlan: RawNode, room: Room): number | undefined {
    const owner = initPlan.parent;
    if (owner === undefined) return undefined;
    const marks = initPlanMarks(initPlan);
    const mentioned = [...new Set(marks.flatMap((mark) => this.mentions.get(mark) ?? []))]
      .filter((node) => this.isInScope(node, owner, initPlan))
      .sort((a, b) => this.firstRank(a, owner) - this.firstRank(b, owner));
    const choosing = this.choosing(mentioned);
    const evaluators = this.distinct(
      mentioned.flatMap((node) => [this.starter(node, marks, owner, choosing), this.evaluator(node, owner)]),
    );
    const holding = evaluators.filter((node) => room.holds(node, initPlan.index));
    const early = holding.find((node) => this.beforeFirstRow(node, initPlan));
    if (early !== undefined) return early;
    if (holding[0] !== undefined) return holding[0];
    return this.other(mentioned, owner, initPlan, room) ?? evaluators[0] ?? owner;
  }

  /**
   * Not where it is named: a node above that starts the named one anew evaluates its keys, an Append chooses partitions by it. Without VERBOSE
   * projections are not shown, and LIMIT's count never is: then it is the owner, or whatever below has room for it.
   */
  private other(mentioned: readonly number[], owner: number, initPlan: RawNode, room: Room): number | undefined {
    const holds = (node: number): boolean => (this.nodes[node]?.loops ?? 0) > 0 && room.holds(node, initPlan.index);
    for (const named of mentioned) {
      for (let above = this.nodes[named]?.parent; above !== undefined && above >= owner; above = this.nodes[above]?.parent)
        if (holds(above)) return above;
    }
    if (holds(owner)) return owner;
    let best: number | undefined;
    for (let node = owner + 1; node < (this.ends[owner] ?? 0); node++) {
      const evaluator = this.isInScope(node, owner, initPlan) ? this.evaluator(node, owner) : undefined;
      if (evaluator !== undefined && (best === undefined || this.rank(evaluator) < this.rank(best)) && holds(evaluator)) best = evaluator;
    }
    return best;
  }

  /** The node above the named one, where that needs the value before the named one runs: for its keys, or to leave partitions out. */
  private starter(named: number, marks: readonly string[], owner: number, choosing: ReadonlySet<number>): number | undefined {
    const node = this.nodes[named];
    const above = node?.parent;
    if (!node || above === undefined || above < owner) return undefined;
    const isKey =
      keyConditions(node)
        .flatMap(marksIn)
        .some((mark) => marks.includes(mark)) && isStartedAnew(node, this.nodes);
    return isKey || choosing.has(above) ? this.evaluator(above, owner) : undefined;
  }

  /** An Append that did not run a partition whose condition names the InitPlan has looked at the value before. */
  private choosing(mentioned: readonly number[]): ReadonlySet<number> {
    const above = mentioned.filter((named) => this.nodes[named]?.loops === 0).map((named) => this.nodes[named]?.parent ?? 0);
    return new Set(above.filter((node) => this.nodes[node]?.type === "Append" || this.nodes[node]?.type === "Merge Append"));
  }

  private firstRank(named: number, owner: number): number {
    return this.rank(this.evaluator(named, owner) ?? named);
  }

  private isInScope(node: number, owner: number, initPlan: RawNode): boolean {
    const inside = node >= owner && node < (this.ends[owner] ?? 0);
    return inside && !(node >= initPlan.index && node < (this.ends[initPlan.index] ?? 0));
  }

  /** A Gather evaluates the InitPlans of its owner's level for its workers, before it launches them. */
  private evaluator(consumer: number, owner: number): number | undefined {
    let result = (this.nodes[consumer]?.loops ?? 0) > 0 ? consumer : undefined;
    for (let at: number | undefined = consumer; at !== undefined && at >= owner; at = this.nodes[at]?.parent) {
      const node = this.nodes[at];
      if (node && isGather(node) && (node.loops ?? 0) > 0) result = at;
    }
    return result;
  }

  /** What decides about the first row was evaluated before it. Only told of nodes that ran once. */
  private beforeFirstRow(node: number, initPlan: RawNode): boolean {
    const host = this.nodes[node];
    const startup = host?.loops === 1 ? numberAt(host.keys, "Actual Startup Time") : undefined;
    if (startup === undefined || initPlan.loops !== 1 || initPlan.processTime === undefined) return true;
    return initPlan.processTime <= startup + 2 * timeRounding;
  }

  private distinct(found: readonly (number | undefined)[]): number[] {
    return [...new Set(found.filter((node) => node !== undefined))];
  }

  private rank(node: number): number {
    return this.ranks[node] ?? 0;
  }
}

function findMentions(nodes: readonly RawNode[]): ReadonlyMap<string, readonly number[]> {
  const mentions = new Map<string, number[]>();
  for (const node of nodes) {
    forEachExpression(node, (expression) => {
      for (const mark of marksIn(expression)) {
        const found = mentions.get(mark);
        if (!found) mentions.set(mark, [node.index]);
        else if (found.at(-1) !== node.index) found.push(node.index);
      }
    });
  }
  return mentions;
}
