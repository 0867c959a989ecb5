"""1.x declarative: Column, backref, strings everywhere."""

import enum

from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Float, ForeignKey, Integer, Numeric, String, Table, Text, func
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import backref, column_property, declarative_base, deferred, relationship, synonym

Base = declarative_base()


class Genre(enum.Enum):
    novel = 1
    poetry = 2
    science = 3


authorships = Table(
    "authorships",
    Base.metadata,
    Column("author_id", Integer, ForeignKey("authors.id"), primary_key=True),
    Column("book_id", Integer, ForeignKey("books.book_id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "authors"

    id = Column(Integer, primary_key=True)
    first_name = Column(String(50), nullable=False)
    last_name = Column(String(50), nullable=False)
    country = Column(String(2))
    born = Column(Date)
    biography = deferred(Column(Text))
    full_name = column_property(first_name + " " + last_name)

    books = relationship("Book", secondary=authorships, backref=backref("authors", order_by="Author.last_name"))

    @hybrid_property
    def initials(self):
        return func.concat(func.left(self.first_name, 1), func.left(self.last_name, 1))


class Publisher(Base):
    __tablename__ = "publishers"

    id = Column(Integer, primary_key=True)
    name = Column(String, unique=True)
    books = relationship("Book", back_populates="publisher", lazy="dynamic")


class Book(Base):
    __tablename__ = "books"

    id = Column("book_id", Integer, primary_key=True)
    title = Column(String(200), nullable=False, index=True)
    isbn = Column(String(20))
    genre = Column(Enum(Genre), nullable=False)
    pages = Column(Integer, nullable=False)
    price = Column(Numeric(8, 2))
    rating = Column(Float)
    available = Column(Boolean, nullable=False, default=True)
    published_at = Column(DateTime)
    publisher_id = Column(Integer, ForeignKey("publishers.id"))

    publisher = relationship("Publisher", back_populates="books", lazy="joined")
    loans = relationship("Loan", backref="book", cascade="all, delete-orphan")
    name = synonym("title")
    borrowers = association_proxy("loans", "reader")


class Reader(Base):
    __tablename__ = "readers"

    id = Column(Integer, primary_key=True)
    email = Column(String(100), nullable=False, unique=True)
    name = Column(String(100))
    card = relationship("Card", uselist=False, back_populates="reader")
    open_loans = relationship(
        "Loan", primaryjoin="and_(Reader.id == Loan.reader_id, Loan.returned_at == None)", viewonly=True, order_by="Loan.id"
    )


class Card(Base):
    __tablename__ = "cards"

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False)
    reader_id = Column(Integer, ForeignKey("readers.id"), unique=True, nullable=False)
    reader = relationship("Reader", back_populates="card")


class Loan(Base):
    __tablename__ = "loans"

    id = Column(Integer, primary_key=True)
    book_id = Column(Integer, ForeignKey("books.book_id"), nullable=False)
    reader_id = Column(Integer, ForeignKey("readers.id"), nullable=False)
    lent_at = Column(DateTime, nullable=False)
    returned_at = Column(DateTime)
    fee = Column(Numeric(6, 2))
    reader = relationship(Reader, backref="loans")
