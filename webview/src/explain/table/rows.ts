import type { PlanNode } from "#protocol/plan";
import type { PlanIndex } from "../planIndex.js";
import type { Column } from "./columns.js";

export interface TableRow {
  readonly node: PlanNode;
  /** From 0, the root's. */
  readonly depth: number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** Every node in the tree's order. Written as a loop: plans can be deeper than the stack. */
export function treeRows(index: PlanIndex): TableRow[] {
  const rows: TableRow[] = [];
  const open: TableRow[] = index.root ? [{ node: index.root, depth: 0 }] : [];
  for (let row = open.pop(); row; row = open.pop()) {
    rows.push(row);
    const { children } = row.node;
    for (let i = children.length - 1; i >= 0; i--) {
      const node = index.nodes.get(children[i] as string);
      if (node) open.push({ node, depth: row.depth + 1 });
    }
  }
  return rows;
}

/** Unknown values stand last either way, equal ones in the tree's order. */
export function sortRows(rows: readonly TableRow[], column: Column | undefined, descending: boolean): readonly TableRow[] {
  if (!column) return rows;
  const ranked = rows.map((row) => {
    const value = column.value(row.node);
    return { row, rank: value === undefined ? undefined : (column.rank?.(value) ?? value) };
  });
  const direction = descending ? -1 : 1;
  ranked.sort((a, b) => {
    if (a.rank === undefined || b.rank === undefined) return Number(a.rank === undefined) - Number(b.rank === undefined);
    return a.rank === b.rank ? 0 : direction * (a.rank < b.rank ? -1 : 1);
  });
  return ranked.map(({ row }) => row);
}

/** A header's presses: most first, least first, the tree again. */
export function nextSort(sort: Sort | undefined, column: string): Sort | undefined {
  if (sort?.column !== column) return { column, descending: true };
  return sort.descending ? { column, descending: false } : undefined;
}
