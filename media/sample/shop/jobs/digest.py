"""The weekly digest; asynchronous, because it also talks to the mail provider."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from shop import clock
from shop.models import Customer, Order, Review


async def newest_reviews(session: AsyncSession, limit: int = 20) -> list[str]:
    """Headlines of the newest reviews."""
    reviews = await session.scalars(select(Review).options(selectinload(Review.product)).order_by(Review.created_at.desc()).limit(limit))
    return [f"{review.rating}/5 {review.product.name}: {review.title}" for review in reviews]


async def returning_customers(session: AsyncSession, limit: int = 30) -> list[str]:
    """VIPs and what they bought last."""
    customers = (await session.scalars(select(Customer).where(Customer.segment == "vip").order_by(Customer.id).limit(limit))).all()
    lines = []
    for customer in customers:
        if customer.orders:
            lines.append(f"{customer.full_name}: {customer.orders[0].placed_at:%d %B}")
    return lines


async def orders_per_day(session: AsyncSession, days: int = 7) -> dict[str, int]:
    since = clock.now() - timedelta(days=days)
    counts: dict[str, int] = {}
    for back in range(days):
        start = since + timedelta(days=back)
        counts[f"{start:%Y-%m-%d}"] = (
            await session.scalar(select(func.count(Order.id)).where(Order.placed_at >= start, Order.placed_at < start + timedelta(days=1)))
        ) or 0
    return counts
