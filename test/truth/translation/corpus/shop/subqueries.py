"""Subqueries, EXISTS, lateral joins, common table expressions."""

from sqlalchemy import all_, any_, exists, func, lateral, literal, select, union_all, values, column, Integer, String
from sqlalchemy.orm import Session, aliased

from shop.models import Address, Category, Order, OrderItem, OrderStatus, Product, Review, Tag, User


def in_subquery(session: Session):
    return session.scalars(select(User.name).where(User.id.in_(select(Order.customer_id).where(Order.total > 60)))).all()


def not_in_subquery(session: Session):
    return session.scalars(select(User.name).where(User.id.not_in(select(Review.author_id).where(Review.author_id.is_not(None))))).all()


def in_named_subquery(session: Session):
    buyers = select(Order.customer_id).where(Order.status == OrderStatus.PAID).scalar_subquery()
    return session.scalars(select(User.id).where(User.id.in_(buyers))).all()


def scalar_in_columns(session: Session):
    orders = select(func.count(Order.id)).where(Order.customer_id == User.id).scalar_subquery()
    return session.execute(select(User.name, orders.label("orders")).order_by(User.id)).all()


def scalar_without_label(session: Session):
    newest = select(func.max(Order.placed_at)).where(Order.customer_id == User.id).correlate(User).scalar_subquery()
    return session.execute(select(User.id, newest)).all()


def scalar_in_condition(session: Session):
    average = select(func.avg(Product.price)).scalar_subquery()
    return session.scalars(select(Product.id).where(Product.price > average)).all()


def scalar_on_alias(session: Session):
    other = aliased(Product)
    average = select(func.avg(other.price)).where(other.category_id == Product.category_id).scalar_subquery()
    return session.scalars(select(Product.id).where(Product.price > average)).all()


def joined_subquery(session: Session):
    totals = select(Order.customer_id, func.sum(Order.total).label("total")).group_by(Order.customer_id).subquery()
    return session.execute(select(User.name, totals.c.total).join(totals, totals.c.customer_id == User.id).order_by(User.id)).all()


def outer_joined_subquery(session: Session):
    counts = select(Review.product_id, func.count().label("n")).group_by(Review.product_id).subquery("counts")
    stmt = select(Product.id, func.coalesce(counts.c.n, 0)).outerjoin(counts, Product.id == counts.c.product_id)
    return session.execute(stmt.order_by(Product.id)).all()


def columns_of_subquery(session: Session):
    cheap = select(Product.id, Product.name.label("title")).where(Product.price < 20).subquery()
    return session.execute(select(cheap.c.title, cheap.c.id)).all()


def whole_subquery(session: Session):
    cheap = select(Product.id, Product.name).where(Product.price < 20).subquery()
    return session.execute(select(cheap)).all()


def entity_from_subquery(session: Session):
    active = select(User).where(User.is_active).subquery()
    user = aliased(User, active)
    return session.scalars(select(user).where(user.logins > 3)).all()


def exists_correlated(session: Session):
    return session.scalars(select(User.id).where(exists().where(Order.customer_id == User.id))).all()


def exists_of_select(session: Session):
    return session.scalars(select(User.id).where(select(Order.id).where(Order.customer_id == User.id, Order.total > 50).exists())).all()


def exists_function(session: Session):
    return session.scalars(select(User.id).where(exists(select(Review).where(Review.author_id == User.id)))).all()


def not_exists(session: Session):
    return session.scalars(select(User.id).where(~exists().where(Review.author_id == User.id))).all()


# call: email="birch1@example.org"
def exists_as_answer(session: Session, email: str):
    return session.scalar(select(exists().where(User.email == email)))


def exists_one(session: Session):
    return session.scalar(select(exists(select(User.id))))


def relationship_any(session: Session):
    return session.scalars(select(User.id).where(User.orders.any())).all()


def relationship_any_condition(session: Session):
    return session.scalars(select(User.id).where(User.orders.any(Order.total > 80))).all()


def relationship_any_by_name(session: Session):
    return session.scalars(select(User.id).where(User.addresses.any(country="DE", is_default=True))).all()


def relationship_not_any(session: Session):
    return session.scalars(select(User.id).where(~User.reviews.any())).all()


def relationship_has(session: Session):
    return session.scalars(select(Order.id).where(Order.customer.has(User.name == "Iris"))).all()


def relationship_has_by_name(session: Session):
    return session.scalars(select(Order.id).where(Order.shipping_address.has(city="Birch_x"))).all()


