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
    .filter((rule) => /per-row|in-loop|row-by-row|^async-lazy/.test(rule.meta.id))
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

describe("keys in hand", () => {
  const rows = "rows = s.scalars(select(Order)).all()";
  const body = (get: string) => `def g(s: Session):\n    ${rows}\n    for o in rows:\n        ${get}\n`;
  const reported = (get: string) => [`query-in-loop ${get}`];
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["the row's own key", body("s.get(Order, o.id)"), []],
    ["by a name", body("key = o.id; s.get(Order, key)"), []],
    ["by the query", body("s.query(Order).get(o.id)"), []],
    ["another entity", body("s.get(User, o.user_id)"), reported("s.get(User, o.user_id)")],
    ["loaded along", body("s.get(User, o.user_id)").replace("(Order)", "(Order).options(joinedload(Order.user))"), []],
    [
      "a nullable key, loaded along",
      body("s.get(Seller, o.seller_id)").replace("(Order)", "(Order).options(joinedload(Order.seller))"),
      [],
    ],
    [
      "a filter always asks",
      body("s.query(Order).filter(Order.id == o.id).one()"),
      reported("s.query(Order).filter(Order.id == o.id).one()"),
    ],
    ["told to ask", body("s.get(Order, o.id, populate_existing=True)"), reported("s.get(Order, o.id, populate_existing=True)")],
    ["behind a commit", body("key = o.id; s.rollback(); s.get(Order, key)"), reported("s.get(Order, key)")],
    [
      "keys whose rows nobody holds",
      "def g(s: Session):\n    keys = [o.id for o in s.scalars(select(Order))]\n    for key in keys:\n        s.get(Order, key)\n",
      reported("s.get(Order, key)"),
    ],
    [
      "a key that a function has brought",
      "def last(s):\n    o = s.query(Order).first()\n    return o.id\ndef g(s: Session, xs):\n    for x in xs:\n        key = last(s) + x\n        s.get(Order, key)\n",
      ["query-in-loop s.get(Order, key)"],
    ],
    [
      "through a call",
      `def clean(s: Session, order_id):\n    order = s.query(Order).get(order_id)\n    order.x = 1\n${body("clean(s, o.id)")}`,
      [],
    ],
    [
      "through a call that opens a session of its own",
      `from db import make_session\ndef clean(order_id):\n    with Session(engine) as own:\n        order = own.get(Order, order_id)\n${body("clean(o.id)")}`,
      reported("clean(o.id)"),
    ],
    [
      "of another session",
      "def g(old: Session, new: Session):\n    for o in old.scalars(select(Order)).all():\n        new.get(Order, o.id)\n",
      reported("new.get(Order, o.id)"),
    ],
    [
      "of a session that was closed",
      "def g():\n    with Session(engine) as s:\n        rows = s.scalars(select(Order)).all()\n    with Session(engine) as s:\n        for o in rows:\n            s.get(Order, o.id)\n",
      reported("s.get(Order, o.id)"),
    ],
    ["the row that it gives", body("print(s.get(Order, o.id).user)"), ["lazy-load-per-row s.get(Order, o.id).user"]],
    ["a key before the row", body("print(o.user_id or o.user.id)"), []],
    ["a key that may be NULL before the row", body("print(o.seller_id or o.seller.name)"), ["lazy-load-per-row o.seller"]],
    [
      "a key is not None",
      `def f(s, x, parent=None):\n    if parent is None:\n        s.execute(select(User).where(User.name == x)).all()\n${body("f(s, o.x, parent=o.id)")}`,
      [],
    ],
    [
      "a key that may be NULL may be None",
      `def f(s: Session, x, parent=None):\n    if parent is None:\n        s.scalars(select(User).where(User.name == x)).all()\n${body("f(s, o.x, o.seller_id)")}`,
      reported("f(s, o.x, o.seller_id)"),
    ],
  ];
  for (const [title, code, expected] of cases) test(title, () => checkFindings(code, expected));
});

describe("coroutines that something else runs", () => {
  const load = "async def load(s):\n    return (await s.scalars(select(User).options(X))).all()\n";
  const rows = load.replace(".options(X)", "");
  const cases: readonly (readonly [string, string])[] = [
    ["asyncio.run", "import asyncio\ndef g(s):\n    users: list[User] = asyncio.run(load(s))\n"],
    ["anyio.run", "import anyio\ndef g(s):\n    users = anyio.run(load, s)\n"],
    ["a loop", "def g(s, loop):\n    users = loop.run_until_complete(load(s))\n"],
    ["a thread's", "import asyncio\ndef g(s, loop):\n    users = asyncio.run_coroutine_threadsafe(load(s), loop).result()\n"],
    ["async_to_sync", "from asgiref.sync import async_to_sync\ndef g(s):\n    users = async_to_sync(load)(s)\n"],
    ["a task", "import asyncio\nasync def g(s):\n    task = asyncio.create_task(load(s))\n    users = await task\n"],
    ["a group's task", "async def g(s, group):\n    task = group.create_task(load(s))\n    users = task.result()\n"],
  ];
  const loop = "    for u in users:\n        print(u.orders)\n";
  const eager = load.replace("X", "joinedload(User.orders)");
  for (const [title, code] of cases) {
    test(title, () => checkFindings(rows + code + loop, ["async-lazy-load u.orders"]));
    test(`${title}, loaded`, () => checkFindings(eager + code + loop, []));
  }
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
