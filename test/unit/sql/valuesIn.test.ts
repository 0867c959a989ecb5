import { expect, test } from "vitest";
import { valuesIn } from "../../../server/src/sql/index.js";
import { useSql } from "./source.js";

useSql();

const checkValues = (statement: string, executed: string, expected: (string | null)[] | undefined) => {
  const found = valuesIn(statement, executed);
  expect(found && [...found].sort(([a], [b]) => a - b).map(([, value]) => value)).toEqual(expected);
};

test.each<[string, string, (string | null)[] | undefined]>([
  ["select * from a where x = $1 and y = $2", "SELECT * FROM a\n WHERE x = 5 AND y = 'it''s'", ["5", "it's"]],
  ["select 1 where a in ($1)", "select 1 where a in (1, 2, 3)", ["{1,2,3}"]],
  ["select 1 where a in ($1)", "select 1 where a in (7)", ["7"]],
  ["select 1 where a = any ($1)", "select 1 where a = any (array['x', 'y z'])", ['{x,"y z"}']],
  ["select 1 where a = $1 or b = $2 or c = $3", "select 1 where a = null or b = true or c = -1.50", [null, "true", "-1.50"]],
  ["select 1 where a = $1::date", "select 1 where a = '2024-01-01'::date", ["2024-01-01"]],
  ["select 1 where a > $1", "select 1 where a > '2024-01-01'::timestamptz", ["2024-01-01"]],
  ["select $1, $1", "select 1, 1", ["1"]],
  ["select $1, $1", "select 1, 2", undefined],
  ["select 1 where a = $1", "select 1 where b = 1", undefined],
  ["select 1 where a = $1", "select 1 where a = $1", undefined],
  ["select 1 where a = $1", "select 1 where a = now()", undefined],
  ["select 1 where a = $1", "select 1 where", undefined],
])("%s, %s", checkValues);
