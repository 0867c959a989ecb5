"""Fills the tables of any model with rows, so that a fixture needs no data of its own.

`size` rows go into each table without foreign keys and three times as many into each table with one: two children for every parent, so that
every to-one relationship meets at least `size` different targets, and the rest for the first parent, whose collections so grow with `size`.
A one-to-one relationship gets one row per parent.
"""

import datetime
import decimal
import enum
import uuid

from sqlalchemy import insert, text
from sqlalchemy import types as t
from sqlalchemy.orm.interfaces import ONETOMANY

EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def value_for(column, j):
    """A value of the column's type that differs from row to row where the type has that many."""
    kind = column.type
    if isinstance(kind, t.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, t.Enum):
        members = list(kind.enum_class) if kind.enum_class else kind.enums
        return members[j % len(members)]
    if isinstance(kind, t.ARRAY):
        return []
    if isinstance(kind, t.JSON):
        return {"row": j}
    try:
        python_type = kind.python_type
    except NotImplementedError:
        return None
    if python_type is bool:
        return True
    if python_type is int:
        return j + 1
    if python_type is str:
        value = f"{column.name}-{j}"
        return value[: kind.length] if getattr(kind, "length", None) else value
    if python_type in (float, decimal.Decimal):
        return python_type(j)
    if python_type is datetime.datetime:
        moment = EPOCH + datetime.timedelta(minutes=j)
        return moment if getattr(kind, "timezone", False) else moment.replace(tzinfo=None)
    if python_type is datetime.date:
        return EPOCH.date() + datetime.timedelta(days=j % 365)
    if python_type is datetime.timedelta:
        return datetime.timedelta(seconds=j)
    if python_type is uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{column.table.name}/{j}")
    if python_type is bytes:
        return b"%d" % j
    if isinstance(python_type, type) and issubclass(python_type, enum.Enum):
        return list(python_type)[j % len(python_type)]
    return None


def is_link(table):
    """A secondary table: nothing but foreign keys."""
    return all(column.foreign_keys for column in table.columns)


class Seeder:
    def __init__(self, metadata, mappers, size):
        self.metadata = metadata
        self.size = size
        self.rows = {}
        self.identities = {}
        self.single = {
            next(iter(relationship.remote_side)).table
            for mapper in mappers
            for relationship in mapper.relationships
            if relationship.direction is ONETOMANY and not relationship.uselist
        }
        for mapper in mappers:
            if mapper.polymorphic_on is not None:
                members = [m for m in mapper.base_mapper.self_and_descendants if m.polymorphic_identity is not None]
                self.identities[mapper.base_mapper.local_table] = (mapper.base_mapper.polymorphic_on.name, members)

    def fill(self, connection):
        for table in self.metadata.sorted_tables:
            rows = self._link_rows(table) if is_link(table) else self._rows(table)
            self.rows[table] = rows
            if rows:
                connection.execute(insert(table), rows)
        self._advance_sequences(connection)

    def _target(self, column):
        key = next(iter(column.foreign_keys))
        return self.rows.get(key.column.table), key.column.name

    def _subclass_rows(self, table):
        """Rows of a joined-inheritance table: those of the base whose discriminator names it, and their keys."""
        for base, (name, members) in self.identities.items():
            for member in members:
                if table is not base and table in member.tables and base in self.rows:
                    descendants = {m.polymorphic_identity for m in member.self_and_descendants}
                    return [row for row in self.rows[base] if row[name] in descendants]
        return None

    def _rows(self, table):
        inherited = self._subclass_rows(table)
        if inherited is not None:
            count = len(inherited)
        else:
            count = 3 * self.size if table.foreign_keys and table not in self.single else self.size
        return [self._row(table, j, inherited[j] if inherited is not None else None) for j in range(count)]

    def _row(self, table, j, base):
        row = {}
        for column in table.columns:
            if column.computed is not None:
                continue
            if column.foreign_keys:
                targets, name = self._target(column)
                if base is not None and column.primary_key:
                    row[column.key] = base[name]
                elif targets is None:  # refers to its own table: a tree with two children per node
                    row[column.key] = None if j == 0 or column.primary_key else (j - 1) // 2 + 1
                else:
                    row[column.key] = targets[self._parent(j, len(targets))][name] if targets else None
            else:
                row[column.key] = value_for(column, j)
        if table in self.identities:
            name, members = self.identities[table]
            row[name] = members[j % len(members)].polymorphic_identity
        return row

    def _parent(self, j, count):
        """The first `size` parents, then the last `size` ones: grandchildren so reach the many children of the first parent too."""
        if j < self.size:
            return j % count
        return (count + j - 2 * self.size) % count if j < 2 * self.size else 0

    def _link_rows(self, table):
        columns = list(table.columns)
        targets = [self._target(column) for column in columns]
        if any(not rows for rows, _ in targets):
            return []
        rows, seen = [], set()
        for j in range(2 * self.size):
            values = tuple(
                rows_of[(j + i * (j // len(rows_of) + 1)) % len(rows_of)][name] for i, (rows_of, name) in enumerate(targets)
            )
            if values not in seen:
                seen.add(values)
                rows.append(dict(zip((column.key for column in columns), values)))
        return rows

    def _advance_sequences(self, connection):
        for table in self.metadata.sorted_tables:
            for column in table.primary_key.columns:
                if column is table.autoincrement_column:
                    name = table.fullname
                    connection.execute(
                        text("SELECT setval(pg_get_serial_sequence(:t, :c), (SELECT max(id) FROM (SELECT %s AS id FROM %s) s))" % (column.name, name)),
                        {"t": name, "c": column.name},
                    )
