import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeFileSync } from "node:fs";
import { createWorkspace } from "../../../server/src/workspace/index.js";
import { makeTree } from "./tree.js";

const models = `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
`;
const app = "from sqlalchemy import select\nfrom models import User\ndef f(session):\n    return session.scalars(select(User))\n";
const { signal } = new AbortController();
const flat = (sql: string | undefined) => sql?.replaceAll(/\s+/g, " ");

async function open(files: Record<string, string>) {
  const root = makeTree(files);
  const workspace = await createWorkspace({ folders: [root], workers: 0, log: () => undefined });
  onTestFinished(() => workspace.dispose());
  const file = join(root, "app.py");
  const at = async (line = 4, text?: string) =>
    flat((await workspace.translationAt(file, { line }, { signal, ...(text === undefined ? {} : { text }) }))?.sql);
  const all = async (text?: string) => {
    const outcome = await workspace.translations(file, { signal, ...(text === undefined ? {} : { text }) });
    return "problem" in outcome ? outcome.problem : outcome.queries.map(({ sql }) => flat(sql));
  };
  const check = () => workspace.check({ paths: [], includeTests: false, includePossible: false, signal });
  return { root, workspace, file, at, all, check };
}
const sent = "SELECT users.id FROM users";

test("a place and the whole file say the same, before and after a check", async () => {
  const { at, all, check } = await open({ "models.py": models, "app.py": app });
  expect(await at()).toBe(sent);
  expect(await all()).toEqual([sent]);
  await check();
  expect(await at()).toBe(sent);
  expect(await all()).toEqual([sent]);
});

test("an edit counts at once: of the text that is asked about, and of the models", async () => {
  const { root, workspace, at, all, check } = await open({ "models.py": models, "app.py": app });
  await check();
  const limited = app.replace("select(User)", "select(User.id).distinct()");
  expect(await at(4, limited)).toBe("SELECT DISTINCT users.id FROM users");
  expect(await all(limited)).toEqual(["SELECT DISTINCT users.id FROM users"]);
  expect(await at()).toBe(sent);
  workspace.setOverlay(join(root, "models.py"), `${models}    name: Mapped[str]\n`);
  expect(await at()).toBe("SELECT users.id, users.name FROM users");
  expect(await all()).toEqual(["SELECT users.id, users.name FROM users"]);
});

test("a place is answered while checks are waited for", async () => {
  const { workspace, at, check, root } = await open({ "models.py": models, "app.py": app });
  await check();
  const edited = app.replace("return ", "return  ");
  workspace.setOverlay(join(root, "app.py"), edited);
  let checked = 0;
  const running = Array.from({ length: 50 }, () => check().then(() => checked++));
  expect(await at(4, edited)).toBe(sent);
  expect(checked).toBeLessThan(50);
  await Promise.all(running);
});

test("another SQLAlchemy counts when its file has changed", async () => {
  const get = "from models import User\ndef f(session):\n    return session.get(User, 3)\n";
  const { root, workspace, at } = await open({ "models.py": models, "app.py": get, "requirements.txt": "sqlalchemy==2.0.1" });
  expect(await at(3)).toBe("SELECT users.id AS users_id FROM users WHERE users.id = $1");
  writeFileSync(join(root, "requirements.txt"), "sqlalchemy==2.1.0");
  workspace.invalidate([join(root, "requirements.txt")]);
  expect(await at(3)).toBe("SELECT users.id FROM users WHERE users.id = $1");
});

test("tests declare entities for each other, not for the application", async () => {
  const { root, workspace, at, check } = await open({ "tests/models.py": models, "tests/test_app.py": app, "app.py": app });
  const test = join(root, "tests/test_app.py");
  const inTest = async (text?: string) =>
    flat((await workspace.translationAt(test, { line: 4 }, { signal, ...(text === undefined ? {} : { text }) }))?.sql);
  expect(await inTest()).toBe(sent);
  await check();
  expect(await inTest(app.replace("(User)", "(User.id).limit(1)"))).toBe("SELECT users.id FROM users LIMIT $1");
  expect(await at()).toBeUndefined();
});

test.each(["notes.txt", "gone.py"])("%s has none", async (name) => {
  const { workspace, root } = await open({ "notes.txt": "x" });
  expect(await workspace.translations(join(root, name), { signal })).toHaveProperty("problem");
  expect(await workspace.translationAt(join(root, name), { line: 1 }, { signal })).toBeUndefined();
});
