import { expect, test } from "vitest";
import { discover } from "../../../server/src/workspace/discovery.js";
import { makeTree } from "./tree.js";

interface Case {
  readonly name: string;
  readonly files: Record<string, string>;
  readonly folder?: string;
  readonly exclude?: string[];
  /** What is found, with the role where it is no source. */
  readonly found: string[];
  readonly warnings?: string[];
}

async function checkDiscovery({ files, folder, exclude, found, warnings }: Case): Promise<void> {
  const root = makeTree(files);
  const result = await discover(folder ? `${root}/${folder}` : root, exclude ?? [], new AbortController().signal);
  expect(result.files.map((file) => (file.role === "source" ? file.relative : `${file.relative} (${file.role})`))).toEqual(found);
  expect(result.warnings.map(({ file, message }) => `${file?.slice(root.length + 1)}: ${message}`)).toEqual(warnings ?? []);
}

const cases: Case[] = [
  {
    name: "Python, stubs and SQL, sorted",
    files: { "b.py": "", "a.pyi": "", "sub/q.SQL": "", "readme.md": "", "x.pyc": "" },
    found: ["a.pyi", "b.py", "sub/q.SQL"],
  },
  {
    name: "virtual environments by their mark, whatever their name",
    files: { "env-of-mine/pyvenv.cfg": "", "env-of-mine/lib/x.py": "", "venv/x.py": "", "a.py": "" },
    found: ["a.py"],
  },
  {
    name: "folders that hold other people's code",
    files: { "node_modules/x.py": "", "lib/site-packages/x.py": "", "build/x.py": "", ".git/hooks/x.py": "", "a.py": "" },
    found: ["a.py"],
  },
  {
    name: ".gitignore, nested, with negation",
    files: {
      ".gitignore": "*.py\n!keep.py\nout/",
      "a.py": "",
      "keep.py": "",
      "out/keep.py": "",
      "sub/.gitignore": "!b.py\nkeep.py",
      "sub/b.py": "",
      "sub/keep.py": "",
    },
    found: ["keep.py", "sub/b.py"],
  },
  {
    name: ".gitignore above the folder, up to the repository's top",
    files: {
      ".git/HEAD": "",
      ".git/info/exclude": "local.py",
      ".gitignore": "/app/gen/",
      "app/gen/x.py": "",
      "app/local.py": "",
      "app/a.py": "",
    },
    folder: "app",
    found: ["a.py"],
  },
  { name: "excluded by setting", files: { "legacy/x.py": "", "a.py": "" }, exclude: ["legacy/**"], found: ["a.py"] },
  {
    name: "tests and migrations",
    files: {
      "tests/x.py": "",
      "app/test_views.py": "",
      "conftest.py": "",
      "app/migrations/0001.py": "",
      "db/env.py": "",
      "db/script.py.mako": "",
      "db/versions/a1.py": "",
      "shop/migration/env.py": "",
      "shop/migration/versions/b2.py": "",
      "etc/env.py": "",
      "contest.py": "",
      "app/latest.py": "",
    },
    found: [
      "app/latest.py",
      "app/migrations/0001.py (migration)",
      "app/test_views.py (test)",
      "conftest.py (test)",
      "contest.py",
      "db/env.py (migration)",
      "db/versions/a1.py (migration)",
      "etc/env.py",
      "shop/migration/env.py (migration)",
      "shop/migration/versions/b2.py (migration)",
      "tests/x.py (test)",
    ],
  },
  {
    name: "links: broken ones are named, circles end, what is met twice is met once",
    files: { "broken.py": "-> nowhere.py", "self.py": "-> self.py", loop: "-> .", "again.py": "-> real.py", "real.py": "" },
    found: ["real.py"],
    warnings: [
      "broken.py: This link was left out: what it points to does not exist.",
      "self.py: This link was left out: its symbolic links form a circle.",
    ],
  },
  {
    name: "a link to a file outside is read",
    files: { "app/models.py": "-> ../shared/models.py", "shared/models.py": "" },
    folder: "app",
    found: ["models.py"],
  },
  {
    name: "a folder called tests above the project says nothing",
    files: { "tests/project/a.py": "" },
    folder: "tests/project",
    found: ["a.py"],
  },
];

test.each(cases)("$name", checkDiscovery);

test("a folder that is gone is a warning", async () => {
  const result = await discover(`${makeTree({})}/gone`, [], new AbortController().signal);
  expect(result.files).toEqual([]);
  expect(result.warnings.map(({ message }) => message)).toEqual(["This folder was left out: it does not exist."]);
});

test("stops when it is cancelled", async () => {
  await expect(discover(makeTree({ "a.py": "" }), [], AbortSignal.abort())).rejects.toThrow("aborted");
});
