import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDirectly } from "../../../server/src/python/direct/index.js";
import type { FileFacts } from "../../../server/src/python/index.js";
import { pythonParser } from "./parser.js";

/** The reader may know words of places that the tree does not keep, never the other way round. */
function checkEqual(direct: FileFacts, fromTree: FileFacts): void {
  expect({ ...direct, words: [] }).toEqual({ ...fromTree, words: [] });
  expect(fromTree.words.filter((word) => !direct.words.includes(word))).toEqual([]);
}

/** Both ways of reading say the same, and neither says that something is wrong. */
async function checkSame(text: string): Promise<void> {
  const direct = readDirectly(text);
  if (!direct) return expect.fail("not read directly");
  checkEqual(direct, (await pythonParser()).factsFromTree(text));
}

describe("what is read directly is what the syntax tree says", () => {
  const cases: readonly string[] = [
    "",
    "# only a comment",
    "a.b.c(1, *xs, k=2, **kw)[0][1:2, ::3, :][...]",
    "f(x for x in xs)",
    "f(\n    a,\n    b,\n)\n  ",
    "(query\n    .filter(a)\n    .all())",
    "a and not b or c if d else e",
    "a < b <= c != d, a not in b, a is not c",
    "a  # one\\\n\nb = a \\\n    + c",
    "x = (a  # why\n  and b)",
    "-a ** -b + ~c // d @ e << 1 , 2 ^ 3 | 4 & 5",
    "await f(x), -await y",
    "x = [*a, *b], {*a}, {**a, 'k': v, 1: 2}, (), [], {}, (a,), ((a))",
    "[x async for x in y if x if y for (a, b), c in d]",
    "{k: v for k, v in x.items()}; {x for x in y}; (x for x, in y)",
    "lambda: 0; lambda a, *b, c=1, **d: a; lambda *, k, l=2: k",
    "(n := f()); x[n := 1]; f(n := 2)",
    `f"{a!r:>{w}} {b.c} {{}} {d['k']} {x=} {y = !s} {z:%Y-%m}" 'plain' rb'raw'`,
    `f'''{
    a
}''' + f"{a, b}" + F"{lambda_}" + t"{a}" + rf"\\d{x}" + f"\\N{DASH}{y}"`,
    `f"{x!s:=5}{a != b}{ {1: 2}[1] }"`,
    "'a\\\nb' \"\"\"c\"d\"\"\" r'\\'' b'x' u'y'",
    "1_000 + 0xFF + .5 + 1. + 1e-5 + 2j + 0b1 + 0o7 + 1.5e3",
    "a = b = c, = yield d",
    "a, *b = c; (a, b), [c, d] = e; a.b[0] = 1",
    "a: int = 1; b: 'list[Post]'; c: Literal['a b', \"str\"] = 'x'",
    "a: Annotated[int, Field('-i', alias='b')]; d: dict[str, list['A | None']] | None",
    "a += 1, 2; b //= 3; c **= 2; d >>= 1; e @= f",
    "for a, b in c, d:\n  e\nelse:\n  f\nfor x in *y, z: pass",
    "while a:\n  break\nelse:\n  continue",
    "if a: b; c\nelif d:\n  e\nelse: f",
    "with a as b, c:\n  d\nwith (a as b, c as (d, e),):\n  f\nwith (a, b): pass\nwith (a) as c: pass\nwith (a).b() as d: pass",
    "with (\n    a() as b\n):\n    c",
    "try:\n  a\nexcept (B, C) as e:\n  d\nexcept:\n  f\nelse:\n  g\nfinally:\n  h",
    "try:\n  a\nexcept* B as e:\n  d\ntry: a\nfinally: b",
    "try:\n  a\nexcept A, B.c:\n  d",
    "match a, b:\n  case [b, *c] if d:\n    e\n  case A(x=1) | {'k': v} as w: f\n  case A.b, _: pass\n  case -1 | None: pass",
    "match a:\n  case B.c(1, -2, x=_, y=[*_, z]) | None | _: pass\n  case (d), : pass\n  case (e): pass\n  case (f,): pass\n  case [g], *h: pass",
    "match a:\n  case {'k': {'l': m}, N.o: 1, **p}: pass\n  case 'q' 'r' | 1.5 | True: pass\n  case 1 + 2j: pass\n  case (A() | B(c)) as d if d: pass\n  case (): pass",
    "def f():\n  global a, b\n  def g():\n    global c\n  global d\n  nonlocal e\nclass A:\n  def m(self):\n    global x",
    "match = 1; match.x; match(y); match[0] = case; type = 3; type(x); _ = print; print(a)",
    "type X[T] = list[T]\ntype Y = int",
    "raise\nraise A\nraise A(1) from b",
    "assert a, b; del a[0], b; global c; nonlocal d, e; pass",
    "'docstring'\n...\n('also')\n(...)",
    "a,\nb, c",
    "def f(a, /, b: int = 1, *c: 'X', d, e=2, **g) -> 'A[B]':\n  '''doc'''\n  yield a\n  yield from b\n  x = yield\n  return",
    "def f(*, a): return a\nasync def g(*a: int): await b\nasync  def h(): ...",
    "async def f():\n  async with a as b: pass\n  async for x in y:\n    z\n",
    "def f[T: int](x: T) -> T: return x\nclass A[T]: pass",
    "@a.b\n@c(1)  # why\nclass A(B, C[int], metaclass=M, *d, **e):\n  x: int\n  if t:\n    y = 1\n    def m(self): pass\n  else:\n    def n(self): pass",
    "@a\nasync def f(): pass",
    "class A: x = 1; y: int\nclass B(): ...",
    "import a.b as c, d\nfrom . import e\nfrom ..f import (\n    g,\n    h as i,\n)\nfrom .... j import *\nfrom ...k.l import m, n as o",
    "from __future__ import annotations\ntry:\n  import a\nexcept ImportError:\n  from b import a",
    "def f():\n  a\n  # of f\n# of the module\nb",
    "if a:\n  if b:\n    c\n    # deep\n   # between\n  # inner\n# outer\nelse:\n  d  # same line\n",
    "def f(): pass  # behind\ndef g(): pass # last",
    "class A:\n    def f(self):\n        return 1\n\n    # a comment for the next\n    def g(self):\n        return 2",
    "if a:\n\tb\n\tif c:\n\t\td\n\n\n\n",
    "x = 1\r\nif a:\r\n    b = '''c\r\nd'''\r\n",
    "größe = 'ü' + naïve.ñ",
    "# db-optimize: ignore[x] because\nf(  # db-optimize: here\n  a)\n",
    "if a:\n  b\n\f\nclass C:\n  d",
  ];
  test.each(cases)("%j", (text) => checkSame(text));

  const sample = join(import.meta.dirname, "../../../media/sample");
  const files = readdirSync(sample, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".py"));
  test.each(files.sort())("the sample's %s", (name) => checkSame(readFileSync(join(sample, name), "utf8")));
});

