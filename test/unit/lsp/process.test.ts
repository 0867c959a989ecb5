import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver/node";
import { RunOperation } from "#protocol/messages";
import { ScriptedClient, uri } from "./scriptedClient.js";

/** The server as it ships: bundled, in a process of its own, over stdio, on a project on disk. */
const root = resolve(import.meta.dirname, "../../..");
mkdirSync(join(root, ".cache"), { recursive: true });
const out = mkdtempSync(join(root, ".cache/server-"));

const models = `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship(back_populates="orders")
    items: Mapped[list["Item"]] = relationship()


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
`;
const report = `from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User


def report(session: Session) -> None:
    for user in session.scalars(select(User)):
        print(user.name, [order.id for order in user.orders])
`;
const views = `from flask import render_template
from sqlalchemy import select

from models import Order, User


def users(session):
    return render_template("users.html", users=session.scalars(select(User)).all())


def mail(session):
    return render_template("mail.txt.j2", orders=session.scalars(select(Order)).all())
`;
const page = "<ul>\n{% for user in users %}\n  <li>{{ user.orders|join }}</li>\n{% endfor %}\n</ul>\n";
const mail = "{% for order in orders %}\n* {{ order.id }} of {{ order.user.name }}\n{% endfor %}\n";
const sql = "select * from events;\n\nselect id from users where name = $1;\n";

let project: string;
let server: ChildProcess;
let client: ScriptedClient;
let settings: unknown;

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, "scripts/build.mjs"), "--server", "--dev", "--out", out], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`The server could not be built: ${built.stderr}`);
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), "db-optimize-project-"));
  settings = {};
  write({ "models.py": models, "report.py": report, "queries.sql": sql });
  server = spawn(process.execPath, [join(out, "server.js"), "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  client = new ScriptedClient(server.stdout!, server.stdin!, {
    folders: [project],
    settings: () => settings,
    initializationOptions: { storage: join(project, ".storage") },
  });
  await client.start();
});

