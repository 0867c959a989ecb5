import type { PlanNode } from "#protocol/plan";
import { count, milliseconds, percent } from "../format.js";
import type { Evidence } from "./insight.js";
import type { InsightSubject } from "./subject.js";

/** "took 45.1 ms, 80 % of the execution", or the planner's share of cost where nothing ran. */
export function tookSelf(node: PlanNode, subject: InsightSubject): string {
  const share = percent(subject.share(node));
  if (node.selfWallTimeMs === undefined) return `is ${share} of the planner's cost`;
  return `took ${milliseconds(node.selfWallTimeMs)}, ${share} of the execution`;
}

/** The same with everything below. */
export function tookAll(node: PlanNode, subject: InsightSubject): string {
  const share = percent(subject.shareWithChildren(node));
  if (node.wallTimeMs === undefined) return `is ${share} of the planner's cost`;
  return `took ${milliseconds(node.wallTimeMs)}, ${share} of the execution`;
}

type Figure = readonly [label: string, value: string | undefined];

/** Figures that are not known are not shown. */
export function evidence(...figures: readonly Figure[]): Evidence {
  return figures.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

/** The node's own time as a figure. */
export function selfTime(node: PlanNode, subject: InsightSubject): Figure {
  const ms = node.selfWallTimeMs;
  return ["Self time", ms === undefined ? undefined : `${milliseconds(ms)} (${percent(subject.share(node))})`];
}

/** "about 399,999" where the rows are a rounded average times the loops, else "400,000". */
export function rowsText(node: PlanNode): string {
  const exact = (node.rowsError ?? 0) === 0;
  return `${exact ? "" : "about "}${count(node.rows ?? 0)}`;
}
