import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { PythonParser } from "../../../server/src/python/index.js";
import { changeBetween } from "../../../server/src/python/incremental.js";
import { newParser } from "./parser.js";

describe("the smallest replacement", () => {
  const cases: readonly (readonly [string, string, [number, number, number]])[] = [
    ["abc", "abc", [3, 3, 3]],
    ["abc", "abXc", [2, 2, 3]],
    ["abXc", "abc", [2, 3, 2]],
    ["aaa", "aaaa", [3, 3, 4]],
    ["aXb", "aYYb", [1, 2, 3]],
    ["", "ab", [0, 0, 2]],
    ["ab", "", [0, 2, 0]],
  ];
  test.each(cases)("%j → %j", (before, after, [start, oldEnd, newEnd]) => {
    expect(changeBetween(before, after)).toEqual({ start, oldEnd, newEnd });
  });
});

// Real code, long enough to be remembered.
const sample = join(import.meta.dirname, "../../../media/sample/shop");
const source = readdirSync(sample, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".py"))
  .sort()
  .map((name) => readFileSync(join(sample, name), "utf8"))
  .join("\n\n");

const snippets = [
  "x",
  "\n",
  " ",
  "    ",
  "\t",
  "(",
  ")",
  '"',
  '"""',
  "#",
  ":",
  "else:\n",
  "def f():\n    return 1\n",
  "class A:\n",
  "async ",
  "@d\n",
  "\\\n",
  "é🙂",
  "import os\n",
  "if x:\n    y\n",
  "f'{a}'",
  "\r\n",
];

describe("a later state of a text", () => {
  let typing: PythonParser;
  let fresh: PythonParser;
  beforeAll(async () => {
    [typing, fresh] = [await newParser(), await newParser()];
  });

  test("gives the facts that the text gives alone", () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(60),
      added: fc.constantFrom("", ...snippets),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        let text = source;
        typing.facts(text);
        for (const { at, removed, added } of edits) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + added + text.slice(start + removed);
          const expected = fresh.facts(text);
          expect(typing.facts(text)).toEqual(expected);
          fresh.facts(""); // forgets, so that it never builds on an earlier state
        }
      }),
      { numRuns: 25 },
    );
  });

  test("gives the facts that the text gives alone, while statements are typed", () => {
    const places = [...source.matchAll(/^(?=def |class |from )/gm)].map(({ index }) => index);
    for (const place of places.filter((_, i) => i % 60 === 0)) {
      let text = source;
      for (const character of "def total(orders):\n    return sum(o.total for o in orders)\n\n\n") {
        const at = place + text.length - source.length;
        text = text.slice(0, at) + character + text.slice(at);
        typing.facts(text);
      }
      expect(typing.facts(text)).toEqual(fresh.facts(text));
      fresh.facts("");
    }
  });
});
