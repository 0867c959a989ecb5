import datetime
import enum
import uuid
from decimal import Decimal
from typing import Any, Optional

from sqlalchemy import ARRAY, Column, DateTime, Enum, ForeignKey, Index, Integer, Numeric, String, Table, Text, UniqueConstraint, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY as PgArray, JSONB, UUID
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, deferred, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Role(enum.Enum):
    CUSTOMER = "customer"
    SUPPORT = "support"
    ADMIN = "admin"


class OrderStatus(str, enum.Enum):
    NEW = "new"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class TimestampMixin:
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[Optional[datetime.datetime]] = mapped_column(DateTime(timezone=True), onupdate=func.now())


product_tags = Table(
    "product_tags",
    Base.metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(TimestampMixin, Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    nickname: Mapped[Optional[str]]
    role: Mapped[Role] = mapped_column(Enum(Role), default=Role.CUSTOMER)
    is_active: Mapped[bool] = mapped_column(default=True)
    logins: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    interests: Mapped[list[str]] = mapped_column(PgArray(String), default=list)
    born_on: Mapped[Optional[datetime.date]]

    addresses: Mapped[list["Address"]] = relationship(back_populates="user", order_by="Address.id")
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")
    reviews: Mapped[list["Review"]] = relationship(back_populates="author")

    @hybrid_property
    def label(self) -> str:
        return self.name + " <" + self.email + ">"

    @hybrid_property
    def display_name(self) -> str:
        return self.nickname or self.name

    @display_name.inplace.expression
    @classmethod
    def _display_name_expression(cls):
        return func.coalesce(cls.nickname, cls.name)

    @hybrid_method
    def logged_in_at_least(self, times: int) -> bool:
        return self.logins >= times


class Address(Base):
    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    street: Mapped[str]
    city: Mapped[str] = mapped_column("city_name", String(60))
    country: Mapped[str] = mapped_column(String(2))
    is_default: Mapped[bool]

    user: Mapped["User"] = relationship(back_populates="addresses")


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("categories.id"))

    parent: Mapped[Optional["Category"]] = relationship(remote_side="Category.id", back_populates="children")
    children: Mapped[list["Category"]] = relationship(back_populates="parent")
    products: Mapped[list["Product"]] = relationship(back_populates="category")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    products: Mapped[list["Product"]] = relationship(secondary=product_tags, back_populates="tags")


class Product(TimestampMixin, Base):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), default=uuid.uuid4)
    name: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    stock: Mapped[int]
    weight: Mapped[Optional[float]]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    ratings: Mapped[list[int]] = mapped_column(PgArray(Integer))
    description: Mapped[str] = deferred(mapped_column(Text))
    category_id: Mapped[Optional[int]] = mapped_column(ForeignKey("categories.id"))

    category: Mapped[Optional["Category"]] = relationship(back_populates="products")
    tags: Mapped[list["Tag"]] = relationship(secondary=product_tags, back_populates="products")
    items: Mapped[list["OrderItem"]] = relationship(back_populates="product")
    reviews: Mapped[list["Review"]] = relationship(back_populates="product")

    gross_price: Mapped[Decimal] = column_property(price * Decimal("1.19"))

    @hybrid_property
    def in_stock(self) -> bool:
        return self.stock > 0

    @hybrid_property
    def price_level(self) -> str:
        return "high" if self.price > 50 else "low"

    @price_level.inplace.expression
    @classmethod
    def _price_level_expression(cls):
        return case((cls.price > 50, "high"), else_="low")


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_customer_placed", "customer_id", "placed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[uuid.UUID]
    customer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    shipping_address_id: Mapped[Optional[int]] = mapped_column(ForeignKey("addresses.id"))
    billing_address_id: Mapped[Optional[int]] = mapped_column(ForeignKey("addresses.id"))
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.NEW)
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    discount: Mapped[Optional[Decimal]] = mapped_column(Numeric(12, 2))
    placed_at: Mapped[datetime.datetime]
    note: Mapped[Optional[str]]

    customer: Mapped["User"] = relationship(back_populates="orders")
    shipping_address: Mapped[Optional["Address"]] = relationship(foreign_keys=[shipping_address_id])
    billing_address: Mapped[Optional["Address"]] = relationship(foreign_keys=[billing_address_id])
    items: Mapped[list["OrderItem"]] = relationship(back_populates="order", cascade="all, delete-orphan", order_by="OrderItem.position")

    @hybrid_property
    def net_total(self):
        return self.total - func.coalesce(self.discount, 0)


class OrderItem(Base):
    """An association object: orders have products, with a quantity."""

    __tablename__ = "order_items"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int] = mapped_column(default=1)
    unit_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))

    order: Mapped["Order"] = relationship(back_populates="items")
    product: Mapped["Product"] = relationship(back_populates="items")


class Review(Base):
    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    author_id: Mapped[Optional[int]] = mapped_column(ForeignKey("users.id"))
    stars: Mapped[int]
    body: Mapped[Optional[str]] = mapped_column(Text)
    written_on: Mapped[datetime.date]

    product: Mapped["Product"] = relationship(back_populates="reviews")
    author: Mapped[Optional["User"]] = relationship(back_populates="reviews", lazy="joined")


class Warehouse(Base):
    """Counts what it holds with every load."""

    __tablename__ = "warehouses"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]
    stock: Mapped[list["Stock"]] = relationship(back_populates="warehouse", lazy="selectin")


class Stock(Base):
    __tablename__ = "stock"
    __table_args__ = {"schema": "logistics"}

    id: Mapped[int] = mapped_column(primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouses.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    amount: Mapped[int]

    warehouse: Mapped["Warehouse"] = relationship(back_populates="stock")
    product: Mapped["Product"] = relationship()


Warehouse.total_amount = column_property(
    select(func.sum(Stock.amount)).where(Stock.warehouse_id == Warehouse.id).correlate_except(Stock).scalar_subquery()
)
