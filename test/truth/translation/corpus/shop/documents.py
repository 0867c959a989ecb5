"""JSON documents and arrays."""

from sqlalchemy import ARRAY, Integer, String, Text, all_, any_, cast, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators

from shop.models import Product, User


def json_text(session: Session):
    return session.scalars(select(User.settings["color"].astext).order_by(User.id)).all()


def json_text_equal(session: Session):
    return session.scalars(select(User.id).where(User.settings["color"].astext == "amber")).all()


def json_element(session: Session):
    return session.scalars(select(User.settings["address"]).order_by(User.id)).all()


def json_nested(session: Session):
    return session.scalars(select(User.id).where(User.settings["address"]["city"].astext == "cedar")).all()


def json_path(session: Session):
    return session.scalars(select(User.id).where(User.settings[("address", "city")].astext == "cedar")).all()


def json_index(session: Session):
    return session.scalars(select(User.settings["tags"][0].astext).order_by(User.id)).all()


# call: key="color"
def json_key_given(session: Session, key: str):
    return session.scalars(select(User.settings[key].astext).order_by(User.id)).all()


def json_integer(session: Session):
    return session.scalars(select(User.id).where(User.settings["size"].as_integer() > 4)).all()


def json_string(session: Session):
    return session.scalars(select(User.id).where(User.settings["color"].as_string() == "dune")).all()


def json_boolean(session: Session):
    return session.scalars(select(User.id).where(User.settings["active"].as_boolean())).all()


def json_float(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes["discount"].as_float() >= 1.5)).all()


def json_cast(session: Session):
    return session.scalars(select(User.id).where(User.settings["size"].astext.cast(Integer) < 3)).all()


def json_contains(session: Session):
    return session.scalars(select(User.id).where(User.settings.contains({"color": "amber"}))).all()


def json_contained(session: Session):
    return session.scalars(select(User.id).where(User.settings["address"].contained_by({"city": "amber", "zip": "10000"}))).all()


def json_has_key(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes.has_key("discount"))).all()


def json_has_any(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes.has_any(array(["discount", "gone"])))).all()


def json_has_all(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes.has_all(array(["discount", "size"])))).all()


def json_elements(session: Session):
    tag = func.jsonb_array_elements_text(Product.attributes["tags"]).column_valued("tag")
    return session.execute(select(Product.id, tag)).all()


def json_each(session: Session):
    entry = func.jsonb_each(User.settings).table_valued("key", "value").alias("entry")
    return session.execute(select(User.id, entry.c.key).where(User.id < 3)).all()


def json_build(session: Session):
    return session.scalars(select(func.jsonb_build_object("id", User.id, "name", User.name)).order_by(User.id)).all()


def json_is_null(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes["discount"].is_(None))).all()


def json_merge(session: Session):
    return session.scalars(select(User.settings.concat({"new": True})).where(User.id == 1)).all()


def json_jsonpath(session: Session):
    return session.scalars(select(Product.id).where(Product.attributes.path_exists("$.tags[*]"))).all()


def json_literal(session: Session):
    return session.scalars(select(User.id).where(User.settings.op("@>")(cast({"active": True}, JSONB)))).all()


def array_contains(session: Session):
    return session.scalars(select(User.id).where(User.interests.contains(["amber"]))).all()


def array_overlap(session: Session):
    return session.scalars(select(User.id).where(User.interests.overlap(["amber", "birch"]))).all()


# call: words=["cedar", "dune"]
def array_overlap_given(session: Session, words: list[str]):
    return session.scalars(select(User.id).where(User.interests.overlap(words))).all()


def array_contained(session: Session):
    return session.scalars(select(Product.id).where(Product.ratings.contained_by([0, 7, 14, 21]))).all()


def array_any(session: Session):
    return session.scalars(select(User.id).where(User.interests.any("amber"))).all()


def array_any_function(session: Session):
    return session.scalars(select(Product.id).where(7 == any_(Product.ratings))).all()


def array_all(session: Session):
    return session.scalars(select(Product.id).where(Product.ratings.all(5, operator=operators.lt))).all()


def array_index(session: Session):
    return session.scalars(select(Product.labels[1]).order_by(Product.id)).all()


def array_slice(session: Session):
    return session.scalars(select(Product.labels[1:2]).order_by(Product.id)).all()


def array_length(session: Session):
    return session.scalars(select(Product.id).where(func.array_length(Product.labels, 1) > 1)).all()


def array_literal(session: Session):
    return session.execute(select(array([User.id, User.logins]), array(["a", "b"]) + array(["c"]))).all()


def array_concat(session: Session):
    return session.scalars(select(Product.labels + ["extra"]).where(Product.id < 3)).all()


def value_in_array_parameter(session: Session):
    return session.scalars(select(User.id).where(User.id == func.any(cast([1, 2, 3], ARRAY(Integer))))).all()


def any_of_list(session: Session):
    return session.scalars(select(User.id).where(User.name == any_(literal(["Iris", "amber"], ARRAY(String))))).all()


def unnested(session: Session):
    return session.scalars(select(func.unnest(Product.labels)).where(Product.id < 5)).all()
