"""UNION and its kin; row locks."""

from sqlalchemy import except_, except_all, intersect, literal, select, union, union_all
from sqlalchemy.orm import Session, aliased

from shop.models import Address, Order, OrderStatus, Product, Review, User


def union_function(session: Session):
    return session.scalars(union(select(User.name), select(Product.name))).all()


def union_method(session: Session):
    return session.scalars(select(Order.customer_id).union(select(Review.author_id))).all()


def union_all_labelled(session: Session):
    stmt = union_all(
        select(Order.id, literal("order").label("kind")).where(Order.total > 70),
        select(Review.id, literal("review").label("kind")).where(Review.stars > 18),
    )
    return session.execute(stmt).all()


def union_ordered(session: Session):
    stmt = select(User.name.label("word")).union_all(select(Address.city.label("word"))).order_by("word").limit(10)
    return session.scalars(stmt).all()


def union_of_three(session: Session):
    return session.scalars(select(User.id).union(select(Order.id), select(Product.id).where(Product.stock > 5))).all()


def union_subquery(session: Session):
    people = union(select(Order.customer_id.label("user_id")), select(Review.author_id.label("user_id"))).subquery()
    return session.scalars(select(User.name).join(people, people.c.user_id == User.id)).all()


def union_of_limited(session: Session):
    newest = select(Order.id).order_by(Order.placed_at.desc()).limit(3)
    dearest = select(Order.id).order_by(Order.total.desc()).limit(3)
    return session.scalars(newest.union(dearest)).all()


def union_entities(session: Session):
    stmt = select(User).where(User.logins > 15).union(select(User).where(User.nickname.is_(None)))
    return session.scalars(select(User).from_statement(stmt)).all()


def union_entities_aliased(session: Session):
    stmt = union_all(select(User).where(User.logins > 15), select(User).where(User.logins < 3)).subquery()
    user = aliased(User, stmt)
    return session.scalars(select(user).order_by(user.id)).all()


def intersection(session: Session):
    return session.scalars(intersect(select(User.id).where(User.is_active), select(Order.customer_id))).all()


def difference(session: Session):
    return session.scalars(select(User.id).except_(select(Order.customer_id)).order_by("id")).all()


def difference_function(session: Session):
    return session.scalars(except_(select(User.id), select(Review.author_id))).all()


def difference_all(session: Session):
    return session.scalars(except_all(select(User.logins), select(Review.stars))).all()


def intersection_all(session: Session):
    return session.scalars(select(User.logins).intersect_all(select(Review.stars))).all()


def nested_sets(session: Session):
    return session.scalars(union(select(User.id), intersect(select(Order.id), select(Product.id)))).all()


def union_in_condition(session: Session):
    ids = union(select(Order.customer_id), select(Review.author_id))
    return session.scalars(select(User.id).where(User.id.in_(ids))).all()


def union_in_cte(session: Session):
    everyone = select(Order.customer_id).union(select(Address.user_id)).cte("everyone")
    return session.execute(select(everyone)).all()


def for_update(session: Session):
    return session.scalars(select(Product).where(Product.id == 3).with_for_update()).one()


def for_update_nowait(session: Session):
    return session.scalars(select(Product.id).where(Product.id == 3).with_for_update(nowait=True)).one()


def for_update_skip_locked(session: Session):
    stmt = select(Order).where(Order.status == OrderStatus.NEW).order_by(Order.id).limit(5).with_for_update(skip_locked=True)
    return session.scalars(stmt).all()


def for_update_of_entity(session: Session):
    return session.scalars(select(Order).join(Order.customer).where(User.id == 2).with_for_update(of=Order)).all()


def for_update_of_alias(session: Session):
    buyer = aliased(User)
    return session.execute(select(Order.id).join(buyer, Order.customer).with_for_update(of=buyer, skip_locked=True)).all()


def for_share(session: Session):
    return session.scalars(select(User.id).where(User.id < 3).with_for_update(read=True)).all()


def for_no_key_update(session: Session):
    return session.scalars(select(User.id).where(User.id < 3).with_for_update(key_share=True)).all()


def for_key_share(session: Session):
    return session.scalars(select(User.id).where(User.id < 3).with_for_update(key_share=True, read=True)).all()


def for_update_of_two(session: Session):
    return session.scalars(select(Order.id).join(Order.customer).where(User.id == 1).with_for_update(of=[Order, User])).all()
