import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace, type CheckOptions, type Workspace } from "../../../server/src/workspace/index.js";
import { makeTree } from "./tree.js";

const models = `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    posts: Mapped[list["Post"]] = relationship(back_populates="user")

class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(back_populates="posts")
`;
const views = `from sqlalchemy import select
from models import User

def report(session):
    for user in session.scalars(select(User)):
        print(user.posts)
`;
const fixedViews = views
  .replace("select(User)", "select(User).options(selectinload(User.posts))")
  .replace("import select", "import select\nfrom sqlalchemy.orm import selectinload");

async function open(root: string, settings = {}): Promise<Workspace> {
  const workspace = await createWorkspace({ folders: [root], workers: 0, settings, log: () => undefined });
  onTestFinished(() => workspace.dispose());
  return workspace;
}

async function check(workspace: Workspace, options: Partial<CheckOptions> = {}): Promise<string[]> {
  const [root] = workspace.folders;
  const { signal } = new AbortController();
  const paths = (options.paths ?? []).map((path) => `${root}/${path}`);
  const result = await workspace.check({ includeTests: false, includePossible: false, signal, ...options, paths });
  const local = (file: string | undefined): string => (file ?? "").replace(`${root}/`, "");
  return [
    ...result.findings.map(({ file, line, rule, severity }) => `${local(file)}:${line} ${severity} ${rule}`),
    ...result.warnings.map(({ file, message }) => `${local(file)}: ${message}`),
  ];
}

interface Case {
  readonly name: string;
  readonly files: Record<string, string | Uint8Array>;
  readonly options?: Partial<CheckOptions>;
  readonly expected: string[];
}
const lazy = "views.py:6 warning lazy-load-per-row";
const update = "UPDATE users SET x = 1;\n";
const cases: Case[] = [
  { name: "nothing", files: {}, expected: [] },
  { name: "entities of one file explain another", files: { "models.py": models, "views.py": views }, expected: [lazy] },
  {
    name: "a path narrows what is reported, not what is known",
    files: { "models.py": models, "views.py": views, "q.sql": update },
    options: { paths: ["views.py"] },
    expected: [lazy],
  },
  {
    name: "SQL in files and in Python strings",
    files: { "a.py": `cursor.execute("UPDATE users SET x = 1")\n`, "q.sql": update },
    expected: ["a.py:1 warning update-without-where", "q.sql:1 warning update-without-where"],
  },
  { name: "tests and migrations are left out", files: { "tests/q.sql": update, "migrations/1.sql": update }, expected: [] },
  {
    name: "tests and migrations are reported when asked for",
    files: { "tests/q.sql": update, "migrations/1.sql": update },
    options: { includeTests: true },
    expected: ["migrations/1.sql:1 warning update-without-where", "tests/q.sql:1 warning update-without-where"],
  },
  {
    name: "naming a folder of tests is asking for it",
    files: { "tests/q.sql": update, "migrations/1.sql": update },
    options: { paths: ["tests"] },
    expected: ["tests/q.sql:1 warning update-without-where"],
  },
  {
    name: "naming a file that git ignores is asking for it",
    files: { ".gitignore": "*.sql", "q.sql": update },
    options: { paths: ["q.sql"] },
    expected: ["q.sql:1 warning update-without-where"],
  },
  {
    name: "only the rules that are asked for, whatever the settings say",
    files: { "pyproject.toml": '[tool.db-optimize.rules]\nselect-star = "off"', "q.sql": `SELECT * FROM users;\n${update}` },
    options: { rules: ["select-star"] },
    expected: ["q.sql:1 info select-star"],
  },
  {
    name: "settings switch rules and severities",
    files: {
      "pyproject.toml": '[tool.db-optimize.rules]\nselect-star = "off"\nupdate-without-where = "error"',
      "q.sql": `SELECT * FROM users;\n${update}`,
    },
    expected: ["q.sql:2 error update-without-where"],
  },
  {
    name: "the front door's levels win",
    files: { "pyproject.toml": '[tool.db-optimize.rules]\nupdate-without-where = "error"', "q.sql": update },
    options: { severities: { "update-without-where": "hint" } },
    expected: ["q.sql:1 hint update-without-where"],
  },
  {
    name: "excluded by setting",
    files: { "pyproject.toml": '[tool.db-optimize]\nexclude = ["legacy"]', "legacy/q.sql": update },
    expected: [],
  },
  {
    name: "a comment silences a rule",
    files: { "q.sql": `-- db-optimize: ignore[update-without-where] all of them\n${update}` },
    expected: [],
  },
  {
    name: "a SQL comment in a Python string silences a rule",
    files: {
      "q.py": [
        "from sqlalchemy import text",
        "def f(session):",
        '    session.execute(text("UPDATE users SET x = 1 -- db-optimize: ignore[update-without-where] all of them"))',
        '    session.execute(text("UPDATE users SET x = 2 -- db-optimize: ignore[no-such-rule] all of them"))',
      ].join("\n"),
    },
    expected: ["q.py:4 warning update-without-where", "q.py:4 warning invalid-suppression"],
  },
  {
    name: "a byte order mark and CRLF do not move places",
    files: { "q.sql": `\ufeffSELECT id FROM users WHERE id = 1;\r\n${update}` },
    expected: ["q.sql:2 warning update-without-where"],
  },
  {
    name: "broken files cost a line each and hide nothing else",
    files: {
      "bin.py": "\0",
      "broken.py": "def f(:\n",
      "latin.py": Buffer.from("x = 'é'", "latin1"),
      "broken.sql": `SELECT FROM FROM;\n${update}`,
      "gone.py": "-> nowhere.py",
    },
    expected: [
      "broken.sql:2 warning update-without-where",
      "gone.py: This link was left out: what it points to does not exist.",
      "bin.py: This file was left out: it is binary (it holds NUL bytes).",
      "latin.py: This file was left out: it is not UTF-8. Save it as UTF-8.",
      expect.stringMatching(/^broken\.py: line 1: Syntax error/) as unknown as string,
      'broken.sql: a statement is left out, the first at line 1: syntax error at or near "FROM"',
    ],
  },
  {
    name: "a named file of another language is said to be left out",
    files: { "a.txt": "", "b.py": "" },
    options: { paths: ["a.txt"] },
    expected: ["a.txt: This file was left out: it is neither Python nor SQL, nor a template of this project."],
  },
];
test.each(cases)("$name", async ({ files, options, expected }) => {
  expect(await check(await open(makeTree(files)), options)).toEqual(expected);
});

