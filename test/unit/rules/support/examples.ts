import type { ProjectFile } from "./project.js";

/** What the Python examples of the rules' pages take for granted. */
const models = `from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    street: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    biography: Mapped[str | None] = mapped_column(Text)
    settings: Mapped[str | None] = mapped_column(Text)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    user: Mapped[User] = relationship(back_populates="orders")
`;

const imports = `from flask import render_template
from pydantic import BaseModel
from sqlalchemy import ForeignKey, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, load_only, mapped_column, raiseload, relationship, selectinload

from models import Base, Order, User
`;

/** An example of a template: what renders it stands in comments above it. */
export function templateExample(code: string): ProjectFile[] {
  const lines = code.split("\n");
  const python = lines.flatMap((line) => /^\{# (.*) #\}$/.exec(line)?.[1] ?? []);
  return [...pythonExample(python.join("\n")), { path: "templates/page.html", text: code }];
}

/** The example of a page as a project: with its imports, inside a function that is given a session. */
export function pythonExample(code: string): ProjectFile[] {
  const isFunction = /^(async )?def |^class /.test(code);
  const body = code
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? line : `    ${line}`))
    .join("\n");
  const text = isFunction ? code : `def example(session: Session, users: list[User], user_ids: list[int]):\n${body}\n`;
  return [
    { path: "models.py", text: models },
    { path: "example.py", text: `${imports}\n\n${text}` },
  ];
}
