"""AsyncSession."""

import uuid
from datetime import date, time, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from desk.models import Member, Note, Priority, Project, Task


# call: task_id=3
async def get(session: AsyncSession, task_id: int):
    return await session.get(Task, task_id)


# call: project_id=UUID("5a8a9b54-3f5a-5bd0-b0a5-000000000000")
async def by_uuid(session: AsyncSession, project_id: uuid.UUID):
    return (await session.execute(select(Project).where(Project.id == project_id))).scalar_one_or_none()


async def all_tasks(session: AsyncSession):
    result = await session.execute(select(Task).order_by(Task.id))
    return result.scalars().all()


async def selectin_default(session: AsyncSession):
    return (await session.scalars(select(Project).order_by(Project.name).limit(3))).all()


async def decorated_type(session: AsyncSession):
    return (await session.scalars(select(Task.id).where(Task.priority == Priority.HIGH))).all()


# call: priorities=[Priority.LOW, Priority.NORMAL]
async def decorated_type_list(session: AsyncSession, priorities: list[Priority]):
    return (await session.scalars(select(Task.id).where(Task.priority.in_(priorities)))).all()


async def literal_type(session: AsyncSession):
    return (await session.scalars(select(Project.name).where(Project.visibility == "public"))).all()


async def time_and_interval(session: AsyncSession):
    stmt = select(Member.name, Task.title).join(Member.assignments)
    return (await session.execute(stmt.where(Member.shift_start >= time(8), Task.effort > timedelta(hours=3)))).all()


# call: today=date(2024, 9, 1)
async def overdue(session: AsyncSession, today: date):
    stmt = select(Task).where(Task.done.is_(False), Task.due_on < today).options(joinedload(Task.assignee))
    return (await session.scalars(stmt)).all()


async def eager_chain(session: AsyncSession):
    stmt = select(Member).options(selectinload(Member.assignments).joinedload(Task.project)).order_by(Member.name, Member.id).limit(2)
    return (await session.scalars(stmt)).all()


async def contained(session: AsyncSession):
    stmt = select(Task).join(Task.assignee).options(contains_eager(Task.assignee)).where(Member.rate > 20)
    return (await session.scalars(stmt)).unique().all()


async def array_column(session: AsyncSession):
    return (await session.scalars(select(Member.email).where(Member.skills.contains(["amber"])))).all()


async def json_column(session: AsyncSession):
    return (await session.scalars(select(Member.email).where(Member.preferences["size"].as_integer() < 4))).all()


async def counted(session: AsyncSession):
    return await session.scalar(select(func.count()).select_from(Task).where(Task.done))


async def grouped(session: AsyncSession):
    stmt = select(Project.name, func.count(Task.id)).outerjoin(Project.tasks).group_by(Project.id).order_by(Project.name, Project.id)
    return (await session.execute(stmt)).all()


async def streamed(session: AsyncSession):
    result = await session.stream_scalars(select(Task.title).order_by(Task.id))
    return [title async for title in result]


async def inserted_returning(session: AsyncSession):
    stmt = insert(Project).values(id=uuid.UUID("5a8a9b54-3f5a-5bd0-b0a5-000000000009"), name="new", visibility="private").returning(Project.id)
    return (await session.execute(stmt)).scalar_one()


async def upserted(session: AsyncSession):
    values = {"id": uuid.UUID("5a8a9b54-3f5a-5bd0-b0a5-000000000009"), "name": "x", "email": "x@y.z", "rate": 3, "skills": [], "preferences": {}}
    stmt = pg_insert(Member).values(**values)
    stmt = stmt.on_conflict_do_update(index_elements=["email"], set_={"rate": stmt.excluded.rate, "name": stmt.excluded.name})
    await session.execute(stmt)


async def updated(session: AsyncSession):
    await session.execute(update(Task).where(Task.id == 1).values(done=True, priority=Priority.HIGH))


async def deleted(session: AsyncSession):
    await session.execute(delete(Task).where(Task.done, Task.due_on.is_(None)))


async def refreshed(session: AsyncSession):
    task = await session.get(Task, 2)
    await session.refresh(task, attribute_names=["assignee"])
    return task.assignee


async def awaited_attribute(session: AsyncSession):
    task = await session.get(Task, 2)
    return await task.awaitable_attrs.project


async def write_only(session: AsyncSession):
    project = (await session.scalars(select(Project).order_by(Project.name, Project.id).limit(1))).one()
    return (await session.scalars(project.notes.select().where(Note.body.like("a%")))).all()


class TaskService:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def open_tasks(self, term: str | None = None):
        stmt = select(Task).where(~Task.done)
        if term:
            stmt = stmt.where(or_(Task.title.ilike(f"%{term}%"), Task.project.has(Project.name == term)))
        return (await self.session.scalars(stmt.order_by(Task.id))).all()


# call: term="am"
# call: term=None
async def service_method(session: AsyncSession, term: str | None):
    return await TaskService(session).open_tasks(term)
