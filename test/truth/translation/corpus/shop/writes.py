"""INSERT, UPDATE, DELETE."""

from datetime import datetime, timezone
from decimal import Decimal

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from shop.models import Address, Category, Order, OrderItem, OrderStatus, Product, Review, Role, Tag, User, product_tags


def insert_values(session: Session):
    session.execute(insert(Tag).values(name="fresh"))


# call: name="given"
def insert_parameter(session: Session, name: str):
    session.execute(insert(Category).values(name=name, position=3))


def insert_defaults_of_python(session: Session):
    session.execute(insert(User).values(email="new@example.org", name="New"))


def insert_many_values(session: Session):
    session.execute(insert(Tag).values([{"name": "one"}, {"name": "two"}, {"name": "three"}]))


def insert_returning(session: Session):
    return session.execute(insert(Tag).values(name="fresh").returning(Tag.id)).scalar_one()


def insert_returning_entity(session: Session):
    return session.scalars(insert(Category).values(name="fresh", position=1).returning(Category)).one()


def insert_bulk(session: Session):
    session.execute(insert(Tag), [{"name": "one"}, {"name": "two"}])


def insert_bulk_returning(session: Session):
    return session.scalars(insert(Tag).returning(Tag), [{"name": "one"}, {"name": "two"}]).all()


def insert_from_select(session: Session):
    session.execute(insert(Tag).from_select(["name"], select(func.concat("tag-", User.id)).where(User.id < 3)))


def insert_into_table(session: Session):
    session.execute(product_tags.insert().values(product_id=24, tag_id=24))


def insert_expression(session: Session):
    session.execute(insert(Category).values(name=func.upper("fresh"), position=select(func.max(Category.position) + 1).scalar_subquery()))


def insert_enum_and_time(session: Session):
    stmt = insert(Order).values(
        reference="5a8a9b54-3f5a-5bd0-b0a5-000000000001", customer_id=1, status=OrderStatus.PAID, total=Decimal("12.50"), placed_at=datetime(2024, 5, 1, 12)
    )
    session.execute(stmt.returning(Order.id, Order.status))


def on_conflict_do_nothing(session: Session):
    session.execute(pg_insert(Tag).values(name="name-1").on_conflict_do_nothing())


def on_conflict_do_nothing_on(session: Session):
    session.execute(pg_insert(Tag).values(name="name-1").on_conflict_do_nothing(index_elements=["name"]))


def on_conflict_do_update(session: Session):
    stmt = pg_insert(User).values(email="birch1@example.org", name="Again", logins=1, settings={"a": 1}, interests=[])
    session.execute(stmt.on_conflict_do_update(index_elements=[User.email], set_={"name": stmt.excluded.name, "logins": User.logins + 1}))


def on_conflict_do_update_where(session: Session):
    stmt = pg_insert(Tag).values(id=1, name="other")
    stmt = stmt.on_conflict_do_update(index_elements=["id"], set_=dict(name=stmt.excluded.name), where=Tag.name != "fixed")
    return session.execute(stmt.returning(Tag.id, Tag.name)).all()


def on_conflict_constraint(session: Session):
    stmt = pg_insert(Tag).values(name="name-2")
    session.execute(stmt.on_conflict_do_update(constraint="tags_name_key", set_={"name": func.concat(stmt.excluded.name, "!")}))


def on_conflict_many(session: Session):
    stmt = pg_insert(Tag).values([{"name": "name-1"}, {"name": "newer"}])
    session.execute(stmt.on_conflict_do_update(index_elements=[Tag.name], set_={Tag.name: stmt.excluded.name}))


# call: user_id=3
def update_by_id(session: Session, user_id: int):
    session.execute(update(User).where(User.id == user_id).values(name="Changed", is_active=False))


def update_dictionary(session: Session):
    session.execute(update(Product).where(Product.stock < 3).values({"stock": 10, Product.price: Decimal("9.99")}))


