"""Every movement of stock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigKey

if TYPE_CHECKING:
    from shop.models.catalog import Product


class InventoryEvent(Base):
    __tablename__ = "inventory_events"

    id: Mapped[BigKey]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[str]
    quantity: Mapped[int]
    note: Mapped[str | None]
    occurred_at: Mapped[datetime]

    product: Mapped[Product] = relationship(back_populates="inventory_events")
