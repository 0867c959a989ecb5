"""Calls every function of the corpus on real SQLAlchemy and PostgreSQL and records each statement that was sent.

Usage: record.py DSN CORPUS [PREFIX]. The database is filled anew: a schema per application. PREFIX keeps to files whose path begins so.
Standard output: one JSON line per call of a function, {"app", "file", "function", "line", "endLine", "call", "arguments", "statements"},
with "error" where it ended in an exception. A statement: {"sql", "bare", "kind", "loads", "made", "frames", "parameters", "rows"}:
`sql` as it was sent and `bare` without the casts that this driver adds around bound values, both with placeholders $1, $2, … in order of
first appearance; `kind` says what sent it ("own": the function itself); `made` is where the corpus made it, `frames` where it was sent from,
innermost first, each [path, first line, last line, function]; `rows` is the server's row count.
"""

import asyncio
import inspect
import json
import re
import sys
import traceback

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.base import PGCompiler
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

import places as origins
from causes import Prober, watch
from corpus import applications
from encode import plain, type_name, wire
from fill import Filler

CAST_BEGIN, CAST_END = "/*<*/", "/*>*/"


def mark_casts():
    """psycopg's dialect casts bound values (`%(x)s::INTEGER`), others do not: what it adds is marked, to be told apart from the query's own casts."""
    render = PGCompiler.render_bind_cast

    def render_bind_cast(self, type_, dbapi_type, sqltext):
        written = render(self, type_, dbapi_type, sqltext)
        if not sqltext.startswith(("%(", ":", "__[POSTCOMPILE")) or not written.startswith(sqltext):
            return written
        return f"{sqltext}{CAST_BEGIN}{written[len(sqltext):]}{CAST_END}"

    PGCompiler.render_bind_cast = render_bind_cast


PLACEHOLDER = re.compile(r"%\((?P<name>[^)]+)\)s(?:/\*<\*/::(?P<cast>.*?)/\*>\*/)?|%%")


class Numbered:
    """A statement's text with numbered placeholders, and their names and casts in that order."""

    def __init__(self, statement):
        self.names, self.casts = [], {}
        self.sql = PLACEHOLDER.sub(lambda found: self._replace(found, True), statement)
        self.bare = PLACEHOLDER.sub(lambda found: self._replace(found, False), statement)

    def _replace(self, found, with_cast):
        name, cast = found["name"], found["cast"]
        if name is None:
            return "%"
        if name not in self.names:
            self.names.append(name)
        if cast is not None:
            self.casts.setdefault(name, cast)
        number = f"${self.names.index(name) + 1}"
        return f"{number}::{cast}" if cast is not None and with_cast else number


def given_value(name, context):
    """The value as Python had it, before SQLAlchemy made a driver's value of it. Expanded lists have their elements numbered."""
    given = context.compiled_parameters[0] if context.compiled_parameters else {}
    if name in given:
        return True, given[name]
    base, _, index = name.rpartition("_")
    values = given.get(base)
    if index.isdigit() and isinstance(values, (list, tuple)) and 0 < int(index) <= len(values):
        return True, values[int(index) - 1]
    return False, None


class Recorder:
    def __init__(self, places, wire_connection):
        self.places = places
        self.wire_connection = wire_connection
        self.statements = []
        self.active = False
        self.asked = None
        self.origins = {}

    def listen(self, engine):
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, _connection, _cursor, statement, parameters, context, many):
        if not self.active or isinstance(context.invoked_statement, sa.sql.elements._IdentifiedClause):  # SAVEPOINT and its kin
            return
        sets = list(parameters) if many and not isinstance(parameters, dict) else [parameters]
        numbered = Numbered(statement)
        invoked = context.invoked_statement
        kind = origins.cause_of_stack()
        self.statements.append({
            "sql": numbered.sql,
            "bare": numbered.bare,
            "kind": kind,
            "loads": origins.loading.get(),
            "made": invoked.__dict__.get("_made_at") if kind == "own" and hasattr(invoked, "__dict__") else None,
            "frames": self.places.of_stack(),
            "parameters": [self._parameter(name, sets[0], numbered, context) for name in numbered.names],
            **({"sets": len(sets)} if many and not isinstance(parameters, dict) else {}),
        })
        if self.asked is not None and kind in ("own", "get"):
            self.origins[len(self.statements) - 1] = self.asked
        self.asked = None

    def _parameter(self, name, values, numbered, context):
        bound = values[name]
        known, given = given_value(name, context)
        value = given if known else bound
        written, declared = wire(bound, self.wire_connection)
        return {
            "name": name,
            "value": plain(value),
            "pythonType": type_name(value),
            "bound": plain(bound),
            "wire": written,
            "declared": declared,
            "cast": numbered.casts.get(name),
        }

    def _after(self, _connection, cursor, _statement, _parameters, context, _many):
        if self.active and not isinstance(context.invoked_statement, sa.sql.elements._IdentifiedClause):
            self.statements[-1]["rows"] = cursor.rowcount


def session_class(function, default):
    """SQLModel's `exec` exists only on its own session: the annotation says which class the function wants."""
    parameter = next(iter(inspect.signature(function).parameters.values()), None)
    annotation = getattr(parameter, "annotation", None)
    return annotation if inspect.isclass(annotation) and issubclass(annotation, default) else default


