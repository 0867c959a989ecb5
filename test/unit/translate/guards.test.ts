import { expect, test } from "vitest";
import { guardInWords, type Guard } from "../../../server/src/translate/execute/guards.js";

/** `a !b` is: a, and not b; `m1/3`: the second of three ways of m. */
function guardOf(terms: readonly string[]): Guard {
  return terms.map((term) =>
    term
      .split(" ")
      .filter(Boolean)
      .map((word) => {
        const [, not, question, choice, of] = /^(!?)([a-z]+)(?:(\d)\/(\d))?$/.exec(word)!;
        if (choice !== undefined) return { question: question!, choice: Number(choice), of: Number(of), words: `${question}${choice}` };
        return { question: question!, choice: not ? 1 : 0, of: 2, words: word };
      }),
  );
}

const cases: readonly (readonly [terms: readonly string[], words: string])[] = [
  [[""], ""],
  [["a"], "a"],
  [["a !b"], "a; !b"],
  [["a", "!a"], ""],
  [["a b", "a !b"], "a"],
  [["a b", "a !b", "!a b", "!a !b"], ""],
  [["a b", "!a c"], "a; b | !a; c"],
  [["a b c", "a !b c", "!a c"], "c"],
  [["a b", "a"], "a"],
  [["a", "a"], "a"],
  [["m0/3", "m1/3"], "m0 | m1"],
  [["m0/3", "m1/3", "m2/3"], ""],
  [["m0/3 a", "m1/3 a", "m2/3 a", "m0/3 !a"], "m0; !a | a"],
  // The same question about something else, later on the path.
  [["a b a", "a b !a"], "a; b"],
];
test.each(cases)("%j is %j", (terms, words) => {
  expect(guardInWords(guardOf(terms))).toBe(words);
});

test("more alternatives than anyone reads are not listed", () => {
  const many = Array.from({ length: 40 }, (_, at) => `x${String.fromCharCode(97 + (at % 26))}${at < 26 ? "p" : "q"}`);
  expect(guardInWords(guardOf(many))).toBe("…");
});