def update_expression(session: Session):
    session.execute(update(Category).values(position=Category.position + 1))


def update_with_onupdate(session: Session):
    session.execute(update(Product).where(Product.id == 1).values(stock=Product.stock - 1))


def update_returning(session: Session):
    return session.execute(update(Tag).where(Tag.id < 3).values(name=func.upper(Tag.name)).returning(Tag.id, Tag.name)).all()


def update_from(session: Session):
    stmt = update(Order).where(Order.customer_id == User.id, User.role == Role.ADMIN).values(discount=0)
    session.execute(stmt, execution_options={"synchronize_session": False})


def update_subquery(session: Session):
    spent = select(func.count(Review.id)).where(Review.author_id == User.id).scalar_subquery()
    session.execute(update(User).values(logins=spent).execution_options(synchronize_session=False))


def update_case(session: Session):
    session.execute(update(Review).values(stars=case((Review.stars > 5, 5), else_=Review.stars)).execution_options(synchronize_session=False))


def update_in_subquery(session: Session):
    ids = select(Order.customer_id).where(Order.total > 80)
    session.execute(update(User).where(User.id.in_(ids)).values(role=Role.SUPPORT).execution_options(synchronize_session=False))


def update_fetching(session: Session):
    session.execute(update(Category).where(Category.position > 20).values(position=0).execution_options(synchronize_session="fetch"))


def update_json(session: Session):
    session.execute(update(User).where(User.id == 1).values(settings={"color": "none"}, interests=["a", "b"]))


def update_table(session: Session):
    table = Category.__table__
    session.execute(table.update().where(table.c.id == bindparam("wanted")).values(name=bindparam("new_name")), {"wanted": 2, "new_name": "x"})


def update_bulk_by_key(session: Session):
    session.execute(update(Category), [{"id": 1, "position": 5}, {"id": 2, "position": 6}])


def delete_where(session: Session):
    session.execute(delete(Review).where(Review.stars < 3))


# call: ids=[1, 2]
def delete_by_ids(session: Session, ids: list[int]):
    session.execute(delete(OrderItem).where(OrderItem.order_id.in_(ids)))


def delete_returning(session: Session):
    return session.scalars(delete(Review).where(Review.id == 2).returning(Review.slug)).all()


def delete_using(session: Session):
    stmt = delete(OrderItem).where(OrderItem.order_id == Order.id, Order.status == OrderStatus.CANCELLED)
    session.execute(stmt.execution_options(synchronize_session=False))


def delete_not_exists(session: Session):
    # Without synchronize_session=False SQLAlchemy returns the columns of a composite key in an order that changes from run to run.
    stmt = delete(OrderItem).where(~select(Order.id).where(Order.id == OrderItem.order_id, Order.total > 20).exists())
    session.execute(stmt.execution_options(synchronize_session=False))


def delete_fetching(session: Session):
    session.execute(delete(Review).where(~select(Order.id).where(Order.customer_id == Review.author_id).exists()))


def delete_from_table(session: Session):
    session.execute(product_tags.delete().where(product_tags.c.tag_id == 3))


def dml_in_cte(session: Session):
    gone = delete(Review).where(Review.stars < 4).returning(Review.id).cte("gone")
    return session.execute(select(func.count()).select_from(gone)).scalar()


def add_one(session: Session):
    session.add(Tag(name="added"))
    session.flush()


def add_with_defaults(session: Session):
    user = User(email="added@example.org", name="Added")
    session.add(user)
    session.flush()
    return user.created_at


def change_one(session: Session):
    category = session.get(Category, 2)
    category.name = "changed"
    session.flush()


def change_with_onupdate(session: Session):
    user = session.get(User, 2)
    user.logins = 77
    session.flush()


def delete_one(session: Session):
    item = session.get(OrderItem, (1, 1))
    session.delete(item)
    session.flush()


def add_association(session: Session):
    product = session.get(Product, 24)
    product.tags.append(Tag(name="appended"))
    session.flush()
