import type { Column, Columns } from "./columns.js";
import { isCte, isInitPlan, type RawNode } from "./rawTree.js";

/** What each node has left for guests once its ordinary children are taken out, in every measure. */
export class Room {
  private readonly measures: readonly { readonly column: Column; readonly left: Float64Array }[];

  /** @param movable nodes that may run elsewhere than in their parent, InitPlans and CTEs apart */
  constructor(nodes: readonly RawNode[], columns: Columns, shared: Float64Array, movable: ReadonlySet<RawNode>) {
    this.measures = [...columns.values()].map((column) => {
      const isTime = column.measure.figure === "time";
      const left = column.inclusive.map((value, index) => value + (column.error[index] ?? 0));
      for (const node of nodes) {
        if (node.parent === undefined || isCte(node) || isInitPlan(node) || movable.has(node)) continue;
        const taken = ((column.inclusive[node.index] ?? 0) - (column.error[node.index] ?? 0)) / (isTime ? (shared[node.index] ?? 1) : 1);
        left[node.parent] = (left[node.parent] ?? 0) - taken;
      }
      return { column, left };
    });
  }

  holds(host: number, guest: number): boolean {
    return this.measures.every(
      ({ column, left }) => (column.inclusive[guest] ?? 0) - (column.error[guest] ?? 0) <= (left[host] ?? 0) + 1e-9,
    );
  }

  take(host: number, guest: number): void {
    for (const { column, left } of this.measures) left[host] = (left[host] ?? 0) - (column.inclusive[guest] ?? 0);
  }
}
