import { describe, expect, test } from "vitest";
import { ormRules } from "../../../server/src/rules/orm/index.js";
import { subjectOf } from "./project.js";

const models = `import enum
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="user")
class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("sellers.id"))
    user: Mapped["User"] = relationship(back_populates="orders")
    seller: Mapped["Seller | None"] = relationship()
class Seller(Base):
    __tablename__ = "sellers"
    id: Mapped[int] = mapped_column(primary_key=True)
class Mode(enum.Enum):
    FLUSH = "flush"
    SAVE = "commit"
    COMMIT = "commit"
    NONE = "none"
class Frame(str, enum.Enum):
    DAY = "day"
    WEEK = "week"
`;
const head = `from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload
from models import User, Order, Seller, Mode, Frame
`;

/** Certain and likely findings of the rules about growth in `app.py`, as `rule text`. */
async function checkFindings(code: string, expected: readonly string[]): Promise<void> {
  const text = head + code;
  const subject = await subjectOf({ "models.py": models, "app.py": text }, "app.py");
  const found = ormRules
    .filter((rule) => /per-row|in-loop|row-by-row/.test(rule.meta.id))
    .flatMap((rule) => [...rule.check(subject, { catalogs: [] })].map((one) => ({ rule: rule.meta.id, one })))
    .filter(({ one }) => one.certainty !== "possible")
    .sort((a, b) => a.one.span.start - b.one.span.start);
  expect(found.map(({ rule, one }) => `${rule} ${text.slice(one.span.start, one.span.end)}`)).toEqual(expected);
}
const lazy = ["lazy-load-per-row u.orders"];

/** A function over rows with a test, and a call of it. */
const called = (params: string, test: string, args: string) =>
  `def f(rows, ${params}):\n    for u in rows:\n        if ${test}:\n            print(u.orders)\n` +
  `def g(s: Session):\n    f(s.query(User).all(), ${args})\n`;

describe("tests that a call decides", () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ["flag", "flag", "False", false],
    ["flag", "flag", "True", true],
    ["flag=False", "flag", "", false],
    ["flag=False", "not flag", "flag=True", false],
    ["flag", "rows and flag", "False", false],
    ["flag", "rows and flag", "True", true],
    ["flag, other", "flag or other", "False, False", false],
    ["flag, other", "flag or other", "False, True", true],
    ["flag, other", "not (flag or other)", "True, x", false],
    ["only=None", "only is not None", "", false],
    ["only=None", "only is None", "", true],
    ["only=None", "only is None", "'a'", false],
    ["only=None", "only", "''", false],
    ["only=None", "only", "0", false],
    ["only=None", "only", "'the text of a message that is long'", true],
    ["mode", "mode == 'full'", "'short'", false],
    ["mode", "mode == 'full'", "'full'", true],
    ["mode", "mode != 'full'", "'full'", false],
    ["mode", "mode in ('a', 'b')", "'c'", false],
    ["mode", "mode in ('a', 'b')", "'b'", true],
    ["mode", "mode not in ['a', 'b']", "'b'", false],
    ["mode", "mode in ('a', other)", "'c'", true],
    ["level", "level == 2", "1", false],
    ["level", "level == 2", "2", true],
    ["mode", "mode == Mode.FLUSH", "Mode.NONE", false],
    ["mode", "mode == Mode.FLUSH", "Mode.FLUSH", true],
    ["mode", "mode is not Mode.FLUSH", "Mode.FLUSH", false],
    ["mode", "mode in (Mode.SAVE, Mode.COMMIT)", "Mode.NONE", false],
    // Two names of one member.
    ["mode", "mode == Mode.SAVE", "Mode.COMMIT", true],
    ["callback=None", "callback", "", false],
    ["callback=None", "callback is None", "lambda u: u", false],
    ["flag", "flag", "unknown()", true],
    ["key", "key is None", "s.query(Order).first().id", true],
  ];
  for (const [params, condition, args, loads] of cases)
    test(`f(${params}) with (${args}): if ${condition}`, () => checkFindings(called(params, condition, args), loads ? lazy : []));
});

