import { isCte, isGather, type RawNode } from "./rawTree.js";
import type { Measure } from "./measures.js";

/** Why a sum of self values differs from the root's inclusive value. */
export interface Discrepancy {
  readonly node: number;
  readonly cause: "gather" | "async" | "after-plan" | "rounding" | "unexplained";
  /** What the self values count beyond the root: positive. */
  readonly amount: number;
}

export interface Attribution {
  /** Per node, over all its processes; never negative. */
  readonly self: readonly number[];
  /** ± of each. */
  readonly error: readonly number[];
  readonly discrepancies: readonly Discrepancy[];
}

interface Ledger {
  readonly nodes: readonly RawNode[];
  readonly hosts: readonly (readonly number[])[];
  readonly measure: Measure;
  /** By what a child's value is divided inside its host: participants under a Gather for times, 1 for counters. */
  readonly shared: (child: RawNode) => number;
  readonly left: number[];
  readonly error: number[];
  readonly discrepancies: Discrepancy[];
}

/** Takes from each node what ran inside it, so that Σ self = root, but for the discrepancies. */
export function attribute(
  nodes: readonly RawNode[],
  hosts: readonly (readonly number[])[],
  measure: Measure,
  shared: (child: RawNode) => number,
  /** What ran inside a node and is no node itself: triggers. */
  other: (node: RawNode) => number = () => 0,
): Attribution {
  const left = nodes.map((node) => measure.inclusive(node) - other(node));
  const ledger: Ledger = { nodes, hosts, measure, shared, left, error: nodes.map(measure.error), discrepancies: [] };
  for (const node of nodes) if (!isGuest(node)) takeFromHost(ledger, node, node.parent);
  for (const node of nodes) if (isCte(node)) takeCteFromScans(ledger, node);
  for (const node of nodes) if (isGuest(node) && !isCte(node)) takeFromHost(ledger, node, hosts[node.index]?.[0] ?? node.parent);
  settle(ledger);
  return { self: left, error: ledger.error, discrepancies: ledger.discrepancies };
}

const isGuest = (node: RawNode): boolean => node.relationship === "InitPlan" && node.parent !== undefined;

function takeFromHost({ nodes, measure, shared, left, error }: Ledger, node: RawNode, host: number | undefined): void {
  if (host === undefined || !nodes[host]) return;
  left[host] = (left[host] ?? 0) - measure.inclusive(node) / shared(node);
  error[host] = (error[host] ?? 0) + measure.error(node) / shared(node);
}

/**
 * A CTE's work was done by its scans, whichever came first: each gives its share S·I/ΣS. What I has beyond ΣS was done when the plan was shut
 * down, which the node that owns the CTE is charged with, or after the plan (data-changing CTEs that nobody read to the end).
 */
function takeCteFromScans(ledger: Ledger, cte: RawNode): void {
  const { hosts, measure, left, error } = ledger;
  const inclusive = measure.inclusive(cte);
  const scans = hosts[cte.index] ?? [];
  const available = scans.map((scan) => Math.max(left[scan] ?? 0, 0));
  const sum = available.reduce((a, b) => a + b, 0);
  const taken = Math.min(inclusive, sum);
  const shares = sum > 0 ? apportion(taken, available, measure.name !== "time") : available;
  scans.forEach((scan, index) => {
    left[scan] = (left[scan] ?? 0) - (shares[index] ?? 0);
    error[scan] = (error[scan] ?? 0) + measure.error(cte);
  });
  chargeOwner(ledger, cte, inclusive - taken);
}

function chargeOwner({ left, discrepancies, error, measure }: Ledger, cte: RawNode, rest: number): void {
  if (rest <= 0 || cte.parent === undefined) return;
  const charged = Math.min(rest, Math.max(left[cte.parent] ?? 0, 0));
  left[cte.parent] = (left[cte.parent] ?? 0) - charged;
  error[cte.parent] = (error[cte.parent] ?? 0) + measure.error(cte);
  const beyond = rest - charged;
  if (beyond <= 0) return;
  const cause = beyond <= measure.error(cte) + (error[cte.parent] ?? 0) ? "rounding" : "after-plan";
  discrepancies.push({ node: cte.index, cause, amount: beyond });
}

/** Splits in proportion; whole numbers stay whole and keep their sum (largest remainder). */
function apportion(amount: number, weights: readonly number[], whole: boolean): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
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

/** Nothing is shown negative: within the rounding error it is zero, beyond it is zero and its cause is named. */
function settle({ nodes, left, error, discrepancies }: Ledger): void {
  nodes.forEach((node, index) => {
    const value = left[index] ?? 0;
    if (value >= 0) return;
    left[index] = 0;
    const within = -value <= (error[index] ?? 0) * (1 + 1e-9) + 1e-9;
    discrepancies.push({ node: index, cause: within ? "rounding" : causeOf(node, nodes), amount: -value });
  });
}

function causeOf(node: RawNode, nodes: readonly RawNode[]): Discrepancy["cause"] {
  if (isGather(node)) return "gather";
  return node.children.some((child) => nodes[child]?.keys["Async Capable"] === true) ? "async" : "unexplained";
}
