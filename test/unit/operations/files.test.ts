import { chmodSync, lstatSync, readFileSync, readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import type { TextEdit } from "../../../server/src/protocol/finding.js";
import { readBaseline, writeBaseline } from "../../../server/src/operations/baseline.js";
import { writeAtomically, writeNew } from "../../../server/src/operations/files.js";
import { applyEdits, writeEdits } from "../../../server/src/operations/fixes.js";
import { decode } from "../../../server/src/workspace/reading.js";
import { makeFinding } from "../report/finding.js";
import { makeTree } from "../workspace/tree.js";

const { signal } = new AbortController();

test("replaces a file, keeps its mode, follows a link, leaves nothing behind", async () => {
  const root = makeTree({ "a.sh": "old", "link.sh": "-> a.sh" });
  chmodSync(`${root}/a.sh`, 0o750);
  await writeAtomically(`${root}/link.sh`, "new");
  expect(readFileSync(`${root}/a.sh`, "utf8")).toBe("new");
  expect(statSync(`${root}/a.sh`).mode & 0o777).toBe(0o750);
  expect(lstatSync(`${root}/link.sh`).isSymbolicLink()).toBe(true);
  expect(readdirSync(root).sort()).toEqual(["a.sh", "link.sh"]);
});

test("a new file never replaces one", async () => {
  const root = makeTree({ "a.py": "old" });
  await expect(writeNew(`${root}/a.py`, "new")).rejects.toThrow("it exists already");
  await writeNew(`${root}/b.py`, "new");
  expect(readFileSync(`${root}/a.py`, "utf8")).toBe("old");
  expect(readdirSync(root).sort()).toEqual(["a.py", "b.py"]);
});

test("a place that cannot be written is named", async () => {
  await expect(writeAtomically(`${makeTree({})}/no/such/folder/x`, "")).rejects.toThrow(/cannot be written: it does not exist/);
});

function edit(given: string, newText: string, file = "a.py"): TextEdit {
  const [line, column, endLine, endColumn] = given.split(/[:-]/).map(Number) as [number, number, number, number];
  return { file, range: { line, column, endLine, endColumn }, newText };
}

const applied: [name: string, text: string, edits: TextEdit[], expected: string][] = [
  ["insert, replace, delete", "ab\ncd\n", [edit("1:1-1:1", "x"), edit("2:1-2:2", "y"), edit("2:3-3:1", "")], "xab\nyd"],
  ["at the end", "ab", [edit("1:3-1:3", "c")], "abc"],
  ["behind a pair of surrogates", "'😀'x", [edit("1:5-1:6", "y")], "'😀'y"],
  ["lines end as editors see it", "a\r\nb\rc\nd", [edit("2:1-2:2", "B"), edit("4:1-4:2", "D")], "a\r\nB\rc\nD"],
];
test.each(applied)("applies: %s", (_name, text, edits, expected) => {
  expect(applyEdits(text, edits)).toBe(expected);
});

test("writes edits: byte order mark and line ends stay; what changed meanwhile or is not UTF-8 is left alone", async () => {
  const latin = Buffer.from("# coding: latin-1\nx = 'é'\n", "latin1");
  const root = makeTree({ "a.py": "\ufeffx\r\ny\r\n", "edited.py": "new text\n", "latin.py": latin });
  const before: Record<string, string> = { "a.py": "x\r\ny\r\n", "edited.py": "old text\n", "latin.py": "# coding: latin-1\nx = 'é'\n" };
  const edits = Object.keys(before).map((name) => edit("1:1-1:1", "import z\n", `${root}/${name}`));
  const result = await writeEdits(edits, (file) => before[file.slice(root.length + 1)], signal);
  expect(result.files).toEqual([`${root}/a.py`]);
  expect(result.skipped.map(({ message }) => message)).toEqual([
    expect.stringContaining("edited while it was being analysed"),
    expect.stringContaining("only UTF-8 is written"),
  ]);
  expect(readFileSync(`${root}/a.py`, "utf8")).toBe("\ufeffimport z\r\nx\r\ny\r\n");
  expect(readFileSync(`${root}/edited.py`, "utf8")).toBe("new text\n");
  expect(decode(readFileSync(`${root}/latin.py`))).toMatchObject({ ok: { text: before["latin.py"] } });
});

test("a baseline lists the findings in an order that does not move", async () => {
  const root = makeTree({});
  const findings = ["z", "a"].map((id) => makeFinding({ id, file: `${root}/app/${id}.py` }));
  await writeBaseline(`${root}/known.json`, findings, (file) => file.slice(root.length + 1));
  expect(await readBaseline(`${root}/known.json`)).toEqual(new Set(["a", "z"]));
  const text = readFileSync(`${root}/known.json`, "utf8");
  expect(text.indexOf('"app/a.py"')).toBeLessThan(text.indexOf('"app/z.py"'));
  expect(text).not.toContain(root);
});

const badBaselines: [content: string | undefined, message: RegExp][] = [
  [undefined, /cannot be read: it does not exist/],
  ["{", /is no JSON/],
  ['{"version":2,"findings":[]}', /no baseline of this version/],
];
test.each(badBaselines)("a baseline that cannot be used is named: %s", async (content, message) => {
  const root = makeTree(content === undefined ? {} : { "known.json": content });
  await expect(readBaseline(`${root}/known.json`)).rejects.toThrow(message);
});
