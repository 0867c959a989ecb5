"""From paid to shipped."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.models import Order, Payment, Product
from shop.repositories.orders import OrderRepository


def release_paid_orders(session: Session, limit: int = 100) -> int:
    """Hand paid orders to the warehouse, each on its own, so that one that fails does not hold up the others."""
    released = 0
    for order in OrderRepository(session).waiting("paid", before=clock.now() - timedelta(hours=1), limit=limit):
        order.status = "packed"
        order.updated_at = clock.now()
        session.commit()
        released += 1
    return released


def unpaid_orders(session: Session, limit: int = 60) -> list[int]:
    """Pending orders for which no payment has been captured."""
    unpaid = []
    for order in OrderRepository(session).waiting("pending", before=clock.now() - timedelta(days=1), limit=limit):
        captured = session.scalars(select(Payment).where(Payment.order_id == order.id, Payment.status == "captured")).first()
        if captured is None:
            unpaid.append(order.id)
    return unpaid


def mark_delivered(session: Session, order_ids: list[int]) -> None:
    """One statement for the whole list that the carrier sent."""
    session.execute(update(Order).where(Order.id.in_(order_ids)).values(status="delivered", updated_at=clock.now()))


def reserve_stock(session: Session, order: Order) -> None:
    """Take the order's lines from stock."""
    for item in order.items:
        product = session.get(Product, item.product_id)
        if product is not None:
            product.stock = max(0, product.stock - item.quantity)
