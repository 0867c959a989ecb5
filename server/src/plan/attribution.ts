import type { Charge } from "#protocol/plan";
import type { Column } from "./columns.js";
import { numberAt } from "./json.js";
import { isGuest } from "./hosts.js";
import { isCte, isGather, type RawNode } from "./rawTree.js";

/** Why a sum of self values differs from the root's inclusive value, or where work was counted that its node did not count. */
export interface Discrepancy {
  readonly node: number;
  readonly cause: "gather" | "async" | "after-plan" | "shutdown" | "rounding" | "unexplained";
  /** Positive. For all but `shutdown` what the self values count beyond the root. */
  readonly amount: number;
}

export interface Attribution {
  /** Per node, over all its processes; never negative. */
  readonly self: Float64Array;
  /** ± of each. */
  readonly error: Float64Array;
  /** The root's value and what was done after the plan had ended. */
  readonly total: number;
  readonly charges: readonly Charge[];
  readonly discrepancies: readonly Discrepancy[];
}

/** What is known of the whole tree before any figure is looked at. */
export interface Layout {
  readonly nodes: readonly RawNode[];
  /** Where each node's work lies; see `findHosts`. */
  readonly hosts: readonly (readonly number[])[];
  /** By what the time of a child is divided inside its parent: processes under a Gather, otherwise 1. */
  readonly shared: Float64Array;
  /** Processes that share each node's work. */
  readonly processes: Float64Array;
}

/** What ran inside a node and is no node itself. */
export interface Inside {
  readonly node: number;
  readonly amount: number;
  /** Position in `Plan.triggers`. */
  readonly trigger: number;
}

/** Takes from each node what ran inside it, so that Σ self = total, but for the discrepancies. */
export function attribute(layout: Layout, column: Column, inside: readonly Inside[] = []): Attribution {
  const ledger = new Ledger(layout, column);
  ledger.takeChildren();
  for (const { node, amount, trigger } of inside) ledger.charge(node, amount, "trigger", trigger, column.measure.rounding);
  for (const node of layout.nodes) if (isGuest(node, layout.hosts) && !isCte(node)) ledger.takeGuest(node);
  for (const node of layout.nodes) if (isCte(node)) ledger.takeCte(node);
  ledger.settle();
  return ledger;
}

class Ledger implements Attribution {
  readonly self: Float64Array;
  readonly error: Float64Array;
  readonly charges: Charge[] = [];
  readonly discrepancies: Discrepancy[] = [];

  constructor(
    private readonly layout: Layout,
    private readonly column: Column,
  ) {
    this.self = column.inclusive.slice();
    this.error = column.error.slice();
  }

  get total(): number {
    const afterPlan = this.discrepancies.reduce((sum, { cause, amount }) => (cause === "after-plan" ? sum + amount : sum), 0);
    return this.inclusive(0) + afterPlan;
  }

  takeChildren(): void {
    for (const node of this.layout.nodes) {
      if (node.parent === undefined || isGuest(node, this.layout.hosts)) continue;
      const share = this.isTime ? at(this.layout.shared, node.index) : 1;
      add(this.self, node.parent, -this.inclusive(node.index) / share);
      add(this.error, node.parent, at(this.column.error, node.index) / share);
    }
  }

  charge(node: number, amount: number, cause: Charge["cause"], of: number | undefined, error = 0): void {
    add(this.error, node, error);
    if (amount === 0) return;
    add(this.self, node, -amount);
    const { figure } = this.column.measure;
    this.charges.push({ node: String(node), figure, amount, cause, of: of === undefined ? undefined : String(of) });
  }

  takeGuest(node: RawNode): void {
    const host = this.layout.hosts[node.index]?.[0];
    if (host !== undefined) this.charge(host, this.inclusive(node.index), "guest", node.index, at(this.column.error, node.index));
  }

