"""Mails to customers, rendered from templates."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Order

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=select_autoescape(), trim_blocks=True
)


def shipped_today(session: Session, limit: int = 40) -> Sequence[Order]:
    return session.scalars(select(Order).where(Order.status == "shipped").order_by(Order.updated_at.desc()).limit(limit)).all()


def shipping_digest(session: Session) -> str:
    """What the warehouse sent, as a mail to the support team."""
    return _templates.get_template("shipping_digest.html").render(orders=shipped_today(session))
