import { describe, expect, test } from "vitest";
import { statementKey } from "../../../server/src/sql/index.js";
import { useSql } from "./source.js";

useSql();

describe("one statement in several spellings", () => {
  const cases: [string, ...string[]][] = [
    [
      "layout, case and comments",
      "select a from t where b = 1",
      "SELECT a\n  FROM t -- c\nWHERE b = 2;",
      "select a /* x */ from T where B = $1",
    ],
    [
      "lists of any length",
      "select 1 from t where a in (1, 2, 3) and b = 4",
      "select 1 from t where a in ($1) and b = $2",
      "select 1 from t where a in ($1, $2) and b = $3",
    ],
    [
      "a parameter used twice, and the values that a driver writes",
      "select 1 from t where a = $1 or b = $1",
      "select 1 from t where a = 5 or b = 5",
    ],
    ["array lists", "select array[1, 2]", "select array[$1]"],
  ];
  test.each(cases)("%s", (_, ...texts) => expect(new Set(texts.map(statementKey)).size).toBe(1));
});

describe("statements that the fingerprint alone takes for one", () => {
  const cases: [string, string, string][] = [
    ["arguments", "select coalesce(a, b) from t", "select coalesce(b, a) from t"],
    ["an offset", "select a from t limit 1", "select a from t limit 1 offset 5"],
    ["a schema", "select a from t", "select a from s.t"],
    ["quoted names", 'select "A" from t', "select a from t"],
  ];
  test.each(cases)("%s", (_, one, other) => expect(statementKey(one)).not.toBe(statementKey(other)));
});
