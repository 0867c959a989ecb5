"""Loader options, and the statements that loading causes."""

from sqlalchemy import select
from sqlalchemy.orm import (
    Session,
    contains_eager,
    defaultload,
    defer,
    joinedload,
    lazyload,
    load_only,
    noload,
    raiseload,
    selectinload,
    subqueryload,
    undefer,
    with_loader_criteria,
)

from shop.models import Address, Category, Order, OrderItem, Product, Review, Stock, Tag, User, Warehouse


def joined_to_one(session: Session):
    return session.scalars(select(Order).options(joinedload(Order.customer)).where(Order.total > 50)).all()


def joined_to_one_required(session: Session):
    return session.scalars(select(Order).options(joinedload(Order.customer, innerjoin=True)).order_by(Order.id)).all()


def joined_to_many(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders)).where(User.id < 5)).unique().all()


def joined_to_many_ordered(session: Session):
    return session.scalars(select(User).options(joinedload(User.addresses)).order_by(User.name, User.id)).unique().all()


def joined_to_many_limited(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders)).order_by(User.id).limit(3)).unique().all()


def joined_chain(session: Session):
    return session.scalars(select(OrderItem).options(joinedload(OrderItem.order).joinedload(Order.customer))).all()


def joined_two(session: Session):
    return session.scalars(select(Order).options(joinedload(Order.shipping_address), joinedload(Order.billing_address))).all()


def joined_many_to_many(session: Session):
    return session.scalars(select(Product).options(joinedload(Product.tags)).where(Product.id < 4)).unique().all()


def joined_self_referential(session: Session):
    return session.scalars(select(Category).options(joinedload(Category.parent)).order_by(Category.id)).all()


def joined_beside_join(session: Session):
    stmt = select(Order).join(Order.customer).where(User.is_active).options(joinedload(Order.customer))
    return session.scalars(stmt).all()


def joined_distinct(session: Session):
    return session.scalars(select(Order).options(joinedload(Order.customer)).distinct()).all()


def eager_from_join(session: Session):
    return session.scalars(select(Order).join(Order.customer).options(contains_eager(Order.customer)).where(User.is_active)).all()


def eager_from_join_to_many(session: Session):
    stmt = select(User).join(User.orders).options(contains_eager(User.orders)).where(Order.total > 40).order_by(User.id, Order.id)
    return session.scalars(stmt).unique().all()


def select_in(session: Session):
    return session.scalars(select(User).options(selectinload(User.orders)).where(User.id < 4)).all()


def select_in_to_one(session: Session):
    return session.scalars(select(Order).options(selectinload(Order.customer)).where(Order.id < 4)).all()


def select_in_many_to_many(session: Session):
    return session.scalars(select(Product).options(selectinload(Product.tags)).where(Product.id < 4)).all()


def select_in_chain(session: Session):
    stmt = select(User).options(selectinload(User.orders).selectinload(Order.items).joinedload(OrderItem.product)).where(User.id < 3)
    return session.scalars(stmt).all()


def select_in_ordered(session: Session):
    return session.scalars(select(User).options(selectinload(User.addresses)).where(User.id < 4)).all()


def subquery_load(session: Session):
    return session.scalars(select(User).options(subqueryload(User.reviews)).where(User.id < 4)).all()


def only_columns(session: Session):
    return session.scalars(select(User).options(load_only(User.name, User.email))).all()


def only_columns_of_related(session: Session):
    return session.scalars(select(Order).options(joinedload(Order.customer).load_only(User.name)).where(Order.id < 5)).all()


def deferred_away(session: Session):
    return session.scalars(select(User).options(defer(User.settings), defer(User.interests))).all()


def undeferred(session: Session):
    return session.scalars(select(Product).options(undefer(Product.description)).where(Product.id < 3)).all()


def lazy_over_joined_default(session: Session):
    return session.scalars(select(Review).options(lazyload(Review.author)).where(Review.id < 4)).all()


