"""Quiet hours: from one time of day to another, in a person's own zone, as "22:00-07:00". Pure.

What they mean for a notice is for telling to say; here it is only when they end.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.errors import UserError
from bot.sentences import sentence
from bot.zones import zone_named

_SPAN = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s?[-–]\s?([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_quiet(text: str) -> str:
    """The hours as they are kept, "22:00-07:00"; "" for none. Raises UserError that says how to write them."""
    if text.strip().lower() in ("off", "none", "no", ""):
        return ""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise UserError(sentence("answer quiet how"))
    start, end = (f"{int(found[hour]):02}:{found[hour + 1]}" for hour in (1, 3))
    if start == end:
        raise UserError(sentence("answer quiet never"))
    return f"{start}-{end}"


def quiet_until(hours: str, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours that hold at `now` end, UTC; None where none hold. hours: as `read_quiet` gives them."""
    if not hours:
        return None
    local = now.astimezone(zone_named(zone))
    start, end = hours.split("-")
    clock = f"{local:%H:%M}"
    is_over_midnight = start > end
    if is_over_midnight and not (clock >= start or clock < end):
        return None
    if not is_over_midnight and not start <= clock < end:
        return None
    day = local.date() + timedelta(days=1) if is_over_midnight and clock >= start else local.date()
    ends = datetime(day.year, day.month, day.day, int(end[:2]), int(end[3:]), tzinfo=zone_named(zone))
    return ends.astimezone(UTC)
