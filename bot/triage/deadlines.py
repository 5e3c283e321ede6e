"""By when the desk answers, and how long the lead has the ticket alone.

Pure sums over a calendar.
Source: mission, Rules, "Promises" and "Hold".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.hours import (
    Calendar,
    add_business_minutes,
    closing_after,
    is_open,
    left_of_day,
    local_day,
    next_opening,
    next_working_day,
)
from bot.triage.priority import BY_SEVERITY, Priority
from bot.zones import midnight

P1_HOLD_MINUTES_MAX = 30
AFTER_OPENING_MINUTES = 30
# No clock was ever put forward by more in the middle of a day.
CLOCK_CHANGE_MAX = timedelta(hours=3)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promises:
    """Within how many minutes a first answer is promised; P4 is the same clock time on the next working day."""

    p1_minutes: int = 60
    p2_business_minutes: int = 240
    p3_business_minutes: int = 480

    def business_minutes(self, priority: Priority) -> int:
        """Of P2 and P3; 0 where the promise is not in business time."""
        if priority is Priority.P2:
            return self.p2_business_minutes
        return self.p3_business_minutes if priority is Priority.P3 else 0


DEFAULT_PROMISES = Promises()


def respond_by(priority: Priority, at: datetime, calendar: Calendar, promises: Promises = DEFAULT_PROMISES) -> datetime:
    """The instant by which a message that came at `at` is answered.

    P1: wall time. P2, P3: business time. P4: the same clock time on the next working day. A more severe priority never
    waits longer than a milder one, whatever the calendar. A calendar that never opens counts as always open.
    Source: mission, Rules, Promises.
    """
    promised = _promised(priority, at, calendar, promises)
    for milder in BY_SEVERITY[BY_SEVERITY.index(priority) + 1 :]:
        if at + _soonest(milder, at, calendar, promises) < promised:
            promised = min(promised, _promised(milder, at, calendar, promises))
    return promised


def hold_until(
    client_hold_minutes: int, priority: Priority, at: datetime, calendar: Calendar, *, respond_by: datetime
) -> datetime:
    """When the lead's first right of refusal ends, for a ticket that is offered at `at`.

    Wall time. P1: at most 30 minutes. P2: at most half the time to respond_by. P3, P4: a hold that would end in closed
    time ends 30 minutes after the next opening.
    Source: mission, Rules, Hold.
    """
    end = at + timedelta(minutes=client_hold_minutes)
    if priority is Priority.P1:
        return min(end, at + timedelta(minutes=P1_HOLD_MINUTES_MAX))
    if priority is Priority.P2:
        return min(end, at + max(respond_by - at, timedelta()) / 2)
    return into_open_time(end, calendar)


def into_open_time(at: datetime, calendar: Calendar) -> datetime:
    """The instant itself in open time; in closed time 30 minutes after the next opening."""
    if is_open(calendar, at):
        return at
    opening = next_opening(calendar, at)
    return at if opening is None else opening + timedelta(minutes=AFTER_OPENING_MINUTES)


def _soonest(priority: Priority, at: datetime, calendar: Calendar, promises: Promises) -> timedelta:
    """Sooner than that no promise of this priority ends, which spares most of them the working out.

    Business time passes no faster than the clock, and the next working day is not today.
    """
    if priority is Priority.P4:
        return left_of_day(calendar, at) - CLOCK_CHANGE_MAX
    return timedelta(minutes=promises.business_minutes(priority))


def _promised(priority: Priority, at: datetime, calendar: Calendar, promises: Promises) -> datetime:
    if priority is Priority.P1:
        return at + timedelta(minutes=promises.p1_minutes)
    if priority is Priority.P4:
        return _next_day(at, calendar) or at + _DAY
    minutes = promises.business_minutes(priority)
    return add_business_minutes(calendar, at, minutes) or at + timedelta(minutes=minutes)


def _next_day(at: datetime, calendar: Calendar) -> datetime | None:
    """The same clock time on the next working day; where nobody works at that hour, by that day's closing."""
    same_time = next_working_day(calendar, at)
    if same_time is None or is_open(calendar, same_time):
        return same_time
    opening = next_opening(calendar, midnight(calendar.zone, local_day(calendar, same_time)))
    return None if opening is None else closing_after(calendar, opening)
