import type { PlanNode } from "#protocol/plan";
import { estimatedTotal } from "../planIndex.js";
import type { Box } from "./layoutPlan.js";

export interface Edge {
  readonly id: string;
  readonly path: string;
  readonly width: number;
}

/** Rows span nine orders of magnitude: thickness follows their logarithm. */
export function edgeWidth(rows: number | undefined): number {
  if (!rows || rows <= 0) return 1;
  return Math.min(14, 1.5 + 1.7 * Math.log10(rows + 1));
}

export function edgesOf(boxes: readonly Box[], nodes: ReadonlyMap<string, PlanNode>): Edge[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return boxes.flatMap((child) => {
    const parent = child.parent === undefined ? undefined : byId.get(child.parent);
    const node = nodes.get(child.id);
    if (!parent || !node) return [];
    return [{ id: child.id, path: curve(child, parent), width: edgeWidth(node.rows ?? estimatedTotal(node)) }];
  });
}

/** Rows flow upwards: from the middle of the child's top to the middle of the parent's bottom. */
function curve(child: Box, parent: Box): string {
  const from = { x: child.x + child.width / 2, y: child.y };
  const to = { x: parent.x + parent.width / 2, y: parent.y + parent.height };
  const middle = (from.y + to.y) / 2;
  return `M${from.x},${from.y}C${from.x},${middle} ${to.x},${middle} ${to.x},${to.y}`;
}
