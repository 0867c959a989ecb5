"""Hybrid attributes and other expressions of classes."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from shop.models import Order, Product, User, Warehouse


def plain(session: Session):
    return session.scalars(select(User.label).order_by(User.id)).all()


def in_condition(session: Session):
    return session.scalars(select(Product.id).where(Product.in_stock)).all()


def negated(session: Session):
    return session.scalars(select(Product.id).where(~Product.in_stock)).all()


def with_expression(session: Session):
    return session.execute(select(User.display_name, User.id).where(User.display_name != "Iris").order_by(User.display_name, User.id)).all()


def case_expression(session: Session):
    return session.execute(select(Product.price_level, Product.id).where(Product.price_level == "high")).all()


def in_filter_by(session: Session):
    return session.scalars(select(Product.id).filter_by(price_level="low")).all()


# call: times=4
def method(session: Session, times: int):
    return session.scalars(select(User.id).where(User.logged_in_at_least(times))).all()


def arithmetic(session: Session):
    return session.execute(select(Order.id, Order.net_total).where(Order.net_total > 20).order_by(Order.id)).all()


def on_alias(session: Session):
    other = aliased(User)
    return session.scalars(select(other.label).where(other.display_name.like("I%"))).all()


def column_property_on_alias(session: Session):
    other = aliased(Product)
    return session.scalars(select(other.gross_price).where(other.gross_price < 50)).all()


def column_property_ordered(session: Session):
    return session.scalars(select(Warehouse).order_by(Warehouse.total_amount.desc(), Warehouse.id)).all()


def summed(session: Session):
    return session.scalar(select(func.sum(Order.net_total)).where(Order.net_total > 0))
