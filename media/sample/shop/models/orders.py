"""Orders, their lines and what was paid for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigKey, Money

if TYPE_CHECKING:
    from shop.models.catalog import Product
    from shop.models.customers import Address, Customer


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[BigKey]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    shipping_address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id"))
    status: Mapped[str]
    channel: Mapped[str]
    total: Mapped[Money]
    notes: Mapped[str | None]
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship(back_populates="orders")
    shipping_address: Mapped[Address | None] = relationship()
    items: Mapped[list[OrderItem]] = relationship(back_populates="order", order_by="OrderItem.id", cascade="all, delete-orphan")
    payments: Mapped[list[Payment]] = relationship(back_populates="order")

    @property
    def paid(self) -> bool:
        """Whether captured payments cover the total."""
        return sum((p.amount for p in self.payments if p.status == "captured"), Decimal(0)) >= self.total

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "total": str(self.total),
            "placed_at": self.placed_at.isoformat(),
            "customer": {"id": self.customer.id, "name": self.customer.full_name},
        }


class OrderItem(Base):
    __tablename__ = "order_items"

    id: Mapped[BigKey]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))

    order: Mapped[Order] = relationship(back_populates="items")
    product: Mapped[Product] = relationship()

    @property
    def line_total(self) -> Decimal:
        return self.quantity * self.unit_price


class Payment(Base):
    __tablename__ = "payments"

    id: Mapped[BigKey]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    provider: Mapped[str]
    status: Mapped[str]
    amount: Mapped[Money]
    reference: Mapped[str]
    created_at: Mapped[datetime]

    order: Mapped[Order] = relationship(back_populates="payments")
