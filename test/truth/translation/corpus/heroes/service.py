"""session.exec and select of SQLModel."""

from typing import Optional

from sqlalchemy.orm import selectinload
from sqlmodel import Session, and_, col, delete, func, or_, select, update

from heroes.models import Hero, MembershipLink, Mission, Team


def everything(session: Session):
    return session.exec(select(Hero)).all()


# call: hero_id=3
def get(session: Session, hero_id: int):
    return session.get(Hero, hero_id)


def filtered(session: Session):
    return session.exec(select(Hero).where(Hero.age > 10).where(Hero.power <= 8.5)).all()


def filtered_col(session: Session):
    return session.exec(select(Hero).where(col(Hero.age).is_not(None), col(Hero.name).startswith("I"))).all()


def in_list(session: Session):
    return session.exec(select(Hero).where(col(Hero.id).in_([1, 2, 3])).order_by(col(Hero.id).desc())).all()


def disjunction(session: Session):
    return session.exec(select(Hero).where(or_(Hero.age < 5, and_(Hero.age > 15, Hero.power > 3)))).all()


def one_column(session: Session):
    return session.exec(select(Hero.name).where(Hero.id == 2)).one()


def two_columns(session: Session):
    return session.exec(select(Hero.id, Hero.name).order_by(Hero.name, Hero.id)).all()


def two_entities(session: Session):
    return session.exec(select(Mission, Team).where(Mission.team_id == Team.id)).all()


def joined(session: Session):
    return session.exec(select(Mission, Team).join(Team)).all()


def joined_outer(session: Session):
    return session.exec(select(Mission, Team).join(Team, isouter=True)).all()


def joined_link(session: Session):
    return session.exec(select(Team.name, Hero.name).join(MembershipLink, MembershipLink.team_id == Team.id).join(Hero)).all()


def joined_relationship(session: Session):
    return session.exec(select(Hero).join(Hero.teams).where(Team.city == "amber")).all()


def first(session: Session):
    return session.exec(select(Hero).where(Hero.name == "Iris")).first()


# call: offset=2, limit=3
def page(session: Session, offset: int = 0, limit: int = 100):
    return session.exec(select(Hero).order_by(Hero.id).offset(offset).limit(limit)).all()


def counted(session: Session):
    return session.exec(select(func.count()).select_from(Hero)).one()


def counted_grouped(session: Session):
    return session.exec(select(Mission.team_id, func.count(Mission.id)).group_by(Mission.team_id).order_by(Mission.team_id)).all()


def loaded(session: Session):
    return session.exec(select(Team).options(selectinload(Team.missions)).where(Team.id < 4)).all()


def lazy_link(session: Session):
    return session.get(Team, 2).heroes


def lazy_parent(session: Session):
    return session.get(Mission, 3).team


# call: name=None, city="cedar"
# call: name="Iris", city=None
def conditional(session: Session, name: Optional[str], city: Optional[str]):
    statement = select(Team)
    if name:
        statement = statement.where(Team.name == name)
    if city:
        statement = statement.where(Team.city == city)
    return session.exec(statement).all()


def old_query(session: Session):
    return session.query(Hero).filter(Hero.age.is_(None)).all()


def boolean(session: Session):
    return session.exec(select(Mission.id).where(Mission.done == False).order_by(Mission.starts_at)).all()  # noqa: E712


def updated(session: Session):
    session.exec(update(Mission).where(col(Mission.id) == 1).values(done=True))


def deleted(session: Session):
    session.exec(delete(Mission).where(col(Mission.done)))


def json_trait(session: Session):
    return session.exec(select(Hero.id).where(Hero.traits["color"].astext == "amber")).all()
