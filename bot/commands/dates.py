"""Dates and months in a line, read the same in every command."""

from __future__ import annotations

from datetime import date

from bot.commands import times
from bot.commands.line import Line
from bot.sentences import sentence


def day(line: Line) -> date:
    """The date that stands next. Raises BadCommand where none does."""
    word = line.take()
    try:
        on = times.read_date(word.value) if word is not None else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    if on is None:
        raise line.bad(sentence("bad on which date"))
    return on


def month_if_any(line: Line, *, is_taken: bool = True) -> date | None:
    """The first day of the month that stands next; None, and nothing taken, where none does."""
    values = line.next_values(1)
    try:
        month = times.read_month(values[0]) if values else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    line.skip(is_taken and month is not None)
    return month
