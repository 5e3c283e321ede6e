"""How people write lengths and times of work: 50m, 1h30, 17:20-18:10, yesterday 17:20, 2026-11-18.

A length needs its unit: "1:30" might be minutes and seconds, or half past one, so it is refused and never guessed.
A time of day is kept as it was read, on whose wall it hangs is decided by the room that knows the person's zone:
`latest` and `earliest` then name the instant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from bot.errors import UserError
from bot.sentences import sentence
from bot.zones import first_reading, zone_named

DAY_MINUTES = 24 * 60
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = {
    name: index
    for index, full in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for name in (full, full[:3], *(("tues",) if index == 1 else ("thur", "thurs") if index == 3 else ()))
}
_OFFSETS = {"today": 0, "yesterday": -1, "tomorrow": 1}

_HOURS = r"(?P<hours>[0-9]{1,4}(?:[.,][0-9]{1,3})?)[ ]?(?:h|hr|hrs|hour|hours)"
_MINUTES = r"(?P<minutes>[0-9]{1,6}(?:[.,][0-9]{1,3})?)[ ]?(?:m|min|mins|minute|minutes)"
# "1h30" needs no unit for what stands right after the h; "1h 30" does, for 30 might be anything.
_LENGTH = re.compile(rf"{_HOURS}(?P<bare>[0-9]{{1,2}})|(?:{_HOURS.replace('hours>', 'hours2>')})?[ ]?(?:{_MINUTES})?")
_DAYS_LONG = re.compile(r"(?P<days>[0-9]{1,3})[ ]?(?:d|day|days)")
_UNIT = re.compile(r"(?:h|hr|hrs|hour|hours|m|min|mins|minute|minutes|d|day|days|s|sec|secs|seconds?)[.,]?")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?(?P<half>am|pm)?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(r"(?P<start>[0-9]{1,2}:[0-9]{2}(?:am|pm)?)[-–—](?P<end>[0-9]{1,2}:[0-9]{2}(?:am|pm)?)")


class BadTime(ValueError):
    """A length or time that cannot be read; its text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class WallTime:
    """A time of day on somebody's wall: `minute` of the day, and which day if it was said.

    At most one of `on` (a date), `offset_days` (-1 yesterday, 0 today, 1 tomorrow) and `weekday` (0 Monday) is set.
    """

    minute: int
    on: date | None = None
    offset_days: int | None = None
    weekday: int | None = None

    def __str__(self) -> str:
        clock = f"{self.minute // 60:02}:{self.minute % 60:02}"
        if self.on is not None:
            return f"{self.on.isoformat()} {clock}"
        if self.offset_days is not None:
            return f"{next(name for name, days in _OFFSETS.items() if days == self.offset_days)} {clock}"
        return clock if self.weekday is None else f"{_DAYS[self.weekday]} {clock}"


@dataclass(frozen=True, slots=True)
class Span:
    """From a time of day to another, over midnight if the end reads earlier."""

    start: WallTime
    end_minute: int

    @property
    def minutes(self) -> int:
        """Minutes by the wall clock, which a clock change in between makes longer or shorter."""
        return (self.end_minute - self.start.minute) % DAY_MINUTES

    def __str__(self) -> str:
        return f"{self.start}-{self.end_minute // 60:02}:{self.end_minute % 60:02}"


# ---------------------------------------------------------------- from the wall to the instant


def latest(wall: WallTime, zone: str, now: datetime) -> datetime:
    """The instant of work that began then: where no day was said, the last time that it read so. UTC."""
    today = now.astimezone(zone_named(zone)).date()
    if wall.on is not None or wall.offset_days is not None:
        return _reading(zone, wall.on or today + timedelta(days=wall.offset_days or 0), wall.minute)
    back = 1 if wall.weekday is None else 7
    day = today if wall.weekday is None else today - timedelta(days=(today.weekday() - wall.weekday) % 7)
    at = _reading(zone, day, wall.minute)
    return at if at <= now else _reading(zone, day - timedelta(days=back), wall.minute)


def earliest(wall: WallTime, zone: str, after: datetime) -> datetime:
    """The instant of something to come: where no day was said, the next time after that it reads so. UTC."""
    today = after.astimezone(zone_named(zone)).date()
    if wall.on is not None or wall.offset_days is not None:
        return _reading(zone, wall.on or today + timedelta(days=wall.offset_days or 0), wall.minute)
    ahead = 1 if wall.weekday is None else 7
    day = today if wall.weekday is None else today + timedelta(days=(wall.weekday - today.weekday()) % 7)
    at = _reading(zone, day, wall.minute)
    return at if at > after else _reading(zone, day + timedelta(days=ahead), wall.minute)


