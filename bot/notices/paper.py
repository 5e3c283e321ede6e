"""Documents in a client's language: their words, and the lines that the books kept, from what each is made of.

A line is evidence: its English text is kept as it was issued, and beside it the phrases that it is made of, each with
its values. It is shown in another language by filling that language's phrases; a person's words stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.notices.answers import in_language
from bot.notices.figures import day_in
from bot.notices.texts import text_of
from bot.notices.texts_of_paper import PAPER
from bot.sentences import sentence

# In place of a phrase's name: what a person wrote, which is never translated.
WRITTEN = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a line: the name of its words ("ticket" for "paper line ticket"), and what they are filled with.

    Values are fit for JSON. Named `work` they are a kind of work, named `first` or `last` an ISO date, named `rows` the
    quarters by billed row; all others are shown as they are.
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


def phrase(name: str, **values: object) -> Phrase:
    """phrase("ticket", id=42, subject="Printer")."""
    return Phrase(name, values)


def written(text: str) -> Phrase:
    """What a person wrote, such as a reason."""
    return Phrase(WRITTEN, {"text": text})


def said_in(language: str, phrases: Iterable[Phrase]) -> str:
    """Phrases in the language, with semicolons between them."""
    return "; ".join(_filled(language, one) for one in phrases)


def kept(phrases: Sequence[Phrase]) -> list[list[object]]:
    """Phrases as a document keeps them, fit for JSON; `read` makes them again."""
    return [[one.name, dict(one.values)] for one in phrases]


def read(phrases: Sequence[Sequence[Any]]) -> list[Phrase]:
    """Phrases from what a document keeps of them."""
    return [Phrase(name, values) for name, values in phrases]


def line_in(language: str, line: Mapping[str, Any], part: str = "text") -> str:
    """A kept line's text, or its detail, in the language. line: as a document's content has it."""
    said = said_in(language, read(line["made_of"][part]))
    return said[:1].upper() + said[1:] if part == "text" else said


def words(language: str, key: str, **values: object) -> str:
    """The words of a document: words("de", "net") is "Netto"."""
    return text_of(language, f"paper {key}").format_map(values)


def work_in(language: str, kind: str) -> str:
    """A kind of work by its name in the language: "on site" for onsite."""
    return text_of(language, f"work {kind}") if f"work {kind}" in PAPER else kind


def _filled(language: str, one: Phrase) -> str:
    if one.name == WRITTEN:
        return str(one.values["text"])
    values = {name: _value(language, name, value) for name, value in one.values.items()}
    return words(language, f"line {one.name}", **values)


def _value(language: str, name: str, value: Any) -> object:
    if name == "work":
        return work_in(language, value)
    if name in ("first", "last"):
        return day_in(language, date.fromisoformat(value))
    return _quarters(language, value) if name == "rows" else value


def _quarters(language: str, rows: Mapping[str, int]) -> str:
    """ "4 quarters at P2 + 1 quarter at P4"."""
    said = (
        sentence("cost quarter" if count == 1 else "cost quarters", count=count, row=row) for row, count in rows.items()
    )
    return " + ".join(in_language(language, one) for one in said)
