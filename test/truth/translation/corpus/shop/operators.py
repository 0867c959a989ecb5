"""Operators by their signs, functions of the operators' module, aggregates with an order of their own, escaped patterns."""

from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, String, bindparam, cast, desc, distinct, exists, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, joinedload, load_only
from sqlalchemy.sql.operators import is_, is_not

from shop.models import Address, Category, Order, OrderItem, OrderStatus, Product, Review, User


def text_search(session: Session):
    return session.scalars(select(Product.id).where(func.to_tsvector("simple", Product.name).bool_op("@@")(func.to_tsquery("simple", "amber")))).all()


def matches_ignoring_case(session: Session):
    return session.scalars(select(User.id).where(User.name.op("~*")("am"))).all()


def document_contains(session: Session):
    return session.scalars(select(User.id).where(User.settings.op("@>")({"color": "amber"}))).all()


def document_text(session: Session):
    return session.execute(select(User.id, User.settings.op("->>")("color").label("color"))).all()


def document_text_equal(session: Session):
    return session.scalars(select(User.id).where(User.settings.op("->>")("color") == "amber")).all()


def document_path(session: Session):
    return session.scalars(select(User.id).where(User.settings.op("->")("address").op("->>")("city") == "birch")).all()


def cast_then_operator(session: Session):
    return session.scalars(select(Order.id).where(cast(Order.note, String).op("||")("!") == "Amber!")).all()


def negated_operator(session: Session):
    return session.scalars(select(User.id).where(~User.name.bool_op("~")("am"))).all()


def bits(session: Session):
    return session.scalars(select(User.id).where(User.logins.op("&")(1) == 1)).all()


def absent(session: Session):
    return session.scalars(select(Order.id).where(is_(Order.note, None))).all()


def present(session: Session):
    return session.scalars(select(Order.id).where(is_not(Order.note, None), Order.total > Decimal("1.00"))).all()


def names_in_order(session: Session):
    return session.execute(
        select(Address.country, func.array_agg(aggregate_order_by(Address.street, Address.street.desc()))).group_by(Address.country)
    ).all()


def joined_in_order(session: Session):
    return session.execute(select(func.string_agg(User.name, aggregate_order_by(literal_column("','"), User.id.asc(), User.name)))).all()


def aggregated_documents(session: Session):
    stmt = select(Order.customer_id, func.jsonb_agg(aggregate_order_by(func.jsonb_build_object("id", Order.id), Order.placed_at)))
    return session.execute(stmt.group_by(Order.customer_id)).all()


# call: term="5%"
# call: term="a_b"
def contains_escaped_term(session: Session, term: str):
    return session.scalars(select(User.id).where(User.name.contains(term, autoescape=True))).all()


def starts_escaped(session: Session):
    return session.scalars(select(User.id).where(User.name.startswith("100%_/", autoescape=True))).all()


def ends_escaped_any_case(session: Session):
    return session.scalars(select(User.id).where(User.name.iendswith("_x", autoescape=True))).all()


def not_escaped(session: Session):
    return session.scalars(select(User.id).where(~User.name.contains("am", autoescape=False))).all()


def cast_by_func(session: Session):
    return session.execute(select(func.cast(Order.total, BigInteger), func.sum(func.cast(OrderItem.quantity, Numeric(10, 2))).label("amount")).join(Order.items).group_by(Order.id)).all()


def extract_by_func(session: Session):
    return session.execute(select(func.extract("year", Order.placed_at), func.count()).group_by(func.extract("year", Order.placed_at))).all()


def counted_distinct_by_func(session: Session):
    return session.scalar(select(func.count(func.distinct(Order.customer_id))))


def counted_distinct(session: Session):
    return session.scalar(select(func.count(distinct(Order.customer_id))).where(Order.status == OrderStatus.NEW))


def distinct_column(session: Session):
    return session.scalars(select(distinct(Address.country))).all()


def distinct_column_method(session: Session):
    return session.scalars(select(Address.country.distinct())).all()


def distinct_function(session: Session):
    return session.scalars(select(func.distinct(Address.country))).all()


