"""Queries on orders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Order, OrderItem


class OrderRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get_with_details(self, order_id: int) -> Order | None:
        """One order with everything that its page shows, in four statements whatever its size."""
        query = (
            select(Order)
            .where(Order.id == order_id)
            .options(
                joinedload(Order.customer),
                joinedload(Order.shipping_address),
                selectinload(Order.items).joinedload(OrderItem.product),
                selectinload(Order.payments),
            )
        )
        return self.session.scalars(query).one_or_none()

    def recent(self, limit: int, offset: int = 0) -> Sequence[Order]:
        query = select(Order).order_by(Order.placed_at.desc()).limit(limit).offset(offset)
        return self.session.scalars(query).all()

    def older_than(self, placed_at: datetime, order_id: int, limit: int) -> Sequence[Order]:
        """The page after the given order, by key: costs the same for each page."""
        query: Select[tuple[Order]] = (
            select(Order)
            .where((Order.placed_at < placed_at) | ((Order.placed_at == placed_at) & (Order.id < order_id)))
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(limit)
        )
        return self.session.scalars(query).all()

    def waiting(self, status: str, before: datetime, limit: int) -> Sequence[Order]:
        """Orders that have been in a status since before a time, oldest first."""
        query = select(Order).where(Order.status == status, Order.placed_at < before).order_by(Order.placed_at).limit(limit)
        return self.session.scalars(query).all()

    def for_customer(self, customer_id: int) -> Sequence[Order]:
        query = select(Order).where(Order.customer_id == customer_id).order_by(Order.placed_at.desc())
        return self.session.scalars(query).all()
