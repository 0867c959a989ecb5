"""Queries on products and categories."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, load_only, selectinload

from shop.models import Category, Product, Review


class ProductRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_sku(self, sku: str) -> Product | None:
        return self.session.scalars(select(Product).where(Product.sku == sku)).one_or_none()

    def in_category(self, slug: str, limit: int) -> Sequence[Product]:
        query = (
            select(Product)
            .join(Product.category)
            .where(Category.slug == slug, Product.active)
            .order_by(Product.name)
            .limit(limit)
        )
        return self.session.scalars(query).all()

    def price_list(self) -> Sequence[Product]:
        """SKU, name and price of all active products; the long texts stay in the database."""
        query = select(Product).where(Product.active).options(load_only(Product.sku, Product.name, Product.price)).order_by(Product.sku)
        return self.session.scalars(query).all()

    def with_tags(self, product_ids: Sequence[int]) -> Sequence[Product]:
        query = select(Product).where(Product.id.in_(product_ids)).options(selectinload(Product.tags)).order_by(Product.id)
        return self.session.scalars(query).all()

    def search(self, words: str, limit: int) -> Sequence[Product]:
        """Products whose name or description holds the words."""
        pattern = f"%{words}%"
        query = (
            select(Product)
            .where(Product.name.ilike(pattern) | Product.description.ilike(pattern))
            .order_by(Product.name)
            .limit(limit)
        )
        return self.session.scalars(query).all()

    def suggestions(self, count: int) -> Sequence[Product]:
        """Any few products, for the empty basket."""
        return self.session.scalars(select(Product).where(Product.active).order_by(func.random()).limit(count)).all()

    def never_ordered(self) -> Sequence[tuple[int, str]]:
        rows = self.session.execute(
            text("SELECT id, sku FROM products WHERE id NOT IN (SELECT product_id FROM order_items) AND active ORDER BY id")
        )
        return [(row.id, row.sku) for row in rows]

    def ratings(self, product_ids: Sequence[int]) -> dict[int, float]:
        """Mean rating of each of the products that has one, in one statement."""
        query = (
            select(Review.product_id, func.avg(Review.rating))
            .where(Review.product_id.in_(product_ids))
            .group_by(Review.product_id)
        )
        return {product_id: float(mean) for product_id, mean in self.session.execute(query)}
