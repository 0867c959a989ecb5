import { readDirectly, type FileFacts } from "../../python/index.js";

/**
 * What well-known packages' base classes give to the entities of a project: their columns, said in Python as a project says them. Only
 * what is mapped is told. Names of tables stand in classes of their own: a class that has both a table and columns would be an entity.
 */
const modules: Readonly<Record<string, { readonly exportedBy: readonly string[]; readonly text: string }>> = {
  "oslo_db.sqlalchemy.models": {
    exportedBy: ["oslo_db.sqlalchemy.models"],
    text: `
from datetime import datetime
from sqlalchemy import Column, DateTime, Integer


class ModelBase:
    pass


class ModelIterator:
    pass


class TimestampMixin:
    created_at = Column(DateTime, default=lambda: datetime.utcnow())
    updated_at = Column(DateTime, onupdate=lambda: datetime.utcnow())


class SoftDeleteMixin:
    deleted_at = Column(DateTime)
    deleted = Column(Integer, default=0)
`,
  },
  fastapi_users_db_sqlalchemy: {
    exportedBy: ["fastapi_users_db_sqlalchemy", "fastapi_users_db_sqlalchemy.access_token", "fastapi_users.db"],
    text: `
import uuid
from datetime import datetime
from sqlalchemy import TIMESTAMP, Boolean, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class UserName:
    __tablename__ = "user"


class SQLAlchemyBaseUserTable(UserName):
    email: Mapped[str] = mapped_column(String(320), unique=True, index=True, nullable=False)
    hashed_password: Mapped[str] = mapped_column(String(1024), nullable=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, nullable=False)
    is_superuser: Mapped[bool] = mapped_column(Boolean, default=False, nullable=False)
    is_verified: Mapped[bool] = mapped_column(Boolean, default=False, nullable=False)


class SQLAlchemyBaseUserTableUUID(SQLAlchemyBaseUserTable):
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)


class OAuthAccountName:
    __tablename__ = "oauth_account"


class SQLAlchemyBaseOAuthAccountTable(OAuthAccountName):
    oauth_name: Mapped[str] = mapped_column(String(100), index=True, nullable=False)
    access_token: Mapped[str] = mapped_column(String(1024), nullable=False)
    expires_at: Mapped[int | None] = mapped_column(Integer, nullable=True)
    refresh_token: Mapped[str | None] = mapped_column(String(1024), nullable=True)
    account_id: Mapped[str] = mapped_column(String(320), index=True, nullable=False)
    account_email: Mapped[str] = mapped_column(String(320), nullable=False)


class SQLAlchemyBaseOAuthAccountTableUUID(SQLAlchemyBaseOAuthAccountTable):
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)

    @declared_attr
    def user_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)


class AccessTokenName:
    __tablename__ = "accesstoken"


class SQLAlchemyBaseAccessTokenTable(AccessTokenName):
    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), index=True, nullable=False, default=lambda: datetime.now())


class SQLAlchemyBaseAccessTokenTableUUID(SQLAlchemyBaseAccessTokenTable):
    @declared_attr
    def user_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)
`,
  },
};

/** No path of a project: nothing can import it, and nobody finds anything in it. */
const fileOf = (name: string) => `library:${name}`;
const read = new Map<string, FileFacts>();

/** The files of a project, with those of the described packages that it imports from. */
export function withLibraries(files: ReadonlyMap<string, FileFacts>): ReadonlyMap<string, FileFacts> {
  const imported = new Set<string>();
  for (const facts of files.values()) for (const { level, module } of facts.imports) if (level === 0) imported.add(module.split(".")[0]!);
  const used = Object.keys(modules).filter((name) => modules[name]!.exportedBy.some((from) => imported.has(from.split(".")[0]!)));
  if (used.length === 0) return files;
  const all = new Map(files);
  for (const name of used) {
    const facts = read.get(name) ?? readDirectly(modules[name]!.text);
    if (!facts) throw new Error(`the description of ${name} cannot be read`);
    read.set(name, facts);
    all.set(fileOf(name), facts);
  }
  return all;
}

/** Where the class of a dotted name from outside is described. */
export function describedClass(files: ReadonlyMap<string, FileFacts>, dotted: string): { file: string; index: number } | undefined {
  const dot = dotted.lastIndexOf(".");
  const name = Object.keys(modules).find((one) => modules[one]!.exportedBy.includes(dotted.slice(0, dot)));
  if (name === undefined) return undefined;
  const index = files.get(fileOf(name))?.classes.findIndex((fact) => fact.name === dotted.slice(dot + 1)) ?? -1;
  return index < 0 ? undefined : { file: fileOf(name), index };
}
