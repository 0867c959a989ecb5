"""Functions that are given a part of their query: what it is, their callers know."""

from typing import Any, Optional

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Address, Order, OrderStatus, Product, Review, User


def _orders_where(session: Session, *conditions):
    return session.scalars(select(Order.id).where(*conditions).order_by(Order.id)).all()


def dear_orders(session: Session):
    return _orders_where(session, Order.total > 60)


# call: status=OrderStatus.PAID
def orders_in_status(session: Session, status: OrderStatus):
    return _orders_where(session, Order.status == status, Order.total > 5)


def _users_with(session: Session, name: str, options=()):
    return session.scalars(select(User).options(*options).where(User.name == name).order_by(User.id)).all()


# call: name="Iris"
def user_alone(session: Session, name: str):
    return _users_with(session, name)


# call: name="Iris"
def user_with_addresses(session: Session, name: str):
    return _users_with(session, name, options=(joinedload(User.addresses),))


# call: name="Iris"
def user_with_orders(session: Session, name: str):
    return _users_with(session, name, options=[selectinload(User.orders)])


def _count(session: Session, model, filters=None):
    stmt = select(func.count()).select_from(model)
    if filters is not None:
        stmt = stmt.where(filters)
    return session.scalar(stmt)


def how_many_products(session: Session):
    return _count(session, Product)


def how_many_active(session: Session):
    return _count(session, User, User.is_active)


# call: city="Bonn"
def how_many_addresses(session: Session, city: str):
    return _count(session, model=Address, filters=or_(Address.city == city, Address.city.is_(None)))


def _newest(session: Session, column: Any, limit: int):
    return session.scalars(select(column).order_by(column.desc()).limit(limit)).all()


def newest_of_each(session: Session):
    found = []
    for column in (Order.id, Review.id):
        found.append(_newest(session, column, 3))
    return found


def _through(session: Session, *conditions):
    return _last(session, conditions, 2)


def _last(session: Session, conditions, limit):
    return session.scalars(select(Review.id).where(*conditions).order_by(Review.id.desc()).limit(limit)).all()


def through_two_calls(session: Session):
    return _through(session, Review.stars > 2)


class _Reports:
    def __init__(self, session: Session):
        self.session = session

    def rows_of(self, criterion, order_by: Optional[Any] = None):
        stmt = select(User.id, User.name).where(criterion)
        if order_by is not None:
            stmt = stmt.order_by(order_by)
        return self.session.execute(stmt).all()


def report_of_active(session: Session):
    return _Reports(session).rows_of(User.is_active, order_by=User.name.desc())


def report_of_named(session: Session):
    reports = _Reports(session)
    return reports.rows_of(User.nickname.is_not(None))


def _change(session: Session, values: dict[str, Any], *where):
    session.execute(update(Product).where(*where).values(**values).execution_options(synchronize_session=False))


def restock(session: Session):
    _change(session, {"stock": 9, "name": "Nine"}, Product.id == 2)
