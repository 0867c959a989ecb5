import { describe, expect, test } from "vitest";
import { indexOf } from "./project.js";
import type { Entity, OrmIndex } from "../../../server/src/orm/index.js";

const tell = (index: OrmIndex, entity: Entity) => [
  `${entity.name} ${entity.schema ? `${entity.schema}.` : ""}${entity.table ?? "?"}`,
  ...[...entity.columns.values()].map((column) =>
    [
      `${column.name}${column.column === column.name ? "" : `→${column.column}`}`,
      column.type || "?",
      column.primaryKey ? "pk" : "",
      column.notNull && !column.primaryKey ? "not null" : "",
      column.unique ? "unique" : "",
      column.index ? "index" : "",
      column.deferred ? "deferred" : "",
      column.computed ? "computed" : "",
      column.foreignKey ? `fk ${column.foreignKey.table}.${column.foreignKey.column}` : "",
    ]
      .filter(Boolean)
      .join(" "),
  ),
  ...[...entity.relationships.values()].map((one) =>
    [
      `${one.name} →${one.collection === undefined ? "?" : one.collection ? "*" : "1"} ${one.target === undefined ? "?" : index.entities.get(one.target)!.name}`,
      one.loading === "lazy" ? "" : one.loading,
      one.inverse ? `inverse ${one.inverse}` : "",
      one.localKeys.length ? `by ${one.localKeys.join()}` : "",
      one.viewonly ? "viewonly" : "",
    ]
      .filter(Boolean)
      .join(" "),
  ),
];

async function checkEntities(files: string | Record<string, string>, expected: readonly (readonly string[])[]): Promise<void> {
  const index = await indexOf(typeof files === "string" ? { "models.py": files } : files);
  expect([...index.entities.values()].map((entity) => tell(index, entity))).toEqual(expected);
}

const two = `from typing import Optional
from datetime import datetime
from sqlalchemy import ForeignKey, String, Text, DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, deferred, DynamicMapped
class Base(DeclarativeBase): pass
`;
const one = `from sqlalchemy import Column, ForeignKey, Integer, String, Numeric, Table
from sqlalchemy.orm import relationship, backref
from sqlalchemy.ext.declarative import declarative_base, declared_attr
Base = declarative_base()
`;

