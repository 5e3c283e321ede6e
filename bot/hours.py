"""Business time: when a client's desk is open, and how long things take in open time.

A calendar says, in the wall time of one zone, which minutes of each weekday are open; a holiday is closed from local
midnight to local midnight. An instant is open exactly when the wall clock of the zone reads an open minute. Hence an
hour that the spring change skips is in no range, and one that the autumn change repeats is open twice or not at all.
All instants are aware and in UTC, and all arithmetic is done in UTC, where every minute is sixty seconds long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache

from bot.clock import as_utc
from bot.errors import UserError
from bot.weekly import Ranges, parse_weekly
from bot.zones import first_reading, midnight, offsets_of_day, zone_named

__all__ = [
    "Calendar",
    "Piece",
    "add_business_minutes",
    "closed_period",
    "closing_after",
    "is_open",
    "local_day",
    "midnight",
    "next_opening",
    "next_working_day",
    "parse_calendar",
    "split",
]

LOOK_AHEAD_DAYS = 400
# The start of a closed period that no opening precedes: always the same, so that the period can serve as a key.
EVER = datetime(1970, 1, 1, tzinfo=UTC)

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """Opening hours of one client or consultant.

    zone:     IANA name, valid (parse_calendar checks it).
    weekly:   seven days, Monday first; each a sorted tuple of minute-of-day ranges [start, end), end at most 1440.
    holidays: local dates that are closed all day.
    version:  raised when the calendar changes; kept as evidence with each charge.
    """

    zone: str
    weekly: tuple[Ranges, ...]
    holidays: frozenset[date] = frozenset()
    version: int = 1

    @cached_property
    def never_opens(self) -> bool:
        return not any(self.weekly)

    @cached_property
    def never_closes(self) -> bool:
        return not self.holidays and all(ranges == ((0, 1440),) for ranges in self.weekly)

    def ranges_on(self, on: date) -> Ranges:
        """The open ranges of a local date, in minutes of the day; () when it is closed."""
        return () if on in self.holidays else self.weekly[on.weekday()]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time that is open or closed throughout: [start, end), in UTC."""

    start: datetime
    end: datetime
    is_open: bool

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // _MINUTE


def parse_calendar(hours: str, zone: str, holidays: Iterable[date | str] = (), version: int = 1) -> Calendar:
    """Read opening hours as people write them.

    hours:    "Mon-Fri 09:00-17:00", "Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00", "24/7", "" for never open;
              a range such as 22:00-06:00 runs over midnight into the next day.
    zone:     IANA name. holidays: dates, or ISO texts.
    Raises UserError naming the fault.
    """
    zone_named(zone)
    return Calendar(zone, parse_weekly(hours), frozenset(_parse_holiday(day) for day in holidays), version)


def local_day(calendar: Calendar, at: datetime) -> date:
    """The date in the calendar's zone at that instant."""
    return _wall(calendar, at).date()


def left_of_day(calendar: Calendar, at: datetime) -> timedelta:
    """How much of the local day is left by the wall clock."""
    wall = _wall(calendar, at)
    return _DAY - timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the wall clock reads an open minute of a day that is no holiday."""
    wall = _wall(calendar, at)
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in calendar.ranges_on(wall.date()))


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The instant itself if it is open, else the next that is; None if there is none within 400 days."""
    at = as_utc(at)
    for start, _ in _open_from(calendar, at, at + timedelta(days=LOOK_AHEAD_DAYS)):
        return start
    return None


def closing_after(calendar: Calendar, at: datetime) -> datetime | None:
    """The end of the open period that contains or follows the instant; None if it never opens or never closes."""
    at = as_utc(at)
    if calendar.never_closes:
        return None
    horizon = at + timedelta(days=LOOK_AHEAD_DAYS)
    for _, end in _open_from(calendar, at, horizon):
        return end if end < horizon else None
    return None


def closed_period(calendar: Calendar, at: datetime) -> tuple[datetime, datetime | None]:
    """The closed period around an instant: from the last closing (EVER if none) to the next opening (None if none).

    Raises ValueError if the instant is open.
    """
    at = as_utc(at)
    if is_open(calendar, at):
        raise ValueError(f"{at.isoformat()} is in open time")
    return _last_closing(calendar, at), next_opening(calendar, at)


