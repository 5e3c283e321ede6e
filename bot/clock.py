"""The only reader of the time.

Everything below the doors receives `now` as an argument; only doors and adapters own a clock. All instants are
aware and in UTC; a naive datetime is refused wherever one enters.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; `HandClock` is moved by hand, in rehearsals and tests."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, for time-outs; unrelated to `now`."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def move_to(self, instant: datetime) -> None:
        """Set the time; it may also go backwards, as a real clock sometimes does."""
        self._now = as_utc(instant)

    def advance(self, by: timedelta) -> None:
        self._now += by


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive one: its zone would be a guess."""
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC)
