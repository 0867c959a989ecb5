import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeTree } from "../workspace/tree.js";
import { run } from "./terminal.js";

const update = "UPDATE users SET x = 1;\n";
const star = "SELECT * FROM users WHERE id = 1;\n";

interface Case {
  readonly name: string;
  readonly files?: Record<string, string>;
  readonly args: string[];
  readonly code: number;
  /** Found in what is printed; a string stands for itself. */
  readonly out?: (string | RegExp)[];
  readonly err?: (string | RegExp)[];
}
const cases: Case[] = [
  { name: "clean", files: { "a.py": "x = 1\n" }, args: ["check"], code: 0, out: [/^No findings in 1 file in \d/] },
  {
    name: "nothing to check",
    files: { "notes.txt": "x" },
    args: ["check"],
    code: 0,
    out: [/^No findings in 0 files in \d/],
    err: ["warning: No Python or SQL file stands there, so nothing was checked."],
  },
  {
    name: "findings",
    files: { "a.sql": update },
    args: ["check"],
    code: 1,
    out: ["a.sql:1:1: warning[update-without-where]", "Found 1 problem (1 warning)"],
  },
  { name: "below --fail-on", files: { "a.sql": update }, args: ["check", "--fail-on", "error"], code: 0, out: ["update-without-where"] },
  { name: "info is below the default", files: { "a.sql": star }, args: ["check"], code: 0, out: ["info[select-star]"] },
  { name: "at --fail-on", files: { "a.sql": star }, args: ["check", "--fail-on", "info"], code: 1 },
  {
    name: "fail-on of the project",
    files: { "a.sql": star, "pyproject.toml": '[tool.db-optimize]\nfail-on = "info"' },
    args: ["check"],
    code: 1,
  },
  {
    name: "--fail-on before the project's",
    files: { "a.sql": star, "pyproject.toml": '[tool.db-optimize]\nfail-on = "info"' },
    args: ["check", "--fail-on", "never"],
    code: 0,
  },
  {
    name: "one folder: files are relative to it",
    files: { "app/sub/a.sql": update },
    args: ["check", "app"],
    code: 1,
    out: [/^sub\/a\.sql:1:1/],
  },
  {
    name: "two paths: relative to the current folder",
    files: { "app/a.sql": update, "b.sql": "" },
    args: ["check", "app", "b.sql"],
    code: 1,
    out: [/^app\/a\.sql:1:1/],
  },
  {
    name: "--rule does not swallow the path behind it",
    files: { "app/a.sql": update + star },
    args: ["check", "--rule", "select-star", "app"],
    code: 0,
    out: [/^a\.sql:2:8: info\[select-star\]/, "Found 1 problem"],
  },
  { name: "tests on request", files: { "tests/a.sql": update }, args: ["check", "--include-tests"], code: 1 },
  {
    name: "warnings go to stderr",
    files: { "a.sql": "SELECT FROM FROM" },
    args: ["check", "--format", "json"],
    code: 0,
    err: [/^warning: a\.sql: a statement is left out, the first at line 1/],
  },
  { name: "no such path", args: ["check", "gone"], code: 2, err: [/There is no file or folder .*gone/] },
  { name: "no such rule", args: ["check", "--rule", "gone"], code: 2, err: ['There is no rule "gone"', "Allowed: "] },
  { name: "no such format", args: ["check", "--format", "xml"], code: 2, err: ["Allowed choices are text, json, sarif"] },
  { name: "no such option", args: ["check", "--fixx"], code: 2, err: ["unknown option '--fixx'", "Did you mean --fix?"] },
  { name: "no baseline there", args: ["check", "--baseline", "gone.json"], code: 2, err: ["gone.json cannot be read: it does not exist"] },
  { name: "since, outside git", args: ["check", "--since", "HEAD"], code: 2, err: ["is in no git work tree"] },
  {
    name: "a bad setting is named, and the rest works",
    files: { "a.sql": update, "pyproject.toml": "[tool.db-optimize]\nexclude = 1" },
    args: ["check"],
    code: 1,
    err: ["Setting exclude is 1. Allowed: a list of patterns"],
  },
];
test.each(cases)("check: $name", async ({ files, args, code, out, err }) => {
  const result = await run(args, { cwd: makeTree(files ?? {}) });
  for (const part of out ?? [])
    expect(result.out).toEqual(typeof part === "string" ? expect.stringContaining(part) : expect.stringMatching(part));
  for (const part of err ?? [])
    expect(result.err).toEqual(typeof part === "string" ? expect.stringContaining(part) : expect.stringMatching(part));
  if (!err) expect(result.err).toBe("");
  expect(result.code).toBe(code);
});

