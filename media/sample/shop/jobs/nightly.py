"""The nightly run."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import clock
from shop.models import InventoryEvent, Order, Product
from shop.services.loyalty import loyalty_level


def cancel_abandoned(session: Session, days: int = 5) -> int:
    """Cancel what nobody has paid for."""
    query = select(Order.id).where(Order.status == "pending", Order.placed_at < clock.now() - timedelta(days=days)).order_by(Order.id)
    order_ids = session.scalars(query).all()
    for order_id in order_ids:
        order = session.get_one(Order, order_id)
        order.status = "cancelled"
        session.commit()
    return len(order_ids)


def upgrade_segments(session: Session, limit: int = 50) -> int:
    """Regular customers with many orders become VIPs; looks at those who bought most recently."""
    upgraded = 0
    recent = session.scalars(select(Order).order_by(Order.placed_at.desc()).limit(limit)).all()
    for customer in dict.fromkeys(order.customer for order in recent):
        if customer.segment == "regular" and loyalty_level(session, customer) == "gold":
            customer.segment = "vip"
            upgraded += 1
    return upgraded


def prune_inventory_log(session: Session, keep_days: int = 480) -> None:
    """Old movements are in the yearly accounts."""
    session.execute(delete(InventoryEvent).where(InventoryEvent.occurred_at < clock.now() - timedelta(days=keep_days)))


def deactivate_unsellable(session: Session) -> int:
    """Products without stock that came in more than two years ago."""
    limit = clock.now() - timedelta(days=730)
    products = session.scalars(select(Product).where(Product.stock == 0, Product.created_at < limit, Product.active)).all()
    for product in products:
        product.active = False
    session.commit()
    return len(products)
