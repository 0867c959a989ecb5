import type { PlanNode } from "#protocol/plan";
import { milliseconds, percent } from "../format.js";
import type { InsightSubject } from "./insight.js";

/** "took 45.1 ms, 80 % of the execution", or the planner's share of cost where nothing ran. */
export function tookSelf(node: PlanNode, subject: InsightSubject): string {
  const share = percent(subject.share(node));
  if (node.selfWallTimeMs === undefined) return `is ${share} of the planner's cost`;
  return `took ${milliseconds(node.selfWallTimeMs)}, ${share} of the execution`;
}