def distinct_with_more(session: Session):
    return session.execute(select(distinct(Address.country), Address.city)).all()


def distinct_query(session: Session):
    return session.query(distinct(Address.country)).all()


def distinct_labelled(session: Session):
    return session.execute(select(distinct(Address.country).label("country")).where(Address.is_default)).all()


def distinct_in_subquery(session: Session):
    return session.scalars(select(User.id).where(User.id.in_(select(distinct(Order.customer_id))))).all()


def sorted_by_label_name(session: Session):
    return session.execute(select(Order.customer_id, func.count(Order.id).label("placed")).group_by(Order.customer_id).order_by(desc("placed"))).all()


def key_with_options(session: Session):
    return session.get(Order, 3, options=[joinedload(Order.customer)])


def key_locked(session: Session):
    return session.get(Order, 3, with_for_update=True)


def key_locked_waiting(session: Session):
    return session.get(Order, 3, with_for_update={"skip_locked": True}, populate_existing=True)


def in_bind(session: Session):
    return session.scalars(select(User.id).where(User.id.in_(bindparam("ids", expanding=True))), {"ids": [1, 2]}).all()


def in_plain_bind(session: Session):
    return session.scalars(select(User.id).where(User.id.in_(bindparam("ids"))), {"ids": [1, 2]}).all()


def never_true(session: Session):
    return session.scalars(select(Order.id).where(Order.note is None)).all()


def always_true(session: Session):
    return session.scalars(select(Order.id).where(Order.note is not None, Order.id < 4)).all()


def collection_limited_by_other_column(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders)).order_by(User.born_on.desc(), User.id).limit(3)).unique().all()


def collection_limited_two(session: Session):
    stmt = select(Order).options(joinedload(Order.items).joinedload(OrderItem.product), joinedload(Order.customer)).order_by(Order.placed_at, Order.id)
    return session.scalars(stmt.limit(2).offset(1)).unique().all()


def collection_limited_joined(session: Session):
    stmt = select(Order).join(Order.customer).where(User.is_active).options(joinedload(Order.items)).order_by(User.name, Order.id).limit(4)
    return session.scalars(stmt).unique().all()


def collection_limited_many_to_many(session: Session):
    return session.scalars(select(Product).options(joinedload(Product.tags)).order_by(Product.id).limit(3)).unique().all()


def collection_first(session: Session):
    return session.query(User).options(joinedload(User.addresses)).filter(User.is_active).order_by(User.id).first()


def collection_query_limited(session: Session):
    return session.query(User).options(joinedload(User.orders)).filter(User.is_active).order_by(User.name, User.id).limit(3).all()


def collection_some_columns_limited(session: Session):
    stmt = select(User).options(load_only(User.name), joinedload(User.orders).load_only(Order.total)).order_by(User.logins, User.id).limit(3)
    return session.scalars(stmt).unique().all()


def collection_locked(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders, innerjoin=True)).order_by(User.id).limit(2).with_for_update()).unique().all()


def collection_distinct_joined(session: Session):
    stmt = select(User).join(User.orders).where(Order.total > 5).distinct().options(joinedload(User.addresses)).order_by(User.id)
    return session.scalars(stmt).unique().all()


def collection_sorted_by_function(session: Session):
    return session.scalars(select(User).options(joinedload(User.orders)).order_by(func.lower(User.name), User.id).limit(3)).unique().all()


def owner_without_its_key(session: Session):
    return session.scalars(select(Order).options(load_only(Order.total), joinedload(Order.customer).load_only(User.name)).order_by(Order.id)).all()


def owner_and_row_limited(session: Session):
    stmt = select(Category, func.count(Product.id)).join(Category.products).group_by(Category.id).options(joinedload(Category.children))
    return session.execute(stmt.order_by(Category.id)).unique().all()


def missing_literal(session: Session):
    return session.execute(select(User.id, literal(None).label("nothing"))).all()


def no_orders(session: Session):
    return session.scalars(select(User.id).where(~exists().where(Order.customer_id == User.id))).all()


def reviews_of_author(session: Session):
    return session.scalars(select(Review).order_by(Review.id).limit(2)).all()
