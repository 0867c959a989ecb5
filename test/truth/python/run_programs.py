"""Executes whole programs on a real PostgreSQL and says which of their lines sent how many statements.

One JSON job per line of standard input, one JSON answer per line of standard output, until standard input ends:
{"id", "files": {path: text}, "seed": text or null, "sizes": [n, ...]} -> {"id", "runs": [...]} or {"id", "runs": [], "error": text}.
A run: {"size", "result", "statements", "groups": [{"frames": [[path, first line, last line], ...], "loads", "count", "rows", "cells"}]},
the frames innermost first, `loads` naming the attribute ("Order.customer") whose lazy load sent the statement ("*": columns of an instance that were not fetched yet); or
{"size", "error", "message", "frames"} where the program ends in an exception.
A program is a folder with a function `main(session)` or `main(session, n)`, maybe `async`, in one of its modules.
"""

import asyncio
import collections
import contextlib
import contextvars
import inspect
import io
import json
import os
import pathlib
import sys
import tempfile
import traceback

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, configure_mappers, scoped_session, sessionmaker, strategies

from frames import frames_of_stack
from run_cases import flask_database, models_of, plain, repr_by_key
from run_cases import load_modules as import_modules
from seed import Seeder


def lines_of(code, instruction, line):
    """First and last line of the expression that runs at this instruction."""
    positions = list(code.co_positions())
    first, last, _, _ = positions[instruction // 2] if 0 <= instruction // 2 < len(positions) else (line, line, None, None)
    return (first or line, last or line)


def template_lines(module, line):
    """A compiled Jinja template knows which of its lines came from which line of the template ("1=9&4=17")."""
    best = 1
    for pair in filter(None, module.get("debug_info", "").split("&")):
        source, compiled = map(int, pair.split("="))
        if compiled <= line:
            best = source
    return (best, best)


class Places:
    """Which file and line of the program a frame stands for."""

    def __init__(self, folder):
        self.prefix = str(folder) + os.sep
        self.known = {}

    def path_of(self, code):
        """A template's file may be named relative to the folder that the program runs in."""
        name = code.co_filename
        if name.startswith(self.prefix):
            return name[len(self.prefix):]
        return name if name.endswith((".html", ".jinja2", ".txt")) and not os.path.isabs(name) else None

    def of(self, code, instruction, line, module):
        path = self.path_of(code)
        if path is None:
            return None
        key = (code, instruction)
        if key not in self.known:
            lines = template_lines(module, line) if "debug_info" in module else lines_of(code, instruction, line)
            self.known[key] = (path, *lines)
        return self.known[key]

    def of_frame(self, frame):
        return self.of(frame.f_code, frame.f_lasti, frame.f_lineno, frame.f_globals)

    def of_error(self, error):
        """The program's frames that an exception passed, innermost first, of the exception it came from as well."""
        found = []
        while error is not None:
            places = []
            step = error.__traceback__
            while step is not None:
                place = self.of(step.tb_frame.f_code, step.tb_lasti, step.tb_lineno, step.tb_frame.f_globals)
                if place is not None:
                    places.append(place)
                step = step.tb_next
            found = places[::-1] + found
            error = error.__cause__ or error.__context__
        return found


# The attribute whose loader is at work. (A loader's frame would tell as well, but reading the locals of running frames crashes Python 3.11.)
loading = contextvars.ContextVar("loading", default=None)


def watch(loader):
    """Makes a loader strategy say which attribute it loads."""
    load = loader._load_for_state

    def load_for_state(self, *args, **kwargs):
        token = loading.set(loading.get() or f"{self.parent.class_.__name__}.{self.key}")
        try:
            return load(self, *args, **kwargs)
        finally:
            loading.reset(token)

    loader._load_for_state = load_for_state


for name in ("LazyLoader", "DeferredColumnLoader"):
    watch(getattr(strategies, name, None) or getattr(strategies, f"_{name}"))  # 2.1 renamed them


class Counter:
    """Counts statements and what they bring, by the place in the program that they came from."""

    def __init__(self, places):
        self.places = places
        self.groups = collections.defaultdict(lambda: [0, 0, 0])
        self.active = False

    def listen(self, engine):
        event.listen(engine, "after_cursor_execute", self._count)

    def _count(self, _connection, cursor, _statement, _parameters, _context, _many):
        if not self.active:
            return
        frames, loads = [], loading.get()
        for frame in frames_of_stack():
            place = self.places.of_frame(frame)
            if place is not None:
                frames.append(place)
            elif not frames and frame.f_code.co_name == "_load_expired":
                loads = loads or "*"  # the rest of an instance's columns
        group = self.groups[tuple(frames), loads]
        rows = max(cursor.rowcount, 0) if cursor.description else 0
        group[0] += 1
        group[1] += rows
        group[2] += rows * len(cursor.description or ())

    @contextlib.contextmanager
    def counting(self):
        self.active = True
        try:
            yield
        finally:
            self.active = False

    def summary(self):
        keys = ("frames", "loads", "count", "rows", "cells")
        return [dict(zip(keys, (frames, loads, *counts))) for (frames, loads), counts in self.groups.items()]


def bind_session_factories(modules, engine, dsn, counter, async_engines):
    """An application makes its own sessions: its factories get the engine that is counted."""
    for module in modules.values():
        for value in vars(module).values():
            if isinstance(value, (sessionmaker, scoped_session)):
                value.configure(bind=engine)
            elif isinstance(value, async_sessionmaker):
                if not async_engines:
                    async_engines.append(create_async_engine(dsn, poolclass=sa.NullPool))
                    counter.listen(async_engines[0].sync_engine)
                value.configure(bind=async_engines[0])


def session_class(function, default):
    """SQLModel's `exec` exists only on its own session: the annotation says which class the program wants."""
    parameter = next(iter(inspect.signature(function).parameters.values()))
    return parameter.annotation if inspect.isclass(parameter.annotation) and issubclass(parameter.annotation, default) else default


def arguments(function, session, size):
    return [session, size][: len(inspect.signature(function).parameters)]


def run_sync(function, dsn, modules, size, counter):
    engine = sa.create_engine(dsn)
    counter.listen(engine)
    bind_session_factories(modules, engine, dsn, counter, [])
    try:
        with session_class(function, Session)(engine) as session, counter.counting():
            return function(*arguments(function, session, size))
    finally:
        engine.dispose()


async def run_async(function, dsn, modules, size, counter):
    engine = create_async_engine(dsn)
    counter.listen(engine.sync_engine)
    bind_session_factories(modules, None, dsn, counter, [engine])
    try:
        async with session_class(function, AsyncSession)(engine) as session:
            with counter.counting():
                return await function(*arguments(function, session, size))
    finally:
        await engine.dispose()


def run_flask(function, dsn, size, database, counter):
    """Flask-SQLAlchemy: `Model.query` and `db.session` need an application and its context; a program may have its own."""
    from flask import Flask

    app = next((v for v in vars(sys.modules[function.__module__]).values() if isinstance(v, Flask)), None) or Flask("truth")
    app.config["SQLALCHEMY_DATABASE_URI"] = dsn
    database.init_app(app)
    with app.app_context():
        counter.listen(database.engine)
        try:
            with counter.counting():
                return function(*arguments(function, database.session, size))
        finally:
            database.session.remove()
            database.engine.dispose()


def run_main(function, modules, dsn, size, counter):
    if inspect.iscoroutinefunction(function):
        return asyncio.run(run_async(function, dsn, modules, size, counter))
    database = flask_database(modules)
    if database is not None:
        return run_flask(function, dsn, size, database, counter)
    return run_sync(function, dsn, modules, size, counter)


def give_stable_reprs(mappers):
    """What a program prints of an entity must not hold an address. A `__repr__` that the program wrote stays."""
    for mapper in mappers:
        if mapper.class_.__repr__ is object.__repr__:
            mapper.class_.__repr__ = repr_by_key


def fill(engine, schema, metadata, mappers, seed, size):
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    with engine.begin() as connection:
        metadata.create_all(connection)
        if seed is None:
            Seeder(metadata, mappers, size).fill(connection)
    if seed is not None:
        with Session(engine) as session:
            scope = {}
            exec(compile(seed, "seed.py", "exec"), scope)
            scope["seed"](session, size)
            session.commit()


def entry_point(modules):
    mains = [m.main for m in modules.values() if getattr(getattr(m, "main", None), "__module__", None) == m.__name__]
    if len(mains) != 1:
        raise RuntimeError(f"a program needs exactly one `main`, found {len(mains)}")
    return mains[0]


def run_once(function, modules, dsn, size, places):
    counter = Counter(places)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            returned = run_main(function, modules, dsn, size, counter)
    except Exception as error:  # what a program raises is a result: some lazy loads must raise
        causes = [error]
        while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
            causes.append(cause)
        message = "; ".join(f"{type(one).__name__}: {str(one)[:300]}" for one in causes)
        return {"size": size, "error": type(error).__name__, "message": message, "frames": places.of_error(error)}
    groups = counter.summary()
    result = json.dumps([plain(returned), printed.getvalue()], default=str)
    return {"size": size, "statements": sum(group["count"] for group in groups), "groups": groups, "result": result}


def forget_modules(before, folder):
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(folder):
            del sys.modules[name]
    sa.orm.clear_mappers()


def run_size(job, folder, dsn, schema, admin, size):
    """Imports the program anew: what it keeps in its modules must not reach the next run."""
    before = set(sys.modules)
    try:
        modules = import_modules(pathlib.Path(folder), job["files"])
        configure_mappers()
        metadata, mappers = models_of(modules)
        give_stable_reprs(mappers)
        fill(admin, schema, metadata, mappers, job.get("seed"), size)
        run = run_once(entry_point(modules), modules, dsn, size, Places(folder))
        metadata.clear()  # SQLModel keeps one for the whole process
        return run
    finally:
        forget_modules(before, folder)


def run_program(job, dsn, schema, admin):
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        folder = os.path.realpath(name)
        sys.path.insert(0, folder)
        os.chdir(folder)
        try:
            return [run_size(job, folder, dsn, schema, admin, size) for size in job["sizes"]]
        finally:
            os.chdir(here)
            sys.path.remove(folder)


def main():
    dsn, schema = sys.argv[1:]
    dsn = sa.make_url(dsn).update_query_dict({"options": f"-csearch_path={schema}"})
    admin = sa.create_engine(dsn)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = {"id": job["id"], "runs": run_program(job, dsn, schema, admin)}
        except Exception:  # a program that cannot be executed at all fails its own test, not the others
            answer = {"id": job["id"], "runs": [], "error": traceback.format_exc(limit=-3)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
