import { describe, expect, test } from "vitest";
import type { TranslatedQuery } from "#protocol/translation";
import { makeTree } from "../workspace/tree.js";
import { run } from "./terminal.js";

const models = `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
`;
const app = `from sqlalchemy import select, text
from models import User

def named(session, name: str):
    return session.scalars(
        select(User).where(User.name == name)
    ).first()

def some(session, name=None):
    stmt = select(User.id)
    if name is not None:
        stmt = stmt.where(User.name == name)
    return session.execute(stmt)

def unknown(session):
    return session.execute(select(Nothing))

def written(session):
    return session.execute(text("SELECT id FROM users WHERE name = :name AND id > :id"), {"name": "x", "id": 1})
`;
const files = {
  "pyproject.toml": "",
  "models.py": models,
  "app.py": app,
  "empty.py": "x = 1\n",
  "binary.py": "\0",
  "notes.txt": "select 1",
  "jobs/two.sql": "SELECT 1;\n\\timing on\nUPDATE users SET name = :name;\nSELEC 2;\n",
  "jobs/model.sql": "SELECT * FROM {{ ref('users') }};\n",
};

async function queries(...args: string[]): Promise<{ queries: TranslatedQuery[] }> {
  const { out, err, code } = await run(["sql", ...args, "--format", "json"], { cwd: makeTree(files) });
  expect(code, err).toBe(0);
  return JSON.parse(out) as { queries: TranslatedQuery[] };
}
const flat = (sql: string | undefined) => sql?.replaceAll(/\s+/g, " ");

describe("JSON", () => {
  test("each query expression of a file, translated or refused", async () => {
    const { queries: found } = await queries("app.py");
    expect(found.map(({ file, line, endLine }) => [file, line, endLine])).toEqual([
      ["app.py", 6, 6],
      ["app.py", 10, 10],
      ["app.py", 16, 16],
      ["app.py", 19, 19],
    ]);
    expect(flat(found[0]!.sql)).toBe("SELECT users.id, users.name FROM users WHERE users.name = $1");
    expect(found[0]!.parameters).toMatchObject([{ position: 1, name: "name", pythonType: "str" }]);
    expect(found[0]!.fingerprint).toMatch(/^[0-9a-f]{16}-/);
    expect(found[1]!.sql).toBeUndefined();
    expect(found[1]!.variants?.map(({ sql, when }) => [flat(sql), when])).toEqual([
      ["SELECT users.id FROM users", "name is None"],
      ["SELECT users.id FROM users WHERE users.name = $1", "name is not None"],
    ]);
    expect(found[2]!.refused).toMatchObject({ reason: expect.stringContaining("Nothing") as string, line: 16 });
    expect(found[3]).toMatchObject({
      sql: "SELECT id FROM users WHERE name = $1 AND id > $2",
      parameters: [{ name: "name" }, { name: "id" }],
    });
    expect(found.every(({ causes }) => Array.isArray(causes))).toBe(true);
  });
  test("a line names the expressions that stand on it", async () => {
    expect((await queries("app.py:10")).queries).toHaveLength(1);
  });
  test("several places, each with a line or without", async () => {
    const { queries: found } = await queries("app.py:16", "jobs/two.sql", "app.py:16");
    expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(["app.py:16", "jobs/two.sql:1", "jobs/two.sql:3", "jobs/two.sql:4"]);
  });
  test("the statements of a .sql file as they are written, psql's commands left out", async () => {
    const { queries: found } = await queries("jobs/two.sql");
    expect(found.map(({ sql, refused }) => sql ?? refused?.reason)).toEqual([
      "SELECT 1",
      "UPDATE users SET name = $1",
      expect.stringContaining("SELEC"),
    ]);
  });
  test("a template is refused as such", async () => {
    const { queries: found } = await queries("jobs/model.sql");
    expect(found).toMatchObject([{ refused: { reason: expect.stringContaining("template") as string, line: 1 } }]);
  });
  test("SQL in strings: with bind names, in CTEs, and refused where it is put together", async () => {
    const code = `from sqlalchemy import text
def f(session, name):
    session.execute(text("WITH a AS (SELECT :x AS x) SELECT :x, ':no' FROM a"))
    session.execute(text(f"SELECT {name}"))
    session.execute(text("SELECT 1 FROM t WHERE a = \\:x"))
`;
    const cwd = makeTree({ ...files, "strings.py": code });
    const { out } = await run(["sql", "strings.py", "--format", "json"], { cwd });
    const { queries: found } = JSON.parse(out) as { queries: TranslatedQuery[] };
    expect(found.map(({ line, sql, refused }) => [line, sql ?? refused?.reason])).toEqual([
      [3, "WITH a AS (SELECT $1 AS x) SELECT $1, ':no' FROM a"],
      [4, expect.stringContaining("put together by an f-string")],
      [5, expect.stringContaining("syntax error")],
    ]);
  });
  test("a folder", async () => {
    const { queries: found } = await queries("jobs");
    expect(new Set(found.map(({ file }) => file))).toEqual(new Set(["jobs/model.sql", "jobs/two.sql"]));
  });
  test("nothing found is no error", async () => {
    expect((await queries("empty.py")).queries).toEqual([]);
  });
  test.each([
    ["app.py:12", 10],
    ["app.py:13", 10],
  ])("%s goes on with a query by its name", async (place, line) => {
    const { queries: found } = await queries(place);
    expect(found.map((query) => [query.line, query.variants?.length])).toEqual([[line, 2]]);
  });
  // `get()` of 2.1 sends columns without labels.
  test.each([
    ["2.0.31", "SELECT users.id AS users_id, users.name AS users_name FROM users WHERE users.id = $1"],
    ["2.1.2", "SELECT users.id, users.name FROM users WHERE users.id = $1"],
  ])("the project's SQLAlchemy %s decides", async (version, sql) => {
    const code = "from models import User\ndef f(session):\n    return session.get(User, 3)\n";
    const cwd = makeTree({ ...files, "requirements.txt": `sqlalchemy==${version}\n`, "get.py": code });
    const { out } = await run(["sql", "get.py", "--format", "json"], { cwd });
    expect((JSON.parse(out) as { queries: TranslatedQuery[] }).queries.map((query) => flat(query.sql))).toEqual([sql]);
  });
});

