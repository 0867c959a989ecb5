import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChangedText, hash64, parseSql, parseStatements, statementKey, tagOf, walk } from "../../../server/src/sql/index.js";
import { byteOffsets } from "../../../server/src/sql/text/offsets.js";
import { sourceOf, useSql } from "./source.js";

useSql();

/** Texts that are nearly SQL. */
const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "select ",
        "from t ",
        "where ",
        "a",
        ":b",
        "%s",
        "%(c)s",
        "?",
        "$1",
        "::int",
        "'",
        '"',
        "$$",
        "$q$",
        "--",
        "/*",
        "*/",
        "\n",
        ";",
        "(",
        ")",
        "[",
        "]",
        "\\",
        "{{",
        "}}",
        "E'",
        "é",
        "😀",
        "case ",
        "end ",
        ",",
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

test("no text makes the room fail, and spans lie in order inside it", () => {
  fc.assert(
    fc.property(scraps, fc.constantFrom("file" as const, "text" as const), (text, origin) => {
      const { statements, problems } = parseStatements(sourceOf(text, origin, ["colon", "pyformat", "format", "qmark", "dollar"]));
      const spans = [...statements.map(({ span }) => span), ...problems.map(({ statement }) => statement)].sort(
        (a, b) => a.start - b.start,
      );
      let end = 0;
      for (const span of spans) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
      for (const { span, statement } of problems) expect(span.start >= statement.start && span.end <= statement.end).toBe(true);
      for (const statement of statements) {
        expect(statement.key).toBeDefined();
        for (const token of statement.tokens) expect(statement.text.slice(token.start, token.end)).toBe(token.text);
      }
    }),
    { numRuns: 500 },
  );
});

test("offsets go there and back over any changes", () => {
  const changes = fc.tuple(
    fc.string({ minLength: 20, maxLength: 40 }),
    fc.array(fc.tuple(fc.nat(19), fc.nat(5), fc.string({ maxLength: 6 })), { maxLength: 4 }),
  );
  fc.assert(
    fc.property(changes, ([original, drafts]) => {
      const sorted = drafts.sort((a, b) => a[0] - b[0]);
      const list = sorted.flatMap(([start, length, text], index) => {
        const next = sorted[index + 1]?.[0] ?? original.length;
        return start < next ? [{ start, end: Math.min(start + length, next), text }] : [];
      });
      const changed = new ChangedText(original, list);
      for (let at = 0; at < original.length; at++) {
        if (list.some(({ start, end }) => at >= start && at < end)) continue;
        const there = changed.fromOriginal(at);
        expect(changed.text[there]).toBe(original[at]);
        expect(changed.toOriginal(there)).toBe(at);
      }
    }),
  );
});

test("bytes are counted as UTF-8 counts them", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const units = byteOffsets(text);
      for (let unit = 0; unit <= text.length; unit++) {
        const low = text.charCodeAt(unit) >= 0xdc00 && text.charCodeAt(unit) <= 0xdfff;
        if (!low) expect(units(new TextEncoder().encode(text.slice(0, unit)).length)).toBe(unit);
      }
    }),
  );
});

describe("hash64", () => {
  // The published test vectors of FNV-1a, 64 bits.
  test.each([
    ["", "cbf29ce484222325"],
    ["a", "af63dc4c8601ec8c"],
    ["foobar", "85944171f73967e8"],
  ])("%s", (text, expected) => expect(hash64(text)).toBe(expected));
});

test("keys do not depend on layout", () => {
  const words = ["select", "a", ",", "b", "from", "t", "where", "a", "=", "1", "and", "b", "in", "(", "1", ",", "2", ")"];
  const space = fc.constantFrom(" ", "\n", "\t", " /* c */ ", " -- c\n");
  fc.assert(
    fc.property(fc.array(space, { minLength: words.length, maxLength: words.length }), (spaces) => {
      const text = words.map((word, index) => word + (spaces[index] ?? " ")).join("");
      expect(statementKey(text)).toBe(statementKey(words.join(" ")));
    }),
  );
});

test("walking visits every node once, parents first, and leaves out what is refused", () => {
  const parsed = parseSql("with c as (select x from a) update t set b = c.x + f(1) from c where exists (select * from d)");
  if (!parsed.ok) throw new Error(parsed.message);
  const tree = parsed.tree.stmts?.[0]?.stmt;
  const seen = new Set<object>();
  const tags: string[] = [];
  walk(tree, (visit) => {
    expect(seen.has(visit.node)).toBe(false);
    if (visit.parent) expect(seen.has(visit.parent.node)).toBe(true);
    seen.add(visit.node);
    tags.push(visit.tag);
  });
  expect(tags.filter((tag) => ["UpdateStmt", "WithClause", "RangeVar", "SelectStmt", "FuncCall", "SubLink"].includes(tag)).sort()).toEqual(
    ["FuncCall", "RangeVar", "RangeVar", "RangeVar", "RangeVar", "SelectStmt", "SelectStmt", "SubLink", "UpdateStmt", "WithClause"].sort(),
  );
  const outside: string[] = [];
  walk(tree, ({ tag }) => {
    outside.push(tag);
    return tag !== "SelectStmt";
  });
  expect(outside.filter((tag) => tag === "RangeVar")).toHaveLength(2);
  expect(tree && tagOf(tree)).toBe("UpdateStmt");
});