describe("what is evaluated", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "the side of a conditional expression that is taken",
      "def f(rows, deep):\n    return [u.orders if deep else u.name for u in rows]\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      [],
    ],
    [
      "behind `and`",
      "def f(rows, deep):\n    return [deep and u.orders for u in rows]\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      [],
    ],
    [
      "behind `or`",
      "def f(rows, shallow):\n    return [shallow or u.orders for u in rows]\ndef g(s: Session):\n    f(s.query(User).all(), True)\n",
      [],
    ],
    [
      "behind `and` that is open",
      "def f(rows, deep):\n    return [deep and u.orders for u in rows]\ndef g(s: Session):\n    f(s.query(User).all(), True)\n",
      lazy,
    ],
    [
      "a comprehension's condition",
      "def f(rows, deep):\n    return [u.orders for u in rows if deep]\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      [],
    ],
    [
      "an early return",
      "def f(rows, deep=False):\n    if not deep:\n        return\n    for u in rows:\n        print(u.orders)\ndef g(s: Session):\n    f(s.query(User).all())\n",
      [],
    ],
    [
      "a name made of what the call gives",
      "def f(rows, deep):\n    shallow = not deep\n    for u in rows:\n        if not shallow:\n            print(u.orders)\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      [],
    ],
    [
      "a call that hands it on",
      "def h(rows, mode):\n    for u in rows:\n        if mode == 'deep':\n            print(u.orders)\ndef f(rows, mode):\n    h(rows, mode)\ndef g(s: Session):\n    f(s.query(User).all(), 'flat')\n",
      [],
    ],
    [
      "what the function says itself decides nothing",
      "DEEP = False\ndef f(s: Session):\n    deep = False\n    for u in s.query(User):\n        if deep or DEEP:\n            print(u.orders)\n",
      lazy,
    ],
    [
      "what the function has made of it decides nothing",
      "def f(rows, deep):\n    deep = ask(deep)\n    for u in rows:\n        if deep:\n            print(u.orders)\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      lazy,
    ],
    [
      "a flag that the loop changes decides nothing",
      "def f(rows, deep):\n    for u in rows:\n        if deep:\n            print(u.orders)\n        deep = u.name == 'x'\ndef g(s: Session):\n    f(s.query(User).all(), False)\n",
      lazy,
    ],
    [
      "what a decorator was given",
      `from functools import wraps
def managed(mode):
    def decorator(fn):
        @wraps(fn)
        def wrapper(self, *args):
            result = fn(self, *args)
            if mode == Mode.COMMIT:
                self.db.commit()
            return result
        return wrapper
    return decorator
class Repo:
    def __init__(self, db: Session):
        self.db = db
    @managed(Mode.FLUSH)
    def quiet(self, x):
        self.db.add(x)
    @managed(Mode.COMMIT)
    def loud(self, x):
        self.db.add(x)
def f(db: Session, xs):
    repo = Repo(db)
    for x in xs:
        repo.quiet(x)
    for y in xs:
        repo.loud(y)
`,
      ["commit-in-loop repo.loud(y)"],
    ],
    [
      "texts that are told apart where nothing else is",
      "def run(s: Session, x, how):\n    if how == 'now':\n        s.scalars(select(User).where(User.name == x)).all()\ndef f(s: Session, xs):\n    for x in xs:\n        run(s, x, 'later')\n    for y in xs:\n        run(s, y, 'now')\n",
      ["query-in-loop run(s, y, 'now')"],
    ],
  ];
  for (const [title, code, expected] of cases) test(title, () => checkFindings(code, expected));
});

describe("enumerations are few", () => {
  const ask = "        s.execute(select(User).where(User.name == f.value))\n";
  const cases: readonly (readonly [string, string])[] = [
    ["for", `def g(s: Session):\n    for f in Frame:\n${ask}`],
    ["list", `def g(s: Session):\n    frames = list(Frame)\n    for f in frames:\n${ask}`],
    ["sorted", `def g(s: Session):\n    for f in sorted(Frame, key=lambda f: f.value):\n${ask}`],
    ["set", `def g(s: Session):\n    for f in set(Frame):\n${ask}`],
    ["a comprehension", `def g(s: Session):\n    for f in [one for one in Frame if one != Frame.DAY]:\n${ask}`],
    ["members", `def g(s: Session):\n    for f in Frame.__members__.values():\n${ask}`],
    ["numbered", `def g(s: Session):\n    for at, f in enumerate(Frame):\n${ask}`],
    ["a declared list", `def g(s: Session, frames: list[Frame]):\n    for f in frames:\n${ask}`],
    [
      "a list that is given",
      `def g(s: Session, frames: set[Frame]):\n    for f in frames:\n${ask}def h(s: Session):\n    g(s, tuple(Frame))\n`,
    ],
  ];
  for (const [title, code] of cases) test(title, () => checkFindings(code, []));
  test("rows are not", () =>
    checkFindings(`def g(s: Session):\n    for f in s.query(User).all():\n${ask.replace(".value", ".name")}`, [
      "query-in-loop s.execute(select(User).where(User.name == f.name))",
    ]));
});
