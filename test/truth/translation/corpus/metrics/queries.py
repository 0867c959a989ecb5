"""Core statements on tables."""

from datetime import datetime, timezone

from sqlalchemy import and_, bindparam, case, cast, Date, delete, func, insert, literal_column, or_, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from metrics.models import Host, Sample, archive, hosts, samples


def whole_table(session: Session):
    return session.execute(select(hosts)).all()


def columns(session: Session):
    return session.execute(select(hosts.c.id, hosts.c.name).where(hosts.c.active)).all()


def columns_by_brackets(session: Session):
    return session.execute(select(hosts.c["id"], samples.c["value"]).where(samples.c.host_id == hosts.c.id)).all()


def method_of_table(session: Session):
    return session.execute(hosts.select().where(hosts.c.id < 4)).all()


def joined(session: Session):
    return session.execute(select(hosts.c.name, samples.c.value).select_from(hosts.join(samples))).all()


def joined_condition(session: Session):
    stmt = select(hosts.c.name, archive.c.value).select_from(hosts.outerjoin(archive, archive.c.host_id == hosts.c.id))
    return session.execute(stmt).all()


def joined_by_method(session: Session):
    return session.execute(select(samples.c.id, hosts.c.name).join(hosts).order_by(samples.c.id)).all()


def same_names(session: Session):
    return session.execute(select(samples, archive).where(samples.c.id == archive.c.id)).all()


def schema_qualified(session: Session):
    return session.execute(select(archive.c.day, archive.c.value).where(archive.c.value > 3)).all()


def schema_qualified_alias(session: Session):
    old = archive.alias("old")
    return session.execute(select(old.c.id).where(old.c.host_id.in_([1, 2]))).all()


def anonymous_alias(session: Session):
    a, b = samples.alias(), samples.alias()
    return session.execute(select(a.c.id, b.c.id).where(a.c.host_id == b.c.host_id, a.c.id < b.c.id)).all()


# call: since=datetime(2024, 6, 1, tzinfo=utc)
def hourly(session: Session, since: datetime):
    hour = func.date_trunc("hour", samples.c.taken_at).label("hour")
    stmt = select(hour, func.avg(samples.c.value).label("mean")).where(samples.c.taken_at >= since)
    return session.execute(stmt.group_by(literal_column("hour")).order_by(literal_column("hour"))).all()


def by_day(session: Session):
    day = cast(samples.c.taken_at, Date)
    return session.execute(select(day, func.max(samples.c.value)).group_by(day).order_by(day)).all()


def at_time_zone(session: Session):
    return session.execute(select(func.timezone("UTC", samples.c.taken_at)).order_by(samples.c.id)).all()


def percentiles(session: Session):
    return session.execute(select(func.percentile_disc(0.9).within_group(samples.c.value.desc()))).all()


def latest_per_host(session: Session):
    stmt = select(samples.c.host_id, samples.c.value).distinct(samples.c.host_id).order_by(samples.c.host_id, samples.c.taken_at.desc())
    return session.execute(stmt).all()


def json_details(session: Session):
    return session.execute(select(samples.c.id).where(samples.c.details["color"].as_string() == "amber")).all()


def tuple_comparison(session: Session):
    return session.execute(select(samples.c.id).where(tuple_(samples.c.host_id, samples.c.id) > tuple_(3, 10)).order_by(samples.c.host_id, samples.c.id)).all()


def tuple_in(session: Session):
    return session.execute(select(samples.c.id).where(tuple_(samples.c.host_id, samples.c.level).in_([(1, 0), (2, 7)]))).all()


def correlated(session: Session):
    newest = select(func.max(samples.c.taken_at)).where(samples.c.host_id == hosts.c.id).scalar_subquery()
    return session.execute(select(hosts.c.name, newest.label("newest"))).all()


def bitwise(session: Session):
    return session.execute(select(samples.c.id).where(samples.c.level.bitwise_and(1) == 1)).all()


def negative_and_null(session: Session):
    return session.execute(select(-samples.c.level, func.nullif(samples.c.level, 0)).order_by(samples.c.id)).all()


def inserted(session: Session):
    session.execute(hosts.insert().values(name="new", labels=["a"], active=True))


def inserted_many(session: Session):
    session.execute(insert(hosts), [{"name": "n1", "labels": [], "active": True}, {"name": "n2", "labels": ["x"], "active": False}])


def inserted_from_select(session: Session):
    old = select(samples.c.id + 1000, samples.c.host_id, cast(samples.c.taken_at, Date), samples.c.value).where(samples.c.level > 3)
    session.execute(archive.insert().from_select(["id", "host_id", "day", "value"], old))


def upserted(session: Session):
    stmt = pg_insert(hosts).values(name="name-1", labels=[], active=False)
    session.execute(stmt.on_conflict_do_update(index_elements=[hosts.c.name], set_={"active": stmt.excluded.active}))


def updated(session: Session):
    session.execute(update(hosts).where(hosts.c.id == 1).values(labels=func.array_append(hosts.c.labels, "new")))


def updated_from(session: Session):
    stmt = hosts.update().where(hosts.c.id == samples.c.host_id, samples.c.value > 10).values(active=False)
    session.execute(stmt)


def updated_returning(session: Session):
    return session.execute(update(samples).where(samples.c.id < 3).values(value=samples.c.value * 2).returning(samples.c.id, samples.c.value)).all()


def deleted(session: Session):
    session.execute(delete(archive).where(archive.c.value.is_(None)))


def deleted_returning(session: Session):
    return session.execute(samples.delete().where(samples.c.level == 0).returning(samples)).all()


def imperative_entity(session: Session):
    return session.scalars(select(Host).where(Host.active).order_by(Host.name)).all()


def imperative_join(session: Session):
    return session.execute(select(Host.name, Sample.value).join(Host.samples).where(Sample.level > 2)).all()


def imperative_lazy(session: Session):
    return session.get(Sample, 3).host


def connection_of_session(session: Session):
    return session.connection().execute(select(func.count()).select_from(samples)).scalar_one()
