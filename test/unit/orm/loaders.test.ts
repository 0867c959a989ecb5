import { describe, expect, test } from "vitest";
import { subjectOf } from "./project.js";

const models = `from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, column_property, query_expression, deferred
class Base(DeclarativeBase): pass
class Org(Base):
    __tablename__ = "org"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    teams: Mapped[list["Team"]] = relationship(back_populates="org")
class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(deferred=True)
    big: Mapped[str] = mapped_column(deferred=True, deferred_group="g")
    secret: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    low: Mapped[str] = column_property(func.lower(name), deferred=True)
    extra: Mapped[str] = query_expression()
    org_id: Mapped[int] = mapped_column(ForeignKey("org.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    org: Mapped["Org"] = relationship(back_populates="teams")
    users: Mapped[list["User"]] = relationship(back_populates="team")
    staff: Mapped[list["User"]] = relationship(viewonly=True, lazy="joined")
    children: Mapped[list["Team"]] = relationship(back_populates="parent")
    parent: Mapped["Team"] = relationship(back_populates="children", remote_side=[id])
class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped["Team"] = relationship(back_populates="users")
    items: Mapped[list["Item"]] = relationship(back_populates="user")
class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    user: Mapped["User"] = relationship(back_populates="items")
`;
const people = `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, composite, synonym
class Base(DeclarativeBase): pass
class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    name: Mapped[str]
    x: Mapped[int]
    y: Mapped[int]
    point = composite("x", "y")
    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "person"}
class Engineer(Person):
    __tablename__ = "engineer"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lang: Mapped[str]
    tools: Mapped[list["Tool"]] = relationship()
    __mapper_args__ = {"polymorphic_identity": "engineer"}
class Intern(Person):
    school: Mapped[str] = mapped_column(nullable=True)
    nick = synonym("name")
    __mapper_args__ = {"polymorphic_identity": "intern", "polymorphic_load": "inline"}
class Tool(Base):
    __tablename__ = "tool"
    id: Mapped[int] = mapped_column(primary_key=True)
    eng_id: Mapped[int] = mapped_column(ForeignKey("engineer.id"))
`;
const head = `from sqlalchemy import select, and_, func, text
from sqlalchemy.orm import Session, Load, aliased, contains_eager, defaultload, defer, immediateload, join, joinedload, joinedload_all, lazyload
from sqlalchemy.orm import load_only, noload, raiseload, selectin_polymorphic, selectinload, subqueryload, undefer, undefer_group
from sqlalchemy.orm import with_loader_criteria, with_parent, with_polymorphic
from models import *
def program(s: Session, flag, x):
`;

/** What the code reads that its query did not load: relationships (`!` an error, `?` loaded on some path, `~` not sure) and columns. */
async function checkSends(code: readonly string[], expected: string, text = models): Promise<void> {
  const subject = await subjectOf({ "models.py": text, "app.py": head + code.map((line) => `    ${line}\n`).join("") }, "app.py");
  const doubt = (owner: { doubt?: string; plan: { uncertain: boolean } }) =>
    owner.plan.uncertain || owner.doubt === "possible" ? "?" : owner.doubt === "likely" ? "~" : "";
  const name = (entity: string) => subject.index.entities.get(entity)!.name;
  const sent = [
    ...subject.loads.map(
      (load) => `${name(load.relationship.owner)}.${load.relationship.name}${load.raises ? "!" : ""}${doubt(load.owner)}`,
    ),
    ...subject.columnLoads.map((load) => `${name(load.owner.entity)}.${load.column}:${load.leftOutBy}`),
  ];
  expect(sent.sort().join(" ")).toBe(expected);
}

/** The same for a whole file. */
async function checkFile(text: string, expected: string): Promise<void> {
  const subject = await subjectOf({ "models.py": models, "app.py": text }, "app.py");
  const name = (entity: string) => subject.index.entities.get(entity)!.name;
  expect(subject.loads.map((load) => `${name(load.relationship.owner)}.${load.relationship.name}`).join(" ")).toBe(expected);
}

