"""Conditions on columns."""

from datetime import date, datetime, timezone
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, between, false, not_, null, or_, select, true, tuple_
from sqlalchemy.orm import Session

from shop.models import Address, Order, OrderStatus, Product, Review, Role, User


# call: user_id=3
def by_id(session: Session, user_id: int):
    return session.scalars(select(User).where(User.id == user_id)).one_or_none()


# call: email="birch1@example.org"
# call: email="nobody@example.org"
def by_email(session: Session, email: str):
    return session.execute(select(User).filter_by(email=email)).scalar_one_or_none()


def active_admins(session: Session):
    return session.scalars(select(User).where(User.role == Role.ADMIN, User.is_active)).all()


# call: role=Role.SUPPORT
def by_role(session: Session, role: Role):
    return session.scalars(select(User.email).where(User.role == role, User.is_active.is_(True)).order_by(User.email)).all()


def inactive(session: Session):
    return session.scalars(select(User.id).where(~User.is_active)).all()


def not_inactive(session: Session):
    return session.scalars(select(User.id).where(not_(User.is_active == False))).all()  # noqa: E712


def without_nickname(session: Session):
    return session.scalars(select(User.name).where(User.nickname.is_(None)).order_by(User.id)).all()


def with_nickname(session: Session):
    return session.scalars(select(User.name).where(User.nickname.is_not(None))).all()


def with_nickname_old_name(session: Session):
    return session.scalars(select(User.name).where(User.nickname.isnot(None))).all()


def nickname_equals_none(session: Session):
    return session.scalars(select(User.name).where(User.nickname == None, User.born_on != None)).all()  # noqa: E711


def nickname_null(session: Session):
    return session.scalars(select(User.id).where(User.nickname == null())).all()


# call: ids=[1, 2, 3]
# call: ids=[7]
def by_ids(session: Session, ids: list[int]):
    return session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all()


def by_three_ids(session: Session):
    return session.scalars(select(User.name).where(User.id.in_([1, 2, 3]))).all()


def by_no_ids(session: Session):
    return session.scalars(select(User.name).where(User.id.in_([]))).all()


def not_by_no_ids(session: Session):
    return session.scalars(select(User.name).where(User.id.not_in([]))).all()


# call: ids=[2, 4]
def except_ids(session: Session, ids: list[int]):
    return session.scalars(select(User.name).where(User.id.not_in(ids))).all()


def with_statuses(session: Session):
    return session.scalars(select(Order.id).where(Order.status.in_([OrderStatus.NEW, OrderStatus.PAID])).order_by(Order.id)).all()


# call: statuses=[OrderStatus.SHIPPED]
def without_statuses(session: Session, statuses: list[OrderStatus]):
    return session.scalars(select(Order.id).where(Order.status.notin_(statuses))).all()


# call: pairs=[("DE", True), ("FR", False)]
def by_pairs(session: Session, pairs: list[tuple[str, bool]]):
    return session.scalars(select(Address.id).where(tuple_(Address.country, Address.is_default).in_(pairs))).all()


# call: low=Decimal("10"), high=Decimal("60.50")
def priced_between(session: Session, low: Decimal, high: Decimal):
    return session.scalars(select(Product.name).where(Product.price.between(low, high))).all()


def not_priced_between(session: Session):
    return session.scalars(select(Product.name).where(~Product.price.between(10, 60))).all()


# call: first=datetime(2024, 3, 1), last=datetime(2025, 1, 1)
def placed_between(session: Session, first: datetime, last: datetime):
    return session.execute(select(Order.id, Order.placed_at).where(between(Order.placed_at, first, last))).all()


# call: prefix="Bi"
def name_like(session: Session, prefix: str):
    return session.scalars(select(User.id).where(User.name.like(f"{prefix}%"))).all()


# call: term="am"
def name_ilike(session: Session, term: str):
    return session.scalars(select(User.id).where(User.name.ilike("%" + term + "%"))).all()


def name_not_like(session: Session):
    return session.scalars(select(User.id).where(User.name.not_like("%co"), User.name.notilike("a%"))).all()


# call: text="a%b"
def like_escaped(session: Session, text: str):
    return session.scalars(select(User.id).where(User.name.like(text, escape="/"))).all()


# call: term="ir"
def contains(session: Session, term: str):
    return session.scalars(select(Product.id).where(Product.name.contains(term))).all()


# call: term="e%"
def contains_escaped(session: Session, term: str):
    return session.scalars(select(Product.id).where(Product.name.contains(term, autoescape=True))).all()


# call: term="c"
def starts_with(session: Session, term: str):
    return session.scalars(select(Product.id).where(Product.name.startswith(term) | Product.name.endswith("co"))).all()


def insensitive_contains(session: Session):
    return session.scalars(select(Product.id).where(Product.name.icontains("AM"), ~Product.name.istartswith("x"))).all()


def matches_regular_expression(session: Session):
    return session.scalars(select(User.email).where(User.email.regexp_match("^b.*org$"))).all()


# call: low=2, high=15
def combined(session: Session, low: int, high: int):
    condition = or_(and_(User.logins >= low, User.logins < high), User.role == Role.ADMIN)
    return session.scalars(select(User.id).where(condition).order_by(User.id)).all()


def nested_operators(session: Session):
    return session.scalars(
        select(User.id).where((User.logins > 3) & ((User.role != Role.ADMIN) | User.nickname.is_(None)) & ~(User.name == "Iris"))
    ).all()


def negated_or(session: Session):
    return session.scalars(select(User.id).where(not_(or_(User.logins > 3, User.name == "Iris", User.nickname.like("a%"))))).all()


# call: day=date(2024, 6, 1)
def born_after(session: Session, day: date):
    return session.scalars(select(User.name).where(User.born_on > day).order_by(User.born_on.desc())).all()


# call: reference=UUID("5a8a9b54-3f5a-5bd0-b0a5-000000000000")
def by_reference(session: Session, reference: UUID):
    return session.scalars(select(Order).where(Order.reference == reference)).first()


# call: city="Birch_x"
def by_renamed_column(session: Session, city: str):
    return session.scalars(select(Address).where(Address.city == city, Address.is_default.is_not(False))).all()


def columns_compared(session: Session):
    return session.scalars(select(Order.id).where(Order.shipping_address_id != Order.billing_address_id)).all()


def distinct_from(session: Session):
    return session.scalars(select(Order.id).where(Order.shipping_address_id.is_distinct_from(Order.billing_address_id))).all()


def not_distinct_from_value(session: Session):
    return session.scalars(select(User.id).where(User.nickname.is_not_distinct_from("Iris"))).all()


def always_and_never(session: Session):
    return session.scalars(select(User.id).where(or_(true(), User.logins > 1), and_(User.logins > 5, false()))).all()


def true_starts_an_and(session: Session):
    return session.scalars(select(User.id).where(and_(true(), User.logins > 5))).all()


# call: stars=[4, 5]
def reviews_with_stars(session: Session, stars: list[int]):
    return session.scalars(select(Review.slug).where(Review.stars.in_(stars) & Review.body.is_not(None))).all()


def chained_wheres(session: Session):
    stmt = select(Product.id, Product.name)
    stmt = stmt.where(Product.stock > 0)
    stmt = stmt.where(Product.price < Decimal("99.99")).where(Product.weight.is_not(None))
    return session.execute(stmt.order_by(Product.id)).all()


def aware_datetime(session: Session):
    return session.scalars(select(User.id).where(User.created_at < datetime(2025, 1, 1, tzinfo=timezone.utc))).all()
