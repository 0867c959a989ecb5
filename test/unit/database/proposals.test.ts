import { describe, expect, test } from "vitest";
import type { Parameter } from "#protocol/statement";
import { proposalFor } from "../../../server/src/database/parameterProposals.js";
import { valuesFrom } from "../../../server/src/database/proposedValues.js";
import { shareMet } from "../../../server/src/database/sharesOfRows.js";

const statistics = {
  nullFraction: 0.1,
  distinct: 10,
  averageWidth: 4,
  mostCommon: [
    { value: "a", frequency: 0.5 },
    { value: "b", frequency: 0.2 },
  ],
  histogram: ["c", "f", "z"],
};
const unique = { ...statistics, nullFraction: 0, distinct: -1, mostCommon: [], histogram: ["1", "2", "3"] };
const numbers = { ...statistics, nullFraction: 0, distinct: 102, mostCommon: [{ value: "50", frequency: 0.5 }], histogram: ["0", "100"] };

describe("proposed values", () => {
  const equal = { comparison: "=", many: undefined };
  const checkValues = (
    from: typeof statistics,
    rows: number | undefined,
    use: Pick<Parameter, "comparison" | "many">,
    expected: unknown[],
  ) => expect(valuesFrom(from, rows, use).map(({ value, label, estimatedRows }) => [value, label, estimatedRows])).toEqual(expected);

  test.each<[string, typeof statistics, number | undefined, Pick<Parameter, "comparison" | "many">, unknown[]]>([
    [
      "with the rows that each will meet",
      statistics,
      1000,
      equal,
      [
        ["a", "most common value", 500],
        ["f", "rare value", 25],
        ["b", "least of the common values", 200],
        ["c", "smallest value", 25],
        ["z", "largest value", 25],
        [null, "a comparison with NULL meets no row", 0],
      ],
    ],
    [
      "of a unique column",
      unique,
      1000,
      equal,
      [
        ["2", "typical value", 1],
        ["1", "smallest value", 1],
        ["3", "largest value", 1],
      ],
    ],
    [
      "without a row count no rows are promised",
      unique,
      undefined,
      equal,
      [
        ["2", "typical value", undefined],
        ["1", "smallest value", undefined],
        ["3", "largest value", undefined],
      ],
    ],
    [
      "stored in the column they meet none",
      { ...unique, nullFraction: 0.5 },
      1000,
      {},
      [
        ["2", "typical value", undefined],
        ["1", "smallest value", undefined],
        ["3", "largest value", undefined],
        [null, "no value", undefined],
      ],
    ],
    [
      "the order of text is the server's",
      { ...statistics, nullFraction: 0, mostCommon: [] },
      1000,
      { comparison: "<" },
      [
        ["f", "typical value", undefined],
        ["c", "smallest value", undefined],
        ["z", "largest value", undefined],
      ],
    ],
    [
      "lists",
      { ...statistics, mostCommon: [...statistics.mostCommon, { value: "x, y", frequency: 0.1 }] },
      1000,
      { comparison: "=", many: "list" },
      [
        ["{a}", "the most common value", 500],
        ["{f}", "one rare value", 14],
        ['{a,b,"x, y"}', "the 3 most common values", 800],
        ["{c,f,z}", "3 rare values", 43],
      ],
    ],
    [
      "lists that exclude",
      statistics,
      1000,
      { comparison: "<>", many: "list" },
      [
        ["{a}", "the most common value", 400],
        ["{f}", "one rare value", 875],
        ["{c,f,z}", "3 rare values", undefined],
      ],
    ],
  ])("%s", (_, from, rows, use, expected) => checkValues(from, rows, use, expected));
});

describe("shares of rows", () => {
  test.each<[string, string, number | undefined]>([
    ["<", "0", 0],
    ["<", "50", 0.25],
    ["<=", "50", 0.75],
    [">", "50", 0.25],
    [">=", "50", 0.75],
    ["<", "100", 1],
    [">", "1e3", 0],
    ["<>", "50", 0.5],
    ["~~", "50", undefined],
    ["<", "fifty", undefined],
  ])("%s %s", (comparison, value, expected) => {
    const share = shareMet(numbers, 1000, comparison, value);
    if (expected === undefined) expect(share).toBeUndefined();
    else expect(share).toBeCloseTo(expected, 10);
  });
  test.each<[string, number]>([
    ["2024-01-02", 0.5],
    ["2024-01-01 12:00:00", 0.25],
    ["2024-01-02 02:00:00+02", 0.5],
    ["2023-12-31", 0],
  ])("between dates: %s", (value, expected) => {
    const dates = { ...unique, histogram: ["2024-01-01", "2024-01-03"] };
    expect(shareMet(dates, 1000, "<", value)).toBeCloseTo(expected, 10);
  });
});

describe("a proposal", () => {
  const column = { table: "t", column: "c" };
  test.each<[string, Parameter, { type: string } | undefined, object]>([
    ["the cast in the text wins", { position: 1, column, sqlType: "date" }, { type: "text" }, { sqlType: "date" }],
    ["an array of the column's type", { position: 1, column, many: "array" }, { type: "bigint" }, { sqlType: "bigint[]" }],
    ["a list has single values", { position: 1, column, many: "list" }, { type: "bigint" }, { sqlType: "bigint" }],
    ["NULL in the code", { position: 1, value: null }, undefined, { values: [{ value: null, label: "in the code", source: "code" }] }],
    ["no statistics", { position: 1, column }, { type: "int" }, { note: expect.stringContaining("ANALYZE t") as string }],
    [
      "no column",
      { position: 1, column: { ...column, schema: "s" } },
      undefined,
      { note: expect.stringContaining("no column s.t.c") as string },
    ],
  ])("%s", (_, parameter, facts, expected) => expect(proposalFor(parameter, facts)).toMatchObject(expected));
});
