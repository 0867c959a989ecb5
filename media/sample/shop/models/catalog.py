"""What is sold."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Numeric, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigKey

if TYPE_CHECKING:
    from shop.models.customers import Review
    from shop.models.inventory import InventoryEvent

product_tags = Table(
    "product_tags",
    Base.metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[BigKey]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)

    parent: Mapped[Category | None] = relationship(back_populates="children", remote_side="Category.id")
    children: Mapped[list[Category]] = relationship(back_populates="parent", order_by="Category.name")
    products: Mapped[list[Product]] = relationship(back_populates="category")


class Product(Base):
    __tablename__ = "products"

    id: Mapped[BigKey]
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    stock: Mapped[int]
    active: Mapped[bool]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]

    category: Mapped[Category] = relationship(back_populates="products")
    tags: Mapped[list[Tag]] = relationship(secondary=product_tags, back_populates="products")
    reviews: Mapped[list[Review]] = relationship(back_populates="product", order_by="Review.created_at.desc()")
    inventory_events: Mapped[list[InventoryEvent]] = relationship(back_populates="product")

    @property
    def breadcrumb(self) -> str:
        """``Garden / Premium Garden``, for titles and feeds."""
        if self.category.parent is None:
            return self.category.name
        return f"{self.category.parent.name} / {self.category.name}"


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[BigKey]
    name: Mapped[str] = mapped_column(unique=True)

    products: Mapped[list[Product]] = relationship(secondary=product_tags, back_populates="tags")
