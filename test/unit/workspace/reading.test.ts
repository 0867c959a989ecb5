import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, readProjectFile } from "../../../server/src/workspace/reading.js";
import { makeTree } from "./tree.js";

const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const readable: [name: string, content: Buffer, text: string][] = [
  ["UTF-8", bytes("x = 'é'"), "x = 'é'"],
  ["a byte order mark does not count", bytes([0xef, 0xbb, 0xbf], "x"), "x"],
  ["CRLF stays", bytes("a\r\nb"), "a\r\nb"],
  ["a declared encoding", bytes("# -*- coding: latin-1 -*-\nx = '", [0xe9], "'"), "# -*- coding: latin-1 -*-\nx = 'é'"],
  [
    "declared in line two",
    bytes("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n", [0x80]),
    "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n€",
  ],
  ["line three declares nothing", bytes("\n\n# coding: latin-1\né"), "\n\n# coding: latin-1\né"],
  ["empty", bytes(""), ""],
];
test.each(readable)("reads: %s", (_name, content, text) => {
  expect(decode(content)).toMatchObject({ ok: { text } });
});

const unreadable: [name: string, content: Buffer, warning: string][] = [
  ["no UTF-8", bytes("x = '", [0xe9], "'"), "it is not UTF-8"],
  ["binary", bytes("x", [0], "y"), "it is binary"],
  ["an encoding that nobody knows", bytes("# coding: klingon\n"), "(klingon)"],
];
test.each(unreadable)("leaves out: %s", (_name, content, warning) => {
  expect(decode(content)).toEqual({ warning: expect.stringContaining(warning) });
});

test("leaves out what is huge, no file, or not there, in one line each", () => {
  const root = makeTree({ "huge.py": "", "sub/a.py": "" });
  truncateSync(`${root}/huge.py`, 6 * 1024 * 1024);
  execFileSync("mkfifo", [`${root}/pipe.py`]);
  const warnings = ["huge.py", "sub", "pipe.py", "gone.py"].map((name) => readProjectFile(`${root}/${name}`));
  expect(warnings).toMatchObject([
    { warning: "This file was left out: it has 6.0 MB, more than the 5 MB that are analysed." },
    { warning: "This file was left out: it is no regular file." },
    { warning: "This file was left out: it is no regular file." },
    { warning: "This file was left out: it does not exist." },
  ]);
});

test("the same text has the same hash, with a byte order mark and without", () => {
  const root = makeTree({ "a.py": "x = 1\n", "b.py": "\ufeffx = 1\n" });
  writeFileSync(`${root}/c.py`, "x = 2\n");
  const [a, b, c] = ["a", "b", "c"].map((name) => readProjectFile(`${root}/${name}.py`)).map((read) => ("ok" in read ? read.ok.hash : ""));
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});