describe("entities", () => {
  test("2.0: types from annotations", () =>
    checkEntities(
      `${two}
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True, index=True)
    nick: Mapped[Optional[str]]
    seen: Mapped[datetime | None] = mapped_column("last_seen", DateTime(timezone=True))
    bio: Mapped[str] = mapped_column(Text, deferred=True)
    posts: Mapped[list["Post"]] = relationship(back_populates="author", lazy="selectin")
    drafts: Mapped["list[Post]"] = relationship(viewonly=True)
    feed: DynamicMapped["Post"] = relationship()
class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped["User"] = relationship(back_populates="posts")
`,
      [
        [
          "User users",
          "id integer pk",
          "name character varying(40) not null unique index",
          "nick character varying",
          "seen→last_seen timestamp with time zone",
          "bio text not null deferred",
          "posts →* Post eager inverse author",
          "drafts →* Post viewonly",
          "feed →* Post query",
        ],
        ["Post posts", "id integer pk", "author_id integer not null fk users.id", "author →1 User inverse posts by author_id"],
      ],
    ));
  test("2.0: the base's own types for annotations", () =>
    checkEntities(
      `${two.replace("class Base(DeclarativeBase): pass", "class Base(DeclarativeBase):\n    type_annotation_map = {datetime: DateTime(timezone=True), str: Text}")}
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    page: Mapped[str] = mapped_column(String(9))
    note: Mapped[Optional[str]]
`,
      [["Visit visits", "id integer pk", "at timestamp with time zone not null", "page character varying(9) not null", "note text"]],
    ));
  test("1.x: directions from foreign keys, backref with its own lazy, self-reference, many-to-many", () =>
    checkEntities(
      `${one}
links = Table("links", Base.metadata, Column("a_id", ForeignKey("a.id")), Column("b_id", ForeignKey("b.id")))
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    b_id = Column(Integer, ForeignKey("b.id"), nullable=False)
    parent_id = Column(ForeignKey("a.id"))
    price = Column(Numeric(10, 2))
    b = relationship("B", backref=backref("many", lazy="dynamic"))
    parent = relationship("A", remote_side=[id], backref="children")
    linked = relationship("B", secondary=links)
class B(Base):
    __tablename__ = "b"
    id = Column(Integer, primary_key=True)
    only = relationship("A", uselist=False, lazy="joined")
    a_list = relationship("A")
`,
      [
        [
          "A a",
          "id integer pk",
          "b_id integer not null fk b.id",
          "parent_id ? fk a.id",
          "price numeric(10,2)",
          "b →1 B inverse many by b_id",
          "parent →1 A inverse children by parent_id",
          "children →* A inverse parent",
          "linked →* B",
        ],
        ["B b", "id integer pk", "many →* A query inverse b", "only →1 A eager", "a_list →* A"],
      ],
    ));
  test("two keys to one table", () =>
    checkEntities(
      `${one}
class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
class Game(Base):
    __tablename__ = "games"
    id = Column(Integer, primary_key=True)
    home_id = Column(ForeignKey(Team.id))
    away_id = Column(ForeignKey("teams.id"))
    home = relationship(Team, foreign_keys=[home_id])
    away = relationship("Team", foreign_keys="Game.away_id")
`,
      [
        ["Team teams", "id integer pk"],
        [
          "Game games",
          "id integer pk",
          "home_id ? fk class:Team.id",
          "away_id ? fk teams.id",
          "home →1 Team by home_id",
          "away →1 Team by away_id",
        ],
      ],
    ));
  test("joined and single-table inheritance", () =>
    checkEntities(
      `${one}
class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    team_id = Column(ForeignKey("teams.id"))
    team = relationship("Team", backref="people")
class Engineer(Person):
    __tablename__ = "engineers"
    id = Column(ForeignKey("people.id"), primary_key=True)
class Intern(Person):
    pass
class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
`,
      [
        ["Person people", "id integer pk", "team_id ? fk teams.id", "team →1 Team inverse people by team_id"],
        ["Engineer engineers", "id ? pk fk people.id", "team_id ? fk teams.id", "team →1 Team inverse people by team_id"],
        ["Intern people", "id integer pk", "team_id ? fk teams.id", "team →1 Team inverse people by team_id"],
        ["Team teams", "id integer pk", "people →* Person inverse team"],
      ],
    ));
  test("Flask-SQLAlchemy names its tables", () =>
    checkEntities(
      `from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class Base(db.Model):
    __abstract__ = True
    id = db.Column(db.Integer, primary_key=True)
class UserAccount(Base):
    pass
class APIKey(Base):
    owner_id = db.Column(db.ForeignKey("user_account.id"))
    owner = db.relationship(UserAccount)
`,
      [
        ["UserAccount user_account", "id integer pk"],
        ["APIKey api_key", "id integer pk", "owner_id ? fk user_account.id", "owner →1 UserAccount by owner_id"],
      ],
    ));
  test("SQLModel: only classes with table=True", () =>
    checkEntities(
      `from sqlmodel import SQLModel, Field, Relationship
class HeroBase(SQLModel):
    name: str = Field(index=True)
    age: int | None = None
class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    team: "Team" = Relationship(back_populates="heroes", sa_relationship_kwargs={"lazy": "joined"})
class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list[Hero] = Relationship(back_populates="team")
class HeroRead(HeroBase):
    id: int
`,
      [
        [
          "Hero hero",
          "name character varying not null index",
          "age integer",
          "id integer pk",
          "team_id integer fk team.id",
          "team →1 Team eager inverse heroes by team_id",
        ],
        ["Team team", "id integer pk", "heroes →* Hero inverse team"],
      ],
    ));
  test("a base with declared_attr is no entity; Annotated aliases; __table_args__; late and dotted targets", () =>
    checkEntities(
      {
        "p/__init__.py": "",
        "p/base.py": `from typing import Annotated
from sqlalchemy.orm import DeclarativeBase, declared_attr, mapped_column, Mapped
key = Annotated[int, mapped_column(primary_key=True)]
class Base(DeclarativeBase):
    id: Mapped[key]
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
`,
        "p/a.py": `from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import relationship, Mapped
from .base import Base
class A(Base):
    __table_args__ = (ForeignKeyConstraint(["b_id"], ["x.b.id"]), {"schema": "x"})
    b_id: Mapped[int]
    b = relationship("p.b.B")
`,
        "p/b.py": `from sqlalchemy.orm import relationship
from .base import Base
from .a import A
class B(Base):
    __table_args__ = {"schema": "x"}
B.all = relationship(A)
`,
      },
      [
        ["A x.a", "id integer pk", "b_id integer not null fk x.b.id", "b →1 B by b_id"],
        ["B x.b", "id integer pk", "all →* A"],
      ],
    ));
  test("imperative mapping", () =>
    checkEntities(
      `from sqlalchemy import Table, Column, Integer, ForeignKey, MetaData
from sqlalchemy.orm import registry, relationship
reg = registry()
a_table = Table("a", MetaData(), Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id")))
b_table = Table("b", MetaData(), Column("id", Integer, primary_key=True))
class A: pass
class B: pass
reg.map_imperatively(A, a_table, properties={"b": relationship(B, backref="all")})
reg.map_imperatively(B, b_table)
`,
      [
        ["A a", "id integer pk", "b_id ? fk b.id", "b →1 B inverse all by b_id"],
        ["B b", "id integer pk", "all →* A inverse b"],
      ],
    ));
  test("lazy= by a name, of a backref, dynamic_loader", () =>
    checkEntities(
      {
        "settings.py": 'LOADING = "selectin"\n',
        "models.py": `${one.replace("relationship, backref", "relationship, backref, dynamic_loader")}
import settings
EAGER = "joined"
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    b_id = Column(ForeignKey("b.id"))
    b = relationship("B", lazy=EAGER, backref=backref("every", lazy=settings.LOADING))
    late = relationship("B", lazy=unknown_name, viewonly=True)
class B(Base):
    __tablename__ = "b"
    id = Column(Integer, primary_key=True)
    stream = dynamic_loader("A")
    many = relationship("A", lazy=False, **more)
`,
      },
      [
        ["A a", "id integer pk", "b_id ? fk b.id", "b →1 B eager inverse every by b_id", "late →1 B unknown by b_id viewonly"],
        ["B b", "id integer pk", "every →* A eager inverse b", "stream →* A query", "many →* A unknown"],
      ],
    ));
  test("directions by primaryjoin, foreign() and remote()", () =>
    checkEntities(
      `${one}
from sqlalchemy.orm import foreign, remote
class Node(Base):
    __tablename__ = "nodes"
    id = Column(Integer, primary_key=True)
    up_id = Column(ForeignKey("nodes.id"))
    path = Column(String)
    head = Column(String)
    up = relationship("Node", remote_side="Node.id")
    below = relationship("Node", remote_side=[up_id])
    parent = relationship("Node", primaryjoin=remote(foreign(path)) == head)
    first = relationship("Node", primaryjoin="foreign(Node.head) == remote(Node.path)")
class Log(Base):
    __tablename__ = "logs"
    id = Column(Integer, primary_key=True)
    node_id = Column(Integer)
    node = relationship(Node, primaryjoin=lambda: foreign(Log.node_id) == Node.id)
    same = relationship("Node", primaryjoin="Node.id == foreign(Log.node_id)")
    told = relationship("Node", primaryjoin="Node.id == Log.node_id", foreign_keys="Log.node_id")
class Shelf(Base):
    __tablename__ = "shelves"
    id = Column(Integer, primary_key=True)
    logs = relationship("Log", primaryjoin="Shelf.id == foreign(Log.node_id)")
`,
      [
        [
          "Node nodes",
          "id integer pk",
          "up_id ? fk nodes.id",
          "path character varying",
          "head character varying",
          "up →1 Node by up_id",
          "below →* Node",
          "parent →* Node",
          "first →1 Node by head",
        ],
        ["Log logs", "id integer pk", "node_id integer", "node →1 Node by node_id", "same →1 Node by node_id", "told →1 Node by node_id"],
        ["Shelf shelves", "id integer pk", "logs →* Log"],
      ],
    ));
  test("mixins: what declared_attr methods return, also by a local name; mapped dataclasses", () =>
    checkEntities(
      `${one}
from dataclasses import dataclass, field
from sqlalchemy.orm import registry
reg = registry()
class Owned:
    @declared_attr
    def owner_id(cls):
        return Column(ForeignKey("users.id"))
    @declared_attr
    def owner(cls):
        found = relationship("User", lazy="joined")
        return found
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
class File(Owned, Base):
    __tablename__ = "files"
    id = Column(Integer, primary_key=True)
@reg.mapped
@dataclass
class Point:
    __tablename__ = "points"
    __sa_dataclass_metadata_key__ = "sa"
    id: int = field(init=False, metadata={"sa": Column(Integer, primary_key=True)})
    user_id: int = field(metadata={"sa": Column(ForeignKey("users.id"))})
    users: list[User] = field(default_factory=list, metadata={"sa": relationship("User")})
`,
      [
        ["User users", "id integer pk"],
        ["File files", "owner_id ? fk users.id", "id integer pk", "owner →1 User eager by owner_id"],
        ["Point points", "id integer pk", "user_id ? fk users.id", "users →1 User by user_id"],
      ],
    ));
  test("columns: deferred, in groups, raising; what is always there", async () => {
    const index = await indexOf({
      "models.py": `${two.replace("deferred, Dyn", "deferred, column_property, query_expression, composite, Dyn")}
class A(Base):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    a: Mapped[str] = mapped_column(deferred=True)
    b: Mapped[str] = mapped_column(deferred_group="g")
    c = deferred(mapped_column(Text), group="g")
    d: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    e = column_property(id + 1, deferred=True)
    f = query_expression()
    x: Mapped[int]
    p = composite("x", "kind")
    __mapper_args__ = {"polymorphic_on": kind}
`,
    });
    const columns = [...index.entities.values()][0]!.columns;
    const tell = [...columns.values()].map(({ name, deferred, group, deferredRaises, alwaysLoaded, composite }) =>
      [name, deferred && "deferred", group, deferredRaises && "raises", alwaysLoaded && "always", composite && `in ${composite}`]
        .filter(Boolean)
        .join(" "),
    );
    expect(tell).toEqual([
      "id",
      "kind always in p",
      "a deferred",
      "b deferred g",
      "c deferred g",
      "d deferred raises",
      "e deferred",
      "f always",
      "x in p",
    ]);
  });
  test("other members", async () => {
    const index = await indexOf({
      "models.py": `from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.query import Query
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import synonym
class Search(Query):
    def search(self, text): return self
db = SQLAlchemy(query_class=Search)
class Own(Query): pass
class A(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    other = synonym("name")
    bs = db.relationship("B")
    names = association_proxy("bs", "name")
    @hybrid_property
    def title(self): return self.name
class B(db.Model):
    query_class = Own
    id = db.Column(db.Integer, primary_key=True)
    a_id = db.Column(db.ForeignKey("a.id"))
`,
    });
    const [a, b] = [...index.entities.values()];
    expect([...a!.synonyms]).toEqual([["other", "name"]]);
    expect([...a!.proxies]).toEqual([["names", { relationship: "bs", attribute: "name" }]]);
    const hybrid = a!.hybrids.get("title")!;
    expect(index.files.get(hybrid.file)!.functions[hybrid.function]!.qualifiedName).toBe("A.title");
    const classOf = (ref: { file: string; class: number } | undefined) => ref && index.files.get(ref.file)!.classes[ref.class]!.name;
    expect([classOf(a!.queryClass), classOf(b!.queryClass)]).toEqual(["Search", "Own"]);
  });
  test("plain classes and pydantic models are none", () =>
    checkEntities(`from pydantic import BaseModel\nclass A(BaseModel):\n    id: int\nclass B:\n    __tablename__ = "b"\n`, []));
  test("classes that inherit in a circle", () => checkEntities("class A(B): pass\nclass B(A): pass\nclass C(C): pass\n", []));
});
