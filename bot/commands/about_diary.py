"""Commands about appointments: `book 42 tomorrow 14:00 90m onsite`, `cancel 42`, `diary`.

A time of day is read in the client's zone, as in `log`; the answer and the notices name it in everybody's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.commands import times
from bot.commands.about_work import read_kind
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.commands.times import WallTime
from bot.sentences import sentence

MINUTES_MIN, MINUTES_MAX = 5, 12 * 60
# What stands after it is a length of time, and never a word of what the appointment is for.
LASTING = "lasting"
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Book(Command):
    """A consultant books a slot on a ticket; a contact asks for one.

    ticket_id: None where a contact names none: the appointment opens a ticket.
    starts: None where a consultant agrees to the time that was asked for. minutes, kind: None and "" if not said.
    """

    ticket_id: int | None = None
    starts: WallTime | None = None
    minutes: int | None = None
    kind: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cancel(Command):
    """The ticket's appointment falls through; the ticket goes on."""

    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Diary(Command):
    """The giver's own appointments to come."""


def _book(line: Line) -> Command:
    ticket_id = line.ticket_if_any() or None
    starts, minutes = _when(line)
    if starts is None:
        if line.peek() is not None or not ticket_id:
            raise line.bad(sentence("answer when such", usage="tomorrow 14:00"))
        if line.is_strict and not line.has_number:
            raise line.bad("Write the ticket's number.")
        return Book(ticket_id)
    is_said = line.take_if(LASTING)
    length = line.length()
    if is_said and length is None:
        word = line.peek()
        raise line.bad(sentence("bad slot length", word=str(word) if word is not None else "…", usage="90m"))
    kind = read_kind(line)
    minutes = line.length() if length is None and minutes is None else (length or minutes)
    if minutes is not None and not MINUTES_MIN <= minutes <= MINUTES_MAX:
        raise line.bad(sentence("bad slot"))
    return Book(ticket_id, starts, minutes, kind, line.free_text(500, needs_mark=True))


def _when(line: Line) -> tuple[WallTime | None, int | None]:
    """[on] [DAY] [at] 14:00, or 14:00-15:30 with its minutes; (None, None) where neither day nor time is said."""
    line.take_if("on", "for")
    day = _taken(line, times.read_day)
    line.take_if("at", "from")
    span = _taken(line, times.read_span)
    minute = span[0] if span is not None else _taken(line, times.read_clock)
    if minute is None and day is not None:
        raise line.bad(sentence("answer what time", usage="14:00"))
    if minute is None:
        return None, None
    if day is not None and (day.offset_days or 0) < 0:
        raise line.bad(sentence("answer past"))
    if line.is_strict and day is None:
        raise line.bad("Write the day too.")
    minutes = (span[1] - span[0]) % times.DAY_MINUTES if span is not None else None
    return replace(day or WallTime(0), minute=minute), minutes


def _taken(line: Line, read: Callable[[str], _Found | None]) -> _Found | None:
    """The next word as something, if it is that; it is gone then."""
    values = line.next_values(1)
    try:
        found = read(values[0]) if values else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    line.skip(found is not None)
    return found


def _cancel(line: Line) -> Command:
    ticket_id = line.ticket()
    if line.is_strict and not line.has_number:
        raise line.bad("Write the ticket's number.")
    return Cancel(ticket_id, line.free_text(needs_mark=True))


ENTRIES = (
    Entry(
        "book", Book, _book, "book [NUMBER] [DAY] TIME [LENGTH] [KIND] [-- WHAT FOR]",
        "Make an appointment, or move it; as a client, ask for one. `book NUMBER` agrees to the time asked for.",
        "book 42 tomorrow 14:00 90m onsite", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "cancel", Cancel, _cancel, "cancel NUMBER [-- REASON]", "Call the appointment of a ticket off.",
        "cancel 42 -- the parts have not come", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "diary", Diary, lambda line: Diary(), "diary", "See your appointments to come.", "diary", (Who.CONSULTANT,),
        ("appointments", "my appointments"),
    ),
)  # fmt: skip
