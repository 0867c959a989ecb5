"""Runs the sample shop through a busy hour and records every statement that it sends.

Usage: DATABASE_URL=postgresql+psycopg://... record-workload.py OUTPUT. The statements are taken from the database driver, so that their
text is what PostgreSQL sees. The run is deterministic: same application, same database, same bytes. scripts/record-workload.mjs does the rest.
"""

import asyncio
import gzip
import json
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "media" / "sample"))

import psycopg
from psycopg._queries import PostgresQuery
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Engine, event

from shop import clock
from shop.api import catalog, customers, orders
from shop.database import async_session, get_async_engine, get_engine, read_session, session_scope
from shop.jobs import digest, nightly
from shop.models import Order
from shop.reports import customers as customer_reports
from shop.reports import sales, stock
from shop.repositories.products import ProductRepository
from shop.services import checkout, fulfilment, mailing

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=timezone.utc)
PING = ";"  # The pool's, when it lends a connection; PostgreSQL does not count it.
KINDS = {"BEGIN": "begin", "COMMIT": "commit", "ROLLBACK": "rollback"}


class Recording:
    """Texts once, statements in order as [index of the text, *values as text]."""

    def __init__(self) -> None:
        self.active = False
        self.texts: list[dict[str, Any]] = []
        self.index: dict[tuple[str, tuple[int, ...]], int] = {}
        self.statements: list[list[int | str | None]] = []

    def control(self, word: str) -> None:
        if self.active:
            self.statements.append([self._text(word, ())])

    def statement(self, context: Any, query: Any, params: Any) -> None:
        if not self.active or query == PING:
            return
        converted = PostgresQuery(Transformer.from_context(context))
        converted.convert(query, params)
        order = converted._order
        values = [params[name] for name in order or ()] if isinstance(params, Mapping) else list(params or ())
        text = self._text(converted.query.decode(), tuple(converted.types))
        self.statements.append([text, *(as_text(context, value) for value in values)])

    def _text(self, sql: str, types: tuple[int, ...]) -> int:
        key = (sql, types)
        if key not in self.index:
            self.index[key] = len(self.texts)
            entry: dict[str, Any] = {"sql": sql, "types": list(types)}
            kind = KINDS.get(sql) or ("rows" if sql.lstrip().upper().startswith(("INSERT", "DELETE")) else None)
            if kind:
                entry["kind"] = kind
            self.texts.append(entry)
        return self.index[key]

    def write(self, path: Path) -> None:
        body = json.dumps({"texts": self.texts, "statements": self.statements}, separators=(",", ":"), ensure_ascii=False)
        path.write_bytes(gzip.compress(body.encode(), 9, mtime=0))


def as_text(context: Any, value: Any) -> str | None:
    if value is None:
        return None
    transformer = Transformer.from_context(context)
    dumper = transformer.get_dumper(value, PyFormat.TEXT)
    dumped = dumper.dump(value)
    return None if dumped is None else bytes(dumped).decode()


recording = Recording()


class RecordingCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        recording.statement(self.connection, query, params)
        return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        params_seq = list(params_seq)
        for params in params_seq:
            recording.statement(self.connection, query, params)
        super().executemany(query, params_seq, **options)


class AsyncRecordingCursor(psycopg.AsyncCursor[Any]):
    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        recording.statement(self.connection, query, params)
        return await super().execute(query, params, **options)


def listen(engine: Engine, cursor: type) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Sequence[Any], options: dict[str, Any]) -> None:
        options["cursor_factory"] = cursor

    event.listen(engine, "begin", lambda _connection: recording.control("BEGIN"))
    event.listen(engine, "commit", lambda _connection: recording.control("COMMIT"))
    event.listen(engine, "rollback", lambda _connection: recording.control("ROLLBACK"))


def in_session(times: int, handler: Any, *choices: Any) -> None:
    """Each call is a request: a session of its own. Callable arguments are drawn anew for each."""
    for _ in range(times):
        with read_session() as session:
            handler(session, *(choice() if callable(choice) else choice for choice in choices))


