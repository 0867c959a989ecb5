import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { matchesGlob } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { templatePatterns } from "#protocol/templates";
import { createWorkspace, type CheckOptions, type Workspace } from "../../../server/src/workspace/index.js";
import { discover, type FoundFile } from "../../../server/src/workspace/discovery.js";
import { byLastName, isTemplate, resolveTemplate } from "../../../server/src/workspace/templateNames.js";
import { TemplateFiles } from "../../../server/src/workspace/templates.js";
import { roleOf } from "../../../server/src/workspace/role.js";
import { makeTree } from "./tree.js";

describe("what is a template", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["a.html", false],
    ["templates/a.html", true],
    ["app/templates/sub/a.HTM", true],
    ["app/email_templates/a.txt", true],
    ["app/Templates-old/a.xml", true],
    ["templates/a.md", true],
    ["templates/a.css", false],
    ["contemplates/a.html", false],
    ["docs/templates.html", false],
    ["anywhere/a.jinja", true],
    ["a.html.j2", true],
    ["a.jinja2", true],
  ];
  for (const [path, expected] of cases) test(path, () => expect(isTemplate(path)).toBe(expected));
  // An editor compares the case of letters; what it does not tell of is looked at on disk.
  for (const [path, expected] of cases.filter(([name]) => !name.endsWith("HTM") && !name.startsWith("contemplates")))
    test(`an editor is asked to tell of it: ${path}`, () =>
      expect(templatePatterns.some((pattern) => matchesGlob(path, pattern))).toBe(expected));
});

function checkName(files: readonly string[], name: string, from: string, expected: string | undefined): void {
  const found = files.map((relative): FoundFile => ({
    path: `/p/${relative}`,
    folder: "/p",
    relative,
    language: "jinja",
    role: roleOf(relative),
  }));
  const known = byLastName(found);
  expect(resolveTemplate(name, `/p/${from}`, (last) => known.get(last) ?? [])?.relative).toBe(expected);
}

describe("which template a name means", () => {
  const flask = [
    "app/templates/index.html",
    "app/templates/admin/index.html",
    "app/admin/templates/index.html",
    "lib/templates/index.html",
  ];
  const cases: readonly (readonly [string, readonly string[], string, string, string | undefined])[] = [
    ["below its folder", flask, "admin/index.html", "app/views.py", "app/templates/admin/index.html"],
    ["the nearest", flask, "index.html", "app/admin/views.py", "app/admin/templates/index.html"],
    ["the nearest, from above", flask, "index.html", "app/views.py", "app/templates/index.html"],
    ["the nearest, from a template", flask, "index.html", "lib/templates/other.html", "lib/templates/index.html"],
    ["the start of the name counts", flask, "dmin/index.html", "app/views.py", undefined],
    ["none of that name", flask, "gone.html", "app/views.py", undefined],
    ["no name", flask, "", "app/views.py", undefined],
    ["a leading slash", flask, "/admin/index.html", "app/views.py", "app/templates/admin/index.html"],
    ["any folder", ["mail/welcome.txt.j2"], "welcome.txt.j2", "app.py", "mail/welcome.txt.j2"],
    ["a folder of templates before any folder", ["a/x/i.j2", "b/templates/i.j2"], "i.j2", "a/x.py", "b/templates/i.j2"],
    ["an asset of a package", flask, "lib:templates/index.html", "app/views.py", "lib/templates/index.html"],
    [
      "a package with dots",
      ["src/a/b/templates/x.jinja2", "src/templates/x.jinja2"],
      "a.b:templates/x.jinja2",
      "src/v.py",
      "src/a/b/templates/x.jinja2",
    ],
    ["a plugin", ["plug/templates/x.html"], "other:x.html", "v.py", "plug/templates/x.html"],
    [
      "the folder left out of the name",
      ["m/shop/templates/cart.html", "m/x/templates/cart.html"],
      "shop/cart.html",
      "m/x/v.py",
      "m/shop/templates/cart.html",
    ],
    ["beside the asking template", flask, "./index.html", "app/templates/admin/list.html", "app/templates/admin/index.html"],
    ["above the asking template", flask, "../index.html", "app/templates/admin/list.html", "app/templates/index.html"],
    ["above, but not there", flask, "../gone/index.html", "app/templates/admin/list.html", undefined],
    ["not beside: as Jinja reads it", flask, "./admin/index.html", "app/views.py", "app/templates/admin/index.html"],
    [
      "tests' templates are for tests",
      ["tests/templates/a.html", "app/x/templates/a.html"],
      "a.html",
      "views.py",
      "app/x/templates/a.html",
    ],
    [
      "tests' templates, from tests",
      ["tests/templates/a.html", "app/x/templates/a.html"],
      "a.html",
      "tests/test_a.py",
      "tests/templates/a.html",
    ],
  ];
  for (const [name, files, asked, from, expected] of cases) test(name, () => checkName(files, asked, from, expected));
});

async function found(root: string): Promise<TemplateFiles> {
  const templates = new TemplateFiles();
  templates.setFound((await discover(root, [], new AbortController().signal)).templates);
  return templates;
}

