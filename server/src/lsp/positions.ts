import type { Position, Range as LspRange } from "vscode-languageserver/node";
import type { Range } from "#protocol/place";

/** The protocol counts from 1, the editor from 0; both count UTF-16 units. */
export function toLspRange(range: Range): LspRange {
  return {
    start: { line: range.line - 1, character: range.column - 1 },
    end: { line: range.endLine - 1, character: range.endColumn - 1 },
  };
}

function atOrBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

/** Touching counts: a cursor at either end of a finding means the finding. */
export function touches(a: LspRange, b: LspRange): boolean {
  return atOrBefore(a.start, b.end) && atOrBefore(b.start, a.end);
}
