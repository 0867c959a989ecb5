import { describe, expect, test } from "vitest";
import { rewritePlaceholders, type SqlOrigin, type SqlSource } from "../../../server/src/sql/index.js";

type Case = [title: string, text: string, expected: string, names?: (string | undefined)[]];

function checkRewriting(styles: SqlSource["placeholders"], origin: SqlOrigin, cases: readonly Case[]): void {
  test.each(cases)("%s", (_, text, expected, names) => {
    const { changed, parameters, problem } = rewritePlaceholders(text, styles, origin);
    expect(problem).toBeUndefined();
    expect(changed.text).toBe(expected);
    if (names) expect(parameters.map(({ name }) => name)).toEqual(names);
    expect(parameters.map(({ position }) => position)).toEqual(parameters.map((_, index) => index + 1));
  });
}

describe("names with a colon, in SQLAlchemy's text()", () =>
  checkRewriting(["colon"], "text", [
    ["one", "select :a", "select $1", ["a"]],
    ["twice is one parameter", "select :a, :b, :a", "select $1, $2, $1", ["a", "b"]],
    ["casts stay", "select x::int, CAST(:a AS text)", "select x::int, CAST($1 AS text)", ["a"]],
    [
      "strings, comments and quoted names stay",
      `select ':a', ":b", $$:c$$ -- :d\n/* :e */, :f`,
      `select ':a', ":b", $$:c$$ -- :d\n/* :e */, $1`,
      ["f"],
    ],
    ["an escape string with a quote", String.raw`select E'\':a', :b`, String.raw`select E'\':a', $1`, ["b"]],
    ["array slices", "select a[1:n], a[2:3]", "select a[1:n], a[2:3]", []],
    ["an assignment", "call f(x := :a)", "call f(x := $1)", ["a"]],
    ["text() does not see a name before a cast", "select :a::text", "select :a::text", []],
    ["an escaped colon", String.raw`select a[1\:b]`, "select a[1:b]", []],
    ["an array's elements", "select ARRAY[:a, :b]", "select ARRAY[$1, $2]", ["a", "b"]],
    ["a list", "select 1 where x IN :ids", "select 1 where x IN ($1)", ["ids"]],
    ["a list in parentheses", "select 1 where x in (:a, :b)", "select 1 where x in ($1, $2)", ["a", "b"]],
    ["typed literals take no parameter", "select now() - INTERVAL :i, DATE :d", "select now() - $1::interval, $2::date", ["i", "d"]],
    ["a column called date", "select t.date from t where date = :d", "select t.date from t where date = $1", ["d"]],
    ["percent signs are the modulo operator", "select a %b, a % s, 5 %s", "select a %b, a % s, 5 %s", []],
    ["names that the text numbers itself", "select $1, :a", "select $1, $2", [undefined, "a"]],
  ]));

describe("names with a colon, in psql", () =>
  checkRewriting(["colon", "dollar"], "file", [
    ["a variable", "select :id", "select $1", ["id"]],
    ["a variable before a cast", "select :id::int", "select $1::int", ["id"]],
    ["a quoted variable", "select :'name'", "select $1", ["name"]],
    ["an open slice", "select a[:n], a[1 :n]", "select a[:n], a[1 :n]", []],
    ["percent signs", "select '%s', 5 %(3)", "select '%s', 5 %(3)", []],
  ]));

test("psql puts an identifier in place of a name in double quotes", () => {
  const text = 'select * from :"table"';
  expect(rewritePlaceholders(text, ["colon"], "file").problem).toMatchObject({ start: text.indexOf(":"), end: text.length });
});

describe("percent styles", () =>
  checkRewriting(["pyformat", "format"], "cursor", [
    ["names", "select %(a)s, %(b)s, %(a)s", "select $1, $2, $1", ["a", "b"]],
    ["positions", "select %s, %s", "select $1, $2", [undefined, undefined]],
    ["without a space before them", "select 1 where a =%s and b>=%(b)s", "select 1 where a =$1 and b>=$2", [undefined, "b"]],
    ["doubled signs, also in strings", "select 'a%%' , 5 %% 2, %s", "select 'a%' , 5 % 2, $1", [undefined]],
    ["in strings and comments nothing else", "select '%s', '%(a)s' -- %s", "select '%s', '%(a)s' -- %s", []],
    ["a list", "select 1 where x in %s", "select 1 where x in ($1)", [undefined]],
    ["rows", "insert into t values %s", "insert into t values ($1)", [undefined]],
    ["colons are PostgreSQL's", "select a[1:2], x::int", "select a[1:2], x::int", []],
    ["binary and text formats of psycopg 3", "select %b, %t", "select $1, $2", [undefined, undefined]],
    ["followed by a cast", "select %s::int", "select $1::int", [undefined]],
  ]));

describe("question marks", () =>
  checkRewriting(["qmark"], "cursor", [
    ["values", "select ? where a = ? and b in (?, ?)", "select $1 where a = $2 and b in ($3, $4)"],
    ["jsonb's operators", "select data ? 'a', data ?| x, data ?& x where b = ?", "select data ? 'a', data ?| x, data ?& x where b = $1"],
    ["rows of execute_values", "insert into t values ?", "insert into t values ($1)"],
    ["doubled", "select data ?? 'a'", "select data ? 'a'"],
  ]));

describe("numbers", () =>
  checkRewriting(["dollar"], "asyncpg", [
    ["stay", "select $1, $2, '$3'", "select $1, $2, '$3'"],
    ["dollar quotes are no parameters", "select $a$ $1 $a$, $1", "select $a$ $1 $a$, $1"],
  ]));

test("offsets go both ways", () => {
  const { changed } = rewritePlaceholders("select :long_name, b", ["colon"], "text");
  const at = (text: string) => [changed.original.indexOf(text), changed.text.indexOf(text)] as const;
  expect(changed.text).toBe("select $1, b");
  for (const word of ["select", ", b", "b"]) {
    const [original, rewritten] = at(word);
    expect([changed.toOriginal(rewritten), changed.fromOriginal(original)]).toEqual([original, rewritten]);
  }
  expect(changed.toOriginal(8)).toBe(7);
});
