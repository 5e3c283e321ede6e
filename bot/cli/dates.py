"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from bot import readers
from bot.errors import UserError


def day(written: str, option: str) -> date | None:
    """The date, None for "". Raises UserError naming the option."""
    if not written:
        return None
    try:
        read: date = readers.day(written, True)
    except readers.Wrong as wrong:
        raise UserError(f"{option}: {wrong}") from wrong
    return read
