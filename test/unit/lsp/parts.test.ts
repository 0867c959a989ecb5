import { expect, test } from "vitest";
import { folderOf } from "../../../server/src/lsp/folders.js";
import { escapeMarkdown } from "../../../server/src/lsp/markdown.js";
import { touches } from "../../../server/src/lsp/positions.js";
import { defaults, readSettings } from "../../../server/src/lsp/settings.js";
import { pathOf, uriOf } from "../../../server/src/lsp/uris.js";

const span = (from: number, to: number) => ({ start: { line: 0, character: from }, end: { line: 0, character: to } });

test.each<[[number, number], [number, number], boolean]>([
  [[0, 2], [2, 4], true],
  [[0, 3], [2, 4], true],
  [[0, 1], [2, 4], false],
  [[2, 2], [2, 4], true],
  [[3, 3], [2, 4], true],
])("%j and %j touch: %s", (a, b, touching) => expect(touches(span(...a), span(...b))).toBe(touching));

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
