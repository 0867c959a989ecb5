"""Runs the migrations on the database that the application uses."""

from alembic import context

from shop.database import get_engine
from shop.models import Base


def run() -> None:
    with get_engine().connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


run()
