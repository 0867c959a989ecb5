"""Hints for other databases, text behind a CTE, conditions that say nothing, switches that the caller turns."""

from sqlalchemy import and_, case, delete, false, insert, or_, select, text, true, update
from sqlalchemy.orm import Session, aliased

from shop.models import Category, Order, OrderItem, Product, Review, Tag, User


def table_hint(session: Session):
    stmt = select(Order.id).with_hint(Order, "INDEX(orders orders_pk)", "oracle").where(Order.total > 60)
    return session.scalars(stmt.order_by(Order.id)).all()


def table_hint_named(session: Session):
    stmt = select(User).with_hint(User, "FORCE INDEX (name)", dialect_name="mysql").where(User.name == "Iris")
    return session.scalars(stmt).all()


def statement_hint(session: Session):
    return session.scalars(select(User.id).with_statement_hint("OPTION (FAST 1)", "mssql").order_by(User.id)).all()


def statement_hint_for_all(session: Session):
    return session.scalars(select(User.id).with_statement_hint("/* slow */").order_by(User.id)).all()


def prefix_for_another(session: Session):
    stmt = select(Product.id).prefix_with("/*+ FIRST_ROWS */", dialect="oracle").where(Product.price < 20)
    return session.scalars(stmt.distinct()).all()


def prefix_for_this_one(session: Session):
    return session.scalars(select(Product.id).prefix_with("ALL", dialect="postgresql")).all()


def suffix_for_another(session: Session):
    return session.scalars(select(Product.id).suffix_with("WITH UR", dialect="db2").where(Product.stock > 3)).all()


def query_hint(session: Session):
    return session.query(User.id).with_hint(User, "x", "oracle").prefix_with("y", dialect="mysql").filter(User.is_active).all()


def update_with_prefix(session: Session):
    stmt = update(Product).where(Product.id == 3).prefix_with("/*+ x */", dialect="oracle").values(stock=4)
    session.execute(stmt.execution_options(synchronize_session=False))


def delete_with_hint(session: Session):
    stmt = delete(Review).prefix_with("/*+ x */", dialect="oracle").with_hint("x", dialect_name="mssql").where(Review.id == 900)
    session.execute(stmt.execution_options(synchronize_session=False))


def insert_with_prefix(session: Session):
    session.execute(insert(Tag).prefix_with("IGNORE", dialect="mysql").values(id=901, name="hinted"))


def cte_with_cycle(session: Session):
    tree = (
        select(Category.id, Category.parent_id)
        .where(Category.parent_id.is_(None))
        .cte("tree", recursive=True)
        .suffix_with("CYCLE id SET is_cycle USING path")
    )
    tree = tree.union_all(select(Category.id, Category.parent_id).join(tree, Category.parent_id == tree.c.id))
    return session.execute(select(tree.c.id, tree.c.parent_id).order_by(tree.c.id)).all()


def cte_with_search(session: Session):
    top = select(Category.id, Category.parent_id).where(Category.parent_id.is_(None)).cte("top", recursive=True)
    top = top.suffix_with("SEARCH DEPTH FIRST BY id SET place", dialect="postgresql")
    child = aliased(Category)
    top = top.union_all(select(child.id, child.parent_id).where(child.parent_id == top.c.id))
    return session.execute(select(top.c.id).order_by(text("top.place"))).all()


def cte_suffix_for_another(session: Session):
    cheap = select(Product.id).where(Product.price < 20).cte("cheap").suffix_with("CYCLE id", dialect="oracle")
    return session.execute(select(cheap).order_by(cheap.c.id)).all()


def cte_not_materialized(session: Session):
    active = select(User.id).where(User.is_active).cte("active").prefix_with("NOT MATERIALIZED")
    return session.execute(select(active)).all()


def no_alternatives(session: Session):
    return session.scalars(select(User.id).where(or_(*[])).order_by(User.id)).all()


def no_alternatives_beside_others(session: Session):
    stmt = select(User.id).where(User.is_active, or_()).where(and_(User.logins > 3, or_(*[])))
    return session.scalars(stmt.order_by(User.id)).all()


def one_alternative_and_none(session: Session):
    return session.scalars(select(Order.id).where(or_(Order.total > 60, and_(), or_())).order_by(Order.id)).all()


def none_of_none(session: Session):
    return session.scalars(select(Order.id).where(and_(or_(), or_())).order_by(Order.id)).all()


# call: names=[]
# call: names=["Iris"]
def alternatives_by_flag(session: Session, names: list[str]):
    conditions = []
    if names:
        conditions.append(User.name.in_(names))
    return session.scalars(select(User.id).where(or_(*conditions)).order_by(User.id)).all()


def update_without_condition(session: Session):
    session.execute(update(Tag).where(or_(*[])).values(name=Tag.name))


# call: nowait=True
# call: nowait=False
def lock_by_flag(session: Session, nowait: bool = False):
    return session.scalars(select(Order).where(Order.id == 4).with_for_update(nowait=nowait)).all()


# call: skip=True
# call: skip=False
def skip_by_flag(session: Session, *, skip: bool):
    return session.scalars(select(User.id).where(User.id < 3).order_by(User.id).with_for_update(skip_locked=skip)).all()


# call: outer=True
# call: outer=False
def join_by_flag(session: Session, outer: bool):
    stmt = select(Order.id, OrderItem.product_id).join(OrderItem, OrderItem.order_id == Order.id, isouter=outer).where(Order.id < 6)
    return session.execute(stmt.order_by(Order.id, OrderItem.product_id)).all()


# call: nowait=True
# call: nowait=False
def flag_asked_twice(session: Session, nowait: bool):
    stmt = select(Order.id).where(Order.id == 4).with_for_update(nowait=nowait)
    if nowait:
        stmt = stmt.where(Order.total > 0)
    return session.scalars(stmt).all()