test("an unknown rule is refused with the names of the others", async () => {
  await expect(check(await open(makeTree({})), { rules: ["select-stra"] })).rejects.toThrow('There is no rule "select-stra".');
});

test("ids survive edits above and do not depend on where the project lies", async () => {
  const idOf = async (text: string): Promise<string | undefined> => {
    const workspace = await open(makeTree({ "models.py": models, "views.py": text }));
    const result = await workspace.check({ paths: [], includeTests: false, includePossible: false, signal: new AbortController().signal });
    return result.findings[0]?.id;
  };
  const id = await idOf(views);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(await idOf(`# a comment\n\n${views}`)).toBe(id);
});

test("what is open in an editor shadows the disk, in its own file and in others", async () => {
  const root = makeTree({ "models.py": models, "views.py": views });
  const workspace = await open(root);
  expect(await check(workspace)).toEqual([lazy]);
  workspace.setOverlay(`${root}/views.py`, fixedViews);
  expect(await check(workspace, { paths: ["views.py"] })).toEqual([]);
  expect(workspace.textOf(`${root}/views.py`)).toBe(fixedViews);
  workspace.setOverlay(`${root}/views.py`, undefined);
  expect(await check(workspace, { paths: ["views.py"] })).toEqual([lazy]);
  workspace.setOverlay(
    `${root}/models.py`,
    models.replace('relationship(back_populates="user")', 'relationship(back_populates="user", lazy="selectin")'),
  );
  expect(await check(workspace, { paths: ["views.py"] })).toEqual([]);
});