def add_business_minutes(calendar: Calendar, at: datetime, minutes: int) -> datetime | None:
    """The instant by which that many open minutes have passed since `at`; None if they never do within 400 days.

    Minutes that end exactly at closing end there, not at the next opening; zero minutes end at `at`.
    """
    at = as_utc(at)
    if minutes < 0:
        raise ValueError(f"{minutes} minutes: business time runs forward only")
    left = timedelta(minutes=minutes)
    if not left:
        return at
    for start, end in _open_from(calendar, at, at + timedelta(days=LOOK_AHEAD_DAYS) + left):
        if left <= end - start:
            return start + left
        left -= end - start
    return None


def next_working_day(calendar: Calendar, at: datetime) -> datetime | None:
    """The same clock time on the next local day that has opening hours; None if there is none within 400 days.

    A clock time that the day skips becomes the first instant after the gap; one that it repeats, the first of both.
    """
    wall = _wall(calendar, at).replace(tzinfo=None, fold=0)
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        moved = wall + ahead * _DAY
        if calendar.ranges_on(moved.date()):
            return first_reading(calendar.zone, moved)
    return None


def split(calendar: Calendar, start: datetime, end: datetime) -> list[Piece]:
    """Cut [start, end) where open time begins and ends: contiguous pieces that cover it exactly, none empty."""
    start, end = as_utc(start), as_utc(end)
    if end < start:
        raise ValueError(f"the end {end.isoformat()} lies before the start {start.isoformat()}")
    pieces: list[Piece] = []
    reached = start
    for first, last in _open_from(calendar, start, end):
        if reached < first:
            pieces.append(Piece(reached, first, False))
        pieces.append(Piece(first, last, True))
        reached = last
    if reached < end:
        pieces.append(Piece(reached, end, False))
    return pieces


# ---------------------------------------------------------------- walking through time


def _open_from(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """The open intervals within [start, end), in order, touching ones joined, cut at both ends."""
    if calendar.never_opens or end <= start:
        return
    if calendar.never_closes:
        yield start, end
        return
    pending: Interval | None = None
    for first, last in _open_pieces(calendar, start, end):
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if pending is not None and pending[1] == first:
            pending = pending[0], last
            continue
        if pending is not None:
            yield pending
        pending = first, last
    if pending is not None:
        yield pending


def _open_pieces(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """Open intervals over the UTC days that touch [start, end), each within one UTC day and one offset."""
    day = start.date()
    while day <= end.date():
        yield from _open_on(calendar, day)
        day += _DAY


@lru_cache(maxsize=4096)
def _open_on(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """Open intervals within one UTC day."""
    return tuple(
        interval
        for first, last, offset in offsets_of_day(calendar.zone, day)
        for interval in _open_under_offset(calendar, first, last, offset)
    )


def _open_under_offset(calendar: Calendar, first: datetime, last: datetime, offset: timedelta) -> Iterator[Interval]:
    wall_first, wall_last = first + offset, last + offset
    on = wall_first.date()
    while on <= wall_last.date():
        begin = datetime.combine(on, time(), UTC)
        for opens, closes in calendar.ranges_on(on):
            low = max(begin + opens * _MINUTE, wall_first)
            high = min(begin + closes * _MINUTE, wall_last)
            if low < high:
                yield low - offset, high - offset
        on += _DAY


def _last_closing(calendar: Calendar, at: datetime) -> datetime:
    if calendar.never_opens:
        return EVER
    week = timedelta(days=7)
    until = at
    while until > at - timedelta(days=LOOK_AHEAD_DAYS):
        opened = list(_open_from(calendar, until - week, until))
        if opened:
            return opened[-1][1]
        until -= week
    return EVER


def _wall(calendar: Calendar, at: datetime) -> datetime:
    return as_utc(at).astimezone(zone_named(calendar.zone))


def _parse_holiday(day: date | str) -> date:
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (ValueError, TypeError) as error:
        raise UserError(f"The holiday {day!r} is no date. Write it like 2026-11-26.") from error
