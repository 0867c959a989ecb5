import { describe, expect, test } from "vitest";
import { parseSql, parseStatements } from "../../../server/src/sql/index.js";
import { sourceOf, useSql } from "./source.js";

useSql();

/** The statements' texts, with `!` before those that do not parse. */
function cut(text: string, origin: "file" | "execute" = "file"): string[] {
  const { statements, problems } = parseStatements(sourceOf(text, origin));
  const all = [
    ...statements.map(({ span, original }) => ({ start: span.start, text: original })),
    ...problems.map(({ statement }) => ({ start: statement.start, text: `!${text.slice(statement.start, statement.end)}` })),
  ];
  return all.sort((a, b) => a.start - b.start).map((statement) => statement.text);
}

describe("statements of a file", () => {
  const cases: [string, string, string[]][] = [
    ["one without a semicolon", "select 1", ["select 1"]],
    ["nothing", " ; -- c\n;", []],
    ["comments and space around", "-- a\n /* b; */ select 1 /* c */ ; -- d", ["select 1"]],
    [
      "semicolons inside quotes",
      `select ';', ";", $$;$$, $t$;$t$, E'\\';', U&';';select 2`,
      [`select ';', ";", $$;$$, $t$;$t$, E'\\';', U&';'`, "select 2"],
    ],
    ["a broken one between others", "select 1; selec 2; select 3", ["select 1", "!selec 2", "select 3"]],
    ["an open parenthesis", "select (1; select 2", ["!select (1", "select 2"]],
    ["an open quote is given up at the line's end", "select 'a;\nselect 2;\nselect 3;", ["!select 'a", "select 2", "select 3"]],
    [
      "a body in dollar quotes",
      "create function f() returns int as $$ begin; return 1; end $$ language plpgsql; select 1",
      ["create function f() returns int as $$ begin; return 1; end $$ language plpgsql", "select 1"],
    ],
    [
      "a body in SQL",
      "create or replace function f() returns int begin atomic; select case when true then 1 end; select 2; end; select 3",
      ["create or replace function f() returns int begin atomic; select case when true then 1 end; select 2; end", "select 3"],
    ],
    ["a transaction is no body", "begin; select 1; end;", ["begin", "select 1", "end"]],
    [
      "a rule's actions",
      "create rule r as on insert to t do also (select 1; select 2); select 3",
      ["create rule r as on insert to t do also (select 1; select 2)", "select 3"],
    ],
    ["psql's commands", "\\set x 1; 2\nselect 1;\n\\i other.sql\nselect 2 \\gx\nselect 3;", ["select 1", "select 2", "select 3"]],
    ["data of COPY", "copy t (a) from stdin;\n1\tit's; select\n\\.\nselect 1;", ["copy t (a) from stdin", "select 1"]],
    ["data without an end", "copy t from stdin with (format csv);\nselect 1;", ["copy t from stdin with (format csv)"]],
    ["a byte order mark and CRLF", "\ufeffselect 1;\r\nselect 2;\r\n", ["select 1", "select 2"]],
    ["nested comments", "/* a /* ; */ b; */ select 1", ["select 1"]],
    [
      "templates",
      "select {{ a }}; {% if x %} select 1 {% endif %}; select '{{1,2}}'; select 3",
      ["!select {{ a }}", "!{% if x %} select 1 {% endif %}", "select '{{1,2}}'", "select 3"],
    ],
    ["a template with a quote", "select {{ it's }}; select 2", ["!select {{ it's }}", "select 2"]],
    ["letters outside the first plane", "select '😀;'; select 'é'", ["select '😀;'", "select 'é'"]],
  ];
  test.each(cases)("%s", (_, text, expected) => expect(cut(text)).toEqual(expected));

  test("a string of code has no psql commands", () => expect(cut("select 1 \\gx", "execute")).toEqual(["!select 1 \\gx"]));
});

describe("what does not parse", () => {
  const cases: [string, string, string, RegExp, string][] = [
    ["PostgreSQL's words and place", "select 1;\nselect 'é', x fromm t where y;", "syntax", /^syntax error at or near "t"$/, "t"],
    ["behind a rewritten placeholder", "select :long_name :b fromm t", "syntax", /^syntax error at or near "\$2"$/, ":"],
    ["at the end", "select a from", "syntax", /at end of input/, "m"],
    ["NUL", "select 1\0 from t", "nul", /NUL/, "\0"],
    ["a template", "select {{ x }}", "template", /template/, "{{ x }}"],
    ["an identifier of psql", 'select 1 from :"t"', "variable", /identifier/, ':"t"'],
  ];
  test.each(cases)("%s", (_, text, kind, message, at) => {
    const { problems } = parseStatements(sourceOf(text));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(text.slice(problems[0]!.span.start, problems[0]!.span.end)).toBe(at);
  });

  test.each([
    ["parentheses", "select " + "(".repeat(5000) + "1" + ")".repeat(5000)],
    ["NOT", "select " + "not ".repeat(5000) + "true"],
    ["sums", "select 1" + "+1".repeat(50_000)],
    ["unions", "select 1" + " union select 1".repeat(5000)],
    ["casts", "select 1" + "::int".repeat(5000)],
    ["signs", "select " + "- ".repeat(9000) + "1"],
    ["calls", "select " + "f(".repeat(5000) + ")".repeat(5000)],
    ["subscripts", "select " + "a[".repeat(5000) + "1" + "]".repeat(5000)],
    ["CASE", "select " + "case when true then ".repeat(5000) + "1" + " end".repeat(5000)],
    ["joins", "select 1 from a" + " cross join b".repeat(9000)],
  ])("too deep: %s is refused, and the next statement is read", (_, text) => {
    for (let round = 0; round < 3; round++) {
      const { statements, problems } = parseStatements(sourceOf(`${text}; select 1`));
      expect(problems.map(({ kind }) => kind)).toEqual(["nesting"]);
      expect(statements.map(({ original }) => original)).toEqual(["select 1"]);
    }
  });

  test.each([
    ["a long list", `select 1 where x in (${Array.from({ length: 20_000 }, (_, index) => index).join(",")})`],
    ["fields", "select (a)" + ".b".repeat(20_000)],
    ["many conditions", `select 1 where ${Array.from({ length: 5000 }, (_, index) => `a = ${index} or b`).join(" and ")}`],
    ["many rows", `insert into t values ${Array.from({ length: 5000 }, (_, index) => `(${index}, 'x')`).join(",")}`],
  ])("large but not deep: %s", (_, text) => expect(parseStatements(sourceOf(text)).problems).toEqual([]));
});

describe("the whole text", () => {
  test("is taken as it is", () => expect(parseSql("select 1; select 2")).toMatchObject({ ok: true, tree: { stmts: { length: 2 } } }));
  test("psql's commands and placeholders are errors", () => {
    expect(parseSql("select 1 \\gx")).toMatchObject({ ok: false, offset: 9 });
    expect(parseSql("select :a")).toMatchObject({ ok: false, offset: 7 });
  });
  test("offsets are UTF-16", () => expect(parseSql("select '😀', 1 fromm x y")).toMatchObject({ ok: false, offset: 21 }));
  test("NUL", () => expect(parseSql("select 1\0; drop table t")).toMatchObject({ ok: false, offset: 8 }));
});
