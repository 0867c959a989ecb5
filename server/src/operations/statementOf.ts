import type { Finding, Fix } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import type { Workspace } from "../workspace/workspace.js";
import { applyEdits } from "./fixes.js";

/**
 * Answers which SQL statement a finding stands in and, with a fix, how that statement would read after it. A fix moves what follows it,
 * but not the order of the statements: the n-th one before is the n-th one after.
 */
export function statementFinder(workspace: Workspace): (finding: Finding, fix?: Fix) => Promise<string | undefined> {
  return async (finding, fix) => {
    const before = await workspace.statements(finding.file);
    const position = before.findIndex((statement) => holds(statement, finding));
    if (position < 0) return undefined;
    if (!fix) return readable(before[position]);
    const text = workspace.textOf(finding.file);
    if (text === undefined || fix.edits.some((edit) => edit.file !== finding.file)) return undefined;
    const after = await workspace.statements(finding.file, applyEdits(text, fix.edits));
    return after.length === before.length ? readable(after[position]) : undefined;
  };
}

function readable(statement: LocatedStatement | undefined): string | undefined {
  return statement?.error ? undefined : statement?.sql;
}

function holds({ place }: LocatedStatement, finding: Finding): boolean {
  const startsBefore = place.line < finding.line || (place.line === finding.line && place.column <= finding.column);
  const endsAfter = place.endLine > finding.line || (place.endLine === finding.line && place.endColumn > finding.column);
  return startsBefore && endsAfter;
}
