"""Functions, casts, CASE, aggregates, windows, grouping and ordering."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Date, Float, Integer, Numeric, String, asc, case, cast, desc, extract, func, literal, nulls_last, nullsfirst, select, text, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by, array_agg
from sqlalchemy.orm import Session

from shop.models import Address, Order, OrderItem, OrderStatus, Product, Review, Role, User


def lower(session: Session):
    return session.scalars(select(User.id).where(func.lower(User.email) == "iris8@example.org")).all()


# call: email="Iris8@Example.org"
def lower_both(session: Session, email: str):
    return session.scalars(select(User.id).where(func.lower(User.email) == func.lower(email))).all()


# call: email="Iris8@Example.org"
def lower_in_python(session: Session, email: str):
    return session.scalars(select(User.id).where(func.lower(User.email) == email.lower())).all()


def coalesce(session: Session):
    return session.scalars(select(func.coalesce(User.nickname, User.name, "nobody")).order_by(User.id)).all()


def functions_with_labels(session: Session):
    return session.execute(select(func.length(User.name), func.length(User.email).label("n"), func.upper(User.name))).all()


def aggregates(session: Session):
    return session.execute(select(func.min(Order.total), func.max(Order.total), func.avg(Order.total), func.sum(Order.discount))).one()


def concatenation(session: Session):
    return session.scalars(select(User.name + " " + User.email).order_by(User.id)).all()


def concat_method(session: Session):
    return session.scalars(select(User.name.concat("!"))).all()


def arithmetic(session: Session):
    return session.execute(select(Product.stock * 2 + 1, (Product.stock + 1) * 2, Product.stock % 3, Product.price / 2, Product.stock / 4, Product.stock // 4)).all()


def reflected_arithmetic(session: Session):
    return session.execute(select(100 - Product.stock, Decimal("1.5") * Product.price)).all()


def now_minus_interval(session: Session):
    return session.scalars(select(User.id).where(User.created_at > func.now() - timedelta(days=30000))).all()


# call: since=datetime(2024, 2, 1)
def date_parts(session: Session, since: datetime):
    month = func.date_trunc("month", Order.placed_at).label("month")
    stmt = select(month, func.count().label("n")).where(Order.placed_at >= since).group_by(month).order_by(month)
    return session.execute(stmt).all()


def extracted(session: Session):
    year = extract("year", Order.placed_at)
    return session.execute(select(year, func.count(Order.id)).group_by(year).order_by(year)).all()


def casts(session: Session):
    return session.execute(select(cast(User.id, String), cast(Order.placed_at, Date), cast(Order.total, Numeric(10, 1))).where(User.id == Order.customer_id)).all()


def cast_method(session: Session):
    return session.scalars(select(User.logins.cast(Float) / 3).order_by(User.id)).all()


def cast_of_value(session: Session):
    return session.scalars(select(User.id).where(User.logins > cast("3", Integer))).all()


def type_coerced(session: Session):
    return session.scalars(select(type_coerce(User.logins, String)).order_by(User.id)).all()


def case_conditions(session: Session):
    grade = case((Product.price > 70, "dear"), (Product.price > 30, "fair"), else_="cheap").label("grade")
    return session.execute(select(grade, func.count()).group_by(grade).order_by(grade)).all()


def case_value(session: Session):
    word = case({1: "one", 2: "two"}, value=OrderItem.position, else_="many")
    return session.execute(select(OrderItem.order_id, word)).all()


def case_in_sum(session: Session):
    paid = func.sum(case((Order.status == OrderStatus.PAID, Order.total), else_=0))
    return session.execute(select(Order.customer_id, paid.label("paid")).group_by(Order.customer_id)).all()


def case_without_else(session: Session):
    return session.execute(select(func.count(case((User.role == Role.ADMIN, 1))))).scalar()


def aggregate_filter(session: Session):
    return session.execute(select(func.count().filter(User.is_active), func.count(User.id).filter(User.logins > 5, User.nickname.is_(None)))).one()


def grouped(session: Session):
    stmt = select(Address.country, func.count(Address.id)).group_by(Address.country).having(func.count(Address.id) > 2)
    return session.execute(stmt.order_by(func.count(Address.id).desc(), Address.country)).all()


def grouped_by_label(session: Session):
    return session.execute(select(Address.country.label("land"), func.count().label("n")).group_by("land").order_by(desc("n"), "land")).all()


def grouped_by_entity(session: Session):
    return session.execute(select(User, func.count(Order.id)).outerjoin(User.orders).group_by(User.id).order_by(User.id)).all()


def grouping_sets(session: Session):
    stmt = select(Address.country, Address.is_default, func.count()).group_by(func.rollup(Address.country, Address.is_default))
    return session.execute(stmt).all()


def row_number(session: Session):
    n = func.row_number().over(partition_by=Order.customer_id, order_by=Order.placed_at.desc()).label("n")
    ranked = select(Order.id, n).subquery()
    return session.scalars(select(ranked.c.id).where(ranked.c.n == 1)).all()


def window_frame(session: Session):
    running = func.sum(Order.total).over(order_by=Order.id, rows=(None, 0))
    return session.execute(select(Order.id, running).order_by(Order.id)).all()


def window_range(session: Session):
    return session.execute(select(Order.id, func.avg(Order.total).over(order_by=[Order.customer_id, Order.id], rows=(-1, 1)))).all()


def windows(session: Session):
    stmt = select(
        Product.id,
        func.rank().over(order_by=Product.price.desc()),
        func.lag(Product.price, 1).over(order_by=Product.id),
        func.count().over(),
    )
    return session.execute(stmt.order_by(Product.id)).all()


def filtered_window(session: Session):
    return session.execute(select(func.count(Order.id).filter(Order.total > 20).over(partition_by=Order.status))).all()


def within_group(session: Session):
    return session.scalar(select(func.percentile_cont(0.5).within_group(Order.total)))


def within_group_descending(session: Session):
    return session.execute(select(func.mode().within_group(Order.status.desc()))).scalar()


def ordered_aggregate(session: Session):
    return session.execute(select(func.array_agg(aggregate_order_by(Product.name, Product.price.desc())))).all()


def string_aggregate(session: Session):
    return session.scalar(select(func.string_agg(Address.country.distinct(), ",")))


def array_aggregate(session: Session):
    return session.execute(select(Order.customer_id, array_agg(Order.id)).group_by(Order.customer_id).order_by(Order.customer_id)).all()


def ordered(session: Session):
    return session.scalars(select(User.id).order_by(User.nickname.desc().nulls_last(), User.name.asc(), desc(User.id))).all()


def ordered_functions(session: Session):
    return session.scalars(select(User.id).order_by(nulls_last(User.born_on.desc()), nullsfirst(asc(User.nickname)), User.id)).all()


def ordered_old_name(session: Session):
    return session.scalars(select(User.id).order_by(User.born_on.nullslast(), User.id)).all()


def ordered_by_case(session: Session):
    return session.scalars(select(Order.id).order_by(case((Order.status == OrderStatus.NEW, 0), else_=1), Order.id)).all()


def ordered_by_function(session: Session):
    return session.scalars(select(User.id).order_by(func.lower(User.name), User.id)).all()


def collated(session: Session):
    return session.scalars(select(User.name).order_by(User.name.collate("C"), User.id)).all()


def greatest(session: Session):
    return session.execute(select(func.greatest(Product.stock, 5), func.round(Product.price, 1), func.abs(Product.stock - 10))).all()


def current_values(session: Session):
    return session.execute(select(func.current_date() == func.current_date(), func.current_timestamp() >= func.now())).one()


def function_in_from(session: Session):
    n = func.generate_series(1, 5).alias("n")
    return session.execute(select(n.column)).all()


def function_table(session: Session):
    word = func.unnest(User.interests).table_valued("value").render_derived(name="word")
    return session.execute(select(User.id, word.c.value).join(word, text("true"))).all()


def function_columns(session: Session):
    word = func.unnest(User.interests).column_valued("word")
    return session.execute(select(User.id, word)).all()


def boolean_functions(session: Session):
    return session.execute(select(Review.product_id, func.bool_or(Review.stars > 4)).group_by(Review.product_id)).all()


def literal_arithmetic(session: Session):
    return session.execute(select(literal(2) * OrderItem.quantity, literal(10) - literal(3))).all()


def sum_of_product(session: Session):
    stmt = select(OrderItem.order_id, func.sum(OrderItem.quantity * OrderItem.unit_price).label("value")).group_by(OrderItem.order_id)
    return session.execute(stmt.having(func.sum(OrderItem.quantity * OrderItem.unit_price) > Decimal("100"))).all()


def unknown_function(session: Session):
    return session.execute(select(func.pg_catalog.length(User.name), func.format("%s-%s", User.id, User.name)).order_by(User.id)).all()
