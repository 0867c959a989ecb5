"""session.query in the 1.x style."""

from sqlalchemy import and_, asc, case, desc, distinct, exists, func, literal, not_, or_
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload, lazyload, load_only, selectinload, undefer

from library.models import Author, Book, Card, Genre, Loan, Publisher, Reader, authorships


def all_rows(session):
    return session.query(Publisher).all()


# call: author_id=3
def get(session, author_id):
    return session.query(Author).get(author_id)


def get_by_session(session):
    return session.get(Book, 4)


def filter_by(session):
    return session.query(Author).filter_by(country="DE").all()


def filter_by_two(session):
    return session.query(Author).filter_by(country="DE", last_name="Iris").first()


# call: title="ember"
def filtered(session, title):
    return session.query(Book).filter(Book.title == title).all()


def filtered_twice(session):
    return session.query(Book.id).filter(Book.pages > 3).filter(Book.available == True).all()  # noqa: E712


def filter_after_join(session):
    return session.query(Loan).join(Loan.reader).filter_by(name="Iris").all()


def columns(session):
    return session.query(Author.id, Author.last_name).all()


def columns_labelled(session):
    return session.query(Author.id.label("key"), func.upper(Author.last_name).label("loud")).all()


def entity_and_column(session):
    return session.query(Author, Author.country).filter(Author.id < 4).all()


def column_property(session):
    return session.query(Author.full_name).filter(Author.full_name.like("A%")).all()


def hybrid(session):
    return session.query(Author.initials).order_by(Author.id).all()


def synonym(session):
    return session.query(Book.id).filter(Book.name.startswith("a")).all()


def first(session):
    return session.query(Author).order_by(Author.last_name, Author.id).first()


def one(session):
    return session.query(Author).filter(Author.id == 1).one()


def one_or_none(session):
    return session.query(Author.id).filter(Author.id == 9999).one_or_none()


def scalar(session):
    return session.query(func.count(Author.id)).scalar()


def scalar_of_filtered(session):
    return session.query(func.max(Book.pages)).filter(Book.genre == Genre.novel).scalar()


def count(session):
    return session.query(Author).count()


def count_filtered(session):
    return session.query(Book).filter(Book.pages > 10).count()


def count_distinct(session):
    return session.query(Author.country).distinct().count()


def count_joined(session):
    return session.query(Loan).join(Loan.book).filter(Book.available.is_(True)).count()


def exists_scalar(session):
    return session.query(session.query(Book).filter(Book.pages > 20).exists()).scalar()


def exists_condition(session):
    return session.query(Reader.id).filter(session.query(Loan).filter(Loan.reader_id == Reader.id).exists()).all()


def literal_exists(session):
    return session.query(literal(True)).filter(session.query(Book.id).filter(Book.isbn == "x").exists()).scalar() is not None


def ordered(session):
    return session.query(Book.id).order_by(Book.published_at.desc(), Book.id).all()


def ordered_nulls(session):
    return session.query(Book.id).order_by(Book.rating.desc().nullslast(), asc(Book.id)).all()


def limited(session):
    return session.query(Author.id).order_by(Author.id).limit(5).offset(2).all()


# call: start=3, stop=8
def sliced(session, start, stop):
    return session.query(Author.id).order_by(Author.id).slice(start, stop).all()


def sliced_by_brackets(session):
    return session.query(Author.id).order_by(Author.id)[2:6]


def item_by_brackets(session):
    return session.query(Author.id).order_by(Author.id)[3]


def joined(session):
    return session.query(Loan).join(Loan.reader).filter(Reader.name.ilike("a%")).all()


def joined_target(session):
    return session.query(Loan.id, Reader.name).join(Reader).all()


def joined_condition(session):
    return session.query(Reader.id, Loan.id).join(Loan, Loan.reader_id == Reader.id).all()


def joined_backref(session):
    return session.query(Reader.id).join(Reader.loans).join(Loan.book).filter(Book.genre == Genre.science).distinct().all()


def joined_outer(session):
    return session.query(Reader.id, Card.number).outerjoin(Reader.card).order_by(Reader.id).all()


def joined_secondary(session):
    return session.query(Book.title).join(Book.authors).filter(Author.country == "FR").all()


def joined_table(session):
    return session.query(Book.id).join(authorships, authorships.c.book_id == Book.id).filter(authorships.c.author_id == 2).all()


def joined_custom_relationship(session):
    return session.query(Reader.id).join(Reader.open_loans).all()


def select_from(session):
    return session.query(func.count(Loan.id)).select_from(Reader).outerjoin(Reader.loans).scalar()


def alias_joined(session):
    borrower = aliased(Reader)
    return session.query(Loan.id).join(borrower, Loan.reader).filter(borrower.email.contains("example")).all()


def implicit_join(session):
    return session.query(Reader.name, Card.number).filter(Card.reader_id == Reader.id).all()


def grouped(session):
    return session.query(Author.country, func.count(Author.id)).group_by(Author.country).order_by(Author.country).all()


def grouped_having(session):
    return session.query(Loan.reader_id, func.count("*").label("n")).group_by(Loan.reader_id).having(func.count("*") > 1).order_by(desc("n"), Loan.reader_id).all()


def subquery(session):
    counts = session.query(Loan.reader_id, func.count(Loan.id).label("n")).group_by(Loan.reader_id).subquery()
    return session.query(Reader, counts.c.n).outerjoin(counts, Reader.id == counts.c.reader_id).order_by(Reader.id).all()


