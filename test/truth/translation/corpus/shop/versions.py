"""What SQLAlchemy 2.0 and 2.1 understand differently."""

from sqlalchemy import Double, Float, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Category, Order, OrderItem, Product, Tag, User


# on: 2.1
def filter_by_any_of_the_tables(session: Session):
    return session.scalars(select(User.name).join(User.orders).filter_by(nickname="Iris")).all()


# on: 2.0
def filter_by_last_joined_table(session: Session):
    return session.scalars(select(Product.id).join(Product.category).filter_by(name="Iris")).all()


def filter_by_both(session: Session):
    return session.scalars(select(User.name).join(User.orders).filter_by(note="Iris")).all()


def filter_by_before_join(session: Session):
    return session.scalars(select(User.name).filter_by(nickname="Iris").join(User.orders)).all()


def floats(session: Session):
    return session.execute(select(Product.weight * 1.5, cast(Product.stock, Float).label("single"), cast(Product.stock, Double).label("twice")).order_by(Product.id)).all()


def float_compared(session: Session):
    return session.scalars(select(Product.id).where(Product.weight > 2.5, Product.price > 1.5)).all()


def eager_distinct_to_many(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders)).where(User.id < 4).distinct()).unique().all()


def eager_to_many_offset(session: Session):
    return session.scalars(select(Category).options(joinedload(Category.children)).order_by(Category.id).limit(3).offset(1)).unique().all()


def select_in_nested_many_to_many(session: Session):
    return session.scalars(select(Category).options(selectinload(Category.products).selectinload(Product.tags)).where(Category.id < 4)).all()


def select_in_to_one_nested(session: Session):
    return session.scalars(select(OrderItem).options(selectinload(OrderItem.order).selectinload(Order.customer)).where(OrderItem.order_id < 4)).all()


def grouped_aggregate_labels(session: Session):
    return session.execute(select(Order.status, func.percentile_cont(0.25).within_group(Order.total)).group_by(Order.status).order_by(Order.status)).all()


def lazy_self_and_siblings(session: Session):
    category = session.get(Category, 5)
    return category.parent.children if category.parent else []


def get_after_query(session: Session):
    session.scalars(select(Tag).where(Tag.id == 1)).one()
    return session.get(Tag, 1), session.get(Tag, 2)
