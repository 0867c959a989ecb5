import { expect, test } from "vitest";
import { makeTree } from "../workspace/tree.js";
import { run, type Terminal } from "./terminal.js";

/** Nothing listens there: port 1 is reserved. */
const closed = "postgresql://me@127.0.0.1:1/db";

interface Case extends Terminal {
  readonly args: string[];
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
}
const cases: Case[] = [
  { args: ["--version"], code: 0, out: "1.2.3\n" },
  { args: ["--help"], code: 0, out: "Exit codes: 0 clean, 1 findings" },
  { args: ["check", "--help"], code: 0, out: "--write-baseline" },
  { args: [], code: 2, err: "Say what to do." },
  { args: ["chek"], code: 2, err: '"chek" is no command.' },
  { args: ["--full", "--profile"], code: 2, err: "cannot be used with option" },
  { args: ["--full", "--depth", "6"], code: 2, err: "Allowed: 1 to 5." },
  { args: ["--full", "--analyzer", "guess"], code: 2, err: "Allowed: queryProfiler" },
  { args: ["rules"], code: 0, out: "lazy-load-per-row" },
  { args: ["--full", "--ram", "16"], code: 2, err: "Allowed: a size such as 512MB, 16GB or 1TB." },
  { args: ["--full", "--storage", "tape"], code: 2, err: "Allowed choices are hdd, ssd, san, nvme" },
  { args: ["sample", "dance"], code: 2, err: "Allowed choices are start, stop, reset, status" },
  { args: ["explain", "SELECT 1"], code: 2, err: "No database was named." },
  { args: ["explain", "--dsn", closed], code: 2, err: "explain needs one statement." },
  { args: ["explain", "SELECT 1", "--file", "a.sql", "--dsn", closed], code: 2, err: "explain needs one statement." },
  { args: ["explain", "SELECT 1", "--dsn", closed], code: 4, err: "Nothing listens on 127.0.0.1:1." },
  { args: ["explain", "-", "--dsn", closed], input: "SELECT 1", code: 4, err: "Nothing listens" },
  { args: ["explain", "-", "--dsn", closed], input: " \n", code: 2, err: "There is no statement" },
  { args: ["explain", "SELECT $1", "--dsn", closed], code: 2, err: "no value: $1" },
  { args: ["explain", "SELECT :id", "--param", "ids=1", "--param", "2", "--dsn", closed], code: 2, err: "2 values were given for 1" },
  { args: ["explain", "SELECT 1", "--generic", "--analyze", "--dsn", closed], code: 2, err: "cannot be used with option" },
  { args: ["explain", "--file", "gone.sql", "--dsn", closed], code: 2, err: "There is no file" },
  { args: ["explain", "--file", "one.sql", "--dsn", closed], code: 4, err: "Nothing listens" },
  { args: ["explain", "--file", "two.sql", "--dsn", closed], code: 2, err: "two.sql holds 2 statements." },
  { args: ["explain", "--file", "two.sql:2", "--dsn", closed], code: 4, err: "Nothing listens" },
  { args: ["explain", "--file", "two.sql:9", "--dsn", closed], code: 2, err: "There is no SQL statement at two.sql:9." },
  { args: ["explain", "--file", "bad.sql", "--dsn", closed], code: 2, err: 'syntax error at or near "SELEC" (line 2, column 1)' },
  { args: ["explain", "--file", "orm.py:8", "--dsn", closed], code: 2, err: "no value: name" },
  { args: ["explain", "--file", "orm.py:8", "--param", "name=x", "--dsn", closed], code: 4, err: "Nothing listens" },
  { args: ["explain", "--file", "orm.py:9", "--dsn", closed], code: 2, err: "There is no SQL statement at orm.py:9." },
  { args: ["explain", "--file", "orm.py:11", "--dsn", closed], code: 2, err: "sends one of 2 statements" },
  {
    args: ["explain", "--file", "orm.py:15", "--dsn", closed],
    code: 3,
    err: "is not known: select(): what Gone is is not known (line 15)",
  },
  { args: ["slow", "--dsn", "mysql://x"], code: 2, err: "not a PostgreSQL connection string" },
  { args: ["slow", "--dsn", closed, "--sample"], code: 2, err: "cannot be used with option" },
  { args: ["slow", "--limit", "0", "--dsn", closed], code: 2, err: "Allowed: 1 to 1000." },
  { args: ["slow"], env: { DATABASE_URL: closed }, code: 4, err: "Nothing listens" },
  { args: ["slow", "--env-file", "gone.env"], code: 2, err: "gone.env" },
];
const orm = `from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
def named(session, name): return session.scalars(select(User).where(User.name == name))

def some(session, all):
    stmt = select(User)
    if not all: stmt = stmt.limit(5)
    return session.scalars(stmt)

def gone(session): return session.scalars(select(Gone))
`;
const files = { "orm.py": orm, "one.sql": "SELECT 1;\n", "two.sql": "SELECT 1;\nSELECT 2;\n", "bad.sql": "\nSELEC 1;\n" };
test.each(cases)("$args", async ({ args, code, out, err, ...terminal }) => {
  const result = await run(args, { cwd: makeTree(files), ...terminal });
  expect(result.err).toEqual(expect.stringContaining(err ?? ""));
  expect(result.out).toEqual(expect.stringContaining(out ?? ""));
  expect(result.code).toBe(code);
  expect(result.err).not.toMatch(/\n\s+at .*:\d+/);
});

test("a password in --dsn is accepted with a warning, and shown nowhere", async () => {
  const { err } = await run(["slow", "--dsn", "postgresql://me:hunter2@127.0.0.1:1/db"]);
  expect(err).toMatch(/^warning: the password in --dsn can be read in process lists/);
  expect(err).not.toContain("hunter2");
});

test("without a database the report says what was left out", async () => {
  const cwd = makeTree({ "a.sql": "UPDATE users SET x = 1;\n" });
  const { out, code } = await run(["--full", "--format", "json"], { cwd });
  const report = JSON.parse(out) as { findings: { file: string }[]; analyzers: { analyzer: string; status: string; reason?: string }[] };
  expect(code).toBe(0);
  expect(report.findings.map(({ file }) => file)).toEqual(["a.sql"]);
  expect(report.analyzers.find(({ analyzer }) => analyzer === "queryProfiler")).toMatchObject({
    status: "skipped",
    reason: "No connection was given.",
  });
  expect((await run(["--full", "--fail-on", "warning"], { cwd })).code).toBe(1);
});