/** `option`: what stands in `.options(...)`; `read`: the body of the loop over teams. */
const checkOptions = (option: string, read: string, expected: string) =>
  checkSends([`for t in s.scalars(select(Team).where(Team.id > x).options(${option})).unique():`, `    ${read}`], expected);

const users = "print(t.users)";
const items = "print([u.items for u in t.users])";
const org = "print(t.org.name)";

describe("options and what is left to load (each seen on SQLAlchemy 2.0 and 2.1)", () => {
  const cases: readonly (readonly [option: string, read: string, expected: string])[] = [
    ["", users, "Team.users"],
    ["selectinload(Team.users)", users, ""],
    ["selectinload(Team.users), defaultload(Team.users).selectinload(User.items)", items, ""],
    ["defaultload(Team.users).selectinload(User.items)", items, "Team.users"],
    ["selectinload(Team.users).selectinload(User.items), selectinload(Team.users)", items, ""],
    ["joinedload(Team.users).load_only(User.name).selectinload(User.items)", items, ""],
    ["joinedload(Team.users).load_only(User.id).selectinload(User.items)", "print([u.name for u in t.users])", "User.name:load_only"],
    ["lazyload(Team.users).selectinload(User.items)", items, "Team.users"],
    // Wildcards
    ['raiseload("*"), selectinload(Team.users)', items, "User.items!"],
    ['selectinload(Team.users), raiseload("*")', org, "Team.org!"],
    ['raiseload("*"), lazyload(Team.users)', items, "Team.users User.items"],
    ['raiseload("*"), defaultload(Team.users)', users, "Team.users!"],
    ['Load(Team).raiseload("*"), selectinload(Team.users)', items, "User.items"],
    ['Load(Team).raiseload("*"), selectinload(Team.users)', org, "Team.org!"],
    ['selectinload(Team.users).raiseload("*")', items, "User.items!"],
    ['selectinload(Team.users).raiseload("*")', org, "Team.org"],
    ['raiseload("*"), lazyload("*")', users, "Team.users"],
    ['Load(Team).raiseload("*"), lazyload("*")', users, "Team.users!"],
    ['lazyload("*"), raiseload("*")', users, "Team.users!"],
    ['lazyload("*")', "print(t.staff)", "Team.staff"],
    ['selectinload("*")', items, ""],
    ['selectinload(Team.users).options(raiseload("*"))', items, "User.items"],
    // Options of options
    ["selectinload(Team.users).options(load_only(User.id), selectinload(User.items))", items, ""],
    ["selectinload(Team.users).options(load_only(User.id))", "print([u.name for u in t.users])", "User.name:load_only"],
    ["Load(Team).options(selectinload(Team.users))", users, ""],
    // Recursion: so many levels below the first
    ["selectinload(Team.children)", "print([c.children for c in t.children])", "Team.children"],
    ["selectinload(Team.children, recursion_depth=1)", "print([c.children for c in t.children])", ""],
    ["selectinload(Team.children, recursion_depth=1)", "print([d.children for c in t.children for d in c.children])", "Team.children"],
    ["immediateload(Team.children, recursion_depth=-1)", "print([d.children for c in t.children for d in c.children])", ""],
    // What loads nothing
    ["noload(Team.users)", users, ""],
    ["raiseload(Team.org, sql_only=True)", org, "Team.org!~"],
    ["raiseload(Team.users, sql_only=True)", users, "Team.users!"],
    ['with_loader_criteria(User, User.name == "x")', users, "Team.users"],
    ['selectinload(Team.users.and_(User.name == "x"))', users, ""],
    // Unreadable ones
    ["selectinload(getattr(Team, x))", users, "Team.users?"],
    ["*x", users, "Team.users?"],
  ];
  for (const [option, read, expected] of cases) test(`${option} | ${read}`, () => checkOptions(option, read, expected));
});

