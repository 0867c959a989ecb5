import { describe, expect, test } from "vitest";
import { catalogOf, queryExpressions } from "../../../server/src/orm/index.js";
import { ormRules } from "../../../server/src/rules/orm/index.js";
import { indexOf, subjectOf } from "./project.js";

const models = `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True, unique=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")
class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    user: Mapped["User"] = relationship(back_populates="orders")
`;
const head = "from sqlalchemy import select\nfrom sqlalchemy.orm import Session, selectinload\nfrom models import User, Order\n";

/** Findings of the ORM rules in `app.py` as `certainty rule text`. */
async function checkFindings(code: string, expected: readonly string[], more: Record<string, string> = {}): Promise<void> {
  const text = head + code;
  const subject = await subjectOf({ "models.py": models, "app.py": text, ...more }, "app.py");
  const found = ormRules
    .filter((rule) => rule.meta.enabledByDefault)
    .flatMap((rule) => [...rule.check(subject, { catalogs: [] })].map((one) => ({ rule: rule.meta.id, one })))
    .sort((a, b) => a.one.span.start - b.one.span.start);
  expect(found.map(({ rule, one }) => `${one.certainty} ${rule} ${text.slice(one.span.start, one.span.end)}`)).toEqual(expected);
}

describe("certainty", () => {
  const loop = "    for u in users:\n        print(u.orders)\n";
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["a query", `def f(s):\n    users = s.query(User).all()\n${loop}`, ["certain lazy-load-per-row u.orders"]],
    ["a parameter", `def f(users: list[User]):\n${loop}`, ["likely lazy-load-per-row u.orders"]],
    [
      "a parameter, and somebody loads it eagerly",
      `x = selectinload(User.orders)\ndef f(users: list[User]):\n${loop}`,
      ["possible lazy-load-per-row u.orders"],
    ],
    [
      "a to-one of rows from outside",
      "def f(rows: list[Order]):\n    for r in rows:\n        print(r.user)\n",
      ["possible lazy-load-per-row r.user"],
    ],
    [
      "a to-one that unknown conditions may fix",
      "def f(s, **by):\n    for r in s.query(Order).filter_by(**by):\n        print(r.user)\n",
      ["likely lazy-load-per-row r.user"],
    ],
    ["rows from outside in async code", `async def f(users: list[User]):\n${loop}`, ["possible lazy-load-per-row u.orders"]],
    ["a function's promise", `def g() -> list[User]: ...\ndef f():\n    users = g()\n${loop}`, ["likely lazy-load-per-row u.orders"]],
    ["unknown options", `def f(s, o):\n    users = s.query(User).options(*o)\n${loop}`, ["possible lazy-load-per-row u.orders"]],
    [
      "a query or something unknown",
      `def f(s, c):\n    users = c.get("u") or s.query(User).all()\n${loop}`,
      ["likely lazy-load-per-row u.orders"],
    ],
    [
      "one of two queries loads it",
      `def f(s, e):\n    q = s.query(User)\n    if e:\n        q = q.options(selectinload(User.orders))\n    users = q.all()\n${loop}`,
      ["possible lazy-load-per-row u.orders"],
    ],
    [
      "isolated commits",
      "def f(s: Session, xs):\n    for x in xs:\n        try:\n            s.commit()\n        except E:\n            pass\n",
      ["possible commit-in-loop s.commit()"],
    ],
  ];
  for (const [title, code, expected] of cases) test(title, () => checkFindings(code, expected));
});

describe("applicability", () => {
  const loop = "    for u in q:\n        print(u.orders)\n";
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["a proved query", `def f(s):\n    q = s.query(User)\n${loop}`, ["safe"]],
    ["also asked for columns only", `def f(s):\n    q = s.query(User)\n    print(q.with_entities(User.id).all())\n${loop}`, ["unsafe"]],
    ["a query or something unknown", `def f(s, x):\n    q = x() or s.query(User)\n${loop}`, ["unsafe"]],
    ["rows from outside", `def f(q: list[User]):\n${loop}`, []],
    ["unknown options", `def f(s, o):\n    q = s.query(User).options(*o)\n${loop}`, []],
  ];
  for (const [title, code, expected] of cases)
    test(title, async () => {
      const subject = await subjectOf({ "models.py": models, "app.py": head + code }, "app.py");
      const fixes = ormRules.flatMap((rule) => [...rule.check(subject, { catalogs: [] })].flatMap((one) => one.fixes));
      expect(fixes.map((fix) => fix.applicability)).toEqual(expected);
    });
});

