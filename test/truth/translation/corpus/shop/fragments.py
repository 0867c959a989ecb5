"""Text in statements: fragments with bind names, whole statements."""

from sqlalchemy import Integer, String, bindparam, column, literal_column, select, table, text
from sqlalchemy.orm import Session

from shop.models import Order, Product, User


# call: low=5
def condition(session: Session, low: int):
    return session.scalars(select(User.id).where(text("users.logins > :low").bindparams(low=low))).all()


def condition_bound_at_execution(session: Session):
    return session.scalars(select(User.id).where(text("logins > :low AND name <> :name")), {"low": 3, "name": "Iris"}).all()


def order(session: Session):
    return session.scalars(select(User.id).order_by(text("name DESC, id"))).all()


def columns(session: Session):
    return session.execute(select(text("id"), text("name")).select_from(text("users")).where(text("logins > 3"))).all()


def column_beside(session: Session):
    return session.execute(select(User.id, text("upper(users.name) AS shouted"))).all()


def literal_columns(session: Session):
    return session.execute(select(User.id, literal_column("users.logins * 2", Integer).label("double")).order_by(User.id)).all()


def literal_column_condition(session: Session):
    return session.scalars(select(User.id).where(literal_column("users.logins") == 7)).all()


def with_type(session: Session):
    fragment = text("users.name = :name").bindparams(bindparam("name", value="Iris", type_=String))
    return session.scalars(select(User.id).where(fragment)).all()


# call: ids=[1, 2, 3]
def expanding(session: Session, ids: list[int]):
    fragment = text("users.id IN :ids").bindparams(bindparam("ids", value=ids, expanding=True))
    return session.scalars(select(User.name).where(fragment)).all()


def whole(session: Session):
    return session.execute(text("SELECT id, name FROM users WHERE logins > 3 ORDER BY id")).all()


# call: user_id=4
def whole_with_parameter(session: Session, user_id: int):
    return session.execute(text("SELECT name FROM users WHERE id = :user_id"), {"user_id": user_id}).all()


def whole_with_cast(session: Session):
    return session.execute(text("SELECT count(*)::int FROM users WHERE name LIKE 'I%' AND settings ->> 'color' = :c"), {"c": "amber"}).scalar()


def whole_as_columns(session: Session):
    stmt = text("SELECT id, total FROM orders WHERE total > 20").columns(column("id", Integer), Order.total)
    return session.execute(stmt).all()


def entities_from_text(session: Session):
    return session.scalars(select(User).from_statement(text("SELECT * FROM users WHERE logins > :low").bindparams(low=5))).all()


def text_as_subquery(session: Session):
    cheap = text("SELECT id FROM products WHERE price < 20").columns(column("id", Integer)).subquery("cheap")
    return session.scalars(select(Product.name).join(cheap, cheap.c.id == Product.id)).all()


def lightweight_table(session: Session):
    users = table("users", column("id", Integer), column("name", String))
    return session.execute(select(users.c.id).where(users.c.name == "Iris")).all()


def custom_operator(session: Session):
    return session.scalars(select(User.id).where(User.name.op("~*")("^i"))).all()


def custom_boolean_operator(session: Session):
    return session.scalars(select(User.id).where(User.name.bool_op("SIMILAR TO")("I%"))).all()


def prefix_and_suffix(session: Session):
    return session.scalars(select(User.id).prefix_with("ALL").where(User.id < 4)).all()


def set_clause_text(session: Session):
    return session.scalar(select(text("1")))