test("the walk lists templates apart, and leaves out what git ignores", async () => {
  const root = makeTree({
    ".gitignore": "old/\n",
    "templates/b.html": "",
    "old/templates/c.html": "",
    "a.j2": "",
    "x.html": "",
    "a.py": "",
  });
  const { files, templates } = await discover(root, [], new AbortController().signal);
  expect(files.map((file) => file.relative)).toEqual(["a.py"]);
  expect(templates.map((file) => file.relative)).toEqual(["a.j2", "templates/b.html"]);
});

test("nothing is read until it is asked for", async () => {
  const root = makeTree({ "templates/a.html": "{{ a }}", "templates/b.html": "{{ b }}" });
  const templates = await found(root);
  writeFileSync(`${root}/templates/a.html`, "{{ changed }}");
  expect(templates.find("a.html", `${root}/v.py`)?.text).toBe("{{ changed }}");
  expect([...templates.asked()].map((one) => one.found.relative)).toEqual(["templates/a.html"]);
});

test("a name that no file has is told of once", () => {
  const lines: string[] = [];
  const templates = new TemplateFiles((line) => lines.push(line));
  templates.find("missing.html", "app.py");
  templates.find("missing.html", "app.py");
  expect(lines).toEqual(['The template "missing.html", which app.py names, is no file of the project: what it reads is not looked at.']);
});

test("an answer holds until its text changes, and the version says so", async () => {
  const root = makeTree({ "templates/a.html": "{{ a }}" });
  const path = `${root}/templates/a.html`;
  const templates = await found(root);
  const ask = () => templates.find("a.html", `${root}/v.py`);
  const first = ask();
  const { version } = templates;
  templates.refresh();
  expect([ask(), templates.version]).toEqual([first, version]);
  utimesSync(path, 1, 1);
  templates.refresh();
  expect([ask() === first, templates.version]).toEqual([true, version]);
  writeFileSync(path, "{{ other }}");
  templates.refresh();
  expect(ask()?.text).toBe("{{ other }}");
  expect(templates.version).toBeGreaterThan(version);
});

const models = `from flask import render_template
from sqlalchemy import ForeignKey, select
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

def users(session):
    return render_template("users.html", users=session.scalars(select(User)).all())
`;
const page = "<ul>\n{% for user in users %}\n  <li>{{ user.posts|join }}</li>\n{% endfor %}\n</ul>\n";
const silent = page.replace("  <li>", "  {# db-optimize: ignore[lazy-load-in-template] three users #}\n  <li>");

async function open(files: Record<string, string>): Promise<Workspace> {
  const workspace = await createWorkspace({ folders: [makeTree(files)], workers: 0, log: () => undefined });
  onTestFinished(() => workspace.dispose());
  return workspace;
}

/** Findings of the templates, and every warning. */
async function check(workspace: Workspace, options: Partial<CheckOptions> = {}): Promise<string[]> {
  const [root] = workspace.folders;
  const paths = (options.paths ?? []).map((path) => `${root}/${path}`);
  const { signal } = new AbortController();
  const result = await workspace.check({ includeTests: false, includePossible: false, signal, ...options, paths });
  const local = (file: string | undefined): string => (file ?? "").replace(`${root}/`, "");
  return [
    ...result.findings.map(({ file, line, column, rule }) => `${local(file)}:${line}:${column} ${rule}`),
    ...result.warnings.map(({ file, message }) => `${local(file)}: ${message}`),
  ];
}

