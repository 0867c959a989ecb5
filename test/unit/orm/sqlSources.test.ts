import { describe, expect, test } from "vitest";
import { sqlSources } from "../../../server/src/orm/index.js";
import { subjectOf } from "./project.js";

/** Each source as `origin placeholders scope: text`; every character's way back must lead to the same character where none is escaped. */
async function checkSources(code: string, expected: readonly string[], escaped = false): Promise<void> {
  const sources = sqlSources(await subjectOf({ "app.py": code }, "app.py"));
  expect(sources.map(({ origin, placeholders, scope, text }) => `${origin} ${placeholders.join("+")} ${scope}: ${text}`)).toEqual(expected);
  for (const { text, toSource } of sources)
    for (let at = 0; at < text.length && !escaped; at++) expect([at, code[toSource(at)]]).toEqual([at, text[at]]);
}
const sa = "from sqlalchemy import text\nimport sqlalchemy as sa\n";

describe("SQL texts that reach the database", () => {
  test("text()", () => checkSources(`${sa}q = text("SELECT 1 WHERE a = :a")\n`, ["text colon : SELECT 1 WHERE a = :a"]));
  test("sa.text()", () => checkSources(`${sa}q = sa.text('DELETE FROM t')\n`, ["text colon : DELETE FROM t"]));
  test("another text()", () => checkSources('from rich import text\nq = text("SELECT 1")\n', []));
  test("a fragment is no statement", () => checkSources(`${sa}q = text("now()")\n`, []));
  test("implicit concatenation", () => checkSources(`${sa}q = text("SELECT a "\n    'FROM t')\n`, ["text colon : SELECT a FROM t"]));
  test("escapes", () => checkSources(`${sa}q = text("SELECT 'a\\tb'")\n`, ["text colon : SELECT 'a\tb'"], true));
  test("a constant of the module, once", () =>
    checkSources(`${sa}Q = "SELECT 1"\ndef f(session):\n    session.execute(text(Q))\n    session.execute(text(Q))\n`, [
      "text colon f: SELECT 1",
    ]));
  test("a name in the function", () =>
    checkSources(`${sa}def f(s):\n    q = """\n    SELECT 1\n    """\n    s.execute(text(q))\n`, ["text colon f: \n    SELECT 1\n    "]));
  test("dedent and strip", () =>
    checkSources(`${sa}from textwrap import dedent\nq = text(dedent("""\n    SELECT a\n      FROM t\n    """).strip())\n`, [
      "text colon : SELECT a\n  FROM t",
    ]));
  test("a session's execute", () =>
    checkSources('from sqlalchemy.orm import Session\ndef f(s: Session):\n    s.execute("SELECT :a")\n', ["execute colon f: SELECT :a"]));
  test("exec_driver_sql", () =>
    checkSources('def f(c):\n    c.exec_driver_sql("SELECT %(a)s")\n', ["execute pyformat+format f: SELECT %(a)s"]));
  test("a cursor", () =>
    checkSources('import psycopg\ndef f(c):\n    c.cursor().execute("SELECT %s", (1,))\n', ["cursor pyformat+format f: SELECT %s"]));
  test("executemany on a with target", () =>
    checkSources(
      'import psycopg\nwith psycopg.connect() as c, c.cursor() as cur:\n    cur.executemany("INSERT INTO t VALUES (%s)", [])\n',
      ["cursor pyformat+format : INSERT INTO t VALUES (%s)"],
    ));
  test("asyncpg", () =>
    checkSources('import asyncpg\nasync def f(c):\n    await c.fetchrow("SELECT $1::int", 1)\n    await c.execute("VACUUM t")\n', [
      "asyncpg dollar f: SELECT $1::int",
      "asyncpg dollar f: VACUUM t",
    ]));
  test("built strings are none", () =>
    checkSources(
      `${sa}def f(c, t):\n    c.execute(f"SELECT * FROM {t}")\n    c.execute("SELECT * FROM " + t)\n    c.execute("SELECT %s" % t)\n    c.execute("SELECT {}".format(t))\n    text(t)\n`,
      [],
    ));
  test("another database, other executes, bytes", () =>
    checkSources('import sqlite3\ndef f(c, pool):\n    c.execute("SELECT 1")\n    pool.execute("task")\n    c.execute(b"SELECT 1")\n', []));
});
