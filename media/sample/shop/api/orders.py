"""Orders in the back office and in "my orders"."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shop.models import Customer, Order
from shop.repositories.orders import OrderRepository


def list_recent_orders(session: Session, limit: int = 50) -> list[dict[str, Any]]:
    """The first page of the back office."""
    orders = session.scalars(select(Order).order_by(Order.placed_at.desc()).limit(limit)).all()
    rows = []
    for order in orders:
        rows.append(
            {
                "id": order.id,
                "status": order.status,
                "customer": order.customer.full_name,
                "country": order.customer.country,
                "total": str(order.total),
            }
        )
    return rows


def list_packing_slips(session: Session, status: str, limit: int = 20) -> list[dict[str, Any]]:
    """What the warehouse has to put into boxes, order by order."""
    orders = session.scalars(select(Order).where(Order.status == status).order_by(Order.placed_at).limit(limit)).all()
    slips = []
    for order in orders:
        lines = []
        for item in order.items:
            lines.append(f"{item.quantity} x {item.product.sku} {item.product.name}")
        slips.append({"order": order.id, "lines": lines})
    return slips


def list_order_page(session: Session, page: int, size: int = 50) -> list[dict[str, Any]]:
    """Any page of the list of orders, as JSON."""
    orders = OrderRepository(session).recent(limit=size, offset=page * size)
    return [order.to_dict() for order in orders]


def show_order(session: Session, order_id: int) -> dict[str, Any] | None:
    order = OrderRepository(session).get_with_details(order_id)
    if order is None:
        return None
    return {
        **order.to_dict(),
        "paid": order.paid,
        "ship_to": order.shipping_address.one_line() if order.shipping_address else None,
        "lines": [{"sku": item.product.sku, "quantity": item.quantity, "total": str(item.line_total)} for item in order.items],
    }


def my_orders(session: Session, customer_id: int) -> list[dict[str, Any]]:
    """A customer's orders with the state of their payments."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        return []
    return [{"id": order.id, "paid": order.paid, "total": str(order.total)} for order in customer.orders[:10]]


def orders_of_day(session: Session, day: str) -> list[dict[str, Any]]:
    """All orders of one calendar day, for the shop's close."""
    rows = session.execute(
        text("SELECT * FROM orders WHERE date(placed_at AT TIME ZONE 'UTC') = CAST(:day AS date) ORDER BY placed_at"), {"day": day}
    )
    return [{"id": row.id, "channel": row.channel, "total": str(row.total)} for row in rows]


def export_page(session: Session, page: int, size: int = 500) -> list[tuple[int, str]]:
    """For the accountant's export, which reads page after page."""
    rows = session.execute(
        text("SELECT id, status FROM orders ORDER BY placed_at LIMIT :size OFFSET :skip"), {"size": size, "skip": page * size}
    )
    return [(row.id, row.status) for row in rows]
