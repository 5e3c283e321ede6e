"""Last paragraphs that a company's server writes: who it is, what it takes no blame for, what a disclaimer says.

They are judged as a whole, however they begin; a question or a request in one is a person's.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.email import disclaimers, outside
from bot.channels.email.rows import Row, in_one

GLUED_LETTERS_MIN = 120
SLOGAN_LETTERS_MAX = 250
NOTICE_LETTERS_MIN, NOTICE_SIGNS_MIN = 150, 4


def notices(rows: list[Row], first: int) -> tuple[int, int] | None:
    """Last paragraphs that say who a company is or speak as a whole like a disclaimer, however they begin."""
    start = len(rows)
    if start > first and len(rows[-1].bare) >= GLUED_LETTERS_MIN and outside.is_warning(in_one(rows[-1:])):
        return start - 1, start
    while True:
        begin = start
        while begin > 0 and rows[begin - 1].is_blank:
            begin -= 1
        end = begin
        while begin > 0 and not rows[begin - 1].is_blank:
            begin -= 1
        above = next((row.bare for row in reversed(rows[:begin]) if not row.is_blank), "")
        if begin < max(first, 1) or above.endswith((":", "：")) or not _is_notice(rows[begin:end]):
            return (start, len(rows)) if start < len(rows) else None
        start = begin


def _is_notice(paragraph: Sequence[Row]) -> bool:
    joined = in_one(paragraph)
    if "?" in joined:
        return False
    if outside.is_warning(joined):
        return True
    if len(joined) <= SLOGAN_LETTERS_MAX and any(map(joined.__contains__, disclaimers.PRINTING)):
        is_asked = any(map(joined.__contains__, outside.REQUESTS))
        return any(map(joined.__contains__, disclaimers.NATURE)) and not is_asked
    if sum(map(joined.__contains__, disclaimers.REGISTRATION)) >= 2:
        is_told = any(map(joined.__contains__, disclaimers.TELLING))
        return not is_told and any(letter.isdigit() for letter in joined)
    if any(map(joined.__contains__, disclaimers.NO_LIABILITY)):
        is_asked = any(map(joined.__contains__, disclaimers.ASKING))
        return any(map(joined.__contains__, disclaimers.ITS_MAIL)) and not is_asked
    if "http" in joined and any(map(joined.__contains__, disclaimers.PRIVACY)):
        return any(map(joined.__contains__, disclaimers.DATA)) and not any(
            map(joined.__contains__, disclaimers.TELLING)
        )
    if len(joined) < NOTICE_LETTERS_MIN or not any(map(joined.__contains__, disclaimers.RECIPIENTS)):
        return False
    return sum(map(joined.__contains__, disclaimers.DISCLAIMER_WORDS)) >= NOTICE_SIGNS_MIN
