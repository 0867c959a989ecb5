"""The storefront's catalogue."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.models import Category, Product
from shop.repositories.products import ProductRepository
from shop.repositories.reviews import ReviewRepository


def list_new_products(session: Session, limit: int = 24) -> list[dict[str, Any]]:
    products = session.scalars(select(Product).where(Product.active).order_by(Product.created_at.desc()).limit(limit)).all()
    return [{"name": product.name, "price": str(product.price), "category": product.category.name} for product in products]


def list_category(session: Session, slug: str, limit: int = 48) -> list[dict[str, Any]]:
    """A category's page: products with tags and rating, three statements."""
    repository = ProductRepository(session)
    products = repository.in_category(slug, limit)
    ids = [product.id for product in products]
    tags = {product.id: [tag.name for tag in product.tags] for product in repository.with_tags(ids)}
    ratings = repository.ratings(ids)
    return [{"name": p.name, "price": str(p.price), "tags": tags[p.id], "rating": ratings.get(p.id)} for p in products]


def navigation(session: Session) -> list[dict[str, Any]]:
    """The menu: top categories and what is below each."""
    tops = session.scalars(select(Category).where(Category.parent_id.is_(None)).order_by(Category.name)).all()
    return [{"name": top.name, "children": [child.name for child in top.children]} for top in tops]


def show_product(session: Session, sku: str) -> dict[str, Any] | None:
    product = ProductRepository(session).by_sku(sku)
    if product is None:
        return None
    reviews = ReviewRepository(session).of_product(product.id, limit=10)
    return {
        "name": product.name,
        "path": product.breadcrumb,
        "description": product.description,
        "reviews": [{"rating": review.rating, "title": review.title, "by": review.customer.first_name} for review in reviews],
    }


def search_products(session: Session, words: str, limit: int = 20) -> list[dict[str, Any]]:
    return [{"sku": product.sku, "name": product.name} for product in ProductRepository(session).search(words, limit)]


def product_feed(session: Session, limit: int = 60) -> list[dict[str, Any]]:
    """What price comparison sites fetch every hour."""
    products = session.scalars(select(Product).where(Product.active, Product.stock > 0).order_by(Product.id).limit(limit)).all()
    return [{"sku": product.sku, "path": product.breadcrumb, "price": str(product.price)} for product in products]


def sitemap(session: Session) -> list[str]:
    products = session.scalars(select(Product).options(joinedload(Product.category)).where(Product.active).order_by(Product.id)).all()
    return [f"/{product.category.slug}/{product.sku}" for product in products]


def review_wall(session: Session, limit: int = 30) -> list[dict[str, Any]]:
    """The newest reviews, on the front page."""
    return [
        {"product": review.product.name, "rating": review.rating, "by": review.customer.first_name}
        for review in ReviewRepository(session).latest(limit)
    ]
