"""Executes fixtures on a real PostgreSQL and counts the statements they send.

Standard input: JSON {"dsn", "cases": [{"id", "files": {path: source}, "calls": [{"module", "function"}], "sizes": [n, ...]}]}.
Standard output: one JSON line per case: {"id", "runs": [{"size", "call", "statements", "result", "error"}]}.
Each case gets a schema of its own, tables made from its models, rows from seed.py, and each call a fresh session.
"""

import asyncio
import contextlib
import importlib
import inspect
import io
import json
import pathlib
import sys
import tempfile
import traceback
import typing

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, configure_mappers, scoped_session, sessionmaker

from seed import Seeder

SCHEMA = "truth"


class Counter:
    """Counts statements from the moment it is told to, transaction control excluded (those never reach cursor.execute)."""

    def __init__(self, engine):
        self.statements = []
        self.active = False
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, _parameters, _context, _many):
        if self.active:
            self.statements.append(statement)

    @contextlib.contextmanager
    def counting(self):
        self.statements, self.active = [], True
        try:
            yield self
        finally:
            self.active = False


def load_modules(folder, files):
    """Imports every module of a case under its own names and forgets them afterwards."""
    for path, source in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source, encoding="utf-8")
        for package in target.relative_to(folder).parents:
            if str(package) != "." and not (folder / package / "__init__.py").exists():
                (folder / package / "__init__.py").write_text("")
    importlib.invalidate_caches()
    names = [path[:-3].replace("/", ".").removesuffix(".__init__") for path in files if path.endswith(".py")]
    return {name: importlib.import_module(name) for name in names}


def models_of(modules):
    """(metadata, mappers) of whatever declarative base the modules define."""
    metadatas, mappers = [], []
    for module in modules.values():
        for value in vars(module).values():
            if inspect.isclass(value) and hasattr(value, "metadata") and isinstance(value.metadata, sa.MetaData):
                if value.metadata not in metadatas:
                    metadatas.append(value.metadata)
                mapper = sa.inspect(value, raiseerr=False)
                if mapper is not None and mapper not in mappers:
                    mappers.append(mapper)
    tabled = [metadata for metadata in metadatas if metadata.tables]
    if len(tabled) != 1:
        raise RuntimeError(f"a case needs exactly one metadata with tables, found {len(tabled)}")
    return tabled[0], mappers


def is_session(parameter):
    by_type = inspect.isclass(parameter.annotation) and issubclass(parameter.annotation, (Session, AsyncSession))
    return by_type or parameter.name in ("session", "db", "s", "db_session", "sess")


def argument_for(parameter, session, mappers, size):
    annotation = parameter.annotation
    if is_session(parameter):
        return session
    members = typing.get_args(annotation) or (annotation,)
    entity = next((m.class_ for m in mappers if m.class_ in members), None)
    if entity is not None and not isinstance(session, AsyncSession):
        return session.get(entity, 1) if entity is annotation else session.scalars(sa.select(entity)).all()
    if annotation == list[str]:
        # `emails` holds what the column `email` is filled with.
        column = "email" if parameter.name == "emails" else "name"
        return [f"{column}-{j}" for j in range(size)]
    if parameter.name.endswith(("ids", "keys")):
        return list(range(1, size + 1))
    if annotation is int or parameter.name.endswith("id"):
        return 1
    if annotation is str:
        return "name-1"
    # An optional filter that is not asked for, a flag that is not set, no options.
    return () if parameter.name == "options" else None


def arguments(function, session, mappers, size):
    return {
        name: argument_for(parameter, session, mappers, size)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }


def repr_by_key(entity):
    return f"<{type(entity).__name__} {sa.inspect(entity).identity}>"


def give_stable_reprs(mappers):
    """What a fixture prints of an entity must not hold an address, and must not load anything."""
    for mapper in mappers:
        mapper.class_.__repr__ = mapper.class_.__str__ = repr_by_key


def plain(value, depth=4):
    """A value as text that two runs can be compared by; entities become their class and key."""
    if hasattr(value, "_sa_instance_state"):
        return repr_by_key(value)
    if isinstance(value, dict):
        return {str(plain(k, depth - 1)): plain(v, depth - 1) for k, v in value.items()}
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if depth and hasattr(value, "__iter__"):
        return [plain(item, depth - 1) for item in value]
    return str(value)


def session_class(function, default):
    """SQLModel's `exec` exists only on its own session: the annotation says which class the function wants."""
    for parameter in inspect.signature(function).parameters.values():
        if inspect.isclass(parameter.annotation) and issubclass(parameter.annotation, default):
            return parameter.annotation
    return default


