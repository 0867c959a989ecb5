import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../server/src/templates/index.js";

/** So long that work which grows with the square of the length would not end. */
const length = 500_000;
const fill = (part: string): string => part.repeat(Math.ceil(length / part.length));

/** Whoever reads the facts walks them recursively: JSON does too. */
function checkSurvives(text: string): void {
  const facts = parseTemplate(text);
  expect(facts.length).toBe(text.length);
  expect(facts.problems.length).toBeLessThanOrEqual(50);
  for (const { body } of facts.functions) expect(deepest(body)).toBeLessThan(1500);
}

/** Levels of arrays and objects, counted without recursion. */
function deepest(value: unknown): number {
  let level: unknown[] = [value];
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap((one) => (one !== null && typeof one === "object" ? Object.values(one) : []));
  return depth;
}

describe("hostile templates neither hang nor overflow", () => {
  const cases: Readonly<Record<string, string>> = {
    "unclosed outputs": fill("{{ "),
    "unclosed statements": fill("{% "),
    "unclosed comments": fill("{# "),
    "unclosed raw sections": fill("{% raw "),
    "unclosed strings": fill("{{ ' "),
    "escaped quotes": fill(`{{ " \\" `),
    "strings without end": fill(`{{ '\\' `),
    "many strings": fill("{{ 'a' }}"),
    parentheses: `{{ ${fill("(")}`,
    "parentheses in each tag": fill(`{{ ${"(".repeat(400)}a${")".repeat(400)} }}`),
    "a long sum": fill(`{{ ${"a+".repeat(400)}a }}`),
    "a long chain": fill(`{{ a${".b".repeat(400)} }}`),
    filters: fill(`{{ a${"|f".repeat(400)} }}`),
    conditions: fill(`{{ ${"a if b else ".repeat(400)}c }}`),
    negations: fill(`{{ ${"not ".repeat(400)}a }}`),
    signs: fill(`{{ ${"- ".repeat(400)}a }}`),
    lists: fill(`{{ ${"[".repeat(400)} }}`),
    dictionaries: fill(`{{ ${"{'a':".repeat(400)} }}`),
    calls: fill(`{{ ${"f(".repeat(400)} }}`),
    "a tag of many words": `{{ ${fill("a,")} }}`,
    ifs: fill("{% if a %}"),
    "ifs that end as loops": fill("{% if a %}{% endfor %}"),
    loops: fill("{% for a in b %}{% break %}"),
    macros: fill("{% macro m() %}"),
    blocks: fill("{% block b %}"),
    elifs: `{% if a %}${fill("{% elif b %}")}`,
    ends: fill("{% endif %}"),
    braces: fill("{"),
    blanks: fill("{%        "),
  };
  for (const [name, text] of Object.entries(cases)) test(name, () => checkSurvives(text));
});

test("no text makes it throw, and every place lies inside the text", () => {
  const pieces = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    "if",
    "for",
    "in",
    "endif",
    "endfor",
    "else",
    "set",
    "=",
    "macro",
    "endmacro",
    "block",
    "call",
  ];
  const more = [
    "a",
    "b.c",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "\\",
    "|",
    "is",
    "not",
    "raw",
    "endraw",
    ",",
    ":",
    "1",
    "\n",
    "é",
    "\u{1f600}",
    "?",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 60 }), fc.boolean(), (parts, spaced) => {
      const text = parts.join(spaced ? " " : "");
      const { functions, problems } = parseTemplate(text);
      const places: { start: number; end: number }[] = [...problems];
      JSON.stringify(functions, (_key, value: unknown) => {
        if (value !== null && typeof value === "object" && "start" in value) places.push(value as { start: number; end: number });
        return value;
      });
      for (const { start, end } of places) expect(0 <= start && start <= end && end <= text.length).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