test("a folder's files that cannot be read, and code that is broken, are named", async () => {
  const cwd = makeTree({ ...files, "jobs/bad.py": "\0", "jobs/broken.py": `${app}\ndef (:\n` });
  const { err, out, code } = await run(["sql", "jobs"], { cwd });
  expect(code).toBe(0);
  expect(err).toMatch(/warning: jobs\/bad\.py: This file was left out: it is binary/);
  expect(err).toMatch(/warning: jobs\/broken\.py: line \d+: /);
  expect(out).toContain("jobs/broken.py:6\n");
});

test("text says place, SQL, parameters, variants and refusals, and how many of each", async () => {
  const { out, err, code } = await run(["sql", "app.py"], { cwd: makeTree(files) });
  expect(code).toBe(0);
  expect(out).toContain(
    "app.py:6\n    SELECT users.id, users.name\n    FROM users\n    WHERE users.name = $1\n    $1 = name (character varying, Python str)",
  );
  expect(out).toContain("app.py:10: one of 2 statements\n  when name is None\n    SELECT users.id\n");
  expect(out).toMatch(/app\.py:16: refused: .*Nothing/);
  expect(err).toContain("4 query expressions in 1 file: 3 with SQL, 1 refused.");
});

const failures: readonly (readonly [args: string[], message: string])[] = [
  [[], "missing required argument"],
  [["gone.py"], "There is no file"],
  [["app.py:99"], "has 20 lines; there is no line 99."],
  [["app.py:0"], "names line 0"],
  [["app.py:1"], "There is no query expression at"],
  [["app.py:1"], "Query expressions stand on lines 6, 10, 16, 19."],
  [["empty.py:1"], "The file holds none"],
  [["notes.txt"], "neither Python nor SQL"],
  [["jobs:3"], "is a folder"],
  [["binary.py"], "it is binary"],
  [["app.py", "--format", "yaml"], "Allowed choices are text, json"],
];
test.each(failures)("sql %s fails", async (args, message) => {
  const { code, err, out } = await run(["sql", ...args], { cwd: makeTree(files) });
  expect(err).toContain(message);
  expect(err).not.toMatch(/\n\s+at .*:\d+/);
  expect(out).toBe("");
  expect(code).toBe(2);
});
