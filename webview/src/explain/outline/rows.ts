import type { PlanNode } from "#protocol/plan";
import type { PlanIndex } from "../planIndex.js";

export interface OutlineRow {
  readonly node: PlanNode;
  /** From 1, as aria-level counts. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Undefined for leaves. */
  readonly expanded: boolean | undefined;
}

/** The rows in sight, top to bottom. Written as a loop: plans over many partitions are deep or wide beyond the stack. */
export function outlineRows(index: PlanIndex, collapsed: ReadonlySet<string>): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const open: OutlineRow[] = index.root ? [rowOf(index.root, 1, 1, 1, collapsed)] : [];
  for (let row = open.pop(); row; row = open.pop()) {
    rows.push(row);
    if (!row.expanded) continue;
    const children = row.node.children.flatMap((id) => index.nodes.get(id) ?? []);
    for (let i = children.length - 1; i >= 0; i--)
      open.push(rowOf(children[i] as PlanNode, row.level + 1, i + 1, children.length, collapsed));
  }
  return rows;
}

function rowOf(node: PlanNode, level: number, position: number, siblings: number, collapsed: ReadonlySet<string>): OutlineRow {
  return { node, level, position, siblings, expanded: node.children.length === 0 ? undefined : !collapsed.has(node.id) };
}

export type OutlineMove = { readonly select: string } | { readonly expand: string } | { readonly collapse: string };

/** What a key does on the selected row, after the ARIA tree pattern. */
export function moveBy(key: string, rows: readonly OutlineRow[], selected: string): OutlineMove | undefined {
  const at = rows.findIndex(({ node }) => node.id === selected);
  const row = rows[at];
  if (!row) return undefined;
  const select = (target: OutlineRow | undefined) => target && { select: target.node.id };
  switch (key) {
    case "ArrowDown":
      return select(rows[at + 1]);
    case "ArrowUp":
      return select(rows[at - 1]);
    case "Home":
      return select(rows[0]);
    case "End":
      return select(rows.at(-1));
    case "ArrowRight":
      return row.expanded === false ? { expand: row.node.id } : row.expanded ? select(rows[at + 1]) : undefined;
    case "ArrowLeft":
      if (row.expanded) return { collapse: row.node.id };
      return row.node.parent === undefined ? undefined : { select: row.node.parent };
    default:
      return undefined;
  }
}

/** The nearest node in sight: a hidden one is stood for by its collapsed ancestor. */
export function visibleAncestor(index: PlanIndex, rows: readonly OutlineRow[], selected: string): string | undefined {
  const shown = new Set(rows.map(({ node }) => node.id));
  let id: string | undefined = selected;
  while (id !== undefined && !shown.has(id)) id = index.nodes.get(id)?.parent;
  return id;
}
