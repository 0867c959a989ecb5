"""Turning a basket into an order."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.models import InventoryEvent, Order, OrderItem, Payment, Product


@dataclass(frozen=True)
class BasketLine:
    sku: str
    quantity: int


def place_order(session: Session, customer_id: int, basket: list[BasketLine], channel: str = "web") -> Order:
    """Prices are read in one statement; the rows are written in one flush."""
    wanted = {line.sku: line.quantity for line in basket}
    products = session.scalars(select(Product).where(Product.sku.in_(wanted)).order_by(Product.id)).all()
    items = [OrderItem(product_id=p.id, quantity=wanted[p.sku], unit_price=p.price) for p in products]
    total = sum((item.line_total for item in items), Decimal(0))
    moment = clock.now()
    order = Order(
        customer_id=customer_id, status="pending", channel=channel, total=total, items=items, placed_at=moment, updated_at=moment
    )
    order.payments.append(Payment(provider="card", status="open", amount=total, reference=f"pay_{customer_id}", created_at=moment))
    session.add(order)
    session.add_all(
        InventoryEvent(product_id=item.product_id, kind="sold", quantity=-item.quantity, occurred_at=moment) for item in items
    )
    session.flush()
    return order


def basket_total(session: Session, basket: list[BasketLine]) -> Decimal:
    """Shown in the corner of each page."""
    total = Decimal(0)
    for line in basket:
        product = session.scalars(select(Product).where(Product.sku == line.sku)).one()
        total += product.price * line.quantity
    return total