test("--format json prints the contract and nothing else", async () => {
  const { out } = await run(["check", "--format", "json"], { cwd: makeTree({ "app/a.sql": update }) });
  expect(JSON.parse(out)).toMatchObject({
    findings: [{ rule: "update-without-where", file: "app/a.sql", line: 1, column: 1, certainty: "certain", evidence: { level: "code" } }],
    files: 1,
    elapsedMs: expect.any(Number) as number,
  });
});

test("--format sarif names each rule and file", async () => {
  const { out } = await run(["check", "--format", "sarif"], { cwd: makeTree({ "app/a.sql": update }) });
  const [sarif] = (
    JSON.parse(out) as {
      runs: { tool: { driver: { rules: { id: string }[]; version: string } }; results: { ruleIndex: number; ruleId: string }[] }[];
    }
  ).runs;
  expect(sarif?.tool.driver.version).toBe("1.2.3");
  expect(sarif?.tool.driver.rules[sarif.results[0]?.ruleIndex ?? -1]?.id).toBe("update-without-where");
});

test("a baseline hides what is known, also after edits above it, and shows what is new", async () => {
  const cwd = makeTree({ "a.sql": update });
  expect(await run(["check", "--write-baseline", "known.json"], { cwd })).toMatchObject({
    code: 0,
    err: "Wrote 1 finding to known.json.\n",
  });
  writeFileSync(`${cwd}/a.sql`, `SELECT id FROM users WHERE id = 1;\n\n${update}`);
  expect(await run(["check", "--baseline", "known.json"], { cwd })).toMatchObject({
    code: 0,
    out: expect.stringContaining("1 finding in the baseline") as string,
  });
  writeFileSync(`${cwd}/a.sql`, `${update}DELETE FROM orders;\n`);
  const { out, code } = await run(["check", "--baseline", "known.json"], { cwd });
  expect([code, out.includes("a.sql:2:1"), out.includes("a.sql:1:1")]).toEqual([1, true, false]);
  writeFileSync(`${cwd}/pyproject.toml`, '[tool.db-optimize]\nbaseline = "known.json"\n');
  expect((await run(["check"], { cwd })).out).not.toContain("a.sql:1:1");
});

test("--since reports what lies on changed lines", async () => {
  const cwd = makeTree({ "app/a.sql": update });
  const git = (...args: string[]): void =>
    void execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], { cwd, stdio: "pipe" });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  expect(await run(["check", "--since", "HEAD"], { cwd })).toMatchObject({ code: 0 });
  writeFileSync(`${cwd}/app/a.sql`, `${update}DELETE FROM orders;\n`);
  const { out } = await run(["check", "app", "--since", "HEAD"], { cwd });
  expect([out.includes("a.sql:2:1"), out.includes("a.sql:1:1")]).toEqual([true, false]);
});

const models = `from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    posts: Mapped[list["Post"]] = relationship()

class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

def report(session):
    for user in session.scalars(select(User)):
        print(user.posts)
`;

test("--fix writes the safe fixes, and the findings are gone", async () => {
  const cwd = makeTree({ "models.py": models.replaceAll("\n", "\r\n"), "a.sql": update });
  const { code, err } = await run(["check", "--fix"], { cwd });
  expect([code, err]).toEqual([1, "Fixed 1 finding in 1 file.\n"]);
  const text = readFileSync(`${cwd}/models.py`, "utf8");
  expect(text).toContain("select(User).options(selectinload(User.posts))");
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  expect(readFileSync(`${cwd}/a.sql`, "utf8")).toBe(update);
  expect((await run(["check", "models.py"], { cwd })).code).toBe(0);
});

test("colours only where a person reads, and not against their will", async () => {
  const cwd = makeTree({ "a.sql": update });
  const coloured = async (terminal: object): Promise<boolean> => (await run(["check"], { cwd, ...terminal })).out.includes("\u001b[");
  expect(await coloured({})).toBe(false);
  expect(await coloured({ isTTY: true })).toBe(true);
  expect(await coloured({ isTTY: true, env: { NO_COLOR: "1" } })).toBe(false);
  expect(await coloured({ isTTY: true, env: { TERM: "dumb" } })).toBe(false);
  expect(await coloured({ env: { FORCE_COLOR: "1" } })).toBe(true);
});

test("Ctrl-C ends with 130", async () => {
  expect(await run(["check"], { cwd: makeTree({ "a.sql": update }), signal: AbortSignal.abort() })).toMatchObject({
    code: 130,
    out: "",
    err: "Cancelled.\n",
  });
});