describe("what is wrong or rare is left to the syntax tree", () => {
  const cases: readonly string[] = [
    "x = ",
    "foo.",
    "f(a,, b)",
    "f(1",
    "x = 'open",
    "f'{a'",
    "f'}'",
    "f'{}'",
    "def f(:\n  pass",
    "if a\n  b",
    "if a:\nb",
    "  a",
    "if a:\n    b\n  c",
    "try:\n  a",
    "else:\n  a",
    "print 'old'",
    "exec code",
    "a = `b`",
    "a <> b",
    "x = 10L",
    "(a) = 1",
    "1 = x",
    "f(a b)",
    "[a for b]",
    "x = yield = 1 =",
    "class A(B:\n  pass",
    "import",
    "from a import",
    "a\u00A0= 1",
    "a = 1\rb = 2",
    "@a\nx = 1",
    "lambda x",
    "a if b",
    "not",
    "return return",
    "async x",
    `x = ${"[".repeat(400)}${"]".repeat(400)}`,
    `x = ${"a + ".repeat(400)}a`,
    `x = a${".b()".repeat(400)}`,
  ];
  test.each(cases)("%j", (text) => expect(readDirectly(text)).toBeUndefined());
});

test("a damaged text is not read directly, or read as the syntax tree reads it", async () => {
  const parser = await pythonParser();
  const source = readFileSync(join(import.meta.dirname, "../../../media/sample/shop/services/fulfilment.py"), "utf8").slice(0, 6000);
  const snippets = [
    "",
    "x",
    "\n",
    " ",
    "    ",
    "(",
    ")",
    '"',
    "#",
    ":",
    "else:\n",
    "class A:\n",
    "async ",
    "@d\n",
    "\\\n",
    "é",
    "f'{a}'",
    ",",
    "=",
  ];
  const edit = fc.record({ at: fc.nat(source.length), removed: fc.nat(9), added: fc.constantFrom(...snippets) });
  fc.assert(
    fc.property(edit, ({ at, removed, added }) => {
      const text = source.slice(0, at) + added + source.slice(at + removed);
      const direct = readDirectly(text);
      if (direct) checkEqual(direct, parser.factsFromTree(text));
    }),
    { numRuns: 300, seed: 20261122 },
  );
});
