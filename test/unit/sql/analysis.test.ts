import { describe, expect, test } from "vitest";
import { columnUses, expressionShapeOf, locateStatements, parametersOf, quoteIdentifier, tablesOf } from "../../../server/src/sql/index.js";
import { sourceOf, statementOf, useSql } from "./source.js";

useSql();

describe("tables", () => {
  const cases: [string, string, string[]][] = [
    ["joins and aliases", "select 1 from a x join s.b on true", ["read a x", "read s.b"]],
    ["CTEs are no tables", "with c as (select 1 from a) select 1 from c, b", ["read a", "read b"]],
    ["a schema makes it one", "with c as (select 1) select 1 from s.c", ["read s.c"]],
    ["what is written", "insert into a select x from b", ["write a", "read b"]],
    ["update from", "update a set x = 1 from b where exists (select 1 from c)", ["write a", "read b", "read c"]],
    ["delete using", "delete from only a using b", ["write a", "read b"]],
    ["merge", "merge into a using b on a.x = b.x when matched then delete", ["write a", "read b"]],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    const words = tablesOf(statementOf(text)).map(
      ({ schema, name, alias, access }) => `${access} ${schema ? `${schema}.` : ""}${name}${alias ? ` ${alias}` : ""}`,
    );
    expect(words.sort()).toEqual([...expected].sort());
  });
});

describe("columns", () => {
  const known: Record<string, ReadonlySet<string>> = { k: new Set(["id", "x"]), l: new Set(["id", "k_id", "y"]) };
  const cases: [string, string, string[]][] = [
    [
      "one table",
      "select x from a where y = $1 and z > 3 order by w desc",
      ["a.x output", "a.y predicate = parameter", "a.z predicate > constant", "a.w sort desc"],
    ],
    ["aliases", "select u.x from a u where u.y is null group by u.z", ["a.x output", "a.y predicate IS NULL", "a.z group"]],
    ["joins", "select 1 from a join b on b.a_id = a.id", ["b.a_id join = column", "a.id join = column"]],
    [
      "unqualified among several tables, resolved by their columns",
      "select 1 from k join l on k_id = k.id where y in (1, 2)",
      ["l.k_id join = column", "k.id join = column", "l.y predicate IN constant"],
    ],
    ["unqualified and in both", "select 1 from k, l where id = 1", ["?.id predicate = constant"]],
    [
      "a correlated subquery",
      "select 1 from a where exists (select 1 from c where c.k = a.x)",
      ["c.k predicate = column", "a.x predicate = column"],
    ],
    [
      "columns of a subquery are of no table",
      "select s.n from (select x as n from a) s where s.n like 'q%'",
      ["a.x output", "?.n output", "?.n predicate ~~ constant"],
    ],
    ["sorting by an output name", "select x as n from a order by n", ["a.x output"]],
    ["assignments", "update a set x = y + 1 where z = $1", ["a.y set + constant", "a.z predicate = parameter"]],
    ["having", "select 1 from a group by x having max(y) > 1", ["a.x group", "a.y predicate"]],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    const uses = columnUses(statementOf(text), ({ name }) => known[name]);
    const words = uses.map((use) =>
      [`${use.table?.name ?? "?"}.${use.column}`, use.role, use.operator, use.against, use.descending ? "desc" : undefined]
        .filter((word) => word !== undefined)
        .join(" "),
    );
    expect(words.sort()).toEqual([...expected].sort());
  });
});

describe("parameters", () => {
  const cases: [string, string, string[]][] = [
    ["comparisons", "select 1 from a where x = :x and :y < a.y", ["x = a.x", "y > a.y"]],
    [
      "lists and ranges",
      "select 1 from a where x in (:a, :b) and y between :c and :d and z = any(:e)",
      ["a = a.x", "b = a.x", "c BETWEEN a.y", "d BETWEEN a.y", "e = a.z array"],
    ],
    ["a list of the driver's", "select 1 from a where x in :a and y not in (:b)", ["a = a.x list", "b <> a.y"]],
    ["arrays", "select 1 from a where x <> all (:a) and y = any (array[:b])", ["a <> a.x array", "b = a.y"]],
    ["types", "select 1 from a where x = :x::int and y = any(:y::text[])", ["x = a.x int4", "y = a.y text[] array"]],
    ["limits", "select 1 from a limit :l offset :o", ["l bigint", "o bigint"]],
    ["insert", "insert into s.a (x, y) values (:x, :y)", ["x s.a.x", "y s.a.y"]],
    ["update", "update a set x = :x where y like :y", ["x a.x", "y ~~ a.y"]],
    ["arithmetic says nothing", "select 1 from a where x = y + :d", ["d"]],
    ["several tables", "select 1 from a, b where x = :x and b.y = :y", ["x", "y = b.y"]],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    const words = parametersOf(statementOf(text)).map(({ name, comparison, column, sqlType, many }) =>
      [name, comparison, column && [column.schema, column.table, column.column].filter(Boolean).join("."), sqlType, many]
        .filter(Boolean)
        .join(" "),
    );
    expect(words).toEqual(expected);
  });
});

test("statements to explain, broken ones in their place", () => {
  const text = "create table t (a int);\nselect :a;\nselec;\ndelete from t where a = :a";
  const located = locateStatements(sourceOf(text));
  expect(located.map(({ span, sql, error }) => [text.slice(span.start, span.end), sql, error?.message])).toEqual([
    ["select :a", "select $1", undefined],
    ["selec", "selec", 'syntax error at or near "selec"'],
    ["delete from t where a = :a", "delete from t where a = $1", undefined],
  ]);
  expect(located.map(({ key }) => key !== undefined)).toEqual([true, false, true]);
});

describe("shapes of expressions", () => {
  const cases: [string, string, string, boolean][] = [
    ["qualifiers and casts that the server prints", "lower(u.email)", "lower((email)::text)", true],
    ["date and cast", "date(created_at)", "((created_at)::date)", true],
    ["another function", "upper(email)", "lower(email)", false],
    ["another column", "lower(name)", "lower(email)", false],
    ["another constant", "left(name, 3)", "left(name, 4)", false],
  ];
  test.each(cases)("%s", (_, one, other, same) => expect(expressionShapeOf(one) === expressionShapeOf(other)).toBe(same));
});

test.each([
  ["plain", "plain"],
  ["Name", '"Name"'],
  ["user", '"user"'],
  ["a b", '"a b"'],
  ['q"', '"q"""'],
  ["name", "name"],
  ["1a", '"1a"'],
  ["", '""'],
  ["größe", "größe"],
  ["a--b", '"a--b"'],
])("quoted where needed: %s", (name, expected) => expect(quoteIdentifier(name)).toBe(expected));
