"""Statements and conditions that come from functions, methods, classes and constants."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from shop.models import Address, Order, OrderItem, OrderStatus, Product, Review, User

OPEN_STATUSES = (OrderStatus.NEW, OrderStatus.PAID)
DEFAULT_LIMIT = 20
MINIMUM = Decimal("15.00")
WITH_CUSTOMER = [joinedload(Order.customer)]
OPEN_ORDERS = select(Order).where(Order.status.in_(OPEN_STATUSES))


def _active_users() -> Select:
    return select(User).where(User.is_active)


def _is_open():
    return Order.status.in_([OrderStatus.NEW, OrderStatus.PAID])


def _matches(term: str) -> ColumnElement[bool]:
    pattern = f"%{term}%"
    return or_(User.name.ilike(pattern), User.email.ilike(pattern))


def _paged(stmt: Select, page: int, size: int = DEFAULT_LIMIT) -> Select:
    return stmt.limit(size).offset((page - 1) * size)


def _conditions(minimum, status=None):
    found = [Order.total >= minimum]
    if status is not None:
        found.append(Order.status == status)
    return found


def _order_count(user=User):
    return select(func.count(Order.id)).where(Order.customer_id == user.id).correlate(user).scalar_subquery()


def base_statement(session: Session):
    return session.scalars(_active_users()).all()


def base_statement_extended(session: Session):
    return session.scalars(_active_users().where(User.logins > 4).order_by(User.id)).all()


def condition_from_function(session: Session):
    return session.scalars(select(Order.id).where(_is_open(), Order.total > MINIMUM)).all()


# call: term="am"
def condition_with_argument(session: Session, term: str):
    return session.scalars(select(User.id).where(_matches(term))).all()


# call: page=2
def paged(session: Session, page: int):
    return session.scalars(_paged(select(Product.id).order_by(Product.id), page)).all()


def paged_constant(session: Session):
    return session.scalars(_paged(select(Product.id).order_by(Product.id), 2, size=5)).all()


def conditions_splatted(session: Session):
    return session.scalars(select(Order.id).where(*_conditions(Decimal("20"), OrderStatus.NEW))).all()


def subquery_from_function(session: Session):
    return session.execute(select(User.id, _order_count().label("orders")).order_by(User.id)).all()


def subquery_from_function_for_alias(session: Session):
    buyer = aliased(User)
    return session.execute(select(buyer.id, _order_count(buyer).label("orders")).order_by(buyer.id)).all()


def module_constants(session: Session):
    return session.scalars(select(Order.id).where(Order.status.in_(OPEN_STATUSES)).limit(DEFAULT_LIMIT)).all()


def module_statement(session: Session):
    return session.scalars(OPEN_ORDERS.where(Order.total > 20).options(*WITH_CUSTOMER)).all()


class OrderRepository:
    model = Order
    default_order = Order.placed_at.desc()

    def __init__(self, session: Session):
        self.session = session

    def _base(self):
        return select(self.model).where(self.model.total > 0)

    def by_status(self, status: OrderStatus):
        return self.session.scalars(self._base().where(Order.status == status).order_by(self.default_order, Order.id)).all()

    def totals(self):
        total = func.sum(Order.total).label("total")
        return self.session.execute(select(Order.customer_id, total).group_by(Order.customer_id).order_by(total.desc())).all()

    @staticmethod
    def expensive(limit: Decimal):
        return Order.total > limit

    @classmethod
    def count_statement(cls):
        return select(func.count(cls.model.id))


# call: status=OrderStatus.PAID
def repository_method(session: Session, status: OrderStatus):
    return OrderRepository(session).by_status(status)


def repository_totals(session: Session):
    return OrderRepository(session).totals()


def repository_static(session: Session):
    return session.scalar(OrderRepository.count_statement().where(OrderRepository.expensive(Decimal("30"))))


class Repository:
    """Generic over its model."""

    model: type

    def __init__(self, session: Session):
        self.session = session

    def get(self, key):
        return self.session.scalars(select(self.model).where(self.model.id == key)).one_or_none()

    def count(self):
        return self.session.scalar(select(func.count()).select_from(self.model))

    def find(self, **filters):
        return self.session.scalars(select(self.model).filter_by(**filters)).all()


class AddressRepository(Repository):
    model = Address


def generic_get(session: Session):
    return AddressRepository(session).get(3)


def generic_count(session: Session):
    return AddressRepository(session).count()


def generic_find(session: Session):
    return AddressRepository(session).find(country="DE", is_default=True)


def comprehension_of_conditions(session: Session):
    words = ["am", "bi", "ce"]
    return session.scalars(select(User.id).where(or_(*[User.name.istartswith(word) for word in words]))).all()


def columns_from_list(session: Session):
    columns = [User.id, User.name]
    return session.execute(select(*columns).order_by(*columns[:1])).all()


def filters_from_dictionary(session: Session):
    filters = {"country": "FR", "is_default": False}
    return session.scalars(select(Address.id).filter_by(**filters)).all()


def attribute_by_name(session: Session):
    return session.scalars(select(User.id).order_by(getattr(User, "name"), User.id)).all()
