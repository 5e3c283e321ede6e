"""Dates on the command line."""

from __future__ import annotations

import re
from datetime import date

from bot import readers
from bot.errors import UserError


def first_day(month: str) -> date:
    """The first day of a month such as 2026-11. Raises UserError."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month):
        raise UserError(f"{month!r} is no month. Write it like 2026-11.")
    return date.fromisoformat(f"{month}-01")


def day(written: str, option: str) -> date | None:
    """The date, None for "". Raises UserError naming the option."""
    if not written:
        return None
    try:
        read: date = readers.day(written, True)
    except readers.Wrong as wrong:
        raise UserError(f"{option}: {wrong}") from wrong
    return read