def relationship_any_secondary(session: Session):
    return session.scalars(select(Product.id).where(Product.tags.any(Tag.name == "name-2"))).all()


def relationship_nested(session: Session):
    return session.scalars(select(User.id).where(User.orders.any(Order.items.any(OrderItem.quantity > 5)))).all()


def relationship_has_self(session: Session):
    return session.scalars(select(Category.id).where(Category.parent.has(Category.name.like("A%")))).all()


def relationship_is_none(session: Session):
    return session.scalars(select(Category.id).where(Category.parent == None)).all()  # noqa: E711


def relationship_is_not_none(session: Session):
    return session.scalars(select(Product.id).where(Product.category != None)).all()  # noqa: E711


def relationship_equals_object(session: Session):
    user = session.get(User, 1)
    return session.scalars(select(Order.id).where(Order.customer == user)).all()


def relationship_contains_object(session: Session):
    tag = session.get(Tag, 2)
    return session.scalars(select(Product.id).where(Product.tags.contains(tag))).all()


def cte(session: Session):
    spent = select(Order.customer_id, func.sum(Order.total).label("spent")).group_by(Order.customer_id).cte("spent")
    return session.execute(select(User.name, spent.c.spent).join(spent, spent.c.customer_id == User.id)).all()


def cte_anonymous(session: Session):
    recent = select(Order).where(Order.total > 10).cte()
    return session.execute(select(recent.c.id, recent.c.total).where(recent.c.status == OrderStatus.NEW)).all()


def cte_twice(session: Session):
    totals = select(Order.customer_id, func.sum(Order.total).label("total")).group_by(Order.customer_id).cte("totals")
    best = select(func.max(totals.c.total)).scalar_subquery()
    return session.execute(select(totals.c.customer_id).where(totals.c.total == best)).all()


def cte_chain(session: Session):
    a = select(Product.id, Product.price).where(Product.stock > 2).cte("a")
    b = select(a.c.id).where(a.c.price > 10).cte("b")
    return session.scalars(select(Product.name).where(Product.id.in_(select(b.c.id)))).all()


# call: root_id=1
def cte_recursive(session: Session, root_id: int):
    tree = select(Category.id, Category.name, Category.parent_id).where(Category.id == root_id).cte("tree", recursive=True)
    tree = tree.union_all(select(Category.id, Category.name, Category.parent_id).join(tree, Category.parent_id == tree.c.id))
    return session.execute(select(tree).order_by(tree.c.id)).all()


def cte_recursive_depth(session: Session):
    top = select(Category.id, literal(0).label("depth")).where(Category.parent_id.is_(None)).cte(name="levels", recursive=True)
    child = aliased(Category, name="child")
    levels = top.union_all(select(child.id, top.c.depth + 1).where(child.parent_id == top.c.id))
    return session.execute(select(levels.c.depth, func.count()).group_by(levels.c.depth).order_by(levels.c.depth)).all()


def cte_recursive_union(session: Session):
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union(select(numbers.c.n + 1).where(numbers.c.n < 10))
    return session.scalars(select(numbers.c.n)).all()


def cte_materialized(session: Session):
    active = select(User.id).where(User.is_active).cte("active").prefix_with("MATERIALIZED", dialect="postgresql")
    return session.execute(select(active)).all()


def lateral_join(session: Session):
    newest = select(Order.id, Order.placed_at).where(Order.customer_id == User.id).order_by(Order.placed_at.desc()).limit(2).lateral("newest")
    return session.execute(select(User.id, newest.c.id).join(newest, literal(True))).all()


def lateral_outer(session: Session):
    best = lateral(select(func.max(Review.stars).label("stars")).where(Review.product_id == Product.id), name="best")
    return session.execute(select(Product.id, best.c.stars).outerjoin(best, best.c.stars > 2)).all()


def equal_to_any(session: Session):
    return session.scalars(select(Product.id).where(Product.price >= all_(select(Review.stars).scalar_subquery()))).all()


def value_of_any_array(session: Session):
    return session.scalars(select(User.id).where(literal("amber") == any_(User.interests))).all()


def values_list(session: Session):
    v = values(column("id", Integer), column("word", String), name="v").data([(1, "one"), (2, "two")])
    return session.execute(select(User.name, v.c.word).join(v, v.c.id == User.id)).all()


def select_from_subquery_alias(session: Session):
    sub = select(Address.user_id, func.count("*").label("n")).group_by(Address.user_id).having(func.count("*") > 1).alias("busy")
    return session.execute(select(func.sum(sub.c.n))).scalar()
