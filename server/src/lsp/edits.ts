import type { Finding, Fix, TextEdit } from "#protocol/finding";
import type { TextDocumentEdit, WorkspaceEdit, TextEdit as LspTextEdit } from "vscode-languageserver/node";
import { overlaps, toLspRange } from "./positions.js";

export interface EditEnvironment {
  readonly uriOf: (path: string) => string;
  /** Version of an open document: an edit that was computed for another text is refused by the editor. */
  readonly versionOf: (uri: string) => number | null;
}

export function toWorkspaceEdit(edits: readonly TextEdit[], { uriOf, versionOf }: EditEnvironment): WorkspaceEdit {
  const byUri = new Map<string, LspTextEdit[]>();
  for (const edit of edits) {
    const uri = uriOf(edit.file);
    byUri.set(uri, [...(byUri.get(uri) ?? []), { range: toLspRange(edit.range), newText: edit.newText }]);
  }
  const documentChanges: TextDocumentEdit[] = [...byUri].map(([uri, edits]) => ({
    textDocument: { uri, version: versionOf(uri) },
    edits,
  }));
  return { documentChanges };
}

/**
 * The safe fixes that can be made at once. A fix is taken whole or not at all: one that clashes with an earlier one waits for the next
 * run. Two fixes may add the same import: equal edits at one place are one edit.
 */
export function combineSafeFixes(findings: readonly Finding[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes.find((candidate) => candidate.applicability === "safe" && candidate.edits.length > 0);
    if (!fix) continue;
    const fresh = fix.edits.filter((edit) => !taken.some((other) => equal(edit, other)));
    const clash = fresh.some((edit) => taken.some((other) => other.file === edit.file && clashes(edit, other)));
    if (!clash) taken.push(...fresh);
  }
  return taken;
}

function clashes(a: TextEdit, b: TextEdit): boolean {
  const [x, y] = [toLspRange(a.range), toLspRange(b.range)];
  const samePlace = x.start.line === y.start.line && x.start.character === y.start.character;
  return samePlace || overlaps(x, y);
}

function equal(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.newText === b.newText && JSON.stringify(toLspRange(a.range)) === JSON.stringify(toLspRange(b.range));
}

/** Safe first; advice without an edit is part of the message and no action. */
export function offeredFixes(finding: Finding): readonly { fix: Fix; index: number }[] {
  const rank = { safe: 0, unsafe: 1, displayOnly: 2 } as const;
  return finding.fixes
    .map((fix, index) => ({ fix, index }))
    .filter(({ fix }) => fix.applicability !== "displayOnly" && fix.edits.length > 0)
    .sort((a, b) => rank[a.fix.applicability] - rank[b.fix.applicability]);
}