def bounds(span: Span, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The instants between which the work lay, in UTC. Raises UserError if a clock change leaves nothing of it."""
    start = latest(span.start, zone, now)
    day = start.astimezone(zone_named(zone)).date()
    end = _reading(zone, day + timedelta(days=span.end_minute <= span.start.minute), span.end_minute)
    if end <= start:
        raise UserError(sentence("time changed", word=str(span)))
    return start, end


def _reading(zone: str, day: date, minute: int) -> datetime:
    return first_reading(zone, datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)).astimezone(UTC)


# ---------------------------------------------------------------- reading


def read_length(words: Sequence[str], *, has_days: bool = False) -> tuple[int, int] | None:
    """Minutes, and how many of the words say them; None where the first word begins no length.

    words: the next few words of the line, at most four are looked at.
    Raises BadTime for a number without a unit, for nothing and less, for parts of a minute.
    """
    for taken in range(min(4, len(words)), 0, -1):
        text = " ".join(words[:taken]).lower().rstrip(".,;")
        if len(text) > 40:
            continue
        if has_days and (days := _DAYS_LONG.fullmatch(text)):
            return int(days["days"]) * DAY_MINUTES, taken
        found = _LENGTH.fullmatch(text)
        if found and found[0].strip():
            return _minutes(found, text), taken
    if words:
        _refuse_near_length(words[0].lower().rstrip(".,;"))
    return None


def begins_unit(word: str) -> bool:
    """Whether a bare number before this word is a length and no ticket: min, hours …"""
    return _UNIT.fullmatch(word.lower()) is not None


def _minutes(found: re.Match[str], text: str) -> int:
    hours = found["hours"] or found["hours2"] or "0"
    minutes = found["bare"] or found["minutes"] or "0"
    if found["bare"] and int(minutes) > 59:
        raise BadTime(sentence("time after hour", word=text, count=minutes))
    exact = Fraction(hours.replace(",", ".")) * 60 + Fraction(minutes.replace(",", "."))
    if exact.denominator != 1:
        raise BadTime(sentence("time in part", word=text, count=f"{float(exact):g}", usage=f"{round(exact)}m"))
    if exact <= 0:
        raise BadTime(sentence("time none"))
    return int(exact)


def _refuse_near_length(word: str) -> None:
    """Raise the sentence that explains what is missing, where a word looks like a length and is none."""
    if len(word) > 20:
        return
    if re.fullmatch(r"[0-9]{1,3}:[0-9]{2}(:[0-9]{2})?", word):
        last = word.rpartition(":")[2]
        raise BadTime(sentence("time last", word=word, last=last))
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", word):
        raise BadTime(sentence("time unit", word=word))
    if re.fullmatch(r"[-−][0-9]+([.,:][0-9]+)?\s?[a-z]*", word):
        raise BadTime(sentence("time less", word=word))
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?(s|sec|secs|seconds?)", word):
        raise BadTime(sentence("time seconds", word=word))


def read_clock(word: str) -> int | None:
    """The minute of the day of "17:20", "5:20pm", "9am"; None for anything else. Raises BadTime for 25:00."""
    found = _CLOCK.fullmatch(word.lower().rstrip(".,;"))
    if found is None or (found["minute"] is None and found["half"] is None):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise BadTime(sentence("time clock", word=word))
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise BadTime(sentence("time of day", word=word))
    return hour * 60 + minute


def read_span(word: str) -> tuple[int, int] | None:
    """The two minutes of the day of "17:20-18:10"; None for anything else. Raises BadTime where both are the same."""
    found = _SPAN.fullmatch(word.lower().rstrip(".,;"))
    if found is None:
        return None
    start, end = read_clock(found["start"]), read_clock(found["end"])
    assert start is not None and end is not None
    if start == end:
        raise BadTime(sentence("time same", word=word))
    return start, end


def read_day(word: str, minute: int = 0) -> WallTime | None:
    """The day of "yesterday", "mon" or "2026-11-18", with a minute of it; None for anything else."""
    name = word.lower().rstrip(".,;")
    if name in _OFFSETS:
        return WallTime(minute, offset_days=_OFFSETS[name])
    if name in _DAY_NAMES:
        return WallTime(minute, weekday=_DAY_NAMES[name])
    on = read_date(name)
    return None if on is None else WallTime(minute, on=on)


def read_date(word: str) -> date | None:
    """The date of "2026-11-18"; None for anything that is not written so. Raises BadTime for 2026-02-30."""
    if not _ISO_DAY.fullmatch(word):
        return None
    try:
        on = date.fromisoformat(word)
    except ValueError as error:
        raise BadTime(sentence("time no date", word=word)) from error
    # Near the ends of the calendar a zone would carry it over the edge.
    if not 1990 <= on.year <= 2200:
        raise BadTime(sentence("time far date", word=word))
    return on


def read_period(word: str) -> tuple[date, date] | None:
    """The dates of "2026-11-01..2026-12-01", the second one not included; None for anything else."""
    first, dots, last = word.partition("..")
    if not dots:
        return None
    start, end = read_date(first), read_date(last.lstrip("."))
    if start is None or end is None:
        raise BadTime(sentence("time no period", word=word[:40]))
    if end <= start:
        raise BadTime(sentence("time period back", word=word))
    return start, end


def read_month(word: str) -> date | None:
    """The first day of "2026-11"; None for anything else."""
    return read_date(f"{word}-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", word) else None
