import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#protocol/finding";
import { silenceEdit } from "../../../server/src/lsp/silence.js";

/** `|` stands before the finding. The languages that the editor gives to templates are many: the name of the file decides. */
function checkSilence(file: string, marked: string, expected: string): void {
  const text = marked.replace("|", "");
  const document = TextDocument.create(`file:///${file}`, "whatever", 1, text);
  const { line, character } = document.positionAt(marked.indexOf("|"));
  const place = { line: line + 1, column: character + 1, endLine: line + 1, endColumn: character + 2 };
  const finding = { ...place, file: `/${file}`, rule: "r", silenceLine: line + 1 } as Finding;
  const [change] = silenceEdit(document, finding).documentChanges ?? [];
  if (!change || !("edits" in change)) throw new Error("no edit");
  const edits = change.edits.map((edit) => ({ range: edit.range, newText: "snippet" in edit ? edit.snippet.value : "" }));
  expect(TextDocument.applyEdits(document, edits)).toBe(expected);
}

describe("a silence in the form of its file", () => {
  const said = "db-optimize: ignore[r] ${1:reason}";
  const html = `<p>\n  {# ${said} #}\n  {{ a.b }}`;
  const cases: readonly (readonly [string, string, string])[] = [
    ["a.py", "def f():\n\t|x", `def f():\n\t# ${said}\n\tx`],
    ["a.sql", "select 1;\r\n  |x\r\n", `select 1;\r\n  -- ${said}\r\n  x\r\n`],
    ["a.html", "<p>\n  {{ |a.b }}", html],
    ["a.html.j2", "<p>\n  {{ |a.b }}", html],
    ["a.jinja2", "<p>\n  {{ |a.b }}", html],
    ["a.XML", "<p>\n  {{ |a.b }}", html],
    ["a.html", "<p>\r\n{{ |a.b }}\r\n", `<p>\r\n{# ${said} #}\r\n{{ a.b }}\r\n`],
    ["a.html", "{% if x\n%}{{ |a.b }}", `{% if x\n%}{# ${said} #}{{ a.b }}`],
    ["a.html", "<p>\n  {{- |a.b }}", `<p>\n  {#- ${said} #}\n  {{- a.b }}`],
    ["a.txt", "* {{ |a.b }}", `* {# ${said} #}{{ a.b }}`],
    ["a.txt.j2", "* {{ |a.b }}", `* {# ${said} #}{{ a.b }}`],
    ["a.md", "* {{ |a.b }}", `* {# ${said} #}{{ a.b }}`],
    ["a.conf.jinja", "\n{% for x in |a.b %}", `\n{# ${said} #}{% for x in a.b %}`],
  ];
  for (const [file, text, expected] of cases)
    test(`${file}: ${JSON.stringify(text)}`, () => {
      checkSilence(file, text, expected);
    });
});
