"""What a zone's wall clock reads at an instant, and the instant at which it first reads something.

Every clock change is decided here: a reading that the change skips becomes the first instant after the gap, one that
it repeats the first of both. Instants are aware and in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.sentences import sentence

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def zone_named(zone: str) -> ZoneInfo:
    """The zone of an IANA name. Raises UserError where there is none of that name."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise UserError(sentence("bad zone", word=repr(zone))) from error


def midnight(zone: str, on: date) -> datetime:
    """The instant at which a local day begins; where its midnight does not exist, the first instant of that day."""
    return first_reading(zone, datetime.combine(on, time()))


def first_reading(zone: str, wall: datetime) -> datetime:
    """The first instant at which the wall clock reads `wall` or, where it skips that reading, the next it shows."""
    info = zone_named(zone)
    instant = wall.replace(tzinfo=info, fold=0).astimezone(UTC)
    if instant.astimezone(info).replace(tzinfo=None, fold=0) == wall:
        return instant
    # In a gap, fold=1 counts with the later offset, which gives an instant before the change.
    return _change_between(zone, wall.replace(tzinfo=info, fold=1).astimezone(UTC), instant)


def next_reading(zone: str, clock: time, after: datetime) -> datetime:
    """The next instant, later than `after`, at which the zone's clocks show that time of day for the first time."""
    on = after.astimezone(zone_named(zone)).date()
    instant = first_reading(zone, datetime.combine(on, clock))
    # An hour that the clock repeats reads the same twice: the first reading alone counts.
    return instant if instant > after else first_reading(zone, datetime.combine(on + _DAY, clock))


@lru_cache(maxsize=4096)
def offsets_of_day(zone: str, utc_day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The UTC day cut where the zone's offset changes: (from, to, offset), at most one change a day."""
    begin = datetime.combine(utc_day, time(), UTC)
    end = begin + _DAY
    before, after = _offset(zone, begin), _offset(zone, end)
    if before == after:
        return ((begin, end, before),)
    change = _change_between(zone, begin, end)
    cut = ((begin, change, before), (change, end, after))
    return tuple(part for part in cut if part[0] < part[1])


def _change_between(zone: str, before: datetime, after: datetime) -> datetime:
    """The first whole second with another offset than `before`, which has another one than `after`."""
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    was = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if _offset(zone, middle) == was:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, at: datetime) -> timedelta:
    offset = at.astimezone(zone_named(zone)).utcoffset()
    assert offset is not None
    return offset
