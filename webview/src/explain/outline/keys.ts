import type { Shown } from "../tree/shownTree.js";

export type OutlineMove = { readonly select: string } | { readonly expand: string } | { readonly collapse: string };

/** Rows that Page Up and Page Down pass. */
const page = 10;

/** What a key does on the selected row, after the ARIA tree pattern. */
export function moveBy(key: string, rows: readonly Shown[], selected: string): OutlineMove | undefined {
  const at = rows.findIndex(({ id }) => id === selected);
  const row = rows[at];
  if (!row) return undefined;
  const select = (target: Shown | undefined) => target && { select: target.id };
  switch (key) {
    case "ArrowDown":
      return select(rows[at + 1]);
    case "ArrowUp":
      return select(rows[at - 1]);
    case "PageDown":
      return select(rows[Math.min(rows.length - 1, at + page)]);
    case "PageUp":
      return select(rows[Math.max(0, at - page)]);
    case "Home":
      return select(rows[0]);
    case "End":
      return select(rows.at(-1));
    case "ArrowRight":
      return row.expanded === false ? { expand: row.id } : row.expanded ? select(rows[at + 1]) : undefined;
    case "ArrowLeft":
      return row.expanded ? { collapse: row.id } : select(row.parent);
    default:
      return undefined;
  }
}

/** The next row, round the end, whose name begins with what was typed; one letter alone goes on from row to row. */
export function typedAhead(typed: string, rows: readonly Shown[], selected: string): string | undefined {
  const at = rows.findIndex(({ id }) => id === selected);
  const from = typed.length === 1 ? at + 1 : Math.max(0, at);
  const sought = typed.toLowerCase();
  const begins = ({ node }: Shown) => node.type.toLowerCase().startsWith(sought) || node.relation?.toLowerCase().startsWith(sought);
  return [...rows.slice(from), ...rows.slice(0, from)].find(begins)?.id;
}
