"""What the unit of work sends, and other ways to send and to read."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from shop.models import Address, Category, Order, Product, Tag, User


def add_several(session: Session):
    session.add_all([Tag(name="u1"), Tag(name="u2"), Tag(name="u3")])
    session.flush()


def add_with_children(session: Session):
    user = User(email="parent@example.org", name="Parent", addresses=[Address(street="s", city="c", country="DE", is_default=True)])
    session.add(user)
    session.flush()


def change_several(session: Session):
    for category in session.scalars(select(Category).where(Category.id < 4)):
        category.position = category.position + 1
    session.flush()


def change_to_expression(session: Session):
    product = session.get(Product, 2)
    product.stock = Product.stock - 1
    session.flush()


def merged(session: Session):
    session.merge(Tag(id=3, name="merged"))
    session.flush()


def deleted_with_orphans(session: Session):
    order = session.get(Order, 3)
    session.delete(order)
    session.flush()


def removed_from_collection(session: Session):
    product = session.get(Product, 1)
    product.tags.clear()
    session.flush()


def moved_to_other_parent(session: Session):
    address = session.get(Address, 2)
    address.user = session.get(User, 5)
    session.flush()


def saved_in_bulk(session: Session):
    session.bulk_save_objects([Tag(name="b1"), Tag(name="b2")])


def inserted_in_bulk(session: Session):
    session.bulk_insert_mappings(Tag, [{"name": "m1"}, {"name": "m2"}])


def updated_in_bulk(session: Session):
    session.bulk_update_mappings(Category, [{"id": 1, "position": 7}, {"id": 2, "position": 8}])


def flushed_before_query(session: Session):
    session.add(Tag(name="auto"))
    return session.scalars(select(Tag.name).where(Tag.name.like("a%"))).all()


def get_with_options(session: Session):
    return session.get(Order, 2, options=[joinedload(Order.customer), selectinload(Order.items)])


def get_with_fewer_columns(session: Session):
    return session.get(User, 2, options=[load_only(User.name)])


def populate_existing(session: Session):
    return session.scalars(select(Tag).where(Tag.id == 2).execution_options(populate_existing=True)).one()


def mappings(session: Session):
    return session.execute(select(User.id, User.name.label("who")).where(User.id < 3)).mappings().all()


def scalar_one(session: Session):
    return session.execute(select(func.max(Product.price))).scalar_one()


def first_of_result(session: Session):
    return session.execute(select(User.name).order_by(User.id)).first()


def partitions(session: Session):
    return [len(part) for part in session.scalars(select(Tag).order_by(Tag.id).execution_options(yield_per=10)).partitions()]


def connection_execute(session: Session):
    return session.connection().execute(select(User.id).where(User.id < 3)).all()


def lazy_after_get(session: Session):
    return session.get(Order, 2).customer


def lazy_association(session: Session):
    order = session.get(Order, 2)
    return [item.product_id for item in order.items]


def collection_count(session: Session):
    return len(session.get(User, 2).reviews)
