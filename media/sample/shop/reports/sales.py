"""Sales figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop import clock
from shop.models import Category, Order, OrderItem, Product

SQL = Path(__file__).parent / "sql"


def revenue_by_month(session: Session, months: int = 12) -> dict[str, Decimal]:
    """One aggregate over the last months."""
    month = func.to_char(Order.placed_at, "YYYY-MM")
    since = clock.now() - timedelta(days=31 * months)
    query = (
        select(month, func.sum(Order.total)).where(Order.placed_at >= since, Order.status != "cancelled").group_by(month).order_by(month)
    )
    return {name: total for name, total in session.execute(query)}


def revenue_by_category(session: Session, since: datetime) -> list[tuple[str, Decimal]]:
    """What each category sold since a time."""
    result = []
    for category in session.scalars(select(Category).where(Category.parent_id.is_(None)).order_by(Category.id)):
        revenue = session.scalar(
            select(func.sum(OrderItem.quantity * OrderItem.unit_price))
            .join(OrderItem.order)
            .join(OrderItem.product)
            .where(Product.category_id == category.id, Order.placed_at >= since)
        )
        result.append((category.name, revenue or Decimal(0)))
    return result


def orders_today(session: Session) -> int:
    """The big number on the wall."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    orders = session.scalars(select(Order).where(Order.placed_at >= today)).all()
    return len(orders)


def bestsellers(session: Session, days: int, limit: int = 20) -> Sequence[tuple[str, int]]:
    since = clock.now() - timedelta(days=days)
    rows = session.execute(text((SQL / "bestsellers.sql").read_text()), {"since": since, "limit": limit})
    return [(row.name, row.sold) for row in rows]


def daily_revenue(session: Session, day: str) -> Sequence[tuple[str, Decimal]]:
    """Revenue of a day by channel."""
    rows = session.execute(text((SQL / "daily_revenue.sql").read_text()), {"day": day})
    return [(row.channel, row.revenue) for row in rows]
