import { describe, expect, test } from "vitest";
import type { FileFacts } from "../../../server/src/python/index.js";
import { outline, write } from "./outline.js";
import { factsOf, pythonParser } from "./parser.js";

async function checkBody(code: string, expected: string): Promise<void> {
  const facts = await factsOf(`${code}\n`);
  expect(facts.problems).toEqual([]);
  expect(outline(facts.functions[0]!.body)).toBe(expected);
}

describe("expressions", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a.b.c", "a.b.c"],
    ["f(1, *xs, k=2, **kw)", "f(1, *xs, k=2, **kw)"],
    ["f(x for x in xs)", "f(generator<x for x in xs>)"],
    ["a[1]", "a[1]"],
    ["a[1:2, 0]", "a[(slice(1, 2), 0)]"],
    ["a and not b or c", "(or (and a, (not b)), c)"],
    ["a not in b", "(not in a, b)"],
    ["a is not None", "(is not a, null)"],
    ["(a\n == b)", "(== a, b)"],
    ["a if b else c", "(b ? a : c)"],
    ["{**a, 'k': v}", '{**: a, "k": v}'],
    ["{a, *b}", "{a, *b}"],
    ["[x async for x in y if x if y]", "list<x async for x in y if x if y>"],
    ["{k: v for k, v in x.items()}", "dict<k: v for (k, v) in x.items()>"],
    ["lambda a, *b, c=1: a", "lambda(a, b, c: a)"],
    ["(n := f())", "(n := f())"],
    ['f"{a!r:>{w}} {b.c}"', "f{repr(a), w, b.c}"],
    ['t"{a}"', "t{a}"],
    ["'a' f'{b}'", "f{b}"],
    ["await f(x)", "await(f(x))"],
    ["-x", "(- x)"],
  ];
  for (const [code, expected] of cases) test(code, () => checkBody(code, expected));
});

describe("statements", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a = b = c", "a = b = c"],
    ["a: int = 1", "a = : int = 1"],
    ["a: list['Post']", "a = : list[Post]"],
    ["a, *b = c", "(a, *b) = c"],
    ["a.b += 1", "a.b += 1"],
    ["for a, b in c:\n  d\nelse:\n  e", "for (a, b) in c\n  d\nelse\n  e"],
    ["while a:\n  break", "while a\n  break"],
    ["if a:\n  b\nelif c:\n  d\nelse:\n  e", "if a\n  b\nelif c\n  d\nelse\n  e"],
    ["with a as b, c:\n  d", "with a as b, c\n  d"],
    ["with (a as b, c as d):\n  e", "with a as b, c as d\n  e"],
    [
      "try:\n  a\nexcept (B, C) as e:\n  d\nexcept:\n  f\nelse:\n  g\nfinally:\n  h",
      "try\n  a\nexcept (B, C) as e\n  d\nexcept \n  f\nelse\n  g\nfinally\n  h",
    ],
    ["match a:\n  case [b, *c] if d:\n    e", "match a\ncase [b, *c] if d\n  e"],
    ["raise A from b", "raise A, b"],
    ["assert a, b", "other a, b"],
    ["del a[0]", "other a[0]"],
    ["'docstring'\na", "a"],
  ];
  for (const [code, expected] of cases) test(JSON.stringify(code), () => checkBody(code, expected));
});

describe("strings", () => {
  const cases: readonly (readonly [string, string, readonly [number, number][]])[] = [
    [
      "'abc'",
      "abc",
      [
        [0, 1],
        [3, 4],
      ],
    ],
    ["'''a\nb'''", "a\nb", [[2, 5]]],
    [
      String.raw`'a\nb'`,
      "a\nb",
      [
        [0, 1],
        [1, 2],
        [2, 4],
      ],
    ],
    [String.raw`r'a\nb'`, String.raw`a\nb`, [[3, 5]]],
    [
      String.raw`'\x41\u00e4\101\q'`,
      String.raw`AäA\q`,
      [
        [0, 1],
        [1, 5],
        [2, 11],
        [3, 15],
        [4, 16],
      ],
    ],
    [
      "'SELECT ' 'a'",
      "SELECT a",
      [
        [0, 1],
        [7, 11],
      ],
    ],
    [
      "('a'\n  'b')",
      "ab",
      [
        [0, 2],
        [1, 8],
      ],
    ],
    [
      "'a\\\nb'",
      "ab",
      [
        [0, 1],
        [1, 4],
      ],
    ],
  ];
  for (const [code, value, places] of cases)
    test(JSON.stringify(code), async () => {
      const [statement] = (await factsOf(`x = ${code}\n`)).functions[0]!.body;
      const literal = statement?.kind === "assign" ? statement.value : undefined;
      if (literal?.kind !== "string") return expect.fail("no string");
      expect(literal.value).toBe(value);
      const { toSource } = await import("../../../server/src/orm/evaluate/literals.js");
      for (const [offset, source] of places) expect([offset, toSource(literal.map, offset) - 4]).toEqual([offset, source]);
    });
});

