import { expect, test } from "vitest";
import { relativeTo, targetOf } from "../../../server/src/cli/paths.js";
import { makeTree } from "../workspace/tree.js";

const project = { "pyproject.toml": "", "app/views.py": "", "app/sub/x.py": "", "other/setup.py": "", "other/y.py": "", "plain/z.py": "" };

interface Case {
  readonly name: string;
  readonly cwd?: string;
  readonly given: string[];
  readonly folders: string[];
  readonly base: string;
}
const cases: Case[] = [
  { name: "nothing named: the current folder", given: [], folders: ["."], base: "." },
  { name: "a folder inside the project: the project explains it", given: ["app/sub"], folders: ["."], base: "app/sub" },
  { name: "a file: paths are relative to the current folder", given: ["app/views.py"], folders: ["."], base: "." },
  { name: "two folders: the same", given: ["app", "plain"], folders: ["."], base: "." },
  { name: "a project inside a project is its own", given: ["other"], folders: ["other"], base: "other" },
  { name: "a project and one inside it: the outer one holds both", given: ["app", "other"], folders: ["."], base: "." },
  { name: "from a folder below", cwd: "app", given: ["../plain"], folders: ["."], base: "plain" },
];
test.each(cases)("$name", ({ cwd, given, folders, base }) => {
  const root = makeTree(project);
  const at = (path: string): string => (path === "." ? root : `${root}/${path}`);
  const target = targetOf(given, at(cwd ?? "."));
  expect(target.folders).toEqual(folders.map(at));
  expect(target.base).toBe(at(base));
});

test("without any mark a folder stands for itself", () => {
  const root = makeTree({ "a/b/x.py": "" });
  expect(targetOf(["a"], root).folders).toEqual([`${root}/a`]);
  expect(targetOf(["a/b/x.py"], root).folders).toEqual([`${root}/a/b`]);
});

test("without any mark a module's package begins where its modules are imported from", () => {
  const root = makeTree({ "a/__init__.py": "", "a/b/__init__.py": "", "a/b/x.py": "" });
  expect(targetOf(["a/b/x.py"], root).folders).toEqual([root]);
});

test("a path that does not exist is named", () => {
  expect(() => targetOf(["gone"], makeTree({}))).toThrow(/There is no file or folder .*\/gone\./);
});

test("paths are shown relative, also those that lie beside", () => {
  const relative = relativeTo("/p/app");
  expect(["/p/app/x.py", "/p/app/sub/x.py", "/p/other.py", "already/relative.py"].map(relative)).toEqual([
    "x.py",
    "sub/x.py",
    "../other.py",
    "already/relative.py",
  ]);
});