afterEach(async () => {
  const ended = new Promise((resolve) => server.once("exit", (code) => resolve(code)));
  await client.stop({ exit: true });
  expect(await ended).toBe(0);
  rmSync(project, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
}

const at = (name: string) => join(project, name);
const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

describe("the server that ships", () => {
  test("an N+1 is found, fixed with one action, and gone", async () => {
    await client.open(at("report.py"), report);
    const [finding, ...others] = await client.diagnostics(at("report.py"));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "lazy-load-per-row", range: { start: { line: 8 } } });
    expect(finding?.codeDescription?.href).toMatch(/lazy-load-per-row/);
    const actions = await client.actions(at("report.py"), finding!.range, [finding!], ["quickfix"]);
    const preferred = actions.filter(({ isPreferred }) => isPreferred);
    expect(preferred).toHaveLength(1);
    await client.apply((await client.resolve(preferred[0]!)).edit);
    const fixed = client.texts.get(uri(at("report.py")))!;
    expect(fixed).toContain("selectinload(User.orders)");
    expect(fixed).toMatch(/^from sqlalchemy\.orm import .*selectinload/m);
    expect(await client.diagnostics(at("report.py"))).toEqual([]);
  });

  test("fix all does the same", async () => {
    await client.open(at("report.py"), report);
    const everywhere = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const [all] = await client.actions(at("report.py"), everywhere, [], ["source.fixAll"]);
    await client.apply((await client.resolve(all!)).edit);
    expect(await client.diagnostics(at("report.py"))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["report.py", "python", "lazy-load-per-row"],
    ["queries.sql", "sql", "select-star"],
  ])("a rule is silenced in %s by a comment that asks for a reason", async (name, languageId, rule) => {
    await client.open(at(name), readFileSync(at(name), "utf8"), languageId);
    const finding = (await client.diagnostics(at(name))).find(({ code }) => code === rule);
    const actions = await client.actions(at(name), finding!.range, [finding!], ["quickfix"]);
    const silence = await client.resolve(actions.find(({ title }) => title.startsWith(`Silence ${rule}`))!);
    expect(JSON.stringify(silence.edit)).toContain("${1:reason}");
    await client.apply(silence.edit);
    expect(codes(await client.diagnostics(at(name)))).not.toContain(rule);
  });

  test("a multi-line string is not broken by silencing what stands in it", async () => {
    const text =
      'from sqlalchemy import text\n\n\ndef ids(session):\n    rows = session.execute(\n        text(\n            """\n            SELECT e.id,\n                   e.*\n            FROM events e\n            """\n        )\n    )\n    return [row.id for row in rows]\n';
    write({ "raw.py": text });
    await client.open(at("raw.py"), text);
    const [finding] = await client.diagnostics(at("raw.py"));
    expect(finding?.code).toBe("select-star");
    const actions = await client.actions(at("raw.py"), finding!.range, [finding!], ["quickfix"]);
    await client.apply((await client.resolve(actions.find(({ title }) => title.startsWith("Silence"))!)).edit);
    expect(await client.diagnostics(at("raw.py"))).toEqual([]);
    expect(client.texts.get(uri(at("raw.py")))).toContain(text.slice(text.indexOf('"""')));
  });

  test("findings of files that nobody opened", async () => {
    const { items } = await client.workspaceDiagnostics();
    const found = items.map((item) => [item.uri, item.kind === "full" ? codes(item.items) : []]);
    expect(new Map(found as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        [uri(at("report.py")), ["lazy-load-per-row"]],
        [uri(at("queries.sql")), ["select-star"]],
      ]),
    );
  });

  test("a change on disk is seen once it is told", async () => {
    const { items } = await client.workspaceDiagnostics();
    const held = new Map(items.map((item) => [item.uri, item.resultId!]));
    const next = client.workspaceDiagnostics(held);
    write({ "queries.sql": "select id from users;\n" });
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uri(at("queries.sql")), type: 2 }] });
    expect((await next).items).toMatchObject([{ uri: uri(at("queries.sql")), items: [] }]);
  });

  test("an edit in one file changes findings in another", async () => {
    await client.open(at("report.py"), report);
    await client.open(at("models.py"), models);
    expect(codes(await client.diagnostics(at("report.py")))).toEqual(["lazy-load-per-row"]);
    await client.change(
      at("models.py"),
      models.replace('relationship(back_populates="user")', 'relationship(back_populates="user", lazy="selectin")'),
    );
    expect(await client.diagnostics(at("report.py"))).toEqual([]);
    await client.close(at("models.py"));
    expect(codes(await client.diagnostics(at("report.py")))).toEqual(["lazy-load-per-row"]);
  });

  test("statements have lenses, a finding a hover", async () => {
    await client.open(at("queries.sql"), sql, "sql");
    const lenses = await Promise.all((await client.lenses(at("queries.sql"))).map((lens) => client.resolveLens(lens)));
    expect(lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`)).toEqual([
      "0 Explain",
      "0 Analyze",
      "2 Explain",
      "2 Analyze",
    ]);
    const hover = await client.hover(at("queries.sql"), 0, 7);
    expect(JSON.stringify(hover?.contents)).toMatch(/select-star.*explainStatement/);
  });

  test("ORM code has lenses, and a hover with the SQL that it sends", async () => {
    const file = at("report.py");
    await client.open(file, report);
    const lenses = await Promise.all((await client.lenses(file)).map((lens) => client.resolveLens(lens)));
    const target = { uri: uri(file), line: 8, column: 33 };
    expect(lenses.map(({ range, command }) => [range.start.line, command?.title, command?.command, command?.arguments])).toEqual([
      [7, "Explain", "dbOptimize.explainStatement", [{ ...target, analyze: false }]],
      [7, "Analyze", "dbOptimize.explainStatement", [{ ...target, analyze: true }]],
      [7, "Copy SQL", "dbOptimize.copySql", [target]],
    ]);
    const text = JSON.stringify((await client.hover(file, 7, 34))?.contents);
    expect(text).toContain("SELECT users.id, users.name\\nFROM users");
    expect(text).toContain("command:dbOptimize.copySql");
    await client.change(file, report.replace("select(User)", "select(Gone)"));
    expect(JSON.stringify((await client.hover(file, 7, 34))?.contents)).toMatch(/SQL not known:.*Gone/);
    expect(await client.lenses(file)).toEqual([]);
  });

  test("bad settings are named, and the rest goes on", async () => {
    settings = { rules: { "select-star": "loud" }, codeLens: 7 };
    await client.open(at("queries.sql"), sql, "sql");
    expect(codes(await client.diagnostics(at("queries.sql")))).toEqual(["select-star"]);
    expect(client.logged.join("\n")).toMatch(/select-star is "loud"\. Allowed/);
    settings = { rules: { "select-star": "off" } };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await client.diagnostics(at("queries.sql"))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["half-typed Python", "python", "def f(:\n  for x in\n"],
    ["half-typed SQL", "sql", "select * from (select"],
    ["an empty file", "python", ""],
    ["NUL and lone surrogates", "sql", "select '\u0000\ud800' from users"],
    ["a very deep expression", "sql", `select ${"(".repeat(5000)}1${")".repeat(5000)}`],
    ["a very deep call", "python", `x = ${"f(".repeat(3000)}1${")".repeat(3000)}`],
  ])("%s does not end it", async (_name, languageId, text) => {
    const file = at(languageId === "python" ? "bad.py" : "bad.sql");
    write({ [languageId === "python" ? "bad.py" : "bad.sql"]: text });
    await client.open(file, text, languageId);
    expect((await client.pull(file)).kind).toBe("full");
    await client.lenses(file);
    await client.hover(file, 0, 1);
    await client.open(at("report.py"), report);
    expect(codes(await client.diagnostics(at("report.py")))).toEqual(["lazy-load-per-row"]);
  });

  test("operations fail as values with advice", async () => {
    const run = (operation: string, input: unknown) =>
      client.connection.sendRequest<RunOperation.Result>(RunOperation.method, { operation, input });
    expect(await run("nonsense", {})).toMatchObject({ ok: false, failure: { kind: "usage" } });
    expect(await run("explain", { connection: "none", sql: "select 1" })).toMatchObject({
      ok: false,
      failure: { advice: expect.any(String) },
    });
    expect(await run("listRules", {})).toMatchObject({ ok: true });
  });
});

describe("templates", () => {
  const templates = { "templates/users.html": page, "templates/mail.txt.j2": mail, "templates/unused.html": page };
  const rule = "lazy-load-in-template";
  const found = async (name: string) => codes(await client.diagnostics(at(name)));
  const lines = (text: string) => text.split("\n");

  beforeEach(() => write({ "views.py": views, ...templates }));

  const told = (name: string, type: 1 | 2 | 3) =>
    client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uri(at(name)), type }] });

  test("an open one has its findings, with the rule's page and the places that lead there", async () => {
    await client.open(at("templates/users.html"), page, "html");
    const diagnostics = await client.diagnostics(at("templates/users.html"));
    expect(diagnostics).toMatchObject([{ code: rule, range: { start: { line: 2, character: 9 }, end: { line: 2, character: 20 } } }]);
    expect(diagnostics[0]?.codeDescription?.href).toMatch(/lazy-load-in-template/);
    const places = diagnostics[0]?.relatedInformation?.map(({ location }) => `${location.uri}:${location.range.start.line}`);
    expect(places).toEqual(expect.arrayContaining([`${uri(at("views.py"))}:7`, `${uri(at("templates/users.html"))}:1`]));
    const hover = await client.hover(at("templates/users.html"), 2, 12);
    expect(JSON.stringify(hover?.contents)).toContain(rule);
    expect(await client.lenses(at("templates/users.html"))).toEqual([]);
  });

  test("one that no code renders has none", async () => {
    await client.open(at("templates/unused.html"), page, "html");
    expect(await client.diagnostics(at("templates/unused.html"))).toEqual([]);
  });

  test("unsaved text counts, until it is closed", async () => {
    await client.open(at("templates/users.html"), page, "jinja-html");
    await client.change(at("templates/users.html"), page.replace("user.orders|join", "user.name"));
    expect(await found("templates/users.html")).toEqual([]);
    await client.change(at("templates/users.html"), `\n${page}`);
    expect(await client.diagnostics(at("templates/users.html"))).toMatchObject([{ code: rule, range: { start: { line: 3 } } }]);
    await client.close(at("templates/users.html"));
    expect(await client.diagnostics(at("templates/users.html"))).toMatchObject([{ code: rule, range: { start: { line: 2 } } }]);
  });

  test("the fix is offered in the template and edits the query, in the file that its title names", async () => {
    await client.open(at("views.py"), views);
    await client.open(at("templates/users.html"), page, "html");
    const [finding] = await client.diagnostics(at("templates/users.html"));
    const actions = await client.actions(at("templates/users.html"), finding!.range, [finding!], ["quickfix"]);
    const fix = actions.find(({ isPreferred }) => isPreferred)!;
    expect(fix.title).toMatch(/selectinload\(User\.orders\), in views\.py$/);
    await client.apply((await client.resolve(fix)).edit);
    expect(client.texts.get(uri(at("views.py")))).toContain("select(User).options(selectinload(User.orders))");
    expect(client.texts.get(uri(at("templates/users.html")))).toBe(page);
    expect(await found("templates/users.html")).toEqual([]);
  });

  test.each([
    ["templates/users.html", page, "  {# db-optimize: ignore[lazy-load-in-template] reason #}\n  <li>"],
    ["templates/mail.txt.j2", mail, "of {# db-optimize: ignore[lazy-load-in-template] reason #}{{ order.user"],
  ])("silence in %s is a comment of Jinja", async (name, text, expected) => {
    await client.open(at(name), text, "plaintext");
    const [finding] = await client.diagnostics(at(name));
    expect(finding?.code).toBe(rule);
    const actions = await client.actions(at(name), finding!.range, [finding!], ["quickfix"]);
    await client.apply((await client.resolve(actions.find(({ title }) => title.startsWith("Silence"))!)).edit);
    const silenced = client.texts.get(uri(at(name)))!;
    expect(silenced).toContain(expected);
    expect(await found(name)).toEqual([]);
    write({ [name]: silenced });
    const check = [join(out, "cli.js"), "check", name, "--format", "json", "--fail-on", "never"];
    const { stdout, status } = spawnSync(process.execPath, check, { cwd: project, encoding: "utf8" });
    expect([status, (JSON.parse(stdout) as { findings: unknown[] }).findings]).toEqual([0, []]);
  });

  test("what mends or silences two findings is offered once", async () => {
    const nested = page.replace("{{ user.orders|join }}", '{{ user.orders | map(attribute="items") | list }}');
    await client.open(at("templates/users.html"), nested, "html");
    const diagnostics = await client.diagnostics(at("templates/users.html"));
    expect(diagnostics.length).toBeGreaterThan(1);
    const actions = await client.actions(at("templates/users.html"), diagnostics[0]!.range, diagnostics, ["quickfix"]);
    const silences = actions.filter(({ title }) => title.startsWith("Silence"));
    expect(silences.map(({ diagnostics: about }) => about?.length)).toEqual([diagnostics.length]);
    const edits = await Promise.all(actions.map(async (action) => JSON.stringify((await client.resolve(action)).edit)));
    expect(new Set(edits).size).toBe(edits.length);
    await client.apply((await client.resolve(silences[0]!)).edit);
    expect(await found("templates/users.html")).toEqual([]);
  });

  test("one that changes, goes and comes on disk is noticed", async () => {
    const [name, line] = ["templates/users.html", lines(page)[2]!];
    const report = async (held: ReadonlyMap<string, string>) => {
      const { items } = await client.workspaceDiagnostics(held);
      return items.find((item) => item.uri === uri(at(name)));
    };
    const after = async (held: ReadonlyMap<string, string>, type: 1 | 2 | 3, change: () => void) => {
      const next = report(held);
      change();
      await told(name, type);
      return next;
    };
    const first = await client.workspaceDiagnostics();
    const holds = (item: { resultId?: string } | undefined) =>
      new Map([...first.items, { uri: uri(at(name)), ...item }].map(({ uri: file, resultId }) => [file, resultId!]));
    const changed = await after(holds(first.items.find((item) => item.uri === uri(at(name)))), 2, () => write({ [name]: `\n${page}` }));
    expect(changed).toMatchObject({ items: [{ code: rule, range: { start: { line: lines(page).indexOf(line) + 1 } } }] });
    const gone = await after(holds(changed), 3, () => rmSync(at(name)));
    expect(gone).toMatchObject({ items: [] });
    const back = await after(holds(gone), 1, () => write({ [name]: page }));
    expect(back).toMatchObject({ items: [{ code: rule }] });
  });

  test("Python that is edited changes what is found in them", async () => {
    await client.open(at("templates/users.html"), page, "html");
    await client.open(at("views.py"), views);
    expect(await found("templates/users.html")).toEqual([rule]);
    await client.change(at("views.py"), views.replace('"users.html"', '"unused.html"'));
    expect(await found("templates/users.html")).toEqual([]);
  });

  test.each([
    ["half a tag", "{% for user in users %}{{ user."],
    ["half a comment", "{# {% for"],
    ["NUL and lone surrogates", "{{ '\u0000\ud800' }}"],
    ["a very deep expression", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`],
  ])("%s does not end it", async (_name, text) => {
    await client.open(at("templates/users.html"), text, "html");
    expect((await client.pull(at("templates/users.html"))).kind).toBe("full");
    await client.hover(at("templates/users.html"), 0, 1);
    await client.change(at("templates/users.html"), page);
    expect(await found("templates/users.html")).toEqual([rule]);
  });
});
