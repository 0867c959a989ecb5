import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { initSql, layoutSql, parseSql } from "../../../server/src/sql/index.js";

beforeAll(() => initSql(readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"))));

/** `given` comes out as `laidOut`, at 60 columns; laid out again it stays so, and only blanks have changed. */
function checkLayout(name: string, given: string, laidOut: string): void {
  test(name, () => {
    expect(layoutSql(given, 60)).toBe(laidOut);
    expect(layoutSql(laidOut, 60)).toBe(laidOut);
    expect(laidOut.replace(/\s+/g, "")).toBe(given.replace(/\s+/g, ""));
    expect(parseSql(laidOut).ok).toBe(true);
  });
}

const cases: readonly (readonly [name: string, given: string, laidOut: string])[] = [
  ["a line for each clause", "SELECT a\nFROM t WHERE a = $1 ORDER BY a LIMIT $2", "SELECT a\nFROM t\nWHERE a = $1\nORDER BY a\nLIMIT $2"],
  [
    "joins",
    "SELECT a FROM t LEFT JOIN u ON u.id = t.u CROSS JOIN v JOIN w USING (id)",
    "SELECT a\nFROM t\nLEFT JOIN u ON u.id = t.u\nCROSS JOIN v\nJOIN w USING (id)",
  ],
  [
    "a long list is filled",
    "SELECT users.id, users.name, users.email, users.created_at, users.updated_at FROM users",
    "SELECT users.id, users.name, users.email, users.created_at,\n  users.updated_at\nFROM users",
  ],
  [
    "a long condition breaks before AND, not inside BETWEEN",
    "SELECT 1 FROM t WHERE t.first_column BETWEEN $1 AND $2 AND t.second_column = $3 AND t.third = $4",
    "SELECT 1\nFROM t\nWHERE t.first_column BETWEEN $1 AND $2\n  AND t.second_column = $3\n  AND t.third = $4",
  ],
  [
    "a short subquery stays",
    "SELECT 1 FROM t WHERE EXISTS (SELECT 1\nFROM u\nWHERE\n  u.t = t.id)",
    "SELECT 1\nFROM t\nWHERE EXISTS (SELECT 1 FROM u WHERE u.t = t.id)",
  ],
  [
    "a long subquery is indented",
    "SELECT count(*) AS count_1 FROM (SELECT orders.id AS orders_id, orders.total AS orders_total FROM orders) AS anon_1",
    "SELECT count(*) AS count_1\nFROM (\n  SELECT orders.id AS orders_id,\n    orders.total AS orders_total\n  FROM orders\n) AS anon_1",
  ],
  [
    "words of clauses that begin none",
    "SELECT extract(year FROM d) FROM t WHERE a IS DISTINCT FROM b AND count(*) OVER (ORDER BY a) > 1",
    "SELECT extract(year FROM d)\nFROM t\nWHERE a IS DISTINCT FROM b\n  AND count(*) OVER (ORDER BY a) > 1",
  ],
  ["set operations", "SELECT 1 UNION ALL SELECT 2 ORDER BY 1", "SELECT 1\nUNION ALL\nSELECT 2\nORDER BY 1"],
  [
    "an insert",
    "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $2 RETURNING t.id",
    "INSERT INTO t (a)\nVALUES ($1)\nON CONFLICT (a) DO UPDATE\nSET a = $2\nRETURNING t.id",
  ],
  ["an update", "UPDATE t SET a = $1 WHERE t.id = $2", "UPDATE t\nSET a = $1\nWHERE t.id = $2"],
  ["a delete", "DELETE FROM t USING u WHERE t.u = u.id", "DELETE FROM t\nUSING u\nWHERE t.u = u.id"],
  ["letters of more than one byte", "SELECT 'ä', b FROM \"tä\" WHERE b = 'ö'", "SELECT 'ä', b\nFROM \"tä\"\nWHERE b = 'ö'"],
];
for (const one of cases) checkLayout(...one);

test.each(["SELECT 1 -- why", "SELECT /* this */ 1", "SELECT 'open", "", "SELECT )("])("%s stays as it is", (sql) => {
  expect(layoutSql(sql).trim()).toBe(sql);
});