describe("columns", () => {
  const name = "print(t.name)";
  const cases: readonly (readonly [option: string, read: string, expected: string])[] = [
    ["", name, ""],
    ["", "print(t.note)", "Team.note:mapping"],
    ["", "print(t.low)", "Team.low:mapping"],
    ["", "print(t.extra)", ""],
    ["", "print(t.secret)", ""],
    ["undefer(Team.note)", "print(t.note)", ""],
    ['undefer("*")', "print(t.note, t.big)", ""],
    ['Load(Team).undefer("*")', "print(t.note)", ""],
    ['undefer_group("g")', "print(t.big)", ""],
    ['undefer_group("g")', "print(t.note)", "Team.note:mapping"],
    ['load_only(Team.id), undefer_group("g")', "print(t.big)", ""],
    ["load_only(Team.note)", "print(t.note)", ""],
    ["load_only(Team.id)", "print(t.id)", ""],
    ["load_only(Team.id)", name, "Team.name:load_only"],
    ["load_only(Team.id), load_only(Team.name)", name, ""],
    ["load_only(Team.id), undefer(Team.name)", name, ""],
    ["undefer(Team.name), load_only(Team.id)", name, ""],
    ['load_only(Team.id), undefer("*")', name, "Team.name:load_only"],
    ["load_only(Team.id, raiseload=True)", name, ""],
    ["defer(Team.name)", name, "Team.name:defer"],
    ["defer(Team.name, raiseload=True)", name, ""],
    ['defer("*")', name, "Team.name:defer"],
    ['defer("*"), undefer(Team.name)', name, ""],
    ['undefer(Team.name), defer("*")', name, ""],
    ['defer("*"), load_only(Team.name)', name, ""],
    ['selectinload(Team.users), defer("*")', "print([u.name for u in t.users])", "User.name:defer"],
    ['selectinload(Team.users).defer("*")', name, ""],
    ["defaultload(Team.users).load_only(User.id)", "print([u.name for u in t.users])", "Team.users User.name:load_only"],
  ];
  for (const [option, read, expected] of cases) test(`${option} | ${read}`, () => checkOptions(option, read, expected));
});

describe("options that some paths give", () => {
  const read = ["for t in s.scalars(q):", "    print(t.users, t.org)"];
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["a list", ["o = [selectinload(Team.users), joinedload(Team.org)]", "q = select(Team).options(*o)"], ""],
    ["a tuple", ["o = (selectinload(Team.users), joinedload(Team.org))", "q = select(Team).options(*o)"], ""],
    ["lists added", ["o = [selectinload(Team.users)] + [joinedload(Team.org)]", "q = select(Team).options(*o)"], ""],
    ["appended", ["o = [joinedload(Team.org)]", "o.append(selectinload(Team.users))", "q = select(Team).options(*o)"], ""],
    ["extended", ["o = [joinedload(Team.org)]", "o += [selectinload(Team.users)]", "q = select(Team).options(*o)"], ""],
    [
      "appended under a flag",
      ["o = [joinedload(Team.org)]", "if flag:", "    o.append(selectinload(Team.users))", "q = select(Team).options(*o)"],
      "Team.users?",
    ],
    [
      "appended to nothing under a flag",
      ["o = []", "if flag:", "    o.append(selectinload(Team.users))", "q = select(Team).options(*o)"],
      "Team.org Team.users?",
    ],
    ["one or the other", ["q = select(Team).options(selectinload(Team.users) if flag else joinedload(Team.org))"], "Team.org? Team.users?"],
    ["one or none", ["q = select(Team).options(*([selectinload(Team.users)] if flag else []))"], "Team.org Team.users?"],
    [
      "five flags on the query",
      ["q = select(Team)", ...[1, 2, 3, 4, 5].flatMap((at) => ["if flag:", `    q = q.options(defer(Team.name))${at}`.slice(0, -1)])],
      "Team.org Team.users",
    ],
    [
      "under a flag, later",
      ["q = select(Team).options(joinedload(Team.org))", "if flag:", "    q = q.options(selectinload(Team.users))"],
      "Team.users?",
    ],
    [
      "on both paths",
      [
        "q = select(Team).options(joinedload(Team.org))",
        "if flag:",
        "    q = q.options(selectinload(Team.users))",
        "else:",
        "    q = q.options(joinedload(Team.users))",
      ],
      "",
    ],
  ];
  for (const [title, lines, expected] of cases) test(title, () => checkSends([...lines, ...read], expected));
});

