import { beforeAll, describe, expect, test } from "vitest";
import type { ParameterValue } from "#protocol/statement";
import type { TranslatedParameter } from "#protocol/translation";
import { listsAsArrays, writeOutLists } from "../../../server/src/operations/lists.js";
import { parametersOfTranslation } from "../../../server/src/operations/translatedParameters.js";
import { initSql } from "../../../server/src/sql/index.js";

beforeAll(() => initSql());

describe("lists written out", () => {
  const checkWritten = (sql: string, values: ParameterValue[], lists: number[], expected: string, sent: ParameterValue[]) =>
    expect(writeOutLists(sql, values, lists)).toEqual({ sql: expected, parameters: sent });

  test.each<[string, ParameterValue[], number[], string, ParameterValue[]]>([
    ["SELECT 1 WHERE a IN ($1)", ["{1,2,3}"], [1], "SELECT 1 WHERE a IN ($1, $2, $3)", ["1", "2", "3"]],
    ["SELECT 1 WHERE a IN ($1) AND b = $2", ["{1}", "x"], [1], "SELECT 1 WHERE a IN ($1) AND b = $2", ["1", "x"]],
    ["SELECT $2 WHERE a IN ($1) AND b = $2", ["{1,NULL}", "{x}"], [1], "SELECT $3 WHERE a IN ($1, $2) AND b = $3", ["1", null, "{x}"]],
    [
      "SELECT 1 WHERE a IN ($2) OR b NOT IN ($2) OR c = $1",
      [null, "a,b"],
      [2],
      "SELECT 1 WHERE a IN ($2, $3) OR b NOT IN ($2, $3) OR c = $1",
      [null, "a", "b"],
    ],
    ["SELECT 1 WHERE a IN (7, $1)", ["{1,2}"], [1], "SELECT 1 WHERE a IN (7, $1, $2)", ["1", "2"]],
    ["SELECT '$1', \"$1\" /* $1 */ WHERE é IN ($1)", ["{a}"], [1], "SELECT '$1', \"$1\" /* $1 */ WHERE é IN ($1)", ["a"]],
    ["SELECT 1 WHERE a = ANY ($1)", ["{1,2}"], [], "SELECT 1 WHERE a = ANY ($1)", ["{1,2}"]],
    ["SELECT 1 WHERE a IN ($1::uuid)", ["{1,2}"], [1], "SELECT 1 WHERE a IN ($1::uuid, $2::uuid)", ["1", "2"]],
    ["SELECT 1 WHERE a IN ($1::numeric(9, 2))", ["{1,2}"], [1], "SELECT 1 WHERE a IN ($1::numeric(9, 2), $2::numeric(9, 2))", ["1", "2"]],
  ])("%s with %j", checkWritten);

  test.each<[string, string, ParameterValue[], RegExp]>([
    ["no list", "SELECT 1 WHERE a IN ($1)", ["{1"], /stands for a list, and "\{1" is none/],
    ["NULL", "SELECT 1 WHERE a IN ($1)", [null], /stands for a list, and NULL is none/],
    ["empty", "SELECT 1 WHERE a IN ($1)", ["{}"], /list for \$1 is empty/],
    ["elsewhere", "SELECT $1 WHERE a IN ($1)", ["{1}"], /used outside of IN/],
    ["in an expression", "SELECT 1 WHERE a IN ($1 + 1)", ["{1}"], /used outside of IN/],
    ["no statement", "SELECT FROM WHERE a IN ($1)", ["{1}"], /must be one statement/],
  ])("refused: %s", (_, sql, values, message) => expect(() => writeOutLists(sql, values, [1])).toThrow(message));
});

describe("lists as arrays", () => {
  test.each<[string, number[], string]>([
    ["SELECT 1 WHERE a IN ($1) AND b IN ($2)", [1], "SELECT 1 WHERE a = ANY ($1) AND b IN ($2)"],
    ["SELECT 1 WHERE (a NOT IN ($1))", [1], "SELECT 1 WHERE (a <> ALL ($1))"],
    ["SELECT 1 WHERE NOT a IN ($1)", [1], "SELECT 1 WHERE NOT a = ANY ($1)"],
    ["SELECT 1 WHERE a IN ($1::uuid)", [1], "SELECT 1 WHERE a = ANY ($1::uuid[])"],
  ])("%s", (sql, lists, expected) => expect(listsAsArrays(sql, lists)).toBe(expected));
  test("an item among others has no such form", () =>
    expect(() => listsAsArrays("SELECT 1 WHERE a IN (1, $1)", [1])).toThrow(/not the only item/));
});

describe("parameters of a translation", () => {
  const checkParameters = (sql: string, translated: TranslatedParameter[], expected: object[]) =>
    expect(parametersOfTranslation(sql, translated)).toEqual(expected);
  const column = { table: "users", column: "id" };
  test.each<[string, TranslatedParameter[], object[]]>([
    [
      "SELECT * FROM users WHERE users.id > $1",
      [{ position: 1, name: "low", pythonType: "int", sqlType: "integer" }],
      [{ position: 1, name: "low", pythonType: "int", sqlType: "integer", column, comparison: ">" }],
    ],
    [
      "SELECT * FROM users WHERE users.id IN ($1) LIMIT $2",
      [
        { position: 1, expanding: true, column },
        { position: 2, value: 1 },
      ],
      [
        { position: 1, column, comparison: "=", many: "list" },
        { position: 2, value: "1", sqlType: "bigint" },
      ],
    ],
    ["SELECT $1", [{ position: 1, value: true }], [{ position: 1, value: "true" }]],
    ["SELECT $1", [{ position: 1, value: null }], [{ position: 1, value: null }]],
  ])("%s", checkParameters);
});