const edits: [name: string, file: string, edit: (text: string) => string][] = [
  ["a line above everything", "views.py", (text) => `\n${text}`],
  ["inside a function", "views.py", (text) => text.replace("    for user", "    count = 0\n    for user")],
  ["a fix", "views.py", () => fixedViews],
  ["a fix taken back", "views.py", () => views],
  ["another function", "views.py", (text) => `${text}\ndef other(session):\n    return session.scalars(select(User)).all()\n`],
  ["a broken line", "views.py", (text) => text.replace("print(", "print((")],
  ["an entity moves", "models.py", (text) => `\n\n${text}`],
  ["an entity loads eagerly", "models.py", (text) => text.replace('back_populates="user"', 'back_populates="user", lazy="selectin"')],
  ["an entity is renamed", "models.py", (text) => text.replaceAll("User", "Account")],
  ["the statement of a module", "stmts.py", () => "\n\nfrom sqlalchemy import select\nfrom models import User\nstmt = select(User)\n"],
];

test("after each edit the findings are those of a fresh start", async () => {
  const shared = `from stmts import stmt\n\ndef listing(session):\n    for user in session.scalars(stmt):\n        print(user.posts)\n`;
  const texts: Record<string, string> = {
    "models.py": models,
    "views.py": views,
    "stmts.py": "from sqlalchemy import select\nfrom models import User\nstmt = select(User)\n",
    "shared.py": shared,
  };
  const root = makeTree(texts);
  const workspace = await open(root);
  const all: CheckOptions = { paths: [], includeTests: false, includePossible: true, signal: new AbortController().signal };
  await workspace.check(all);
  for (const [name, file, edit] of edits) {
    texts[file] = edit(texts[file]!);
    workspace.setOverlay(`${root}/${file}`, texts[file]);
    const fresh = await open(makeTree(texts));
    const expected = JSON.stringify((await fresh.check(all)).findings).replaceAll(fresh.folders[0]!, root);
    expect(JSON.stringify((await workspace.check(all)).findings), name).toBe(expected);
  }
});

test("changes on disk are seen: by the whole check itself, by a check of one file when told", async () => {
  const root = makeTree({ "models.py": models, "views.py": views });
  const workspace = await open(root);
  expect(await check(workspace)).toEqual([lazy]);
  writeFileSync(`${root}/views.py`, fixedViews);
  expect(await check(workspace)).toEqual([]);
  writeFileSync(`${root}/views.py`, `\n${views}`);
  workspace.invalidate([`${root}/views.py`]);
  expect(await check(workspace, { paths: ["views.py"] })).toEqual(["views.py:7 warning lazy-load-per-row"]);
  renameSync(`${root}/views.py`, `${root}/pages.py`);
  workspace.invalidate([`${root}/views.py`, `${root}/pages.py`]);
  expect(await check(workspace)).toEqual(["pages.py:7 warning lazy-load-per-row"]);
  writeFileSync(`${root}/.gitignore`, "pages.py\n");
  workspace.invalidate([`${root}/.gitignore`]);
  expect(await check(workspace)).toEqual([]);
});

test("a document that was never saved is checked like any other", async () => {
  const root = makeTree({ "models.py": models });
  const workspace = await open(root);
  workspace.setOverlay(`${root}/new.py`, views);
  expect(await check(workspace, { paths: ["new.py"] })).toEqual(["new.py:6 warning lazy-load-per-row"]);
});

test("requests at the same time do not disturb each other, and a cancelled one leaves nothing broken", async () => {
  const root = makeTree({ "models.py": models, "views.py": views, "q.sql": update });
  const workspace = await open(root);
  const cancelled = check(workspace, { signal: AbortSignal.abort() });
  const both = Promise.all([check(workspace, { paths: ["views.py"] }), check(workspace, { paths: ["q.sql"] })]);
  await expect(cancelled).rejects.toThrow("aborted");
  expect(await both).toEqual([[lazy], ["q.sql:1 warning update-without-where"]]);
});

test("the cache on disk changes nothing but the time, also where it cannot be written", async () => {
  const root = makeTree({ "models.py": models, "views.py": views });
  const run = async (cacheDirectory: string): Promise<string[]> => {
    const workspace = await createWorkspace({ folders: [root], workers: 0, cacheDirectory, log: () => undefined });
    try {
      return await check(workspace);
    } finally {
      await workspace.dispose();
    }
  };
  const cache = makeTree({});
  expect([await run(cache), await run(cache)]).toEqual([[lazy], [lazy]]);
  writeFileSync(`${cache}/file`, "");
  expect(await run(`${cache}/file/cannot-be`)).toEqual([lazy]);
});

