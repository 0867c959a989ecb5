import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { initSql } from "../../../server/src/sql/index.js";
import { translateFile, type TranslateOptions } from "../../../server/src/translate/index.js";
import type { TranslatedQuery } from "#protocol/translation";
import { indexOf } from "../orm/project.js";

const models = `
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String)
    active: Mapped[bool] = mapped_column(default=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    total: Mapped[int]
    user: Mapped["User"] = relationship(back_populates="orders")
`;
const imports = `
from sqlalchemy import and_, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from models import Order, User
`;

/** The query expressions of the functions in \`code\`, which stands in a file beside the models. */
export async function translated(code: string, options: Omit<TranslateOptions, "text"> = {}): Promise<TranslatedQuery[]> {
  await initSql(readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm")));
  const text = imports + code;
  const index = await indexOf({ "models.py": models, "app.py": text });
  return translateFile(index, "app.py", { text, ...options });
}

/** One line, one space between words. */
export const flat = (sql: string | undefined) => sql?.replaceAll(/\s+/g, " ");