def raise_over_joined_default(session: Session):
    return session.scalars(select(Review).options(raiseload("*")).where(Review.id < 4)).all()


def defaults_kept(session: Session):
    stmt = select(Order).options(defaultload(Order.customer).load_only(User.email)).where(Order.id < 3)
    return [order.customer.email for order in session.scalars(stmt)]


def loader_criteria(session: Session):
    stmt = select(User).options(selectinload(User.addresses), with_loader_criteria(Address, Address.country == "DE")).where(User.id < 4)
    return session.scalars(stmt).all()


def related_with_condition(session: Session):
    stmt = select(User).options(selectinload(User.orders.and_(Order.total > 30))).where(User.id < 4)
    return session.scalars(stmt).all()


def lazy_to_one(session: Session):
    order = session.scalars(select(Order).where(Order.id == 2)).one()
    return order.customer


def lazy_to_many(session: Session):
    user = session.scalars(select(User).where(User.id == 2)).one()
    return user.orders


def lazy_to_many_ordered(session: Session):
    user = session.scalars(select(User).where(User.id == 2)).one()
    return user.addresses


def lazy_many_to_many(session: Session):
    product = session.scalars(select(Product).where(Product.id == 2)).one()
    return product.tags


def lazy_self_referential(session: Session):
    category = session.scalars(select(Category).where(Category.id == 2)).one()
    return category.parent, category.children


def lazy_with_joined_default(session: Session):
    product = session.scalars(select(Product).where(Product.id == 2)).one()
    return product.reviews


def lazy_schema_qualified(session: Session):
    stock = session.scalars(select(Stock).where(Stock.id == 2)).one()
    return stock.product


def lazy_deferred_column(session: Session):
    product = session.scalars(select(Product).where(Product.id == 2)).one()
    return product.description


def refreshed(session: Session):
    user = session.scalars(select(User).where(User.id == 2)).one()
    session.refresh(user)
    return user


def refreshed_columns(session: Session):
    user = session.scalars(select(User).where(User.id == 2)).one()
    session.refresh(user, ["name", "logins"])
    return user


def expired(session: Session):
    user = session.scalars(select(User).where(User.id == 2)).one()
    session.expire(user)
    return user.name


def joined_with_condition(session: Session):
    stmt = select(Order).options(joinedload(Order.customer.and_(User.is_active))).where(Order.id < 9)
    return session.scalars(stmt).all()


def joined_many_with_condition(session: Session):
    stmt = select(Product).options(joinedload(Product.tags.and_(Tag.id > 3))).where(Product.id < 9)
    return session.scalars(stmt).unique().all()


def joined_with_some_columns(session: Session):
    return session.scalars(select(Order).options(load_only(Order.total), joinedload(Order.customer)).where(Order.id < 9)).all()


def joined_chain_with_some_columns(session: Session):
    stmt = select(OrderItem).options(joinedload(OrderItem.order).load_only(Order.note).joinedload(Order.customer))
    return session.scalars(stmt.where(OrderItem.order_id < 9)).all()


def joined_chains_from_one_step(session: Session):
    stmt = select(OrderItem).options(
        joinedload(OrderItem.order).joinedload(Order.customer), joinedload(OrderItem.order).joinedload(Order.shipping_address)
    )
    return session.scalars(stmt.where(OrderItem.order_id < 9)).all()


def joined_with_options(session: Session):
    stmt = select(OrderItem).options(
        joinedload(OrderItem.order).options(joinedload(Order.customer).load_only(User.name), selectinload(Order.items), defer(Order.note))
    )
    return session.scalars(stmt.where(OrderItem.order_id < 9)).all()


def joined_default_kept(session: Session):
    stmt = select(Order).options(joinedload(Order.customer), defaultload(Order.customer).load_only(User.email)).where(Order.id < 9)
    return session.scalars(stmt).all()


def joined_to_itself_with_some_columns(session: Session):
    stmt = select(Category).options(load_only(Category.name), joinedload(Category.children)).where(Category.id < 9)
    return session.scalars(stmt).unique().all()
