import type { LocatedStatement } from "#protocol/statement";

/** Lines and columns from 1, as in the protocol. */
export interface Cursor {
  readonly line: number;
  readonly column: number;
}

/** The statement around the cursor; else the one whose lines hold it. */
export function statementAt(statements: readonly LocatedStatement[], cursor: Cursor): LocatedStatement | undefined {
  const around = statements.filter(
    ({ place }) => !before(cursor, place.line, place.column) && !after(cursor, place.endLine, place.endColumn),
  );
  const inner = around.reduce<LocatedStatement | undefined>((best, one) => (best && size(best) <= size(one) ? best : one), undefined);
  if (inner) return inner;
  const onLines = statements.filter(({ place }) => place.line <= cursor.line && cursor.line <= place.endLine);
  return onLines[0];
}

function before(cursor: Cursor, line: number, column: number): boolean {
  return cursor.line < line || (cursor.line === line && cursor.column < column);
}

function after(cursor: Cursor, line: number, column: number): boolean {
  return cursor.line > line || (cursor.line === line && cursor.column > column);
}

function size({ place }: LocatedStatement): number {
  return (place.endLine - place.line) * 100_000 + (place.endColumn - place.column);
}
