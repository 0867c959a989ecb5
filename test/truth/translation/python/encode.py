"""Values of Python as JSON that TypeScript can compare and send."""

import datetime
import decimal
import enum
import json
import uuid

from psycopg.adapt import PyFormat, Transformer
from psycopg.types.json import Json, Jsonb


def plain(value):
    """A value as JSON: numbers and texts as they are, what JSON does not have as text."""
    if value is None or isinstance(value, (bool, int, float, str)) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (Json, Jsonb)):
        return json.loads(json.dumps(value.obj, default=str))
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return f"{value.total_seconds()} seconds"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if hasattr(value, "_sa_instance_state"):
        return f"<{type(value).__name__}>"
    return str(value)


def wire(value, connection):
    """(the text that PostgreSQL reads as this value, the type that the driver declares); None is NULL, no type is left to the server."""
    if value is None:
        return None, None
    transformer = Transformer(connection)
    written = transformer.dump_sequence([value], [PyFormat.TEXT])[0]
    known = transformer.adapters.types.get(transformer.types[0])
    array = known is not None and known.array_oid == transformer.types[0]
    return bytes(written).decode("utf-8"), None if known is None else known.name + ("[]" if array else "")


def type_name(value):
    return "None" if value is None else type(value).__name__
