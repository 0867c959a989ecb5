import { describe, expect, test } from "vitest";
import { Groups, type Change, type Grouping, type Ordered } from "../../../server/src/orm/incremental/groups.js";

interface Word {
  readonly text: string;
  /** What its group is merged with. */
  readonly with?: string;
}

/** Words by their first letter, in the order of all, with what the words that they depend on stand for now. */
const byLetter = (meanings: ReadonlyMap<string, string>): Grouping<Word, string> => ({
  keyOf: ({ text }) => (text === "" ? undefined : text[0]),
  merge: (words) => {
    const told = words.map((word) => (word.with === undefined ? word.text : `${word.text}=${meanings.get(word.with) ?? ""}`));
    return told.includes("x") ? undefined : told.join("+");
  },
  dependsOn: (word) => (word.with === undefined ? [] : [word.with]),
});

const placed = (...words: (readonly [at: number, text: string, other?: string])[]): Ordered<Word>[] =>
  words.map(([at, text, other]) => ({ at, item: other === undefined ? { text } : { text, with: other } }));
const come = (...words: Parameters<typeof placed>): Change<Word> => ({ gone: [], come: placed(...words) });

/** What comes of the last of some changes, as `at:merged`. */
function checkChanges(changes: readonly Change<Word>[], gone: readonly string[], now: readonly string[]): void {
  const groups = new Groups(byLetter(new Map()));
  const results = changes.map((change) => groups.change(change));
  const told = (list: readonly Ordered<string>[]) => list.map(({ at, item }) => `${at}:${item}`);
  expect({ gone: told(results.at(-1)!.gone), come: told(results.at(-1)!.come) }).toEqual({ gone, come: now });
}

describe("groups", () => {
  const cases: readonly [string, readonly Change<Word>[], readonly string[], readonly string[]][] = [
    ["are in the order of all", [come([3, "ab"], [1, "ac"], [2, "b"])], [], ["1:ac+ab", "2:b"]],
    ["leave out what belongs to none", [come([1, ""])], [], []],
    ["are nothing where merging says so", [come([1, "x"])], [], []],
    ["say nothing of groups that are not touched", [come([1, "a"], [2, "b"]), come([3, "bc"])], ["2:b"], ["2:b+bc"]],
    ["stand where nothing is another", [come([1, "a"]), { gone: placed([1, "a"]), come: placed([1, "a"]) }], [], []],
    ["move with their first item", [come([1, "a"], [4, "ab"]), { gone: placed([1, "a"]), come: [] }], ["1:a+ab"], ["4:ab"]],
    ["end with their last item", [come([1, "a"]), { gone: placed([1, "a"]), come: [] }], ["1:a"], []],
  ];
  test.each(cases)("%s", (_name, changes, gone, now) => checkChanges(changes, gone, now));

  test("are merged again when something that their items depend on is another", () => {
    const meanings = new Map([["sun", "hot"]]);
    const groups = new Groups(byLetter(meanings));
    groups.change(come([1, "a", "sun"], [2, "b"]));
    meanings.set("sun", "warm");
    groups.change({ gone: [], come: [] }, ["sun", "moon"]);
    expect([groups.get("a"), groups.get("b")]).toEqual(["a=warm", "b"]);
  });
});
