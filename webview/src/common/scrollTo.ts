/** Where to scroll so that a row is in sight below a sticky head; where it is, nothing changes. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number, head: number, foot = 0): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const room = height - head - foot;
  return top + rowHeight > scrollTop + room ? top + rowHeight - room : scrollTop;
}
