import { describe, expect, test } from "vitest";
import type { Finding, Fix, TextEdit } from "#protocol/finding";
import { combineSafeFixes } from "../../../server/src/lsp/edits.js";
import { folderOf } from "../../../server/src/lsp/folders.js";
import { escapeMarkdown } from "../../../server/src/lsp/hover.js";
import { overlaps, touches } from "../../../server/src/lsp/positions.js";
import { defaults, readSettings } from "../../../server/src/lsp/settings.js";
import { pathOf, uriOf } from "../../../server/src/lsp/uris.js";

const span = (from: number, to: number) => ({ start: { line: 0, character: from }, end: { line: 0, character: to } });

test.each<[[number, number], [number, number], boolean, boolean]>([
  [[0, 2], [2, 4], true, false],
  [[0, 3], [2, 4], true, true],
  [[0, 1], [2, 4], false, false],
  [[2, 2], [2, 4], true, false],
  [[3, 3], [2, 4], true, true],
])("%j and %j touch: %s, overlap: %s", (a, b, touching, overlapping) => {
  expect(touches(span(...a), span(...b))).toBe(touching);
  expect(overlaps(span(...a), span(...b))).toBe(overlapping);
});

const edit = (from: number, to: number, newText: string, file = "a.py"): TextEdit => ({
  ...{ file, newText },
  range: { line: 1, column: from, endLine: 1, endColumn: to },
});
const fix = (applicability: Fix["applicability"], ...edits: TextEdit[]): Fix => ({ title: "t", applicability, edits });
const finding = (...fixes: Fix[]): Finding => ({ fixes }) as unknown as Finding;

describe("fix all", () => {
  const importLine = edit(1, 1, "import a\n");
  test.each<[string, Finding[], TextEdit[]]>([
    ["takes safe fixes", [finding(fix("safe", edit(1, 2, "x")))], [edit(1, 2, "x")]],
    ["takes no unsafe ones", [finding(fix("unsafe", edit(1, 2, "x")))], []],
    ["one per finding", [finding(fix("safe", edit(1, 2, "x")), fix("safe", edit(1, 2, "y")))], [edit(1, 2, "x")]],
    [
      "adds an import once",
      [finding(fix("safe", importLine, edit(5, 6, "x"))), finding(fix("safe", importLine, edit(7, 8, "y")))],
      [importLine, edit(5, 6, "x"), edit(7, 8, "y")],
    ],
    [
      "leaves a clashing fix out whole",
      [finding(fix("safe", edit(5, 8, "x"))), finding(fix("safe", importLine, edit(7, 9, "y")))],
      [edit(5, 8, "x")],
    ],
    [
      "different insertions at one place clash: their order would be a guess",
      [finding(fix("safe", edit(5, 5, "x"))), finding(fix("safe", edit(5, 5, "y")))],
      [edit(5, 5, "x")],
    ],
    [
      "the same place in another file does not clash",
      [finding(fix("safe", edit(5, 8, "x"))), finding(fix("safe", edit(5, 8, "x", "b.py")))],
      [edit(5, 8, "x"), edit(5, 8, "x", "b.py")],
    ],
  ])("%s", (_name, findings, edits) => expect(combineSafeFixes(findings)).toEqual(edits));
});

test.each([
  ["file:///a/b.py", "/a/b.py"],
  ["file:///a/b%20c%C3%A4.py", "/a/b cä.py"],
  ["untitled:Untitled-1", undefined],
  ["vscode-notebook-cell:/a/b.ipynb#c", undefined],
  ["file://host%zz/a", undefined],
])("path of %s", (uri, path) => expect(pathOf(uri)).toBe(path));

test("an open document's own spelling wins", () => {
  expect(uriOf("/a/b c.py", ["file:///a/b c.py"])).toBe("file:///a/b c.py");
  expect(uriOf("/a/b c.py")).toBe("file:///a/b%20c.py");
});

test.each([
  ["/a/b/c.py", ["/a", "/a/b"], "/a/b"],
  ["/a/bc.py", ["/a/b"], undefined],
  ["/a", ["/a"], "/a"],
  ["/x.py", ["/"], "/"],
])("folder of %s in %j", (file, folders, folder) => expect(folderOf(file, folders)).toBe(folder));

test.each<[unknown, Partial<typeof defaults>, number]>([
  [undefined, {}, 0],
  [null, {}, 0],
  [[], {}, 0],
  [{ enable: null, unknown: 1 }, {}, 0],
  [{ enable: "x", exclude: [1], includeTests: true }, { includeTests: true }, 2],
  [{ rules: [] }, {}, 1],
  [{ rules: { known: "error", other: "off" } }, { rules: { known: "error" } }, 1],
])("settings %j", (raw, changed, complaints) => {
  const { settings, problems } = readSettings(raw, new Set(["known"]));
  expect(settings).toEqual({ ...defaults, ...changed });
  expect(problems).toHaveLength(complaints);
});

test("text becomes no Markdown", () => {
  expect(escapeMarkdown("`a` <b> [c](d) *e*")).toBe("\\`a\\` \\<b\\> \\[c\\]\\(d\\) \\*e\\*");
});
