"""The current time, replaceable for reports that are run for a past day."""

from collections.abc import Callable
from datetime import datetime, timezone

_source: Callable[[], datetime] = lambda: datetime.now(timezone.utc)  # noqa: E731


def now() -> datetime:
    return _source()


def freeze(moment: datetime) -> None:
    """Make ``now()`` answer ``moment`` until the process ends."""
    global _source
    _source = lambda: moment  # noqa: E731
