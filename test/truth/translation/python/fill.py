"""Fills the tables of any models with varied rows: NULLs, repeated and rare values, nested JSON, empty and full arrays."""

import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy import types as t

START = datetime.datetime(2024, 1, 1, 8, 30, tzinfo=datetime.timezone.utc)
WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "haze", "iris", "jade", "kelp", "loam", "moss")
MARKS = ("", "_x", "%", " co", "'s")
UNIQUE_ROWS = 24


def unwrapped(kind):
    return kind.impl_instance if isinstance(kind, t.TypeDecorator) else kind


def document(j):
    return {
        "color": WORDS[j % 5],
        "size": j % 9,
        "tags": [WORDS[j % 4], WORDS[(j + 2) % 7]][: j % 3],
        "address": {"city": WORDS[j % 6], "zip": str(10000 + j % 8)},
        **({"discount": j / 4} if j % 3 == 0 else {}),
        "active": j % 2 == 0,
    }


def text_for(column, j, distinct):
    name = column.name
    if name == "email":
        return f"{WORDS[j % len(WORDS)]}{j}@{'example' if j % 3 else 'Test'}.org"
    if distinct:
        return f"{name}-{j}"
    if name in ("status", "kind", "role", "state", "level"):
        return ("new", "open", "done", "void")[j % 4]
    if name in ("country", "currency", "lang"):
        return ("DE", "FR", "US", "JP")[j % 4]
    return f"{WORDS[(j * 5) % len(WORDS)].title() if j % 2 else WORDS[j % len(WORDS)]}{MARKS[j % len(MARKS)]}"


def value_for(column, kind, j, distinct):
    if isinstance(kind, t.Interval):
        return datetime.timedelta(hours=j)
    kind = unwrapped(kind)
    if isinstance(kind, t.SmallInteger):
        return j % 3 + 1
    if isinstance(kind, t.Enum):
        members = list(kind.enum_class) if kind.enum_class else kind.enums
        return members[(j * 7 // 3) % len(members)]
    if isinstance(kind, t.ARRAY):
        return [value_for(column, kind.item_type, j + i, False) for i in range(j % 4)]
    if isinstance(kind, t.JSON):
        return document(j)
    try:
        python_type = kind.python_type
    except NotImplementedError:
        return None
    if python_type is bool:
        return j % 3 != 0
    if python_type is int:
        return j + 1 if distinct else (j * 7) % 23
    if python_type is str:
        value = text_for(column, j, distinct)
        return value[: kind.length] if getattr(kind, "length", None) else value
    if python_type is float:
        return (j * 13 % 50) / 4
    if python_type is decimal.Decimal:
        return decimal.Decimal(j * 37 % 400) / 4
    if python_type is datetime.datetime:
        moment = START + datetime.timedelta(days=j * 17 % 700, minutes=j)
        return moment if getattr(kind, "timezone", False) else moment.replace(tzinfo=None)
    if python_type is datetime.date:
        return START.date() + datetime.timedelta(days=j * 17 % 700)
    if python_type is datetime.time:
        return datetime.time(j % 24, j % 60)
    if python_type is uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{column.table.name}/{j}")
    if python_type is bytes:
        return b"%d" % j
    if isinstance(python_type, type) and issubclass(python_type, enum.Enum):
        return list(python_type)[j % len(python_type)]
    return None


class Filler:
    def __init__(self, metadata, mappers):
        self.metadata = metadata
        self.rows = {}
        self.identities = {}
        for mapper in mappers:
            if mapper.polymorphic_on is not None:
                members = [m for m in mapper.base_mapper.self_and_descendants if m.polymorphic_identity is not None]
                self.identities[mapper.base_mapper.local_table] = (mapper.base_mapper.polymorphic_on, members)

    def fill(self, connection):
        for table in self.metadata.sorted_tables:
            self.rows[table] = rows = self._rows(table)
            # One by one: the rows of a single-table hierarchy have different columns.
            for row in rows:
                connection.execute(sa.insert(table).values(row))
        for table in self.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                sequence = sa.func.pg_get_serial_sequence(table.fullname, column.name)
                connection.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.max(column)).scalar_subquery())))

    def _rows(self, table):
        inherited = self._inherited(table)
        if inherited is not None:
            return [self._row(table, j, base) for j, base in enumerate(inherited)]
        rows, seen = [], set()
        single = any(column.unique for column in table.columns if column.foreign_keys)
        for j in range(UNIQUE_ROWS * (2 if table.foreign_keys and not single else 1)):
            row = self._row(table, j, None)
            key = tuple(row[column.key] for column in table.primary_key.columns if column.key in row)
            if key and key in seen:
                continue
            seen.add(key)
            rows.append(row)
        return rows

    def _inherited(self, table):
        """Rows of a joined-inheritance table are those of the base whose discriminator names it."""
        for base, (column, members) in self.identities.items():
            for member in members:
                if table is not base and table in member.tables and base in self.rows:
                    names = {m.polymorphic_identity for m in member.self_and_descendants}
                    return [row for row in self.rows[base] if row[column.key] in names]
        return None

    def _row(self, table, j, base):
        row = {}
        distinct_names = self._distinct(table)
        for index, column in enumerate(table.columns):
            if column.computed is not None or column.identity is not None:
                continue
            if column.foreign_keys:
                row[column.key] = self._reference(column, j, index, base)
            elif column.nullable and (j + index) % 5 == 4 and not isinstance(unwrapped(column.type), t.JSON):
                row[column.key] = None
            else:
                row[column.key] = value_for(column, column.type, j, column.primary_key or column.name in distinct_names)
        if table in self.identities:
            column, members = self.identities[table]
            row[column.key] = members[j % len(members)].polymorphic_identity
        return row

    @staticmethod
    def _distinct(table):
        """Columns of which no value may come twice."""
        names = {column.name for column in table.columns if column.unique}
        for constraint in [*table.constraints, *table.indexes]:
            if isinstance(constraint, sa.UniqueConstraint) or getattr(constraint, "unique", False):
                names |= {column.name for column in constraint.columns}
        return names

    def _reference(self, column, j, index, base):
        target = next(iter(column.foreign_keys)).column
        if base is not None and column.primary_key:
            return base[target.key]
        rows = self.rows.get(target.table)
        if column.unique:
            return rows[j][target.key]
        if column.nullable and (j + index) % 6 == 5:
            return None
        if rows is None:  # a tree with three children per node
            return None if j == 0 else (j - 1) // 3 + 1
        return rows[(j * (index + 1) + j // len(rows)) % len(rows)][target.key]
