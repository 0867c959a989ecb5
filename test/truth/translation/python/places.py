"""Which line of the corpus a statement comes from, and what made SQLAlchemy send it."""

import contextvars
import os

from sqlalchemy.orm import Query, strategies
from sqlalchemy.sql import dml, elements, selectable

from frames import frames_of_stack

INNER = (".<locals>.<listcomp>", ".<locals>.<setcomp>", ".<locals>.<dictcomp>", ".<locals>.<genexpr>", ".<locals>.<lambda>")


def function_of(code):
    """The function that the code is written in; a comprehension is none of its own."""
    name = code.co_qualname
    while name.endswith(INNER):
        name = name.rpartition(".<locals>.")[0]
    return name


class Places:
    """Frames of the corpus as (path, first line, last line, function) of the expression that runs."""

    def __init__(self, folder):
        self.prefix = os.path.realpath(folder) + os.sep

    def of_frame(self, frame):
        name = frame.f_code.co_filename
        if not name.startswith(self.prefix):
            return None
        positions = list(frame.f_code.co_positions())
        index = frame.f_lasti // 2
        first, last, _, _ = positions[index] if 0 <= index < len(positions) else (None, None, None, None)
        return (name[len(self.prefix):], first or frame.f_lineno, last or frame.f_lineno, function_of(frame.f_code))

    def of_stack(self):
        return [place for place in map(self.of_frame, frames_of_stack()) if place is not None]

    def nearest(self):
        return next((place for place in map(self.of_frame, frames_of_stack()) if place is not None), None)


# Functions of SQLAlchemy that send a statement on their own account, by file; the innermost one on the stack says why it was sent.
CAUSES = {
    ("strategies.py", "_load_for_state"): "lazy-load",
    ("strategies.py", "_load_for_path"): "eager-load",
    ("strategies.py", "_load"): "eager-load",
    ("loading.py", "do_load"): "eager-load",
    ("loading.py", "load_scalar_attributes"): "refresh",
    ("loading.py", "_load_scalar_attributes"): "refresh",
    ("session.py", "refresh"): "refresh",
    ("session.py", "_get_impl"): "get",
    ("query.py", "_get_impl"): "get",
    ("session.py", "_flush"): "flush",
    ("session.py", "_bulk_save_mappings"): "flush",
    # session.execute(insert(Entity), [...]) goes through the same functions as a flush does.
    ("bulk_persistence.py", "orm_execute_statement"): "own",
}


def cause_of_stack():
    """`own` where the corpus itself sent the statement."""
    found = None
    for frame in frames_of_stack():
        folder, _, file = frame.f_code.co_filename.rpartition(os.sep)
        if folder.endswith(f"sqlalchemy{os.sep}orm"):
            cause = CAUSES.get((file, frame.f_code.co_name))
            # lazy="immediate" and the like load as a lazy load does, but by themselves.
            if cause == "lazy-load":
                found = cause
            elif cause is not None:
                return "eager-load" if found and cause == "eager-load" else found or cause
    return found or "own"


# The relationship or column whose loader is at work. (Reading the locals of running frames crashes Python 3.11.)
loading = contextvars.ContextVar("loading", default=None)


def _watch(loader, method):
    work = getattr(loader, method, None)
    if work is None:
        return

    def watched(self, *args, **kwargs):
        token = loading.set(f"{self.parent.class_.__name__}.{self.key}")
        try:
            return work(self, *args, **kwargs)
        finally:
            loading.reset(token)

    setattr(loader, method, watched)


def _strategy(name):
    return getattr(strategies, name, None) or getattr(strategies, f"_{name}")  # 2.1 renamed them


def _watch_subqueries(collections):
    """A subquery load is set up while its relationship's loader runs and sent later."""
    start, work = collections.__init__, collections._load

    def __init__(self, *args, **kwargs):
        start(self, *args, **kwargs)
        remembered[id(self)] = loading.get()

    def _load(self):
        token = loading.set(remembered.pop(id(self), None))
        try:
            return work(self)
        finally:
            loading.reset(token)

    remembered = {}
    collections.__init__, collections._load = __init__, _load


def _remember(cls, places):
    """Statements know the line they were made at; copies that their methods make keep it."""
    start = cls.__init__

    def __init__(self, *args, **kwargs):
        start(self, *args, **kwargs)
        self.__dict__["_made_at"] = places.nearest()

    cls.__init__ = __init__


def install(places):
    for name, methods in {
        "LazyLoader": ("_load_for_state",),
        "DeferredColumnLoader": ("_load_for_state",),
        "SelectInLoader": ("_load_for_path",),
        "SubqueryLoader": ("create_row_processor",),
    }.items():
        loader = _strategy(name)
        for method in methods:
            _watch(loader, method)
    _watch_subqueries(_strategy("SubqueryLoader")._SubqCollections)
    for cls in (selectable.Select, selectable.CompoundSelect, selectable.TextualSelect, selectable.Exists, elements.TextClause):
        _remember(cls, places)
    for cls in (dml.Insert, dml.Update, dml.Delete, Query):
        _remember(cls, places)
    to_statement = Query._statement_20

    def _statement_20(self, *args, **kwargs):
        statement = to_statement(self, *args, **kwargs)
        if statement.__dict__.get("_made_at") is None:
            statement.__dict__["_made_at"] = self.__dict__.get("_made_at")
        return statement

    Query._statement_20 = _statement_20