describe("options made by a function", () => {
  const made = `${head.replace(
    "def program",
    `def load(rel):
    return selectinload(rel)
def rows(s, option):
    return s.scalars(select(Team).options(option)).all()
def program`,
  )}`;
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "another relationship each time",
      "for t in rows(s, load(Team.users)):\n        print(t.users)\n    for t in rows(s, load(Team.org)):\n        print(t.org)",
      "",
    ],
    [
      "what one call loads the other does not",
      "rows(s, load(Team.users))\n    for t in rows(s, load(Team.org)):\n        print(t.users)",
      "Team.users",
    ],
  ];
  for (const [title, code, expected] of cases) test(title, () => checkFile(`${made}    ${code}\n`, expected));
});

describe("1.x", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['joinedload("users")', items, "User.items"],
    ['joinedload_all("users.items")', items, ""],
    // Only the end of the way is joined.
    ['joinedload("users.items")', items, "Team.users"],
    ["joinedload(Team.users, User.items)", items, "Team.users"],
    ['joinedload("users").joinedload("items")', items, ""],
    ['load_only("id", "name")', "print(t.name, t.org_id)", "Team.org_id:load_only"],
    ['defer("users.name")', "print(t.name)", ""],
    ['subqueryload("users").load_only("id")', "print([u.name for u in t.users])", "User.name:load_only"],
  ];
  for (const [option, read, expected] of cases)
    test(option, () => checkSends([`for t in s.query(Team).options(${option}):`, `    ${read}`], expected));
  test("up to 1.4 a strategy with a name is changed in place", () =>
    checkSends(
      ["o = joinedload(Team.users)", "o.joinedload(User.items)", "for t in s.query(Team).options(o):", `    ${items}`],
      "User.items?",
    ));
  test("and what it gives is the longer one in any version", () =>
    checkSends(["o = joinedload(Team.users)", "o = o.joinedload(User.items)", "for t in s.query(Team).options(o):", `    ${items}`], ""));
});

describe("aliases", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["option for the class, rows of the class", ["for a, b in s.execute(q.options(selectinload(Team.users))):", "    print(a.users)"], ""],
    [
      "option for the class, rows of the alias",
      ["for a, b in s.execute(q.options(selectinload(Team.users))):", "    print(b.users)"],
      "Team.users",
    ],
    [
      "option for the alias, rows of the class",
      ["for a, b in s.execute(q.options(selectinload(A.users))):", "    print(a.users)"],
      "Team.users",
    ],
    ["option for the alias, rows of the alias", ["for a, b in s.execute(q.options(selectinload(A.users))):", "    print(b.users)"], ""],
    ["columns of the alias", ["for a, b in s.execute(q.options(load_only(A.id))):", "    print(a.name, b.name)"], "Team.name:load_only"],
    ["by name of the alias", ["for r in s.execute(q.options(selectinload(A.users))):", "    print(r.up.users)"], ""],
    [
      "contains_eager of an alias",
      ["U = aliased(User)", "for t in s.query(Team).join(U, Team.users).options(contains_eager(Team.users, alias=U)):", `    ${users}`],
      "",
    ],
    [
      "on from an alias",
      ["U = aliased(User)", "for t in s.query(Team).options(contains_eager(Team.users.of_type(U)).selectinload(U.items)):", `    ${items}`],
      "",
    ],
    [
      "of a subquery",
      ["S = aliased(Team, select(Team).subquery())", "for t in s.scalars(select(S).options(selectinload(S.users))):", `    ${items}`],
      "User.items",
    ],
    [
      "options inside a subquery",
      ["S = aliased(Team, select(Team).options(selectinload(Team.users)).subquery())", "for t in s.scalars(select(S)):", `    ${users}`],
      "Team.users",
    ],
  ];
  for (const [title, lines, expected] of cases)
    test(title, () => checkSends(['A = aliased(Team, name="up")', "q = select(Team, A).join(A, Team.parent)", ...lines], expected));
});

