import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { initSql } from "../../../server/src/sql/index.js";
import { translateFile } from "../../../server/src/translate/index.js";
import { indexOf } from "../orm/project.js";
import { flat } from "./project.js";

const head = `
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass
`;

/** Class, then what SQLAlchemy 2.0 selects of it with the package itself. */
const cases: Readonly<Record<string, readonly [code: string, sql: string]>> = {
  "oslo.db: a base of the project with its mixins": [
    `
from oslo_db.sqlalchemy import models
class Common(models.SoftDeleteMixin, models.TimestampMixin, models.ModelBase):
    pass
class Thing(Base, Common):
    __tablename__ = "stack"
    id = Column(Integer, primary_key=True)
    name = Column(String(10))
`,
    "SELECT stack.id, stack.name, stack.deleted_at, stack.deleted, stack.created_at, stack.updated_at FROM stack",
  ],
  "oslo.db: a mixin alone": [
    `
from oslo_db.sqlalchemy.models import TimestampMixin, ModelBase
class Thing(TimestampMixin, ModelBase, Base):
    __tablename__ = "other"
    id = Column(Integer, primary_key=True)
`,
    "SELECT other.id, other.created_at, other.updated_at FROM other",
  ],
  "FastAPI Users: users": [
    `
from fastapi_users.db import SQLAlchemyBaseUserTableUUID
class Thing(SQLAlchemyBaseUserTableUUID, Base):
    first: Mapped[str] = mapped_column(String(3))
`,
    `SELECT "user".first, "user".id, "user".email, "user".hashed_password, "user".is_active, "user".is_superuser, "user".is_verified FROM "user"`,
  ],
  "FastAPI Users: accounts": [
    `
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseOAuthAccountTableUUID
class Thing(SQLAlchemyBaseOAuthAccountTableUUID, Base):
    nick: Mapped[str]
`,
    "SELECT oauth_account.nick, oauth_account.id, oauth_account.user_id, oauth_account.oauth_name, oauth_account.access_token, oauth_account.expires_at, oauth_account.refresh_token, oauth_account.account_id, oauth_account.account_email FROM oauth_account",
  ],
  "FastAPI Users: tokens, the table named anew": [
    `
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyBaseAccessTokenTableUUID
class Thing(SQLAlchemyBaseAccessTokenTableUUID, Base):
    __tablename__ = "access_token"
    id: Mapped[int] = mapped_column(unique=True)
`,
    "SELECT access_token.id, access_token.user_id, access_token.token, access_token.created_at FROM access_token",
  ],
};
test.each(Object.entries(cases))("%s", async (_, [code, sql]) => {
  await initSql(readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm")));
  const text = `${head}${code}\ndef all_of(session):\n    return session.execute(select(Thing))\n`;
  const index = await indexOf({ "app.py": text });
  const [query] = translateFile(index, "app.py", { text });
  expect(query?.refused).toBeUndefined();
  expect(flat(query?.sql)).toBe(sql);
});

test("1.4 orders columns of mixins in another way", async () => {
  const text = `${head}
class Stamped:
    at = Column(Integer)
class Thing(Stamped, Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
def all_of(session):
    return session.execute(select(Thing))
`;
  const index = await indexOf({ "app.py": text });
  const [query] = translateFile(index, "app.py", { text, version: "1.4" });
  expect(query?.refused?.reason).toBe("the columns of Thing that come from mixins: SQLAlchemy 1.4 has an order of its own for them");
});
