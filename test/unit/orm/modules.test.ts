import { describe, expect, test } from "vitest";
import { indexOf } from "./project.js";

/** What `name` means in `at`: `file#Class`, `file:` for a module, or the dotted name of something outside. */
async function checkName(files: Record<string, string>, at: string, name: string, expected: string | undefined): Promise<void> {
  const index = await indexOf(files);
  const symbol = index.symbols.lookup(at, name);
  const told =
    symbol?.kind === "class"
      ? `${symbol.file}#${index.files.get(symbol.file)!.classes[symbol.index]!.name}`
      : symbol?.kind === "module"
        ? `${symbol.file}:`
        : symbol?.kind === "external"
          ? symbol.name
          : symbol?.kind;
  expect(told).toBe(expected);
}
const A = "class A: pass\n";

describe("names across files", () => {
  const cases: readonly (readonly [string, Record<string, string>, string, string, string | undefined])[] = [
    ["absolute", { "p/__init__.py": "", "p/m.py": A, "x.py": "from p.m import A" }, "x.py", "A", "p/m.py#A"],
    ["relative", { "p/__init__.py": "", "p/m.py": A, "p/x.py": "from .m import A" }, "p/x.py", "A", "p/m.py#A"],
    ["two dots", { "p/__init__.py": "", "p/m.py": A, "p/q/__init__.py": "", "p/q/x.py": "from ..m import A" }, "p/q/x.py", "A", "p/m.py#A"],
    ["re-export", { "p/__init__.py": "from .m import A as B", "p/m.py": A, "x.py": "from p import B" }, "x.py", "B", "p/m.py#A"],
    ["star", { "p/__init__.py": "from .m import *", "p/m.py": A, "x.py": "from p import *" }, "x.py", "A", "p/m.py#A"],
    ["submodule", { "p/__init__.py": "", "p/m.py": A, "x.py": "from p import m" }, "x.py", "m", "p/m.py:"],
    ["src layout", { "src/p/__init__.py": "", "src/p/m.py": A, "tools/x.py": "from p.m import A" }, "tools/x.py", "A", "src/p/m.py#A"],
    ["two roots", { "a/p/__init__.py": "", "a/p/m.py": A, "b/x.py": "from p.m import A" }, "b/x.py", "A", "a/p/m.py#A"],
    ["namespace package", { "p/m.py": A, "p/x.py": "from p.m import A" }, "p/x.py", "A", "p/m.py#A"],
    ["preferred import", { "x.py": "try:\n  from fast import A\nexcept ImportError:\n  A = None\n" }, "x.py", "A", "fast.A"],
    ["outside", { "x.py": "import sqlalchemy as sa\nC = sa.Column\n" }, "x.py", "C", "sqlalchemy.Column"],
    [
      "same name as a library",
      { "p/__init__.py": "", "p/logging.py": A, "p/x.py": "import logging" },
      "p/x.py",
      "logging",
      "p/logging.py:",
    ],
    ["imports in a circle", { "a.py": "from b import A", "b.py": "from a import A" }, "a.py", "A", "a.A"],
    ["star in a circle", { "a.py": "from b import *", "b.py": "from a import *" }, "a.py", "A", undefined],
    ["defined by itself", { "a.py": "x = x.y\n" }, "a.py", "x", "variable"],
    ["modules that alias each other", { "a.py": "import b\nx = b.y\n", "b.py": "import a\ny = a.x\n" }, "a.py", "x", "variable"],
  ];
  for (const [title, files, at, name, expected] of cases) test(title, () => checkName(files, at, name, expected));
});
