"""Reads opening hours as people write them: which minutes of each weekday are open, in wall time.

It knows no zone and no date (see hours), and it refuses what it cannot read rather than guess.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.errors import UserError
from bot.sentences import joined, sentence

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# "Mon – Fri 9:00 - 17:00" is meant as "Mon-Fri 9:00-17:00".
_DASH = re.compile(r"[ ]?[-–—][ ]?")

NOON = 12 * 60

Ranges = tuple[tuple[int, int], ...]


class BadHours(UserError):
    """Hours that cannot be read: what is wrong with them, and what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(joined("", [problem, ". ", remedy, "."]))


@lru_cache(maxsize=1024)
def parse_weekly(hours: str) -> tuple[Ranges, ...]:
    """Seven days, Monday first, each with its sorted, disjoint minute-of-day ranges [start, end).

    "Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00", "Mon-Sun 22:00-06:00" (over midnight), "24/7", "" (never).
    Raises BadHours naming the word that cannot be read.
    """
    week: list[list[tuple[int, int]]] = [[] for _ in DAY_NAMES]
    text = _DASH.sub("-", hours.strip().lower())
    if text == "24/7":
        text = "mon-sun 00:00-24:00"
    for group in text.split(";"):
        days: list[int] = []
        had_range = True
        for word in group.replace(",", " ").split():
            if word[0].isalpha() and word != "closed":
                days = _parse_days(word, hours) + ([] if had_range else days)
                had_range = False
            elif not days:
                raise BadHours(sentence("wrong hours day", word=repr(word), hours=repr(hours)), sentence("write hours"))
            else:
                had_range = True
                if word != "closed":
                    _add_range(week, days, _parse_range(word, hours))
        if not had_range:
            raise BadHours(sentence("wrong hours times", hours=repr(hours)), sentence("write hours"))
    return tuple(_joined(ranges) for ranges in week)


def _parse_days(word: str, hours: str) -> list[int]:
    ends = [_day_index(name, hours) for name in word.split("-")]
    if len(ends) == 1:
        return ends
    if len(ends) != 2:
        raise BadHours(sentence("wrong hours days", word=repr(word), hours=repr(hours)), sentence("write hours days"))
    first, last = ends
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _day_index(name: str, hours: str) -> int:
    for index, day in enumerate(DAY_NAMES):
        if len(name) >= 3 and day.startswith(name.rstrip(".")):
            return index
    raise BadHours(sentence("wrong hours name", word=repr(name), hours=repr(hours)), sentence("write hours name"))


def _parse_range(word: str, hours: str) -> tuple[int, int]:
    parts = word.split("-")
    minutes = [_minute_of_day(part) for part in parts]
    if len(minutes) == 2 and minutes[0] is not None and minutes[1] is not None:
        start, end = minutes[0], minutes[1]
        # "9-5" may mean the afternoon; "22-6" can only be a night.
        is_unclear = ":" not in word and 0 < end < start <= NOON
        if start != 1440 and start != end and not is_unclear:
            return start, end
    raise BadHours(sentence("wrong hours range", word=repr(word), hours=repr(hours)), sentence("write hours range"))


def _minute_of_day(text: str) -> int | None:
    hour, _, minute = text.partition(":")
    if not (hour.isascii() and hour.isdigit() and len(hour) <= 2):
        return None
    if not (minute.isascii() and minute.isdigit() and len(minute) == 2) and ":" in text:
        return None
    value = int(hour) * 60 + int(minute or 0)
    return value if value <= 1440 and int(minute or 0) < 60 else None


def _add_range(week: list[list[tuple[int, int]]], days: list[int], times: tuple[int, int]) -> None:
    start, end = times
    for day in days:
        if start < end:
            week[day].append((start, end))
            continue
        week[day].append((start, 1440))
        if end:
            week[(day + 1) % 7].append((0, end))


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)