describe("inheritance", () => {
  const read = (over: string, name: string) => [`for p in ${over}:`, `    print(p.${name})`];
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["the discriminator is always loaded", read("s.scalars(select(Person).options(load_only(Person.id)))", "type"), ""],
    ["other columns are not", read("s.scalars(select(Person).options(load_only(Person.id)))", "name"), "Person.name:load_only"],
    ["a composite brings its columns", read("s.scalars(select(Person).options(load_only(Person.point)))", "x"), ""],
    ["a composite that is left out", read("s.scalars(select(Person).options(load_only(Person.id)))", "point"), "Person.x:load_only"],
    ["a synonym", read("s.scalars(select(Intern).options(load_only(Intern.id)))", "nick"), "Intern.name:load_only"],
    ["the subclass's column of rows of the base", read("s.scalars(select(Person))", "lang"), "Engineer.lang:inheritance"],
    ["with_polymorphic", read('s.scalars(select(with_polymorphic(Person, "*")))', "lang"), ""],
    ["selectin_polymorphic", read("s.scalars(select(Person).options(selectin_polymorphic(Person, [Engineer])))", "lang"), ""],
    [
      "selectin_polymorphic of another",
      read("s.scalars(select(Person).options(selectin_polymorphic(Person, [Intern])))", "lang"),
      "Engineer.lang:inheritance",
    ],
    ["polymorphic_load", read("s.scalars(select(Person))", "school"), ""],
    ["the subclass's relationship", read("s.scalars(select(Person))", "tools"), "Engineer.tools"],
    ["an option for it does nothing", read("s.scalars(select(Person).options(selectinload(Engineer.tools)))", "tools"), "Engineer.tools"],
    [
      "unless the subclass is loaded",
      read("s.scalars(select(Person).options(selectinload(Engineer.tools), selectin_polymorphic(Person, [Engineer])))", "tools"),
      "",
    ],
    [
      "with_polymorphic's own",
      ['P = with_polymorphic(Person, "*")', ...read("s.scalars(select(P).options(selectinload(P.Engineer.tools)))", "tools")],
      "",
    ],
    ["own columns of the subclass", read("s.scalars(select(Engineer))", "lang"), ""],
    ["an option for the base", read("s.scalars(select(Engineer).options(load_only(Person.id)))", "name"), "Engineer.name:load_only"],
  ];
  for (const [title, lines, expected] of cases) test(title, () => checkSends(lines, expected, people));
});

describe("association proxies", () => {
  const proxied = models
    .replace("class Base", "from sqlalchemy.ext.associationproxy import association_proxy\nclass Base")
    .replace(
      "    users: Mapped",
      '    names = association_proxy("users", "name")\n    things = association_proxy("users", "items")\n    users: Mapped',
    )
    .replace("    team: Mapped", '    org = association_proxy("team", "org")\n    team: Mapped');
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["reads the relationship", ["for t in s.scalars(select(Team)):", "    print(list(t.names))"], "Team.users"],
    ["which may be loaded", ["for t in s.scalars(select(Team).options(selectinload(Team.users))):", "    print(list(t.names))"], ""],
    ["of relationships", ["t = s.scalars(select(Team).options(selectinload(Team.users))).first()", "print(list(t.things))"], "User.items"],
    ["to one", ["for u in s.scalars(select(User).options(joinedload(User.team))):", "    print(u.org.name)"], "Team.org"],
  ];
  for (const [title, lines, expected] of cases) test(title, () => checkSends(lines, expected, proxied));
});

