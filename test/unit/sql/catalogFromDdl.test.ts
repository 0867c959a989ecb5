import { describe, expect, test } from "vitest";
import { catalogFromDdl, parseStatements } from "../../../server/src/sql/index.js";
import { sourceOf, useSql } from "./source.js";

useSql();

/** The catalog as short lines. */
function described(text: string): string[] {
  const { statements, problems } = parseStatements(sourceOf(text));
  expect(problems).toEqual([]);
  return catalogFromDdl(statements).tables.flatMap((table) => [
    `${table.kind} ${table.schema}.${table.name}${table.primaryKey ? ` key ${table.primaryKey.join(",")}` : ""}`,
    ...table.columns.map(({ name, type, notNull, default: value, identity }) =>
      [` ${name} ${type}`, notNull ? "not null" : "", value === undefined ? "" : `default ${value}`, identity ? "identity" : ""]
        .filter(Boolean)
        .join(" "),
    ),
    ...table.uniques.map((columns) => ` unique ${columns.join(",")}`),
    ...table.foreignKeys.map(
      (key) =>
        ` ${key.name}: ${key.columns.join(",")} -> ${key.referencedSchema}.${key.referencedTable}(${key.referencedColumns.join(",")}) ${key.onDelete}`,
    ),
    ...table.indexes
      .filter((index) => !index.primary)
      .map(
        (index) =>
          ` index ${index.name} ${index.method}${index.unique ? " unique" : ""} ${index.keys.map((key) => `${key.column ?? `(${key.expression})`}${key.descending ? " desc" : ""}${key.operatorClass ? ` ${key.operatorClass}` : ""}`).join(", ")}${index.include.length > 0 ? ` include ${index.include.join(",")}` : ""}${index.predicate ? ` where ${index.predicate}` : ""}`,
      ),
  ]);
}

describe("definitions", () => {
  const cases: [string, string, string[]][] = [
    [
      "types as format_type prints them",
      "create table t (a int, b varchar(20), c numeric(10,2)[], d timestamptz(3), e serial, f text, g s.kind, h char(3))",
      [
        "table public.t",
        " a integer",
        " b character varying(20)",
        " c numeric(10,2)[]",
        " d timestamp(3) with time zone",
        " e integer not null",
        " f text",
        " g s.kind",
        " h character(3)",
      ],
    ],
    [
      "constraints at columns",
      "create table s.t (id bigint generated always as identity primary key, n int not null default 0 unique, o int references p (id) on delete cascade)",
      [
        "table s.t key id",
        " id bigint not null identity",
        " n integer not null default 0",
        " o integer",
        " unique n",
        " t_o_fkey: o -> public.p(id) CASCADE",
        " index t_n_key btree unique n",
      ],
    ],
    [
      "constraints of the table",
      "create table t (a int, b int, primary key (a, b), constraint u unique (b), constraint f foreign key (a) references q.r)",
      [
        "table public.t key a,b",
        " a integer not null",
        " b integer not null",
        " unique b",
        " f: a -> q.r() NO ACTION",
        " index u btree unique b",
      ],
    ],
    [
      "indexes",
      "create table t (a text, b int, c int); create index i on t using gin (lower(a) gin_trgm_ops, b); create unique index on t (b desc) include (c) where c > 0",
      [
        "table public.t",
        " a text",
        " b integer",
        " c integer",
        " index i gin (lower(a)) gin_trgm_ops, b",
        " index t_b_idx btree unique b desc include c where c > 0",
      ],
    ],
    [
      "changes",
      "create table t (a int, b int, c int); alter table t add column d text not null, drop column b, alter column a type bigint, alter c set not null, add primary key (a); alter table t rename column c to cc; alter table t rename to u",
      ["table public.u key a", " a bigint not null", " cc integer not null", " d text not null"],
    ],
    [
      "partitions and LIKE",
      "create table p (a int not null, b date) partition by range (b); create table p1 partition of p for values from ('2026-01-01') to ('2027-01-01'); create table q (like p, c int)",
      [
        "partitioned public.p",
        " a integer not null",
        " b date",
        "table public.p1",
        " a integer not null",
        " b date",
        "table public.q",
        " a integer not null",
        " b date",
        " c integer",
      ],
    ],
    ["views", "create view v as select a, b + 1 as c from t; create view w as select * from t", ["view public.v", " a ", " c "]],
    [
      "dropped and temporary",
      "create table a (x int); create temp table b (x int); create table c (x int); create index i on c (x); drop index i; drop table a",
      ["table public.c", " x integer"],
    ],
    [
      "a table put in another's place",
      "create table t (a int); alter table t rename to old; create table t (a int)",
      ["table public.t", " a integer"],
    ],
    ["an index of an unknown table", "create index on nowhere (x)", []],
  ];
  test.each(cases)("%s", (_, text, expected) => expect(described(text)).toEqual(expected));
});

test("files in no order: indexes before tables, a script that drops everything", () => {
  const files = {
    "create_indexes.sql": "create index i on t (lower(a)); alter table t add primary key (id)",
    "create_tables.sql": "drop table if exists t; create table p partition of t default; create table t (id int, a text)",
    "drop_tables.sql": "drop index i; drop table t, p",
  };
  const statements = Object.entries(files).flatMap(([file, text]) => parseStatements({ ...sourceOf(text), file }).statements);
  const { tables } = catalogFromDdl(statements);
  expect(
    tables.map(({ name, columns, primaryKey, indexes }) => [name, columns.length, primaryKey, indexes.map((index) => index.name)]),
  ).toEqual([
    ["t", 2, ["id"], ["i", "t_pkey"]],
    ["p", 2, undefined, []],
  ]);
});

test("extensions and files", () => {
  const { statements } = parseStatements(
    sourceOf("create extension pg_trgm; create extension if not exists pg_trgm; create table t (a int)"),
  );
  expect(catalogFromDdl(statements)).toMatchObject({ source: { kind: "ddl", files: ["example.sql"] }, extensions: [{ name: "pg_trgm" }] });
});
