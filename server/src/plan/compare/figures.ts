import type { Change } from "#protocol/comparison";
import type { Buffers, Plan, PlanNode } from "#protocol/plan";

/** Blocks touched: those that a statement writes back later are counted where it read them. */
export function blocksOf(buffers: Buffers | undefined): number | undefined {
  if (!buffers) return undefined;
  return buffers.sharedHit + buffers.sharedRead + buffers.localHit + buffers.localRead + buffers.tempRead + buffers.tempWritten;
}

/** Ran or not decides what rows are; a plan's estimate is never set beside another's count. */
export function rowsOf(node: PlanNode, analyzed: boolean): number | undefined {
  return analyzed ? node.rows : node.estimatedRows;
}

export function changeOf<T>(before: T | undefined, after: T | undefined, figure: (of: T) => number | undefined): Change | undefined {
  const [old, now] = [before === undefined ? undefined : figure(before), after === undefined ? undefined : figure(after)];
  if (old === undefined && now === undefined) return undefined;
  return { ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
}

interface Measured {
  readonly value: number | undefined;
  readonly error: number | undefined;
}

/** Whether two figures differ by more than their digits can tell; undefined where none is known. One that is missing is nothing. */
export function differs(before: Measured, after: Measured): boolean | undefined {
  if (before.value === undefined && after.value === undefined) return undefined;
  const error = (before.error ?? 0) + (after.error ?? 0);
  return Math.abs((after.value ?? 0) - (before.value ?? 0)) > error;
}

export const rootCost = (plan: Plan): number | undefined => plan.nodes[0]?.totalCost;
