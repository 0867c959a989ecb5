"""Engines and sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from shop.config import load_settings


@lru_cache
def get_engine() -> Engine:
    return create_engine(load_settings().database_url, pool_size=5, max_overflow=5, pool_pre_ping=True, pool_recycle=1800)


@lru_cache
def get_async_engine() -> AsyncEngine:
    return create_async_engine(load_settings().database_url, pool_size=5, pool_recycle=1800)


@contextmanager
def session_scope() -> Iterator[Session]:
    """One unit of work: committed at the end, rolled back on an error."""
    with sessionmaker(get_engine())() as session, session.begin():
        yield session


def read_session() -> Session:
    """A session for reading; closing it ends its transaction."""
    return sessionmaker(get_engine(), autoflush=False)()


def async_session() -> AsyncSession:
    return async_sessionmaker(get_async_engine(), expire_on_commit=False)()
