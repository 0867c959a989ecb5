import { expect, test } from "vitest";
import type { Parameter } from "#protocol/statement";
import { valuesOf } from "../../../server/src/cli/parameterValues.js";

const named = [
  { position: 1, name: "id" },
  { position: 2, name: "name" },
];
const numbered = [{ position: 1 }, { position: 2 }];

const good: [name: string, parameters: { position: number; name?: string }[], given: string[], expected: (string | null)[]][] = [
  ["none", [], [], []],
  ["by position", numbered, ["1", "x"], ["1", "x"]],
  ["by name, in any order", named, ["name=x", "id=1"], ["1", "x"]],
  ["with a colon, as it is written", named, [":name=x", ":id=1"], ["1", "x"]],
  ["mixed: the rest in order", named, ["name=x", "1"], ["1", "x"]],
  ["NULL", numbered, ["\\N", ""], [null, ""]],
  ["an equals sign in a value", numbered, ["a=b", "c"], ["a=b", "c"]],
  ["several lines", named, ["id=1", "name=a\nb"], ["1", "a\nb"]],
];
test.each(good)("%s", (_name, parameters, given, expected) => {
  expect(valuesOf({ parameters }, given)).toEqual(expected);
});

const bad: [name: string, parameters: Parameter[], given: string[], message: RegExp][] = [
  ["missing by position", numbered, ["1"], /no value: \$2/],
  ["missing by name", named, ["name=x"], /no value: id/],
  ["too many", numbered, ["1", "2", "3"], /3 values were given for 2/],
  ["of another type", [{ position: 1, name: "age", sqlType: "integer" }], ["old"], /The value old of age is no integer/],
  ["no list", [{ position: 1, many: "list" }], ["{1"], /The value \{1 of \$1 is no list/],
  ["for a statement without any", [], ["1"], /1 values? .*0 placeholders/],
];
test.each(bad)("refuses: %s", (_name, parameters, given, message) => {
  expect(() => valuesOf({ parameters }, given)).toThrow(message);
});