const sample = `import a.b as c, d
from . import e
from ..f import (
    g,
    h as i,
)
from j import *
try:
    import k
except ImportError:
    k = None

class A(B[int], metaclass=M, table=True):
    """Doc."""
    x: Mapped["C | None"] = rel("C")
    if True:
        y = 1

    @property
    async def m(self, p: list[int], /, q=1, *r, s: str = "", **t) -> "A":
        import l
        def inner():
            yield 1
        return inner

# db-optimize: ignore[select-star] known
z = 1  # plain
`;

describe("facts of a file", () => {
  const facts = async (): Promise<FileFacts> => factsOf(sample);
  test("imports", async () => {
    const told = (await facts()).imports.map((one) => [
      one.level,
      one.module,
      one.alias ?? null,
      one.names?.map((name) => `${name.name}${name.alias ? ` as ${name.alias}` : ""}`).join() ?? null,
      one.star ?? false,
      one.conditional ?? false,
      one.indent ?? null,
      one.function,
    ]);
    expect(told).toEqual([
      [0, "a.b", "c", null, false, false, null, 0],
      [0, "d", null, null, false, false, null, 0],
      [1, "", null, "e", false, false, null, 0],
      [2, "f", null, "g,h as i", false, false, 4, 0],
      [0, "j", null, "", true, false, null, 0],
      [0, "k", null, null, false, true, null, 0],
      [0, "l", null, null, false, false, null, 1],
    ]);
  });
  test("classes", async () => {
    const [fact] = (await facts()).classes;
    expect(fact?.bases.map(write)).toEqual(["B[int]"]);
    expect(fact?.keywords.map(({ name, value }) => `${name}=${write(value)}`)).toEqual(["metaclass=M", "table=true"]);
    expect(
      fact?.fields.map(({ name, annotation, value }) => [name, annotation ? write(annotation) : "", value ? write(value) : ""]),
    ).toEqual([
      ["x", "Mapped[(| C, null)]", 'rel("C")'],
      ["y", "", "1"],
    ]);
    expect(fact?.methods).toEqual([1]);
  });
  test("functions", async () => {
    const [, method, inner] = (await facts()).functions;
    expect(method).toMatchObject({ name: "m", qualifiedName: "A.m", class: 0, parent: 0, async: true });
    expect(method?.decorators.map(write)).toEqual(["property"]);
    expect(method?.returns && write(method.returns)).toBe("A");
    expect(method?.params.map(({ name, splat, keywordOnly }) => [name, splat ?? 0, keywordOnly ?? false])).toEqual([
      ["self", 0, false],
      ["p", 0, false],
      ["q", 0, false],
      ["r", 1, false],
      ["s", 0, true],
      ["t", 2, false],
    ]);
    expect(inner).toMatchObject({ qualifiedName: "A.m.inner", parent: 1, generator: true });
  });
  test("comments to this tool only", async () => {
    expect((await facts()).comments.map(({ text }) => text)).toEqual(["# db-optimize: ignore[select-star] known"]);
  });
  test("survives JSON and structuredClone", async () => {
    const value = await facts();
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(structuredClone(value)).toEqual(value);
  });
  test("offsets count UTF-16 units", async () => {
    const text = "s = '𝄞ä'; name = s\n";
    const statement = (await factsOf(text)).functions[0]!.body[1]!;
    expect(text.slice(statement.start, statement.end)).toBe("name = s");
  });
  test("carriage returns are noted", async () => {
    expect((await factsOf("a = 1\r\nb = 2\r\n")).crlf).toBe(true);
  });
});

describe("bad input", () => {
  const survives = async (text: string) => (await pythonParser()).facts(text);
  test("what parses is kept", async () => {
    const facts = await survives("def broken(:\n    x = 1\n\ndef fine():\n    return 1\n");
    expect(facts.problems.length).toBeGreaterThan(0);
    expect(facts.functions.map(({ name }) => name)).toContain("fine");
  });
  test("something missing is a problem too", async () => expect((await survives("x = foo(1\n")).problems.length).toBeGreaterThan(0));
  for (const [what, text] of [
    ["brackets", `x = ${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["open brackets", `x = ${"(".repeat(50_000)}`],
    ["operators", `x = ${"a + ".repeat(20_000)}a`],
    ["calls", `x = a${".b()".repeat(5000)}`],
    ["blocks", Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}if a:\n`).join("")],
  ] as const)
    test(`deeply nested ${what} are cut with a problem`, async () => {
      const facts = await survives(text);
      expect(facts.problems.length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    });
  test("binary, empty and odd text", async () => {
    for (const text of ["", "\0\u0001\uFFFE", "\uFEFFx = 1\n", "print 'old'\nexec code\n", "\u2028"])
      expect((await survives(text)).functions.length).toBeGreaterThan(0);
  });
});
