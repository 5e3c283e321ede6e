"""Values between Python and the database: rows with names, instants with zones, text that can be stored.

Column names carry types (see tables): a result column named `…_at` or `…_by` is an aware instant, `…_on` a date,
`is_…` and `was_…` a bool, also where it was computed and the database remembers no declared type.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from bot.clock import as_utc


# A transaction writes its own instant again and again.
@lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """ISO text of fixed width in UTC, so that text sorts as time does. Raises ValueError for a naive instant."""
    if instant.tzinfo is not UTC:
        instant = as_utc(instant)
    return instant.isoformat(timespec="microseconds")


def refuse_naive(params: Mapping[str, object]) -> None:
    """Raises ValueError if a parameter is an instant without zone: PostgreSQL would take it and guess."""
    for name, value in params.items():
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"{name}: {value.isoformat()} has no time zone")


def storable(params: Mapping[str, object]) -> dict[str, object]:
    """The same parameters, with what no database stores as text (NUL, half characters) replaced by U+FFFD."""
    return {name: _storable(value) if isinstance(value, str) else value for name, value in params.items()}


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@cache
def row_maker(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """The function that makes a row out of SQLite's values.

    Raises ValueError when two columns have one name, or a computed column has none.
    """
    # mypy wants a literal list of names.
    row_type = namedtuple("Row", names)  # type: ignore[misc]
    mends = tuple((place, mend) for place, name in enumerate(names) if (mend := mend_of(name)))
    if not mends:
        return row_type._make

    def make(values: Sequence[Any]) -> Any:
        mended = list(values)
        for place, mend in mends:
            mended[place] = mend(mended[place])
        return row_type._make(mended)

    return make


def mend_of(name: str) -> Callable[[Any], Any] | None:
    """What makes a column's value what its name says it is; None where it is that already."""
    if name == "at" or name.endswith(("_at", "_by")):
        return _instant
    if name.endswith("_on"):
        return _day
    if name.startswith(("is_", "was_")):
        return _flag
    return None


def _instant(value: Any) -> Any:
    return datetime.fromisoformat(value) if value.__class__ is str else value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if value.__class__ is str else value


def _flag(value: Any) -> Any:
    return bool(value) if value.__class__ is int else value
