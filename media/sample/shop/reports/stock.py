"""Stock, as the buyer needs to know it."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop.models import InventoryEvent, Product

SQL = Path(__file__).parent / "sql"


def low_stock(session: Session, below: int, limit: int = 40) -> list[tuple[str, int, int]]:
    """What runs out, with how much was received so far."""
    products = session.scalars(select(Product).where(Product.active, Product.stock < below).order_by(Product.id).limit(limit)).all()
    rows = []
    for product in products:
        received = session.scalar(
            select(func.coalesce(func.sum(InventoryEvent.quantity), 0)).where(
                InventoryEvent.product_id == product.id, InventoryEvent.kind == "received"
            )
        )
        rows.append((product.sku, product.stock, received or 0))
    return rows


def last_movements(session: Session, skus: Sequence[str]) -> dict[str, str]:
    """Kind of the newest movement of each product."""
    latest: dict[str, str] = {}
    for product in session.scalars(select(Product).where(Product.sku.in_(skus))):
        if product.inventory_events:
            latest[product.sku] = max(product.inventory_events, key=lambda event: event.occurred_at).kind
    return latest


def balance(session: Session) -> Sequence[tuple[int, int]]:
    """Sum of all movements of each product, in one statement."""
    query = select(InventoryEvent.product_id, func.sum(InventoryEvent.quantity)).group_by(InventoryEvent.product_id)
    return [(product_id, total) for product_id, total in session.execute(query)]


def damaged_goods(session: Session) -> Sequence[tuple[str, int]]:
    rows = session.execute(text((SQL / "damaged_goods.sql").read_text()))
    return [(row.sku, row.pieces) for row in rows]
