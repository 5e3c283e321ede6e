"""Rows that bear a quote mark and quote nothing, and rows that bear none and belong to a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email.rows import Row

# A quoted line this long, followed by an unquoted one this short, was wrapped by a program.
TORN_LETTERS_MIN, TORN_LETTERS_MAX = 66, 30
# "> 5 users", "> 10 %"; "> 1. First" is a quoted list.
COMPARED = re.compile(r"> {0,2}\d[\d.,]{0,9} ?(?:%|[^\W\d_])")
COMPARED_ROWS_MAX = 5


def compare(rows: Sequence[Row]) -> bool:
    """Whether all marks of a text are signs of comparison: few, each before a number of something, and the first right
    below the person's own words or their colon.
    """
    marked = [at for at, row in enumerate(rows) if row.depth]
    if not 1 <= len(marked) <= COMPARED_ROWS_MAX or not all(COMPARED.match(rows[at].text) for at in marked):
        return False
    first = marked[0]
    above = next((row for row in reversed(rows[:first]) if not row.is_blank), None)
    return above is not None and (above is rows[first - 1] or above.bare.endswith((":", "：")))


def is_escaped(rows: Sequence[Row], at: int) -> bool:
    """A row that begins with "From " and stood in a mailbox, which put a mark before it that is no quote."""
    neighbours = (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2])
    return rows[at].text.startswith(">From ") and not any(row.depth for row in neighbours)


def is_torn_off(rows: Sequence[Row], at: int) -> bool:
    """The end of a long quoted line that a mail program wrapped, and so left without its mark."""
    if not 0 < at < len(rows) - 1:
        return False
    above, row, below = rows[at - 1], rows[at], rows[at + 1]
    if not (above.depth and below.depth == above.depth and not row.is_blank):
        return False
    is_broken = len(above.text) >= TORN_LETTERS_MIN and above.bare[-1:] not in ".?!:;"
    return is_broken and len(row.text) <= TORN_LETTERS_MAX and not below.is_blank