def in_subquery(session):
    late = session.query(Loan.reader_id).filter(Loan.returned_at.is_(None))
    return session.query(Reader.id).filter(Reader.id.in_(late)).all()


def scalar_subquery(session):
    average = session.query(func.avg(Book.pages)).scalar_subquery()
    return session.query(Book.id).filter(Book.pages > average).all()


def correlated(session):
    n = session.query(func.count(Loan.id)).filter(Loan.book_id == Book.id).correlate(Book).scalar_subquery()
    return session.query(Book.id, n.label("n")).order_by(Book.id).all()


def cte(session):
    active = session.query(Loan.reader_id).filter(Loan.returned_at == None).cte("active")  # noqa: E711
    return session.query(Reader.id).join(active, active.c.reader_id == Reader.id).all()


def union(session):
    a = session.query(Author.id).filter(Author.country == "DE")
    b = session.query(Author.id).filter(Author.country == "FR")
    return a.union(b).all()


def union_entities(session):
    a = session.query(Publisher).filter(Publisher.id < 3)
    b = session.query(Publisher).filter(Publisher.id > 20)
    return a.union_all(b).order_by(Publisher.id).all()


def has(session):
    return session.query(Loan.id).filter(Loan.reader.has(Reader.name == "Iris")).all()


def any_condition(session):
    return session.query(Author.id).filter(Author.books.any(Book.genre == Genre.poetry)).all()


def any_custom_relationship(session):
    return session.query(Reader.id).filter(Reader.open_loans.any()).all()


def with_parent(session):
    reader = session.get(Reader, 1)
    return session.query(Loan.id).filter(Loan.reader == reader).all()


def dynamic(session):
    publisher = session.get(Publisher, 1)
    return publisher.books.filter(Book.pages > 2).order_by(Book.id).all()


def dynamic_count(session):
    publisher = session.get(Publisher, 1)
    return publisher.books.count()


def lazy_backref(session):
    book = session.query(Book).filter(Book.id == 2).one()
    return book.authors


def lazy_one_to_one(session):
    reader = session.query(Reader).filter(Reader.id == 2).one()
    return reader.card


def lazy_custom(session):
    reader = session.query(Reader).filter(Reader.id == 2).one()
    return reader.open_loans


def eager(session):
    return session.query(Loan).options(joinedload(Loan.reader).joinedload(Reader.card)).filter(Loan.id < 5).all()


def eager_nested_default(session):
    return session.query(Loan).options(joinedload(Loan.book)).filter(Loan.id < 5).all()


def eager_in(session):
    return session.query(Author).options(selectinload(Author.books)).filter(Author.id < 4).all()


def eager_limited(session):
    return session.query(Author).options(joinedload(Author.books)).order_by(Author.id).limit(2).all()


def eager_contained(session):
    return session.query(Loan).join(Loan.reader).options(contains_eager(Loan.reader)).order_by(Reader.name, Loan.id).all()


def columns_only(session):
    return session.query(Book).options(load_only(Book.title), lazyload(Book.publisher)).filter(Book.id < 3).all()


def with_entities(session):
    return session.query(Book).filter(Book.pages > 5).with_entities(Book.id, Book.title).all()


def add_columns(session):
    return session.query(Author.id).add_columns(Author.country).all()


def distinct_columns(session):
    return session.query(Author.country).distinct().order_by(Author.country).all()


def distinct_on(session):
    return session.query(Loan.reader_id, Loan.id).distinct(Loan.reader_id).order_by(Loan.reader_id, Loan.lent_at.desc()).all()


def for_update(session):
    return session.query(Card).filter(Card.id == 1).with_for_update().one()


def update(session):
    session.query(Author).filter(Author.country == None).update({"country": "DE"}, synchronize_session=False)  # noqa: E711


def update_by_attribute(session):
    session.query(Book).filter(Book.id == 1).update({Book.pages: Book.pages + 1})


def delete(session):
    session.query(Loan).filter(Loan.fee > 50).delete()


def delete_by_in(session):
    session.query(Loan).filter(Loan.id.in_([1, 2])).delete(synchronize_session=False)


def case_sum(session):
    return session.query(func.sum(case((Loan.returned_at.is_(None), 1), else_=0))).scalar()


# call: genre=None, term="am"
# call: genre=Genre.novel, term=None
# call: genre=Genre.novel, term="am"
# call: genre=None, term=None
def conditional(session, genre=None, term=None):
    query = session.query(Book.id)
    if genre is not None:
        query = query.filter(Book.genre == genre)
    if term:
        query = query.filter(or_(Book.title.ilike("%" + term + "%"), Book.isbn == term))
    return query.order_by(Book.id).all()


# call: available=True
# call: available=False
def conditional_flag(session, available):
    query = session.query(Book.id).filter(Book.available == available)
    return query.count()


def iterated(session):
    return [title for (title,) in session.query(Book.title).order_by(Book.id)]


def in_batches(session):
    return [author.id for author in session.query(Author).order_by(Author.id).yield_per(10)]


def statement_executed(session):
    return session.execute(session.query(Author.id).filter(Author.id < 3).statement).all()


def filter_nothing(session):
    return session.query(Author.id).filter().order_by(None).all()


def order_cleared(session):
    return session.query(Author.id).order_by(Author.last_name).order_by(None).order_by(Author.id).all()
