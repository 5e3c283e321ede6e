"""The stretches of text that a mail's body is made of, each in plain text, in HTML or in both."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.email import markup

BLANK = re.compile("[\\s\u00a0\u200b\u200c\u200d\ufeff\u00ad\u034f]*")
SAME_LETTERS = 600


@dataclass(slots=True)
class Piece:
    """One stretch of the body, in one or both forms."""

    plain: str = ""
    html: str = ""
    _lines: list[markup.Line] | None = None

    def is_html_only(self) -> bool:
        return bool(self.html) and is_blank(self.plain)

    def lines(self) -> list[markup.Line]:
        """The lines of the HTML, read once."""
        if self._lines is None:
            self._lines = markup.lines(self.html) if self.html else []
        return self._lines

    def html_letters(self) -> int:
        """How many letters the HTML shows."""
        return sum(len(line.text) for line in self.lines())

    def text(self) -> str:
        """The stretch as plain text; HTML is turned to text only where there is no other."""
        return markup.join(self.lines()) if self.is_html_only() else self.plain


def is_blank(text: str) -> bool:
    """Whether a text shows nothing at all."""
    match = BLANK.match(text[:100_000])
    return match is not None and match.end() == len(text)


def without_repeats(pieces: list[Piece]) -> list[Piece]:
    """Some programs send text and HTML one after the other that should be alternatives: one piece, not two."""
    kept: list[Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if last is not None and piece.is_html_only() and last.plain and not last.html and _is_same(last, piece):
            kept[-1] = Piece(last.plain, piece.html)
        else:
            kept.append(piece)
    return kept


def _is_same(plain: Piece, html: Piece) -> bool:
    """Whether the letters are the same, as far as a look at the first of them tells."""
    first, second = ("".join(filter(str.isalnum, piece.text()[:SAME_LETTERS])) for piece in (plain, html))
    size = min(len(first), len(second), SAME_LETTERS // 3)
    return size >= 3 and first[:size] == second[:size]