describe("queries", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["mappings by name", ["for r in s.execute(select(Team, User.name)).mappings():", '    print(r["Team"].users)'], "Team.users"],
    ["columns by number", ["for r in s.execute(select(User.name, Team)).scalars(1):", "    print(r.users)"], "Team.users"],
    ["fetchmany", ["for r in s.execute(select(Team)).fetchmany(10):", "    print(r.Team.users, r[0].org)"], "Team.org Team.users"],
    [
      "one column of a row",
      ["t = s.execute(select(Team)).scalar_one()", "for u in t.users:", "    print(u.items)"],
      "Team.users User.items",
    ],
    ["unique", ["for t in s.execute(select(Team)).unique().scalars().all():", `    ${users}`], "Team.users"],
    ["slices", ["for t in s.query(Team)[0:20]:", `    ${users}`], "Team.users"],
    ["slice", ["for t in s.query(Team).slice(0, 20):", `    ${users}`], "Team.users"],
    ["yield_per", ["for t in s.query(Team).yield_per(10).populate_existing():", `    ${users}`], "Team.users"],
    ["any number of columns first", ["for r in s.execute(select(*x, Team)):", "    print(r[1].users)"], ""],
    ["merged", ["for t in s.query(Team).options(selectinload(Team.users)):", "    print(s.merge(t).users)"], ""],
    ["partitions", ["for part in s.scalars(select(Team)).partitions(10):", "    for t in part:", "        print(t.users)"], "Team.users"],
    ["a union of queries", ["for t in s.query(Team).union(s.query(Team)):", `    ${users}`], "Team.users"],
    ["a union of selects has columns", ["for t in s.scalars(select(Team).union(select(Team))):", `    ${users}`], ""],
    [
      "from_statement",
      ['for t in s.scalars(select(Team).options(selectinload(Team.users)).from_statement(text("SELECT 1"))):', `    ${users}`],
      "",
    ],
    [
      "from_statement joins nothing",
      ['for t in s.scalars(select(Team).options(joinedload(Team.users)).from_statement(text("SELECT 1"))):', `    ${users}`],
      "Team.users",
    ],
    ["with_entities", ["for t in s.query(User).with_entities(Team):", `    ${users}`], "Team.users"],
    ["add_columns", ["for t, n in s.query(Team).add_columns(User.name):", `    ${users}`], "Team.users"],
    [
      "get with options",
      ["t = s.get(Team, 1, options=[selectinload(Team.users)])", "for u in t.users:", "    print(u.items)"],
      "User.items",
    ],
    ["expired", ["for t in s.scalars(select(Team).options(selectinload(Team.users))):", "    s.expire(t)", `    ${users}`], ""],
  ];
  for (const [title, lines, expected] of cases) test(title, () => checkSends(lines, expected));
});

describe("queries of libraries", () => {
  const flask =
    "from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy.orm import selectinload\nfrom models import *\ndb = SQLAlchemy()\ndef f(x):\n";
  const sqlmodel = "from sqlmodel import Session, select\nfrom models import *\ndef f(s: Session):\n";
  const async =
    "from sqlalchemy import select\nfrom sqlalchemy.ext.asyncio import AsyncSession\nfrom models import *\nasync def f(s: AsyncSession):\n";
  const cases: readonly (readonly [string, string, string])[] = [
    ["paginate", `${flask}    for t in db.paginate(db.select(Team)).items:\n        print(t.users)\n`, "Team.users"],
    ["a page itself", `${flask}    for t in db.paginate(db.select(Team)):\n        print(t.users)\n`, "Team.users"],
    [
      "get_or_404",
      `${flask}    for u in db.get_or_404(Team, x, options=[selectinload(Team.users)]).users:\n        print(u.items)\n`,
      "User.items",
    ],
    ["first_or_404", `${flask}    for u in db.first_or_404(db.select(Team)).users:\n        print(u.items)\n`, "Team.users User.items"],
    [
      "session of the extension",
      `${flask}    for t in db.session.execute(db.select(Team)).scalars():\n        print(t.users)\n`,
      "Team.users",
    ],
    ["exec of one", `${sqlmodel}    for t in s.exec(select(Team)):\n        print(t.users)\n`, "Team.users"],
    ["exec of two", `${sqlmodel}    for t, u in s.exec(select(Team, User)):\n        print(t.users, u.items)\n`, "Team.users User.items"],
    ["stream_scalars", `${async}    async for t in await s.stream_scalars(select(Team)):\n        print(t.users)\n`, "Team.users"],
    ["stream", `${async}    async for t in (await s.stream(select(Team))).scalars():\n        print(t.users)\n`, "Team.users"],
  ];
  for (const [title, text, expected] of cases) test(title, () => checkFile(text, expected));
});

