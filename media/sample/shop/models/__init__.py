"""All mapped classes; importing this package configures every mapper."""

from shop.models.base import Base
from shop.models.catalog import Category, Product, Tag, product_tags
from shop.models.customers import Address, Customer, Review
from shop.models.inventory import InventoryEvent
from shop.models.orders import Order, OrderItem, Payment

__all__ = [
    "Address",
    "Base",
    "Category",
    "Customer",
    "InventoryEvent",
    "Order",
    "OrderItem",
    "Payment",
    "Product",
    "Review",
    "Tag",
    "product_tags",
]
