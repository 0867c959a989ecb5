import { describe, expect, test } from "vitest";
import { problemOfValue } from "#protocol/parameterProblem";
import type { Parameter, ParameterValue } from "#protocol/statement";

type Case = [value: ParameterValue, sqlType: string | undefined, many?: Parameter["many"]];

describe("values that fit", () => {
  test.each<Case>([
    ["5", "integer"],
    [" -9223372036854775808 ", "bigint"],
    ["1_000", "int4"],
    ["0xFF", "smallint"],
    [null, "bigint"],
    ["12.50", "numeric(10,2)"],
    ["1e-3", "double precision"],
    ["NaN", "numeric"],
    ["T", "boolean"],
    ["off", "bool"],
    ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "uuid"],
    ["{a0eebc999c0b4ef8bb6d6bb9bd380a11}", "uuid"],
    ['{"a": [1]}', "jsonb"],
    ["next tuesday", "date"],
    ["anything", "shop.mood"],
    ["anything", undefined],
    ["", "text"],
    ["{1,NULL}", "integer[]"],
    ["[2:3]={1,2}", "integer[]"],
    ["{{1},{2}}", "integer[]", "array"],
    [null, "integer[]", "array"],
    ["1, 2", "integer", "list"],
    ["{}", "integer[]", "array"],
  ])("%s as %s %s", (...one) => expect(problemOfValue(...one)).toBeUndefined());
});

describe("values that do not", () => {
  test.each<[...Case, RegExp]>([
    ["x", "integer", undefined, /^is no integer: write a whole number from -2147483648 to 2147483647$/],
    ["", "bigint", undefined, /is no bigint/],
    ["1.5", "int8", undefined, /is no bigint/],
    ["2147483648", "integer", undefined, /is too large for integer/],
    ["one", "numeric(10,2)", undefined, /is no numeric/],
    ["maybe", "boolean", undefined, /is no boolean/],
    ["o", "boolean", undefined, /is no boolean/],
    ["a0eebc99", "uuid", undefined, /is no uuid/],
    ["text", "jsonb", undefined, /is no jsonb/],
    ["1,2", "integer[]", "array", /is no array/],
    ["{1,x}", "integer[]", "array", /^holds x, which is no integer/],
    ["{1,x}", "integer", "list", /^holds x, which is no integer/],
    ["{1", "integer", "list", /is no list/],
    ["{}", "integer", "list", /empty list/],
    [null, "integer", "list", /is no list/],
  ])("%s as %s %s", (value, sqlType, many, message) => expect(problemOfValue(value, sqlType, many)).toMatch(message));
});
