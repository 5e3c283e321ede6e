"""The words that moments and priorities are made of; part of `texts`."""

from __future__ import annotations

from collections.abc import Mapping

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

WORDS: Mapping[str, str] = {
    "moment": "{weekday} {day} {month}, {clock}",
    "reason of": "{what}: {words}",
    "reason in": "{what} in {words}",
    "moment day": "{weekday} {day} {month}",
    **{f"weekday {number}": name for number, name in enumerate(_WEEKDAYS)},
    **{f"month {number}": name for number, name in enumerate(_MONTHS, 1)},
    "label P1": "urgent",
    "label P2": "high",
    "label P3": "medium",
    "label P4": "low",
    "language set": "From now on the desk writes to you in English.",
}
