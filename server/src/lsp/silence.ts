import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#protocol/finding";

/**
 * A comment above the finding's line that silences its rule there. The reason is a snippet's placeholder, selected for typing: a silence
 * without a reason is of no use to the next reader.
 */
export function silenceEdit(document: TextDocument, finding: Finding): WorkspaceEdit {
  const line = (finding.silenceLine ?? finding.line) - 1;
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const indent = text.slice(0, text.length - text.trimStart().length).replace(/[\r\n]/g, "");
  const mark = document.languageId === "python" ? "#" : "--";
  const eol = text.endsWith("\r\n") ? "\r\n" : "\n";
  const at = { line, character: 0 };
  const value = `${indent}${mark} db-optimize: ignore[${finding.rule}] \${1:reason}${eol}`;
  return {
    documentChanges: [
      {
        textDocument: { uri: document.uri, version: document.version },
        edits: [{ range: { start: at, end: at }, snippet: { kind: "snippet", value } }],
      },
    ],
  };
}
