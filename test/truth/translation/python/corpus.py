"""Imports the applications of the corpus and finds the functions to call, with their arguments.

Called is every function of a module whose first parameter is `session` or that has `# call:` comments above it. Each such comment is one call;
it holds keyword arguments, written in Python with the names of the module. `# on: 2.1` keeps a function to that version. A function whose name begins with an underscore is a helper.
"""

import ast
import datetime
import decimal
import importlib
import inspect
import pathlib
import uuid

import sqlalchemy as sa

VOCABULARY = {
    "datetime": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
    "timedelta": datetime.timedelta,
    "utc": datetime.timezone.utc,
    "Decimal": decimal.Decimal,
    "UUID": uuid.UUID,
}


class Entry:
    """A function to call, with its argument sets."""

    def __init__(self, path, module, node, calls):
        self.path = path
        self.name = node.name
        self.line, self.end = node.lineno, node.end_lineno
        self.function = getattr(module, node.name)
        scope = {**VOCABULARY, **vars(module)}
        self.calls = [eval(f"dict({text})", dict(scope)) for text in calls] or [{}]


def entries_of(path, text, module):
    lines = text.split("\n")
    for node in ast.parse(text).body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.name.startswith("_"):
            continue
        calls, versions = [], []
        above = (node.decorator_list[0].lineno if node.decorator_list else node.lineno) - 2
        while above >= 0 and lines[above].startswith("#"):
            if lines[above].startswith("# call:"):
                calls.insert(0, lines[above].removeprefix("# call:"))
            if lines[above].startswith("# on:"):
                versions.append(lines[above].removeprefix("# on:").strip())
            above -= 1
        if versions and not sa.__version__.startswith(tuple(versions)):
            continue
        parameters = node.args.posonlyargs + node.args.args
        if calls or (parameters and parameters[0].arg == "session"):
            yield Entry(path, module, node, calls)


class Application:
    """One folder of the corpus: models and modules with queries."""

    def __init__(self, folder, name):
        self.name = name
        self.entries = []
        modules = []
        for file in sorted((folder / name).rglob("*.py")):
            path = file.relative_to(folder)
            module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
            modules.append(module)
            self.entries += entries_of(path.as_posix(), file.read_text(encoding="utf-8"), module)
        sa.orm.configure_mappers()
        self.metadata, self.mappers = _models_of(modules)
        self.flask = next((v for m in modules for v in vars(m).values() if type(v).__module__.startswith("flask_sqlalchemy")), None)


def _models_of(modules):
    metadatas, mappers = [], []
    for module in modules:
        for value in list(vars(module).values()):
            metadata = value if isinstance(value, sa.MetaData) else getattr(value, "metadata", None) if inspect.isclass(value) else None
            if isinstance(metadata, sa.MetaData) and metadata.tables and metadata not in metadatas:
                metadatas.append(metadata)
            mapper = sa.inspect(value, raiseerr=False) if inspect.isclass(value) else None
            if mapper is not None and mapper not in mappers:
                mappers.append(mapper)
    if len(metadatas) != 1:
        raise RuntimeError(f"an application needs exactly one metadata with tables, found {len(metadatas)}")
    return metadatas[0], mappers


def applications(folder, prefix):
    """Those of which at least one file's path begins with the prefix."""
    folder = pathlib.Path(folder)
    for name in sorted({file.relative_to(folder).parts[0] for file in folder.rglob("*.py") if file.relative_to(folder).as_posix().startswith(prefix)}):
        yield Application(folder, name)