def run_sync(function, dsn, modules, mappers, size):
    engine = sa.create_engine(dsn)
    bind_session_factories(modules, engine)
    counter = Counter(engine)
    printed = io.StringIO()
    try:
        with session_class(function, Session)(engine) as session:
            values = arguments(function, session, mappers, size)
            with counter.counting(), contextlib.redirect_stdout(printed):
                result = plain(function(**values))
    finally:
        engine.dispose()
    return counter.statements, [result, printed.getvalue()]


async def run_async(function, dsn, mappers, size):
    engine = create_async_engine(dsn)
    counter = Counter(engine.sync_engine)
    printed = io.StringIO()
    try:
        async with session_class(function, AsyncSession)(engine) as session:
            values = arguments(function, session, mappers, size)
            with counter.counting(), contextlib.redirect_stdout(printed):
                outcome = function(**values)
                if hasattr(outcome, "__aiter__"):
                    result = plain([item async for item in outcome])
                else:
                    result = plain(await outcome)
    finally:
        await engine.dispose()
    return counter.statements, [result, printed.getvalue()]


def run_flask(function, dsn, mappers, size, database):
    """Flask-SQLAlchemy: `Model.query` and `db.session` need an application and its context."""
    from flask import Flask

    app = Flask("truth")
    app.config["SQLALCHEMY_DATABASE_URI"] = dsn
    database.init_app(app)
    printed = io.StringIO()
    with app.app_context():
        counter = Counter(database.engine)
        values = arguments(function, database.session, mappers, size)
        with counter.counting(), contextlib.redirect_stdout(printed):
            result = plain(function(**values))
        database.session.remove()
        database.engine.dispose()
    return counter.statements, [result, printed.getvalue()]


def flask_database(modules):
    found = [v for module in modules.values() for v in vars(module).values() if type(v).__module__.startswith("flask_sqlalchemy")]
    return found[0] if found else None


def bind_session_factories(modules, engine):
    """An application makes its own sessions: its factories get the engine that is counted."""
    for module in modules.values():
        for value in vars(module).values():
            if isinstance(value, (sessionmaker, scoped_session)):
                value.configure(bind=engine)


def run_call(call, modules, mappers, dsn, size):
    target = modules[call["module"]]
    for part in call["function"].split("."):
        target = getattr(target, part)
    if inspect.iscoroutinefunction(target) or inspect.isasyncgenfunction(target):
        return asyncio.run(run_async(target, dsn, mappers, size))
    database = flask_database(modules)
    if database is not None:
        return run_flask(target, dsn, mappers, size, database)
    return run_sync(target, dsn, modules, mappers, size)


def prepare(admin, metadata, mappers, size):
    with admin.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    with admin.begin() as connection:
        metadata.create_all(connection)
        Seeder(metadata, mappers, size).fill(connection)


def run_case(case, dsn):
    runs = []
    before = set(sys.modules)
    with tempfile.TemporaryDirectory() as name:
        sys.path.insert(0, name)
        try:
            modules = load_modules(pathlib.Path(name), case["files"])
            configure_mappers()
            metadata, mappers = models_of(modules)
            give_stable_reprs(mappers)
            for size in case["sizes"]:
                for call in case["calls"]:
                    admin = sa.create_engine(dsn)
                    try:
                        prepare(admin, metadata, mappers, size)
                    finally:
                        admin.dispose()
                    run = {"size": size, "call": call["function"]}
                    try:
                        statements, result = run_call(call, modules, mappers, dsn, size)
                        run |= {"statements": len(statements), "last": statements[-2:], "result": json.dumps(result, default=str)}
                    except Exception as error:  # what the fixture raises is a result: async lazy loads must raise
                        run |= {"error": type(error).__name__, "message": str(error)[:500]}
                    runs.append(run)
            metadata.clear()  # SQLModel keeps one for the whole process
        finally:
            sys.path.remove(name)
            for module in set(sys.modules) - before:
                file = getattr(sys.modules[module], "__file__", None) or ""
                if file.startswith(name):
                    del sys.modules[module]
            sa.orm.clear_mappers()
    return runs


def main():
    job = json.load(sys.stdin)
    dsn = sa.make_url(job["dsn"]).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    for case in job["cases"]:
        try:
            answer = {"id": case["id"], "runs": run_case(case, dsn)}
        except Exception:  # a fixture that cannot be executed at all fails its own test, not the others
            answer = {"id": case["id"], "runs": [], "error": traceback.format_exc(limit=-3)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
