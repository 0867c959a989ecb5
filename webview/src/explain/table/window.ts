/** Rows from `start` to before `end`. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** The rows that a scroller shows, with some above and below, so that scrolling never shows a gap. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, count: number, more = 8): RowWindow {
  // Rows may have become fewer since the scroller was last moved.
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const start = Math.max(0, Math.floor(top / rowHeight) - more);
  return { start, end: Math.min(count, Math.ceil((top + height) / rowHeight) + more) };
}

/** Where to scroll so that a row is in sight below a sticky head; where it is, nothing changes. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number, head: number, foot = 0): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const room = height - head - foot;
  return top + rowHeight > scrollTop + room ? top + rowHeight - room : scrollTop;
}