describe("rows that lead to one target", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["s.query(Team)", "Team.org"],
    ["s.query(Team).filter_by(org=x)", ""],
    ["s.query(Team).filter(Team.org == x)", ""],
    ["s.query(Team).filter_by(org_id=x)", ""],
    ["s.query(Team).filter(Team.org_id.in_(x))", "Team.org?"],
    ["s.query(Team).filter(Team.org_id != x)", "Team.org"],
    ["s.query(Team).join(Team.org).filter(Org.id == 5)", ""],
    ['s.query(Team).join(Org).filter(Org.slug == "a")', ""],
    ['s.query(Team).join(Org).filter(Org.name == "a")', "Team.org"],
    ["s.query(Team).join(Org).filter(Org.id.in_(x))", "Team.org?"],
    ["s.query(Team).filter(Team.org.has(id=5))", ""],
    ["s.query(Team).filter(Team.org.has(Org.id == 5))", ""],
    ['s.query(Team).filter(Team.org.has(name="a"))', "Team.org"],
    ["s.query(Team).filter(with_parent(s.get(Org, 1), Org.teams))", ""],
    ["s.query(Team).with_parent(s.get(Org, 1))", ""],
    ["s.query(Team).with_parent(x)", "Team.org~"],
  ];
  for (const [query, expected] of cases) test(query, () => checkSends([`for t in ${query}:`, `    ${org}`], expected));
  test("on some paths", () =>
    checkSends(["q = s.query(Team)", "if flag:", "    q = q.filter_by(org=x)", "for t in q:", `    ${org}`], "Team.org~"));
});

describe("joins", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["select(Team).join(User)", "→User"],
    ["select(Team).join(Team.users)", "Team.users→User"],
    ["select(Team).join(User, Team.users, isouter=True)", "Team.users→User outer"],
    ["select(Team).outerjoin(Team.users.of_type(U))", "Team.users→User alias outer"],
    ["select(Team).join(User, User.team_id == Team.id)", "→User"],
    ["select(Team).join_from(Team, User)", "→User"],
    ["select(Team).select_from(join(Team, User))", "→?"],
    ['s.query(Team).join("users", "items")', "Team.users→User User.items→Item"],
    ["s.query(Team).join(Team.users, User.items)", "Team.users→User User.items→Item"],
    ["s.query(Team).join(Team.users).join(User.items)", "Team.users→User User.items→Item"],
  ];
  for (const [query, expected] of cases)
    test(query, async () => {
      const subject = await subjectOf(
        { "models.py": models, "app.py": `${head}    U = aliased(User)\n    q = ${query}\n    return q\n` },
        "app.py",
      );
      const name = (entity: string | undefined) => (entity === undefined ? undefined : subject.index.entities.get(entity)!.name);
      const joins = subject.queries[0]!.value.joins ?? [];
      const tell = joins.map(({ owner, relationship, entity, alias, outer }) =>
        [
          `${owner === undefined ? "" : `${name(owner)}.${relationship}`}→${name(entity) ?? "?"}`,
          alias === undefined ? "" : "alias",
          outer ? "outer" : "",
        ]
          .filter(Boolean)
          .join(" "),
      );
      expect(tell.join(" ")).toBe(expected);
    });
});
