import type { Finding, Fix, TextEdit } from "#protocol/finding";

/** The fix that may be made without asking; undefined where a person must look first. */
export function safeFix({ fixes }: Finding): Fix | undefined {
  return fixes.find((fix) => fix.applicability === "safe" && fix.edits.length > 0);
}

/**
 * The safe fixes that can be made at once. A fix is taken whole or not at all: one that clashes with an earlier one waits for the next
 * round. Two fixes may add the same import: equal edits at one place are one edit.
 */
export function combineSafeFixes(findings: readonly Finding[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const fresh = safeFix(finding)?.edits.filter((edit) => !taken.some((other) => sameEdit(edit, other))) ?? [];
    if (!fresh.some((edit) => taken.some((other) => clash(edit, other)))) taken.push(...fresh);
  }
  return taken;
}

function before(aLine: number, aColumn: number, bLine: number, bColumn: number): boolean {
  return aLine < bLine || (aLine === bLine && aColumn < bColumn);
}

/** Two insertions at one place clash too: their order would be a guess. */
function clash(a: TextEdit, b: TextEdit): boolean {
  if (a.file !== b.file) return false;
  const [x, y] = [a.range, b.range];
  const sameStart = x.line === y.line && x.column === y.column;
  return sameStart || (before(x.line, x.column, y.endLine, y.endColumn) && before(y.line, y.column, x.endLine, x.endColumn));
}

function sameEdit(a: TextEdit, b: TextEdit): boolean {
  const [x, y] = [a.range, b.range];
  const sameRange = x.line === y.line && x.column === y.column && x.endLine === y.endLine && x.endColumn === y.endColumn;
  return a.file === b.file && a.newText === b.newText && sameRange;
}
