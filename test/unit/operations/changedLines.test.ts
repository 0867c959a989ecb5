import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ChangedLines, changesOf } from "../../../server/src/operations/changedLines.js";
import { makeTree } from "../workspace/tree.js";

const diffs: [name: string, diff: string, expected: Record<string, [number, number][]>][] = [
  ["one line", "--- a/x.py\n+++ b/x.py\n@@ -3 +3 @@ def f():\n-a\n+b\n", { "x.py": [[3, 3]] }],
  [
    "several",
    "--- a/x.py\n+++ b/x.py\n@@ -1,0 +2,3 @@\n+a\n+b\n+c\n@@ -9 +12 @@\n-a\n+b\n",
    {
      "x.py": [
        [2, 4],
        [12, 12],
      ],
    },
  ],
  ["only removed", "--- a/x.py\n+++ b/x.py\n@@ -3,2 +2,0 @@\n-a\n-b\n", { "x.py": [] }],
  ["deleted file", "--- a/x.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", {}],
  ["a line that looks like a header", "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n--- a/y.py\n+++ b/y.py\n", { "x.py": [[1, 1]] }],
  [
    "blank and tab in the name",
    '--- a/a b.py\t\n+++ b/a b.py\t\n@@ -0,0 +1 @@\n+x\n--- "a/t\\tq.py"\n+++ "b/t\\tq.py"\n@@ -0,0 +1 @@\n+x\n',
    { "a b.py": [[1, 1]], "t\tq.py": [[1, 1]] },
  ],
  ["UTF-8 in the name", '--- /dev/null\n+++ "b/\\303\\251.py"\n@@ -0,0 +1 @@\n+x\n', { "é.py": [[1, 1]] }],
  [
    "no newline at the end",
    "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n--- a/y\n+++ b/y\n@@ -5 +5 @@\n-a\n+b\n",
    { x: [[1, 1]], y: [[5, 5]] },
  ],
];
test.each(diffs)("reads a diff: %s", (_name, diff, expected) => {
  const changes = Object.fromEntries([...changesOf(diff)].map(([file, lines]) => [file, lines.map(({ from, to }) => [from, to])]));
  expect(changes).toEqual(expected);
});

function repository(): { root: string; git: (...args: string[]) => void } {
  const root = makeTree({ "a.py": "one\ntwo\nthree\n", "sub/b.py": "one\n", ".gitignore": "ignored.py\n" });
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
  const git = (...args: string[]): void => void execFileSync("git", [...identity, ...args], { cwd: root, stdio: "pipe" });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  return { root, git };
}
const { signal } = new AbortController();
const at = (line: number, endLine = line): { line: number; endLine: number } => ({ line, endLine });

test("committed, staged, unstaged and untracked changes count; ignored files do not", async () => {
  const { root, git } = repository();
  writeFileSync(`${root}/a.py`, "one\nTWO\nthree\n");
  git("commit", "-qam", "second");
  writeFileSync(`${root}/sub/b.py`, "one\nnew\n");
  writeFileSync(`${root}/sub/c.py`, "x\n");
  writeFileSync(`${root}/ignored.py`, "x\n");
  const changed = await ChangedLines.since([root], "HEAD~1", signal);
  const touched = (file: string, from: number, to?: number): boolean => changed.touches(`${root}/${file}`, at(from, to));
  expect([touched("a.py", 1), touched("a.py", 2), touched("a.py", 1, 3), touched("a.py", 3)]).toEqual([false, true, true, false]);
  expect([touched("sub/b.py", 1), touched("sub/b.py", 2), touched("sub/c.py", 1), touched("ignored.py", 1)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  const inSub = await ChangedLines.since([`${root}/sub`], "HEAD", signal);
  expect(inSub.touches(`${root}/sub/b.py`, at(2))).toBe(true);
  expect(inSub.touches(`${root}/a.py`, at(2))).toBe(false);
});

test("what the repository's configuration names is not executed", async () => {
  const { root, git } = repository();
  writeFileSync(`${root}/spy.sh`, `#!/bin/sh\ntouch ${root}/spied\ncat "$2" 2>/dev/null\n`, { mode: 0o755 });
  for (const key of ["diff.external", "core.fsmonitor", "diff.py.textconv", "diff.py.command"]) git("config", key, `${root}/spy.sh`);
  writeFileSync(`${root}/.gitattributes`, "*.py diff=py\n");
  writeFileSync(`${root}/a.py`, "changed\n");
  rmSync(`${root}/spied`, { force: true });
  const changed = await ChangedLines.since([root], "HEAD", signal);
  expect(changed.touches(`${root}/a.py`, at(1))).toBe(true);
  expect(() => execFileSync("ls", [`${root}/spied`], { stdio: "pipe" })).toThrow();
});

const bad: [name: string, revision: string, message: RegExp][] = [
  ["no such revision", "nowhere", /"nowhere" names no commit/],
  ["an option in disguise", "--output=spied", /names no commit/],
  ["a blob", "HEAD:a.py", /names no commit/],
];
test.each(bad)("refuses: %s", async (_name, revision, message) => {
  await expect(ChangedLines.since([repository().root], revision, signal)).rejects.toThrow(message);
});

test("outside a repository it says so", async () => {
  await expect(ChangedLines.since([makeTree({})], "HEAD", signal)).rejects.toThrow(/is in no git work tree/);
});
