import { extname } from "node:path";
import type { Range, WorkspaceEdit } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#protocol/finding";
import { commentPlace } from "../templates/index.js";
import { languageOf } from "../workspace/index.js";

/**
 * A comment that silences the finding's rule there, in the form of the file's language. The reason is a snippet's placeholder, selected for
 * typing: a silence without a reason is of no use to the next reader.
 */
export function silenceEdit(document: TextDocument, finding: Finding): WorkspaceEdit {
  const language = languageOf(finding.file);
  const said = `db-optimize: ignore[${finding.rule}] \${1:reason}`;
  if (language === undefined) return inTemplate(document, finding, said);
  return above(document, (finding.silenceLine ?? finding.line) - 1, `${language === "python" ? "#" : "--"} ${said}`);
}

function inTemplate(document: TextDocument, finding: Finding, said: string): WorkspaceEdit {
  const offset = document.offsetAt({ line: finding.line - 1, character: finding.column - 1 });
  const place = commentPlace(document.getText(), offset, isMarkup(finding.file));
  const at = document.positionAt(place.offset);
  const comment = `{#${place.mark} ${said} #}`;
  return place.form === "above" ? above(document, at.line, comment) : edit(document, { start: at, end: at }, comment);
}

/** Whether blank lines mean nothing in what the template writes; `page.html.j2` writes HTML, and so does what says nothing else. */
function isMarkup(file: string): boolean {
  const last = extname(file).toLowerCase();
  const inner = [".j2", ".jinja", ".jinja2"].includes(last) ? extname(file.slice(0, -last.length)).toLowerCase() : last;
  return ["", ".html", ".htm", ".xml"].includes(inner);
}

/** On a line of its own above `line`, counted from 0. */
function above(document: TextDocument, line: number, comment: string): WorkspaceEdit {
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const indent = text.slice(0, text.length - text.trimStart().length).replace(/[\r\n]/g, "");
  const eol = text.endsWith("\r\n") ? "\r\n" : "\n";
  const at = { line, character: 0 };
  return edit(document, { start: at, end: at }, `${indent}${comment}${eol}`);
}

function edit({ uri, version }: TextDocument, range: Range, value: string): WorkspaceEdit {
  return { documentChanges: [{ textDocument: { uri, version }, edits: [{ range, snippet: { kind: "snippet", value } }] }] };
}
