import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrayElements, arrayText } from "#protocol/arrayValue";

describe("arrays", () => {
  test.each<[string, (string | null)[] | undefined]>([
    ["{1,2}", ["1", "2"]],
    [" 1, 2 ", ["1", "2"]],
    ["{}", []],
    ["", []],
    ["x", ["x"]],
    ['{"a, b",NULL, null,"NULL"}', ["a, b", null, null, "NULL"]],
    ['{"a\\"b","\\\\",""}', ['a"b', "\\", ""]],
    ["{a b, c }", ["a b", "c"]],
    ["{1,}", undefined],
    ["{1", undefined],
    ["1}", undefined],
    ["{{1},{2}}", undefined],
    ['{"a}', undefined],
    ['{"a" b}', undefined],
  ])("%s", (text, expected) => expect(arrayElements(text)).toEqual(expected));

  test("what is written is read again", () =>
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (elements) => {
        expect(arrayElements(arrayText(elements))).toEqual(elements);
      }),
    ));
});
