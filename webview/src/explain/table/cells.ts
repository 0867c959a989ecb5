/** A cell of a grid: the header is row -1, the node's name column 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit into the viewport. */
  readonly page: number;
}

/** Where a key leads, after the ARIA grid pattern; undefined for keys that mean nothing here. */
export function moveCell(key: string, ctrl: boolean, at: Cell, size: GridSize): Cell | undefined {
  const to = (row: number, column: number): Cell => ({
    row: Math.max(-1, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  });
  switch (key) {
    case "ArrowDown":
      return to(at.row + 1, at.column);
    case "ArrowUp":
      return to(at.row - 1, at.column);
    case "ArrowRight":
      return to(at.row, at.column + 1);
    case "ArrowLeft":
      return to(at.row, at.column - 1);
    case "PageDown":
      return to(at.row + size.page, at.column);
    case "PageUp":
      return to(Math.max(0, at.row - size.page), at.column);
    case "Home":
      return ctrl ? to(0, 0) : to(at.row, 0);
    case "End":
      return ctrl ? to(size.rows - 1, size.columns - 1) : to(at.row, size.columns - 1);
    default:
      return undefined;
  }
}

/** The id of a cell's element. */
export function cellId({ row, column }: Cell): string {
  return `cell-${row === -1 ? "head" : row}-${column}`;
}
