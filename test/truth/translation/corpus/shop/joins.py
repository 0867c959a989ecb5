"""Joins on relationships, foreign keys and conditions; aliases."""

from sqlalchemy import and_, func, join, outerjoin, select
from sqlalchemy.orm import Session, aliased

from shop.models import Address, Category, Order, OrderItem, Product, Review, Stock, Tag, User, Warehouse, product_tags


def on_relationship(session: Session):
    return session.execute(select(Order.id, User.name).join(Order.customer).order_by(Order.id)).all()


def on_target(session: Session):
    return session.execute(select(User.name, Address.city).join(Address)).all()


def on_relationship_of_many(session: Session):
    return session.scalars(select(User).join(User.orders).where(Order.total > 50).distinct()).all()


def target_and_relationship(session: Session):
    return session.execute(select(User.name, Order.total).join(Order, User.orders)).all()


def target_and_condition(session: Session):
    return session.execute(select(User.name, Review.stars).join(Review, Review.author_id == User.id)).all()


def target_and_conditions(session: Session):
    return session.execute(select(User.id, Review.id).join(Review, and_(Review.author_id == User.id, Review.stars >= 4))).all()


def outer(session: Session):
    return session.execute(select(User.id, Order.id).outerjoin(User.orders)).all()


def outer_flag(session: Session):
    return session.execute(select(User.id, Order.id).join(User.orders, isouter=True).where(Order.id.is_(None))).all()


def full(session: Session):
    return session.execute(select(User.id, Review.id).join(Review, User.id == Review.author_id, full=True)).all()


def chain(session: Session):
    stmt = select(User.name, Product.name).join(User.orders).join(Order.items).join(OrderItem.product)
    return session.execute(stmt.where(Product.price > 20)).all()


def many_to_many(session: Session):
    return session.execute(select(Product.id, Tag.name).join(Product.tags).where(Tag.name != "name-3")).all()


def many_to_many_outer(session: Session):
    return session.execute(select(Tag.id, Product.id).outerjoin(Tag.products)).all()


def through_secondary_table(session: Session):
    stmt = select(Product.id).join(product_tags, product_tags.c.product_id == Product.id).where(product_tags.c.tag_id == 3)
    return session.scalars(stmt).all()


def select_from(session: Session):
    return session.execute(select(func.count(Order.id)).select_from(User).join(User.orders)).scalar()


def select_from_two(session: Session):
    return session.execute(select(func.count()).select_from(User).outerjoin(Review, Review.author_id == User.id)).scalar()


def join_from(session: Session):
    return session.execute(select(Address.id, User.id).join_from(User, Address)).all()


def join_from_relationship(session: Session):
    return session.execute(select(Review.id, Product.id).join_from(Review, Product, Review.product)).all()


def outerjoin_from(session: Session):
    return session.execute(select(User.id, Review.slug).outerjoin_from(User, Review, Review.author_id == User.id)).all()


def standalone_join(session: Session):
    return session.execute(select(Order.id, User.email).select_from(join(Order, User, Order.customer_id == User.id))).all()


def standalone_outer_join(session: Session):
    return session.execute(select(User.id, Order.id).select_from(outerjoin(User, Order))).all()


def one_of_two_foreign_keys(session: Session):
    return session.execute(select(Order.id, Address.city).join(Order.shipping_address)).all()


def both_foreign_keys(session: Session):
    shipping, billing = aliased(Address), aliased(Address)
    stmt = (
        select(Order.id, shipping.city, billing.city)
        .join(shipping, Order.shipping_address)
        .outerjoin(billing, Order.billing_address)
        .order_by(Order.id)
    )
    return session.execute(stmt).all()


def alias_named(session: Session):
    buyer = aliased(User, name="buyer")
    return session.execute(select(Order.id, buyer.name).join(buyer, Order.customer).where(buyer.is_active)).all()


def alias_of_type(session: Session):
    buyer = aliased(User)
    return session.scalars(select(Order).join(Order.customer.of_type(buyer)).where(buyer.name.like("I%"))).all()


def alias_whole(session: Session):
    other = aliased(Category)
    return session.execute(select(Category, other).join(other, Category.parent_id == other.id)).all()


def self_referential(session: Session):
    parent = aliased(Category)
    return session.execute(select(Category.name, parent.name).join(Category.parent.of_type(parent))).all()


def self_referential_children(session: Session):
    child, grandchild = aliased(Category), aliased(Category)
    stmt = select(Category.id, grandchild.id).join(Category.children.of_type(child)).join(child.children.of_type(grandchild))
    return session.execute(stmt).all()


def alias_pairs(session: Session):
    a, b = aliased(User), aliased(User)
    return session.execute(select(a.id, b.id).where(a.logins == b.logins, a.id < b.id)).all()


def schema_qualified(session: Session):
    return session.execute(select(Warehouse.name, Stock.amount).join(Warehouse.stock).where(Stock.amount > 3)).all()


def schema_qualified_entity(session: Session):
    return session.scalars(select(Stock).join(Stock.product).where(Product.stock < 10)).all()


def condition_added_to_relationship(session: Session):
    return session.execute(select(User.id, Address.id).join(User.addresses.and_(Address.country == "DE"))).all()


def table_alias(session: Session):
    u = User.__table__.alias("u")
    return session.execute(select(u.c.id, u.c.email).where(u.c.logins > 2)).all()


def on_columns_by_order(session: Session):
    return session.execute(select(OrderItem.quantity).join(Order).join(User).where(User.role.is_not(None))).all()


# call: country="DE"
def parameter_in_condition(session: Session, country: str):
    stmt = select(User.id, func.count(Address.id)).outerjoin(Address, and_(Address.user_id == User.id, Address.country == country))
    return session.execute(stmt.group_by(User.id).order_by(User.id)).all()
