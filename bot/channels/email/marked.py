"""The signature that a mail's HTML marks as one, cut from the end of the plain text beside it.

Mail programs name the element that holds the signature; in the plain text nothing tells it from the words above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import structure
from bot.channels.email.pieces import Piece

# Every name of such an element ends so: "gmail_signature", "messageSignatureSection".
HINT = "ignature"
LOOK_LETTERS_MAX = 2000
ROWS_MAX = 40
TAGS = re.compile(r"<[^<>]{0,1000}>|&nbsp;")


def without_signature(text: str, pieces: Sequence[Piece]) -> str:
    """The text without the rows at its end that the HTML marks as signature; as it is if nothing else is in it."""
    if not any(_may_hold(piece.html, text) for piece in pieces if HINT in piece.html):
        return text
    signed = {
        _plain(line.text)
        for piece in pieces
        for line in piece.lines()
        if line.mark == structure.SIGNATURE and not line.depth
    }
    rows = text.split("\n")
    end, floor = len(rows), max(len(rows) - ROWS_MAX, 0)
    while end > floor and _plain(rows[end - 1]) in signed | {""}:
        end -= 1
    return "\n".join(rows[:end]).rstrip() or text


def _may_hold(html: str, text: str) -> bool:
    """Whether the first words behind the first such name stand in the text: a quick look before the HTML is read."""
    start = html.find(">", html.find(HINT)) + 1
    first = next(filter(None, map(str.strip, TAGS.sub("\n", html[start : start + LOOK_LETTERS_MAX]).split("\n"))), "")
    return bool(first) and ("&" in first or first.strip("-– ") in text)


def _plain(row: str) -> str:
    return " ".join(row.replace("*", " ").split()).strip("-–— ")
