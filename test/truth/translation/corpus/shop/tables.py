"""Functions in FROM: one value, several columns, with names of their own."""

from sqlalchemy import Integer, column, exists, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from shop.models import Order, Product, User


def series(session: Session):
    n = func.generate_series(1, 5).column_valued("n")
    return session.execute(select(n).order_by(n)).all()


def series_without_name(session: Session):
    n = func.generate_series(1, 3).column_valued()
    return session.execute(select(n.label("number"))).all()


# call: low=2, high=9
def series_in_condition(session: Session, low: int, high: int):
    n = func.generate_series(low, high).column_valued("n")
    return session.execute(select(n.label("number"), User.id).where(User.id == n, n > 3).order_by(User.id)).all()


def series_in_subquery(session: Session):
    n = func.generate_series(1, 4).column_valued("n")
    numbers = select(n, func.lower("X").label("letter")).subquery()
    return session.execute(select(numbers.c.n, numbers.c.letter).order_by(numbers.c.n)).all()


def series_in_cte(session: Session):
    n = func.generate_series(1, 4).column_valued("n")
    numbers = select(n).cte("numbers")
    stmt = select(numbers.c.n, func.count(Order.id)).outerjoin(Order, Order.id == numbers.c.n).group_by(numbers.c.n)
    return session.execute(stmt.order_by(numbers.c.n)).all()


def value_in_function(session: Session):
    word = func.unnest(User.interests).column_valued("word")
    return session.execute(select(User.id, func.upper(word)).where(word.is_not(None)).order_by(User.id, word)).all()


def value_grouped(session: Session):
    word = func.unnest(User.interests).column_valued("word")
    return session.execute(select(word, func.count()).select_from(User).group_by(word).order_by(word)).all()


def pairs(session: Session):
    entry = func.jsonb_each(User.settings).table_valued("key", "value")
    return session.execute(select(User.id, entry.c.key, entry.c.value).order_by(User.id, entry.c.key)).all()


def pairs_joined(session: Session):
    entry = func.jsonb_each_text(User.settings).table_valued("key", "value", name="entry")
    return session.execute(select(User.id, entry.c.key).join(entry, true()).order_by(User.id, entry.c.key)).all()


def whole_table(session: Session):
    n = func.generate_series(1, 3).table_valued("value").render_derived(name="n")
    return session.execute(select(n).order_by(n.c.value)).all()


def typed_column(session: Session):
    size = func.jsonb_array_elements(Product.attributes["sizes"]).table_valued(column("value", JSONB))
    return session.execute(select(Product.id, size.c.value["label"].astext).where(size.c.value["label"].astext == "L")).all()


def typed_column_in_exists(session: Session):
    entry = func.jsonb_each(User.settings).table_valued("key", column("value", JSONB)).alias("entry")
    stmt = select(User.id).where(exists(select(1).select_from(entry).where(entry.c.key == "theme")))
    return session.scalars(stmt.order_by(User.id)).all()


def typed_number(session: Session):
    n = func.generate_series(1, 9).table_valued(column("value", Integer), name="n").render_derived()
    return session.execute(select(n.c.value, n.c.value + 1).where(n.c.value > 6).order_by(n.c.value.desc())).all()


def with_ordinality(session: Session):
    word = func.unnest(User.interests).table_valued("value", with_ordinality="place").render_derived()
    return session.execute(select(User.id, word.c.value, word.c.place)).all()


def query_of_value(session: Session):
    n = func.generate_series(1, 2).column_valued("n")
    return session.query(n).all()


def subquery_before_entity(session: Session):
    spent = select(Order.customer_id.label("who"), Order.total).where(Order.total > 60).subquery("spent")
    return session.execute(select(spent.c.who, User.id).where(User.id == spent.c.who).order_by(User.id)).all()


def subquery_whole_before_entities(session: Session):
    spent = select(Order.customer_id.label("who")).where(Order.total > 60).subquery()
    stmt = select(spent.c.who + User.id, func.lower(Product.name)).where(User.id == spent.c.who, Product.id == User.id)
    return session.execute(stmt.order_by(User.id)).all()


def subquery_beside_select_from(session: Session):
    spent = select(Order.customer_id.label("who")).where(Order.total > 60).subquery()
    stmt = select(spent.c.who, User.id).select_from(Product).where(User.id == spent.c.who, Product.id == User.id)
    return session.execute(stmt.order_by(User.id)).all()


def subquery_in_query(session: Session):
    spent = session.query(Order.customer_id.label("who")).filter(Order.total > 60).subquery()
    return session.query(spent.c.who, User.id).filter(User.id == spent.c.who).order_by(User.id).all()
