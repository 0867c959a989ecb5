"""Who buys, and who stopped."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop import clock
from shop.models import Customer, Order

SQL = Path(__file__).parent / "sql"


def customers_without_orders(session: Session) -> int:
    rows = session.execute(text((SQL / "customers_without_orders.sql").read_text()))
    return len(rows.all())


def newsletter_recipients(session: Session, country: str) -> list[str]:
    customers = session.scalars(select(Customer).where(Customer.marketing_opt_in, Customer.country == country)).all()
    return [customer.email for customer in customers]


def lost_customers(session: Session, days: int = 180) -> Sequence[tuple[int, str]]:
    """Bought more than ten times, and not for long."""
    last = func.max(Order.placed_at)
    query = (
        select(Customer.id, Customer.email)
        .join(Customer.orders)
        .group_by(Customer.id)
        .having(func.count(Order.id) > 10, last < clock.now() - timedelta(days=days))
        .order_by(Customer.id)
    )
    return [(customer_id, email) for customer_id, email in session.execute(query)]


def top_customers(session: Session, limit: int = 20) -> list[tuple[str, str]]:
    """By revenue of the last year, with the city that they have goods sent to."""
    total = func.sum(Order.total)
    query = (
        select(Customer, total)
        .join(Customer.orders)
        .where(Order.placed_at >= clock.now() - timedelta(days=365))
        .group_by(Customer.id)
        .order_by(total.desc())
        .limit(limit)
    )
    return [(customer.full_name, customer.addresses[0].city) for customer, _ in session.execute(query)]
