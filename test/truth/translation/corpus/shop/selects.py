"""What is selected, and how its columns are labelled; one row, first rows, counts."""

from sqlalchemy import bindparam, distinct, func, literal, literal_column, select
from sqlalchemy.orm import Bundle, Session

from shop.models import Address, Category, Order, OrderItem, Product, Review, User, Warehouse


def whole_entity(session: Session):
    return session.scalars(select(Category)).all()


def two_entities(session: Session):
    return session.execute(select(User, Address).where(User.id == Address.user_id).order_by(Address.id)).all()


def entity_and_columns(session: Session):
    return session.execute(select(Category, Product.id, Product.name).where(Product.category_id == Category.id)).all()


def same_names(session: Session):
    return session.execute(select(User.id, Order.id, User.name).where(Order.customer_id == User.id)).all()


def labelled(session: Session):
    return session.execute(select(User.name.label("customer"), User.email.label("mail")).order_by("customer")).all()


def computed_without_label(session: Session):
    return session.execute(select(OrderItem.quantity * OrderItem.unit_price, OrderItem.quantity + 1, -OrderItem.quantity)).all()


def computed_with_label(session: Session):
    value = (OrderItem.quantity * OrderItem.unit_price).label("value")
    return session.execute(select(OrderItem.order_id, value).order_by(value.desc(), OrderItem.order_id)).all()


def column_property_and_deferred(session: Session):
    return session.scalars(select(Product).order_by(Product.id).limit(3)).all()


def column_property_alone(session: Session):
    return session.execute(select(Product.gross_price).where(Product.gross_price > 30).order_by(Product.gross_price)).all()


def column_property_subquery(session: Session):
    return session.execute(select(Warehouse.id, Warehouse.total_amount).order_by(Warehouse.id)).all()


def literals(session: Session):
    return session.execute(select(literal(1), literal("x").label("letter"), literal_column("2").label("two"), User.id)).all()


def bound_value(session: Session):
    stmt = select(User.id).where(User.name == bindparam("wanted"))
    return session.execute(stmt, {"wanted": "Iris"}).all()


# call: wanted="Iris"
def bound_value_given(session: Session, wanted: str):
    return session.execute(select(User.id).where(User.name == bindparam("wanted", wanted))).all()


def bound_list(session: Session):
    stmt = select(User.name).where(User.id.in_(bindparam("ids", expanding=True)))
    return session.execute(stmt, {"ids": [1, 2]}).all()


def distinct_rows(session: Session):
    return session.scalars(select(Address.country).distinct()).all()


def distinct_on(session: Session):
    stmt = select(Order.customer_id, Order.id).distinct(Order.customer_id).order_by(Order.customer_id, Order.placed_at.desc())
    return session.execute(stmt).all()


def distinct_column(session: Session):
    return session.scalar(select(func.count(distinct(Address.country))))


def distinct_method(session: Session):
    return session.scalar(select(func.count(Address.country.distinct())))


def count_rows(session: Session):
    return session.scalar(select(func.count()).select_from(User))


def count_column(session: Session):
    return session.execute(select(func.count(User.id))).scalar_one()


def count_of_subquery(session: Session):
    return session.scalar(select(func.count()).select_from(select(User.id).where(User.is_active).subquery()))


def first_in_python(session: Session):
    return session.scalars(select(User).order_by(User.name, User.id)).first()


# call: page=2, size=5
def page(session: Session, page: int, size: int):
    return session.scalars(select(Product).order_by(Product.id).limit(size).offset((page - 1) * size)).all()


def page_of_constants(session: Session):
    return session.scalars(select(Product.id).order_by(Product.id).limit(10).offset(5)).all()


def offset_only(session: Session):
    return session.scalars(select(Product.id).order_by(Product.id).offset(20)).all()


def sliced(session: Session):
    return session.scalars(select(Product.id).order_by(Product.id).slice(5, 9)).all()


def fetch_first(session: Session):
    return session.scalars(select(Product.id).order_by(Product.id).fetch(4)).all()


def fetch_with_ties(session: Session):
    return session.scalars(select(Product.stock).order_by(Product.stock).fetch(3, with_ties=True)).all()


def with_only_columns(session: Session):
    return session.scalars(select(User).where(User.logins > 5).with_only_columns(User.email)).all()


def add_columns(session: Session):
    return session.execute(select(User.id).add_columns(User.email, func.upper(User.name))).all()


def bundle(session: Session):
    return session.execute(select(Bundle("who", User.id, User.name)).where(User.id < 4)).all()


def table_columns(session: Session):
    return session.execute(select(User.__table__.c.id, User.__table__.c.name).where(User.__table__.c.logins > 3)).all()


def whole_table(session: Session):
    return session.execute(select(Category.__table__)).all()


def same_column_twice(session: Session):
    return session.execute(select(User.name, User.name, func.lower(User.name))).all()


def scalar_of_bool(session: Session):
    return session.execute(select(User.is_active, User.logins > 5, User.nickname.is_(None))).all()


def eager_default_joined(session: Session):
    return session.scalars(select(Review).where(Review.stars > 3)).all()


def eager_default_joined_limited(session: Session):
    return session.scalars(select(Review).order_by(Review.id).limit(2)).unique().all()


def eager_default_selectin(session: Session):
    return session.scalars(select(Warehouse).where(Warehouse.id < 5)).all()


# call: user_id=2
# call: user_id=9999
def get(session: Session, user_id: int):
    return session.get(User, user_id)


def get_composite(session: Session):
    return session.get(OrderItem, (1, 1))


def get_composite_by_name(session: Session):
    return session.get(OrderItem, {"order_id": 1, "product_id": 2})


def get_with_joined_default(session: Session):
    return session.get(Review, 3)


def get_one(session: Session):
    return session.get_one(Category, 2)


def get_for_update(session: Session):
    return session.get(Product, 2, with_for_update=True)
