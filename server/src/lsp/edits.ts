import type { Finding, Fix, TextEdit } from "#protocol/finding";
import type { TextDocumentEdit, WorkspaceEdit, TextEdit as LspTextEdit } from "vscode-languageserver/node";
import { toLspRange } from "./positions.js";

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

/** Safe first; advice without an edit is part of the message and no action. */
export function offeredFixes(finding: Finding): readonly { fix: Fix; index: number }[] {
  const rank = { safe: 0, unsafe: 1, displayOnly: 2 } as const;
  return finding.fixes
    .map((fix, index) => ({ fix, index }))
    .filter(({ fix }) => fix.applicability !== "displayOnly" && fix.edits.length > 0)
    .sort((a, b) => rank[a.fix.applicability] - rank[b.fix.applicability]);
}