describe("findings in templates", () => {
  const found = (at: string): string => `app/templates/users.html:${at} lazy-load-in-template`;
  const cases: readonly { name: string; files: Record<string, string>; options?: Partial<CheckOptions>; expected: string[] }[] = [
    { name: "stand in the template", files: { "app/templates/users.html": page }, expected: [found("3:10")] },
    { name: "silenced by a comment", files: { "app/templates/users.html": silent }, expected: [] },
    {
      name: "a comment without a reason is said",
      files: { "app/templates/users.html": silent.replace(" three users", "") },
      expected: ["app/templates/users.html:3:3 invalid-suppression"],
    },
    {
      name: "silenced right before the tag",
      files: { "app/templates/users.html": page.replace("{{", "{# db-optimize: ignore[lazy-load-in-template] three users #}{{") },
      expected: [],
    },
    {
      name: "a comment before a tag is not about the next line",
      files: {
        "app/templates/users.html": page.replace(
          "  <li>",
          "  {# db-optimize: ignore[lazy-load-in-template] three users #}<li></li>\n  <li>",
        ),
      },
      expected: [found("4:10")],
    },
    {
      name: "silenced by a comment of several lines",
      files: { "app/templates/users.html": silent.replace("three users", "three\n  users, no more") },
      expected: [],
    },
    {
      name: "silenced in a tag of several lines",
      files: { "app/templates/users.html": silent.replace("{{ user", "{{\n  user") },
      expected: [],
    },
    {
      name: "a comment is about its own tag alone",
      files: { "app/templates/users.html": silent.replace("<li>", "<li>{{ 1 }}\n") },
      expected: [found("5:4")],
    },
    {
      name: "asked for by the template",
      files: { "app/templates/users.html": page },
      options: { paths: ["app/templates/users.html"] },
      expected: [found("3:10")],
    },
    {
      name: "asked for by its folder",
      files: { "app/templates/users.html": page },
      options: { paths: ["app/templates"] },
      expected: [found("3:10")],
    },
    { name: "not asked for", files: { "app/templates/users.html": page }, options: { paths: ["app/views.py"] }, expected: [] },
    {
      name: "what could not be read is said, once the template is used",
      files: { "app/templates/users.html": `${page}{{ a b }}`, "app/templates/unused.html": "{{ a b }}" },
      expected: [found("3:10"), 'app/templates/users.html: line 6: Expected the end of the tag, found "b".'],
    },
    {
      name: "through what it extends and includes",
      files: {
        "app/templates/users.html": '{% extends "base.html" %}\n{% block main %}{% include "part/list.html" %}{% endblock %}',
        "app/templates/base.html": "<body>{% block main %}{% endblock %}</body>",
        "app/templates/part/list.html": page,
      },
      expected: ["app/templates/part/list.html:3:10 lazy-load-in-template"],
    },
    {
      name: "through an imported macro and the block that it is called with",
      files: {
        "app/templates/users.html":
          '{% from "m.html" import row %}{% for user in users %}\n{% call(x) row(user) %}{{ x.posts|join }}{% endcall %}{% endfor %}',
        "app/templates/m.html": "{% macro row(user) %}<li>{{ caller(user) }}</li>{% endmacro %}",
      },
      expected: ["app/templates/users.html:2:27 lazy-load-in-template"],
    },
    {
      name: "through the first include that exists",
      files: {
        "app/templates/users.html": '{% include ["theme/list.html", "part/list.html"] %}',
        "app/templates/part/list.html": page,
      },
      expected: ["app/templates/part/list.html:3:10 lazy-load-in-template"],
    },
  ];
  for (const { name, files, options, expected } of cases)
    test(name, async () => expect(await check(await open({ "app/views.py": models, ...files }), options)).toEqual(expected));
});

test("an unsaved template wins over its file, until it is closed", async () => {
  const workspace = await open({ "app/views.py": models, "app/templates/users.html": page });
  const path = `${workspace.folders[0]}/app/templates/users.html`;
  expect(await check(workspace)).toHaveLength(1);
  workspace.setOverlay(path, silent);
  expect(await check(workspace)).toEqual([]);
  expect(workspace.textOf(path)).toBe(silent);
  workspace.setOverlay(path, undefined);
  expect(await check(workspace)).toHaveLength(1);
});

test("a template that comes, changes and goes", async () => {
  const workspace = await open({ "app/views.py": models, "app/templates/other.html": "" });
  const path = `${workspace.folders[0]}/app/templates/users.html`;
  const checkAfter = (change: () => void) => {
    change();
    workspace.invalidate([path]);
    return check(workspace);
  };
  expect(await check(workspace)).toEqual([]);
  expect(await checkAfter(() => writeFileSync(path, page))).toHaveLength(1);
  expect(await checkAfter(() => writeFileSync(path, "{{ users|length }}"))).toEqual([]);
  expect(await checkAfter(() => writeFileSync(path, `\n${page}`))).toEqual(["app/templates/users.html:4:10 lazy-load-in-template"]);
  expect(await checkAfter(() => rmSync(path))).toEqual([]);
});

test("only texts that code asks for count as edits", async () => {
  const other = { "app/templates/unused.html": "<p></p>", "static/index.html": "<p></p>" };
  const workspace = await open({ "app/views.py": models, "app/templates/users.html": page, ...other });
  const set = (name: string, text: string | undefined) => workspace.setOverlay(`${workspace.folders[0]}/${name}`, text);
  expect(await check(workspace)).toHaveLength(1);
  expect(set("app/templates/unused.html", "<b></b>")).toBe(false);
  expect(set("app/templates/unused.html", undefined)).toBe(false);
  expect(set("static/index.html", "<b></b>")).toBe(false);
  expect(set("app/templates/users.html", page)).toBe(false);
  expect(set("app/templates/users.html", silent)).toBe(true);
  expect(set("app/templates/users.html", silent)).toBe(false);
  expect(await check(workspace)).toEqual([]);
  expect(set("app/templates/users.html", undefined)).toBe(true);
  // Not on disk yet, but code may mean it from now on.
  expect(set("app/new/templates/users.html", page)).toBe(true);
  expect(set("app/new/templates/users.html", undefined)).toBe(true);
});

test("a text of which only a kept result knows that it is asked for counts too", async () => {
  const templates = await found(makeTree({ "templates/a.html": "{{ a }}" }));
  const [path] = [...templates.paths()];
  const file = templates.found(path!)!;
  expect(templates.setOverlay(file, "{{ b }}")).toBe(false);
  templates.ask(path!);
  expect(templates.setOverlay(file, "{{ c }}")).toBe(true);
});