class Caller:
    """Calls the functions of one application, each in a transaction of its own that is rolled back."""

    def __init__(self, application, dsn, recorder):
        self.application = application
        self.dsn = dsn
        self.recorder = recorder
        self.engine = sa.create_engine(dsn)
        recorder.listen(self.engine)
        self.prober = Prober(recorder, self.engine)

    def with_causes(self):
        """The statements of the last call, each SELECT with what loading its rows causes."""
        statements, origins = self.recorder.statements, self.recorder.origins
        return [
            {**one, "causes": self.prober.causes(origins[index])} if index in origins else one for index, one in enumerate(statements)
        ]

    def call(self, entry, arguments):
        self.recorder.statements = []
        self.recorder.origins = {}
        try:
            if inspect.iscoroutinefunction(entry.function):
                asyncio.run(self._asynchronous(entry, arguments))
            elif self.application.flask is not None:
                self._flask(entry, arguments)
            else:
                self._synchronous(entry, arguments)
            error = None
        except Exception:  # a function of the corpus that fails fails its own test
            error = traceback.format_exc(limit=-3)
        finally:
            self.recorder.active = False
        return error

    def _synchronous(self, entry, arguments):
        with self.engine.connect() as connection, connection.begin() as transaction:
            session = session_class(entry.function, Session)(connection, join_transaction_mode="create_savepoint")
            self.recorder.active = True
            consume(entry.function(session, **arguments))
            self.recorder.active = False
            session.close()
            transaction.rollback()

    def _flask(self, entry, arguments):
        database = self.application.flask
        with self._flask_application().app_context():
            self.recorder.active = True
            consume(entry.function(**arguments))
            self.recorder.active = False
            database.session.rollback()
            database.session.remove()

    def _flask_application(self):
        if not hasattr(self, "_app"):
            from flask import Flask

            self._app = Flask("translation")
            self._app.config["SQLALCHEMY_DATABASE_URI"] = self.dsn
            self.application.flask.init_app(self._app)
            with self._app.app_context():
                self.recorder.listen(self.application.flask.engine)
        return self._app

    async def _asynchronous(self, entry, arguments):
        engine = create_async_engine(self.dsn, poolclass=sa.NullPool)
        self.recorder.listen(engine.sync_engine)
        try:
            async with engine.connect() as connection:
                async with session_class(entry.function, AsyncSession)(connection, join_transaction_mode="create_savepoint") as session:
                    self.recorder.active = True
                    consume(await entry.function(session, **arguments))
                    self.recorder.active = False
                await connection.rollback()
        finally:
            await engine.dispose()


def consume(result):
    """A result that nobody reads would be half of the truth."""
    if isinstance(result, sa.Result) or inspect.isgenerator(result):
        list(result)


SEQUENCES = """SELECT coalesce(string_agg(format('SELECT setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
    coalesce(last_value, start_value), last_value IS NOT NULL), '; '), '') FROM pg_sequences"""


class Sequences:
    """Sequences are not undone with a transaction: each call begins with those of the filled tables, so that it can be repeated."""

    def __init__(self, connection):
        self.connection = connection
        self.filled = connection.execute(SEQUENCES).fetchone()[0]

    def restore(self):
        if self.filled:
            self.connection.execute(self.filled)


def prepare(application, admin, schema):
    """Empty schemas for the application's tables (its own, and those that its models name), filled."""
    schemas = {schema} | {table.schema for table in application.metadata.tables.values() if table.schema}
    with admin.begin() as connection:
        for name in sorted(schemas):
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
            connection.execute(sa.text(f"CREATE SCHEMA {name}"))
    with admin.begin() as connection:
        connection.execute(sa.text(f"SET LOCAL search_path = {schema}"))
        application.metadata.create_all(connection)
        Filler(application.metadata, application.mappers).fill(connection)


def main():
    dsn, folder, *rest = sys.argv[1:]
    prefix = rest[0] if rest else ""
    sys.path.insert(0, folder)
    mark_casts()
    places = origins.Places(folder)
    origins.install(places)
    admin = sa.create_engine(dsn, poolclass=sa.NullPool)
    url = sa.make_url(dsn)
    connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
    for application in applications(folder, prefix):
        entries = [entry for entry in application.entries if entry.path.startswith(prefix)]
        prepare(application, admin, application.name)
        own = url.update_query_dict({"options": f"-csearch_path={application.name}"}).render_as_string(hide_password=False)
        recorder = Recorder(places, connection)
        caller = Caller(application, own, recorder)
        watch(recorder)
        sequences = Sequences(connection)
        for entry in entries:
            for index, arguments in enumerate(entry.calls):
                error = caller.call(entry, arguments)
                if any("INSERT" in statement["sql"] for statement in caller.recorder.statements):
                    sequences.restore()
                answer = {
                    "app": application.name,
                    "file": entry.path,
                    "function": entry.name,
                    "line": entry.line,
                    "endLine": entry.end,
                    "call": index,
                    "arguments": {name: plain(value) for name, value in arguments.items()},
                    "statements": caller.with_causes(),
                    **({"error": error} if error else {}),
                }
                print(json.dumps(answer, default=str), flush=True)
        caller.engine.dispose()


if __name__ == "__main__":
    main()