describe("sessions across files", () => {
  test("dependencies, aliases and attributes of self", () =>
    checkFindings(
      `from db import SessionDep, Repository, get_db
from fastapi import Depends
async def a(session: SessionDep):
    user = (await session.scalars(select(User))).one()
    return user.orders
class Users(Repository):
    async def b(self):
        return (await self.session.get(User, 1)).orders
def c(session=Depends(get_db), names=()):
    for name in names:
        session.commit()
`,
      [
        "certain async-lazy-load user.orders",
        "certain async-lazy-load (await self.session.get(User, 1)).orders",
        "certain commit-in-loop session.commit()",
      ],
      {
        "db.py": `from typing import Annotated, Iterator
from sqlalchemy.orm import Session
from sqlalchemy.ext.asyncio import AsyncSession
from fastapi import Depends
async def get_session(): ...
def get_db() -> Iterator[Session]: ...
SessionDep = Annotated[AsyncSession, Depends(get_session)]
class Repository:
    def __init__(self, session: AsyncSession):
        self.session = session
`,
      },
    ));
});

describe("bounds", () => {
  test("much code in one function ends", async () => {
    const body = Array.from(
      { length: 3000 },
      (_, at) => `    for u${at} in s.query(User):\n        x${at} = [u${at}.email, x0, x1]\n`,
    ).join("");
    await checkFindings(`def f(s, x0, x1):\n${body}`, []);
  });
  test("deep loops end", async () => {
    const body = Array.from({ length: 18 }, (_, at) => `${"    ".repeat(at + 1)}for a${at} in a${at - 1 < 0 ? "" : at - 1}:\n`).join("");
    await checkFindings(`def f(a):\n${body}${"    ".repeat(19)}b = a0\n${"    ".repeat(19)}a0 = b\n`, []);
  });
  test("functions that call themselves end", () =>
    checkFindings("def f(s):\n    def g(x):\n        return g(g(x))\n    return g(1)\n", []));
  test("long chains of names and of classes end", () => {
    const lines = (line: (at: number) => string) => Array.from({ length: 5000 }, (_, at) => line(at)).join("");
    return checkFindings(
      `from chains import *\ndef f(s):\n    for u in s.query(a4999):\n        print(u, g4999, C4999().x)\n    return C4999.y\n`,
      [],
      {
        "chains.py":
          lines((at) => (at ? `a${at} = a${at - 1}\n` : "a0 = 1\n")) +
          lines((at) => (at ? `g${at} = f(g${at - 1})\n` : "g0 = 1\n")) +
          lines((at) => `class C${4999 - at}(${at < 4999 ? `C${4998 - at}` : ""}): pass\n`),
      },
    );
  });
  test("half-typed code", () => checkFindings("def f(s):\n    for u in s.query(User).\n        print(u.orders\n", []));
});

describe("query expressions", () => {
  test("at their longest, in order", async () => {
    const code = `${head}def f(s):\n    q = select(User).where(User.id == 1)\n    q = q.limit(2)\n    s.query(Order.id).all()\n    return s.get(User, 1), q\n`;
    const found = queryExpressions(await subjectOf({ "models.py": models, "app.py": code }, "app.py"));
    expect(found.map((one) => [one.style, code.slice(one.span.start, one.span.end), one.entities.join(), one.scope])).toEqual([
      ["select", "select(User).where(User.id == 1)", "User", "f"],
      ["query", "s.query(Order.id)", "", "f"],
      ["get", "s.get(User, 1)", "User", "f"],
    ]);
  });
});

describe("catalog", () => {
  test("tables as entities declare them", async () => {
    const { tables, source } = catalogOf(await indexOf({ "models.py": models }));
    expect(source).toEqual({ kind: "entities" });
    const [users, orders] = tables;
    expect(users).toMatchObject({ schema: "public", name: "users", primaryKey: ["id"] });
    expect(users?.columns.map(({ name, type, notNull }) => [name, type, notNull])).toEqual([
      ["id", "integer", true],
      ["email", "character varying", true],
    ]);
    expect(users?.indexes).toMatchObject([{ name: "ix_users_email", unique: true, keys: [{ column: "email" }] }]);
    expect(orders?.foreignKeys).toMatchObject([
      { columns: ["user_id"], referencedTable: "users", referencedColumns: ["id"], onDelete: "CASCADE" },
    ]);
  });
});
