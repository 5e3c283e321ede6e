"""Documents in a client's language: their words, and the lines that the books kept in English, known by their form.

A line's text and detail are evidence: they are kept as they were issued, in English, and only shown in another
language. What has no form of ours, such as a reason that a person gave, stays as it is.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from bot.notices.answers import in_language
from bot.notices.catalogues import ENGLISH, known_language
from bot.notices.figures import day_in
from bot.notices.texts import text_of
from bot.notices.texts_of_paper import PAPER
from bot.sentences import sentence

_VALUES = {
    "id": r"\d{1,12}",
    "charge": r"\d{1,12}",
    "count": r"\d{1,9}",
    "hours": r"\d{1,3}",
    "first": r"\d{4}-\d{2}-\d{2}",
    "last": r"\d{4}-\d{2}-\d{2}",
    "number": r"[A-Z]{3}-\d{4}-\d{1,6}",
    "work": "[a-z-]{1,30}",
    "rows": r"[^;]{1,200}",
    "plan": "[A-Za-z0-9-]{1,30}",
    "subject": ".{0,400}",
}
# How the books write what a day came to: "4 quarters at P2 + 1 quarter at P4".
_ROW = re.compile("(?P<count>[0-9]{1,9}) quarters? at (?P<row>P[1-4])")


def words(language: str, key: str, **values: object) -> str:
    """The words of a document: words("de", "net") is "Netto"."""
    return text_of(language, f"paper {key}").format_map(values)


def line_in(language: str, text: str) -> str:
    """A kept line, or a part of one, in the language; a detail's parts stand between semicolons."""
    if known_language(language) in ("", ENGLISH):
        return text
    whole = _said(language, text)
    return whole if whole is not None else "; ".join(_said(language, part) or part for part in text.split("; "))


def work_in(language: str, kind: str) -> str:
    """A kind of work by its name in the language: "on site" for onsite."""
    return text_of(language, f"work {kind}") if f"work {kind}" in PAPER else kind


def _said(language: str, text: str) -> str | None:
    for key, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            values = {name: _value(language, name, value) for name, value in found.groupdict().items()}
            return text_of(language, key).format_map(values)
    return work_in(language, text) if f"work {text}" in PAPER else None


def _value(language: str, name: str, value: str) -> str:
    if name == "work":
        return work_in(language, value)
    if name in ("first", "last"):
        return day_in(language, date.fromisoformat(value))
    return _ROW.sub(lambda found: _quarters(language, found), value) if name == "rows" else value


def _quarters(language: str, found: re.Match[str]) -> str:
    count, row = int(found["count"]), found["row"]
    return in_language(language, sentence("cost quarter" if count == 1 else "cost quarters", count=count, row=row))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences of lines, each as the form of what it reads like when it is filled."""
    lines = [(key, sentence) for key, sentence in PAPER.items() if key.startswith("paper line ")]
    return tuple((key, re.compile(_form(sentence), re.DOTALL)) for key, sentence in lines)


def _form(sentence: str) -> str:
    pieces = re.split(r"\{(\w+)\}", sentence)
    return "".join(
        re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>{_VALUES[piece]})" for at, piece in enumerate(pieces)
    )
