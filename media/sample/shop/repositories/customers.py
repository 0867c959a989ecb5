"""Queries on customers."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, selectinload

from shop.models import Address, Customer


class CustomerRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_email(self, email: str) -> Customer | None:
        """People type their address in any case."""
        return self.session.scalars(select(Customer).where(func.lower(Customer.email) == email.lower())).one_or_none()

    def page(self, limit: int, offset: int) -> Sequence[Customer]:
        return self.session.scalars(select(Customer).order_by(Customer.id).limit(limit).offset(offset)).all()

    def vips(self) -> Sequence[Customer]:
        query = select(Customer).where(Customer.segment == "vip").options(selectinload(Customer.addresses)).order_by(Customer.id)
        return self.session.scalars(query).all()

    def search(self, words: str) -> Sequence[tuple[int, str, str]]:
        """For the box at the top of the back office."""
        rows = self.session.execute(
            text(
                "SELECT id, full_name, email FROM customers"
                " WHERE email LIKE '%' || :words || '%' OR full_name ILIKE '%' || :words || '%'"
                " ORDER BY last_seen_at DESC NULLS LAST LIMIT 20"
            ),
            {"words": words},
        )
        return [(row.id, row.full_name, row.email) for row in rows]

    def address_book(self, customer_id: int) -> Sequence[Address]:
        return self.session.scalars(select(Address).where(Address.customer_id == customer_id).order_by(Address.id)).all()
