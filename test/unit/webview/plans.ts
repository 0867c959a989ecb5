import type { Plan, PlanNode } from "#protocol/plan";

/** A plan from a few lines: `[id, parent, extra]`. Ids are the plan's own; children follow from the parents. */
export function planOf(...rows: readonly (readonly [string, string | undefined, Partial<PlanNode>?])[]): Plan {
  const nodes: PlanNode[] = rows.map(([id, parent, extra]) => ({
    id,
    parent,
    children: rows.filter(([, of]) => of === id).map(([child]) => child),
    type: "Seq Scan",
    operation: extra?.type ?? "Seq Scan",
    title: "Seq Scan",
    neverExecuted: false,
    details: [],
    ...extra,
  }));
  return { analyzed: nodes.some((node) => node.selfTimeMs !== undefined), nodes, triggers: [], settings: [], insights: [], source: "[]" };
}