test("tables come from entities and from DDL files", async () => {
  const ddl =
    "CREATE TABLE audit (id bigserial PRIMARY KEY, note varchar(40) NOT NULL, at timestamptz);\nCREATE INDEX audit_at ON audit (at DESC);\n";
  const workspace = await open(makeTree({ "models.py": models, "schema.sql": ddl }));
  const { catalog } = await workspace.check({
    paths: [],
    includeTests: false,
    includePossible: false,
    signal: new AbortController().signal,
  });
  expect(catalog.tables.map(({ name }) => name).sort()).toEqual(["audit", "posts", "users"]);
  const audit = catalog.tables.find(({ name }) => name === "audit");
  expect(audit?.columns.map(({ type, notNull }) => [type, notNull])).toEqual([
    ["bigint", true],
    ["character varying(40)", true],
    ["timestamp with time zone", false],
  ]);
  expect(audit?.indexes.map(({ name, unique, keys }) => [name, unique, keys])).toEqual([
    ["audit_pkey", true, [{ column: "id", descending: false }]],
    ["audit_at", false, [{ column: "at", descending: true }]],
  ]);
});

test("the statements of a document, with their places and parameters", async () => {
  const root = makeTree({
    "q.sql": "SELECT id\n  FROM users WHERE id = :id;\nSELEC 1;\n",
    "a.py": `from sqlalchemy import text\nsession.execute(text("SELECT id FROM users WHERE name = :name"))\n`,
  });
  const workspace = await open(root);
  const statements = await workspace.statements(`${root}/q.sql`);
  expect(statements.map(({ place, sql, error }) => [place.line, place.endLine, sql, error?.line])).toEqual([
    [1, 2, "SELECT id\n  FROM users WHERE id = $1", undefined],
    [3, 3, "SELEC 1", 3],
  ]);
  expect(statements[0]?.parameters).toEqual([{ position: 1, name: "id", comparison: "=", column: { table: "users", column: "id" } }]);
  const typed = await workspace.statements(`${root}/a.py`, `from sqlalchemy import text\n\nsession.execute(text("SELECT 1"))\n`);
  expect(typed.map(({ place, sql }) => [place.line, sql])).toEqual([[3, "SELECT 1"]]);
  expect(await workspace.statements(`${root}/a.py`)).toHaveLength(1);
});

test("where a new Alembic revision belongs", async () => {
  const revision = (id: string, down: string): string => `revision = ${JSON.stringify(id)}\ndown_revision = ${down}\n`;
  const { signal } = new AbortController();
  const at = async (files: Record<string, string>): Promise<unknown> =>
    (await open(makeTree({ "db/env.py": "", "db/script.py.mako": "", ...files }))).alembic(signal);
  expect(await at({})).toBeUndefined();
  expect(await at({ "db/versions/1.py": revision("a", "None"), "db/versions/2.py": revision("b", '"a"') })).toMatchObject({
    head: "b",
    versions: expect.stringMatching(/db\/versions$/),
  });
  expect(await at({ "db/versions/1.py": revision("a", "None"), "db/versions/2.py": revision("b", "None") })).toBeUndefined();
  expect(
    await at({
      "db/versions/1.py": revision("a", "None"),
      "db/versions/2.py": revision("b", "None"),
      "db/versions/3.py": revision("c", '("a", "b")'),
    }),
  ).toMatchObject({ head: "c" });
  expect(await at({ "db/versions/1.py": "revision = make()\ndown_revision = None\n" })).toBeUndefined();
});

test("a folder and a file that may not be read are named", async () => {
  const root = makeTree({ "a.py": "" });
  mkdirSync(`${root}/closed`);
  chmodSync(root, 0o755);
  for (const path of ["a.py", "closed"]) chmodSync(`${root}/${path}`, 0);
  const workspace = await open(root);
  // Root may read everything: the test has to be somebody else for a moment.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    expect(await check(workspace)).toEqual([
      "closed: This folder was left out: permission denied.",
      "a.py: This file was left out: permission denied.",
    ]);
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(`${root}/closed`, 0o700);
  }
});
