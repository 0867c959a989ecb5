"""Asynchronous; dataclass mapping, annotated column types, a registry with its own type map, UUID keys, server defaults."""

import datetime
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, MetaData, Numeric, SmallInteger, String, Text, TypeDecorator, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID as PgUUID
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, WriteOnlyMapped, declared_attr, mapped_column, relationship

key = Annotated[uuid.UUID, mapped_column(PgUUID(as_uuid=True), primary_key=True)]
name_type = Annotated[str, mapped_column(String(60))]
instant = Annotated[datetime.datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Priority(enum.IntEnum):
    LOW = 1
    NORMAL = 2
    HIGH = 3


class PriorityType(TypeDecorator):
    """Stored as a small integer."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int(value)

    def process_result_value(self, value, dialect):
        return None if value is None else Priority(value)


class Base(AsyncAttrs, DeclarativeBase):
    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"})
    type_annotation_map = {str: Text(), Decimal: Numeric(14, 4), dict[str, Any]: JSONB, list[str]: ARRAY(Text)}

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"


class Member(Base):
    id: Mapped[key]
    name: Mapped[name_type]
    email: Mapped[str] = mapped_column(unique=True)
    rate: Mapped[Decimal]
    skills: Mapped[list[str]]
    preferences: Mapped[dict[str, Any]]
    shift_start: Mapped[Optional[datetime.time]]
    created_at: Mapped[instant]
    assignments: Mapped[list["Task"]] = relationship(back_populates="assignee", lazy="raise")


class Project(Base):
    id: Mapped[key]
    name: Mapped[name_type]
    budget: Mapped[Optional[Decimal]]
    visibility: Mapped[Literal["public", "private"]]
    tasks: Mapped[list["Task"]] = relationship(back_populates="project", lazy="selectin")
    notes: WriteOnlyMapped["Note"] = relationship(order_by="Note.id")


class Task(Base):
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    title: Mapped[str]
    priority: Mapped[Priority] = mapped_column(PriorityType)
    due_on: Mapped[Optional[datetime.date]]
    effort: Mapped[Optional[datetime.timedelta]]
    done: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[instant]
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id"))
    assignee_id: Mapped[Optional[uuid.UUID]] = mapped_column(ForeignKey("members.id"))
    project: Mapped["Project"] = relationship(back_populates="tasks")
    assignee: Mapped[Optional["Member"]] = relationship(back_populates="assignments")


class Note(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id"))
