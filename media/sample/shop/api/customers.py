"""Customers in the back office."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Customer, Review
from shop.repositories.customers import CustomerRepository
from shop.services.loyalty import loyalty_level


def list_customers(session: Session, page: int, size: int = 25) -> list[dict[str, Any]]:
    customers = session.scalars(select(Customer).order_by(Customer.id).limit(size).offset(page * size)).all()
    return [{"name": customer.full_name, "orders": len(customer.orders)} for customer in customers]


def list_vips(session: Session) -> list[dict[str, Any]]:
    return [
        {"name": customer.full_name, "addresses": [address.one_line() for address in customer.addresses]}
        for customer in CustomerRepository(session).vips()
    ]


def show_profile(session: Session, email: str) -> dict[str, Any] | None:
    """A customer's card: looked up by address, as support staff do all day."""
    customer = CustomerRepository(session).by_email(email)
    if customer is None:
        return None
    reviews = session.scalars(select(Review).where(Review.customer_id == customer.id)).all()
    return {"name": customer.full_name, "level": loyalty_level(session, customer), "reviews": len(reviews)}


def search_customers(session: Session, words: str) -> list[str]:
    return [f"{name} <{email}>" for _, name, email in CustomerRepository(session).search(words)]