def storefront(draw: random.Random) -> None:
    def sku() -> str:
        return f"SKU-{1 + int(2400 * draw.random() ** 2):06d}"

    def basket() -> list[checkout.BasketLine]:
        skus = sorted({sku() for _ in range(draw.randint(2, 6))})
        return [checkout.BasketLine(sku, draw.randint(1, 3)) for sku in skus]

    in_session(24, catalog.list_new_products)
    in_session(30, catalog.navigation)
    in_session(60, catalog.show_product, sku)
    in_session(24, catalog.list_category, lambda: f"category-{draw.randint(1, 48)}")
    in_session(8, catalog.search_products, lambda: draw.choice(["lamp", "tent", "smart", "bag", "chair", "recycled"]))
    in_session(8, catalog.review_wall)
    in_session(60, checkout.basket_total, basket)
    in_session(30, lambda session: ProductRepository(session).suggestions(6))
    in_session(8, orders.my_orders, lambda: draw.randint(1, 8000))
    for _ in range(40):
        with session_scope() as session:
            checkout.place_order(session, draw.randint(1, 8000), basket())


def back_office(draw: random.Random) -> None:
    def words() -> str:
        return draw.choice(["becker", "novak", "anna", "hugo", "klein7", "emma.l"])

    def email() -> str:
        with read_session() as session:
            recording.active = False
            customer = session.get(customers.Customer, draw.randint(1, 8000))
            found = customer.email.capitalize() if customer else ""
        recording.active = True
        return found

    in_session(14, orders.list_recent_orders)
    in_session(15, orders.list_packing_slips, "paid")
    in_session(6, orders.list_order_page, lambda: draw.randint(0, 200))
    in_session(24, orders.show_order, lambda: draw.randint(30_000, 42_000))
    in_session(4, orders.orders_of_day, lambda: f"2026-06-{draw.randint(1, 29):02d}")
    for page in range(0, 84, 14):
        in_session(1, orders.export_page, page)
    in_session(2, customers.list_customers, lambda: draw.randint(0, 300))
    in_session(2, customers.list_vips)
    in_session(12, customers.show_profile, email)
    in_session(8, customers.search_customers, words)
    in_session(1, fulfilment.unpaid_orders)
    in_session(3, mailing.shipping_digest)
    in_session(1, fulfilment.release_paid_orders)
    with session_scope() as session:
        fulfilment.mark_delivered(session, [41_000 + 7 * i for i in range(40)])
    for order_id in range(41_900, 41_910):
        with session_scope() as session:
            fulfilment.reserve_stock(session, session.get_one(Order, order_id))


def reports(draw: random.Random) -> None:
    since = datetime(2026, 6, 1, tzinfo=timezone.utc)
    in_session(3, sales.revenue_by_month)
    in_session(1, sales.revenue_by_category, since)
    in_session(10, sales.orders_today)
    in_session(2, sales.bestsellers, 30)
    in_session(3, sales.daily_revenue, lambda: f"2026-06-{draw.randint(1, 29):02d}")
    in_session(2, customer_reports.customers_without_orders)
    in_session(3, customer_reports.newsletter_recipients, lambda: draw.choice(["DE", "FR", "US"]))
    in_session(1, customer_reports.lost_customers)
    in_session(2, customer_reports.top_customers)
    in_session(1, stock.low_stock, 10)
    in_session(5, stock.last_movements, lambda: [f"SKU-{draw.randint(1, 2400):06d}" for _ in range(8)])
    in_session(2, stock.balance)
    in_session(3, stock.damaged_goods)
    in_session(2, lambda session: ProductRepository(session).never_ordered())
    in_session(2, catalog.product_feed)
    in_session(1, catalog.sitemap)
    in_session(2, lambda session: ProductRepository(session).price_list())


def nightly_run() -> None:
    in_session(1, nightly.cancel_abandoned)
    with session_scope() as session:
        nightly.upgrade_segments(session, limit=25)
    with session_scope() as session:
        nightly.prune_inventory_log(session)
    in_session(1, nightly.deactivate_unsellable)


async def weekly_digest() -> None:
    recording.active = False
    async with get_async_engine().connect():
        pass
    recording.active = True
    async with async_session() as session:
        await digest.newest_reviews(session)
        await digest.orders_per_day(session)
    await get_async_engine().dispose()


def main(output: Path) -> None:
    clock.freeze(NOW)
    draw = random.Random(20260630)
    listen(get_engine(), RecordingCursor)
    listen(get_async_engine().sync_engine, AsyncRecordingCursor)
    # What SQLAlchemy asks about the server on its first connection is not the application's; the same below.
    with get_engine().connect():
        pass
    recording.active = True
    storefront(draw)
    back_office(draw)
    reports(draw)
    nightly_run()
    get_engine().dispose()
    asyncio.run(weekly_digest())
    recording.write(output)
    print(f"{len(recording.statements)} statements with {len(recording.texts)} texts, {output.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
