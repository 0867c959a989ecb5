"""Statements that are built under conditions."""

from datetime import datetime
from decimal import Decimal
from typing import Optional

from sqlalchemy import Select, and_, asc, desc, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Order, OrderStatus, Product, Review, Role, User


# call: name=None
# call: name="Iris"
def one_condition(session: Session, name: Optional[str] = None):
    stmt = select(User.id, User.name)
    if name:
        stmt = stmt.where(User.name == name)
    return session.execute(stmt.order_by(User.id)).all()


# call: name=None, role=None
# call: name="I%", role=None
# call: name=None, role=Role.ADMIN
# call: name="I%", role=Role.CUSTOMER
def two_conditions(session: Session, name: str | None = None, role: Role | None = None):
    stmt = select(User.id)
    if name is not None:
        stmt = stmt.where(User.name.like(name))
    if role is not None:
        stmt = stmt.where(User.role == role)
    return session.scalars(stmt).all()


# call: active=True
# call: active=False
def either_or(session: Session, active: bool):
    if active:
        stmt = select(User.id).where(User.is_active)
    else:
        stmt = select(User.id).where(~User.is_active)
    return session.scalars(stmt.order_by(User.id)).all()


# call: newest=True
# call: newest=False
def order_by_flag(session: Session, newest: bool):
    stmt = select(Order.id)
    stmt = stmt.order_by(Order.placed_at.desc() if newest else Order.placed_at.asc(), Order.id)
    return session.scalars(stmt).all()


# call: with_customer=True
# call: with_customer=False
def option_by_flag(session: Session, with_customer: bool):
    stmt = select(Order).where(Order.id < 5)
    if with_customer:
        stmt = stmt.options(joinedload(Order.customer))
    return session.scalars(stmt).all()


# call: status=OrderStatus.NEW, since=datetime(2024, 5, 1), minimum=Decimal("5")
# call: status=None, since=None, minimum=None
# call: status=None, since=datetime(2024, 5, 1), minimum=None
def list_of_conditions(session: Session, status: OrderStatus | None, since: datetime | None, minimum: Decimal | None):
    conditions = []
    if status:
        conditions.append(Order.status == status)
    if since:
        conditions.append(Order.placed_at >= since)
    if minimum is not None:
        conditions.append(Order.total >= minimum)
    return session.scalars(select(Order.id).where(*conditions).order_by(Order.id)).all()


# call: term="am", fields_all=False
# call: term=None, fields_all=True
def and_of_list(session: Session, term: str | None, fields_all: bool):
    conditions = [User.is_active.is_(True)]
    if term:
        conditions.append(or_(User.name.ilike(f"%{term}%"), User.email.ilike(f"%{term}%")))
    return session.scalars(select(User.id).where(and_(*conditions))).all()


# call: limit=5
# call: limit=None
def optional_limit(session: Session, limit: int | None = None):
    stmt = select(Product.id).order_by(Product.id)
    if limit:
        stmt = stmt.limit(limit)
    return session.scalars(stmt).all()


# call: sort="price"
# call: sort="name"
# call: sort="stock"
def sorted_by_name(session: Session, sort: str):
    stmt = select(Product.id)
    if sort == "price":
        stmt = stmt.order_by(Product.price)
    elif sort == "name":
        stmt = stmt.order_by(func.lower(Product.name), Product.id)
    else:
        stmt = stmt.order_by(Product.id.desc())
    return session.scalars(stmt).all()


# call: descending=True
# call: descending=False
def direction(session: Session, descending: bool):
    way = desc if descending else asc
    return session.scalars(select(Product.id).order_by(way(Product.price), way(Product.id))).all()


# call: in_stock=True
# call: in_stock=False
# call: in_stock=None
def three_states(session: Session, in_stock: bool | None):
    stmt = select(Product.name)
    if in_stock is True:
        stmt = stmt.where(Product.stock > 0)
    elif in_stock is False:
        stmt = stmt.where(Product.stock == 0)
    return session.scalars(stmt).all()


# call: customer="Iris"
# call: customer=None
def join_when_needed(session: Session, customer: str | None):
    stmt = select(Order.id).where(Order.total > 10)
    if customer:
        stmt = stmt.join(Order.customer).where(User.name == customer)
    return session.scalars(stmt).all()


# call: total=True
# call: total=False
def early_return(session: Session, total: bool):
    stmt = select(Review).where(Review.stars > 3)
    if total:
        return session.scalar(select(func.count()).select_from(stmt.subquery()))
    return session.scalars(stmt.order_by(Review.id)).all()


# call: user_id=3
def count_and_page(session: Session, user_id: int):
    base = select(Order).where(Order.customer_id == user_id)
    total = session.scalar(select(func.count()).select_from(base.subquery()))
    rows = session.scalars(base.order_by(Order.placed_at.desc()).limit(10)).all()
    return total, rows


def conditional_constant(session: Session):
    verbose = False
    stmt = select(User.id)
    if verbose:
        stmt = stmt.where(User.logins > 100)
    return session.scalars(stmt).all()


# call: values={"name": "x"}
def updated_in_loop(session: Session, values: dict[str, str]):
    stmt = select(User.id)
    for column in (User.name, User.email):
        stmt = stmt.where(column.is_not(None))
    return session.scalars(stmt).all()


# call: nickname="Iris"
# call: nickname=None
def null_or_value(session: Session, nickname: str | None):
    return session.scalars(select(User.id).where(User.nickname == nickname)).all()


# call: active=True
# call: active=False
def true_or_false(session: Session, active: bool):
    return session.scalars(select(User.id).filter_by(is_active=active)).all()


# call: ids=[3, 4]
# call: ids=[]
def list_or_nothing(session: Session, ids: list[int]):
    stmt = select(User.name).order_by(User.id)
    if ids:
        stmt = stmt.where(User.id.in_(ids))
    return session.scalars(stmt).all()


# call: minimum=None
# call: minimum=Decimal("3")
def value_or_default(session: Session, minimum: Decimal | None):
    return session.scalars(select(Order.id).where(Order.total > (minimum or Decimal("10"))).order_by(Order.id)).all()
