import { describe, expect, test } from "vitest";
import type { Finding, Fix, TextEdit } from "#protocol/finding";
import { combineSafeFixes } from "../../../server/src/rules/index.js";

const edit = (from: number, to: number, newText: string, file = "a.py"): TextEdit => ({
  ...{ file, newText },
  range: { line: 1, column: from, endLine: 1, endColumn: to },
});
const fix = (applicability: Fix["applicability"], ...edits: TextEdit[]): Fix => ({ title: "t", applicability, edits });
const finding = (...fixes: Fix[]): Finding => ({ fixes }) as unknown as Finding;

describe("safe fixes together", () => {
  const importLine = edit(1, 1, "import a\n");
  test.each<[string, Finding[], TextEdit[]]>([
    ["takes safe fixes", [finding(fix("safe", edit(1, 2, "x")))], [edit(1, 2, "x")]],
    ["takes no unsafe ones", [finding(fix("unsafe", edit(1, 2, "x")))], []],
    ["one per finding", [finding(fix("safe", edit(1, 2, "x")), fix("safe", edit(1, 2, "y")))], [edit(1, 2, "x")]],
    [
      "adds an import once",
      [finding(fix("safe", importLine, edit(5, 6, "x"))), finding(fix("safe", importLine, edit(7, 8, "y")))],
      [importLine, edit(5, 6, "x"), edit(7, 8, "y")],
    ],
    [
      "leaves a clashing fix out whole",
      [finding(fix("safe", edit(5, 8, "x"))), finding(fix("safe", importLine, edit(7, 9, "y")))],
      [edit(5, 8, "x")],
    ],
    [
      "different insertions at one place clash: their order would be a guess",
      [finding(fix("safe", edit(5, 5, "x"))), finding(fix("safe", edit(5, 5, "y")))],
      [edit(5, 5, "x")],
    ],
    [
      "the same place in another file does not clash",
      [finding(fix("safe", edit(5, 8, "x"))), finding(fix("safe", edit(5, 8, "x", "b.py")))],
      [edit(5, 8, "x"), edit(5, 8, "x", "b.py")],
    ],
  ])("%s", (_name, findings, edits) => expect(combineSafeFixes(findings)).toEqual(edits));
});
