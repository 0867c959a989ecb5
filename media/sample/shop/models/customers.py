"""Who buys, where they live and what they think."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CHAR, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigKey

if TYPE_CHECKING:
    from shop.models.catalog import Product
    from shop.models.orders import Order


class Customer(Base):
    __tablename__ = "customers"

    id: Mapped[BigKey]
    email: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    phone: Mapped[str | None]
    country: Mapped[str] = mapped_column(CHAR(2))
    segment: Mapped[str]
    marketing_opt_in: Mapped[bool]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    addresses: Mapped[list[Address]] = relationship(back_populates="customer")
    orders: Mapped[list[Order]] = relationship(back_populates="customer", order_by="Order.placed_at.desc()")
    reviews: Mapped[list[Review]] = relationship(back_populates="customer")

    @property
    def first_name(self) -> str:
        return self.full_name.split(" ", 1)[0]


class Address(Base):
    __tablename__ = "addresses"

    id: Mapped[BigKey]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str]
    line1: Mapped[str]
    city: Mapped[str]
    postcode: Mapped[str]
    country: Mapped[str] = mapped_column(CHAR(2))

    customer: Mapped[Customer] = relationship(back_populates="addresses")

    def one_line(self) -> str:
        return f"{self.line1}, {self.postcode} {self.city}, {self.country}"


class Review(Base):
    __tablename__ = "reviews"

    id: Mapped[BigKey]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    rating: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]

    product: Mapped[Product] = relationship(back_populates="reviews")
    customer: Mapped[Customer] = relationship(back_populates="reviews")
