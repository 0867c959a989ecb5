"""Queries on reviews."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.models import Review


class ReviewRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def latest(self, limit: int) -> Sequence[Review]:
        """The newest reviews with what they are about."""
        query = select(Review).options(joinedload(Review.product)).order_by(Review.created_at.desc()).limit(limit)
        return self.session.scalars(query).all()

    def of_product(self, product_id: int, limit: int) -> Sequence[Review]:
        query = select(Review).where(Review.product_id == product_id).order_by(Review.created_at.desc()).limit(limit)
        return self.session.scalars(query).all()