  /**
   * A CTE's work was done by its scans, whichever came first: each gives its share S·I/ΣS. What I has beyond ΣS was done when the plan was shut
   * down, while the node that owns the CTE ran, or, where the CTE changes data, after the plan.
   */
  takeCte(cte: RawNode): void {
    const { hosts, nodes } = this.layout;
    const { measure } = this.column;
    const error = at(this.column.error, cte.index);
    const scans = hosts[cte.index] ?? [];
    const available = scans.map((scan) => Math.max(at(this.self, scan), 0));
    const sum = available.reduce((a, b) => a + b, 0);
    const inclusive = this.inclusive(cte.index);
    const bound = scans.reduce((total, scan) => total + at(this.error, scan), error) * slack;
    // What rounding alone made too much is taken all the same: the scan is then below zero within its bound.
    const taken = scans.length > 0 && inclusive - sum <= bound ? inclusive : Math.min(inclusive, sum);
    const shares = apportion(taken, available, measure.whole);
    scans.forEach((scan, position) => this.charge(scan, shares[position] ?? 0, "cte", cte.index, error));
    const rest = inclusive - taken;
    if (rest <= 0) return;
    if (cte.type === "ModifyTable") this.discrepancies.push({ node: cte.index, cause: "after-plan", amount: rest });
    else this.chargeAbove(nodes[cte.index], rest);
  }

  /** Nothing is shown negative: within the rounding error it is zero, beyond it somebody above did the work, or the cause is named. */
  settle(): void {
    for (let index = this.self.length - 1; index >= 0; index--) {
      const missing = -at(this.self, index);
      const node = this.layout.nodes[index];
      if (missing <= 0 || !node) continue;
      if (missing <= at(this.error, index) * slack) this.clamp(index, missing, "rounding");
      else if (this.isTime && isGather(node) && hasWorkers(node)) this.clamp(index, missing, "gather");
      else if (this.isTime && this.isAsync(node)) this.clamp(index, missing, "async");
      else {
        this.charge(index, -missing, "shutdown", index);
        this.chargeAbove(node, missing);
      }
    }
  }

  /**
   * What a node did when it was not running: when a node above shut it down or started it anew. The nearest that has it pays. Time of several
   * processes is as many times as much in one that waits for them.
   */
  private chargeAbove(node: RawNode | undefined, amount: number): void {
    if (!node) return;
    let rest = amount;
    for (let above = node.parent; above !== undefined && rest > 0; above = this.layout.nodes[above]?.parent) {
      const scale = this.isTime ? at(this.layout.processes, above) / at(this.layout.processes, node.index) : 1;
      const paid = Math.min(rest * scale, Math.max(at(this.self, above), 0));
      if (paid > 0) this.charge(above, paid, "shutdown", node.index, at(this.error, node.index) * scale);
      rest = paid === rest * scale ? 0 : rest - paid / scale;
    }
    if (amount > rest) this.discrepancies.push({ node: node.index, cause: "shutdown", amount: amount - rest });
    if (rest > 0) this.discrepancies.push({ node: node.index, cause: "unexplained", amount: rest });
  }

  private clamp(index: number, amount: number, cause: "rounding" | "gather" | "async"): void {
    this.charge(index, -amount, cause, undefined);
    this.self[index] = 0;
    this.discrepancies.push({ node: index, cause, amount });
  }

  private get isTime(): boolean {
    return this.column.measure.figure === "time";
  }

  private isAsync(node: RawNode): boolean {
    return node.children.some((child) => this.layout.nodes[child]?.keys["Async Capable"] === true);
  }

  private inclusive(index: number): number {
    return at(this.column.inclusive, index);
  }
}

/** Without workers the leader does all, inside the Gather: then nothing overlaps. */
function hasWorkers(gather: RawNode): boolean {
  return numberAt(gather.keys, "Workers Launched") !== 0;
}

/** For sums of binary fractions. */
const slack = 1 + 1e-6;

const at = (values: Float64Array, index: number): number => values[index] ?? 0;

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = at(values, index) + amount;
}

/** Splits in proportion; whole numbers stay whole and keep their sum (largest remainder). */
function apportion(amount: number, weights: readonly number[], whole: boolean): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map((_, position) => (position === 0 ? amount : 0));
  const exact = weights.map((weight) => (amount * weight) / sum);
  if (!whole) return exact;
  const shares = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  let missing = Math.round(amount - shares.reduce((a, b) => a + b, 0));
  for (const { index } of byRemainder) if (missing-- > 0) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
