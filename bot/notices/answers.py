"""What a contact's commands are answered, and the books' line in notices, in the contact's language. Pure.

Use cases answer with sentences (`bot.sentences`). Text that is no such value stays as it is: words of persons, tables,
lines that were never translated.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from bot.notices.catalogues import ENGLISH, known_language, translated
from bot.notices.figures import day_in, money_in, number_in
from bot.sentences import SENTENCES, Amount, Figure, Joined, Phrase, Sentence


def in_language(language: str, text: str) -> str:
    """A sentence in the language, with all that it is made of; text that is none as it is."""
    code = known_language(language)
    return text if code in ("", ENGLISH) else _said(code, text)


def _filled(code: str, value: object) -> object:
    if isinstance(value, Decimal):
        return number_in(code, str(value))
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in(code, value)
    return _said(code, value) if isinstance(value, str) else value


def _said(code: str, text: str) -> str:
    if isinstance(text, Joined):
        return text.sign.join(_said(code, part) for part in text.parts)
    if isinstance(text, Sentence):
        values = {name: _filled(code, value) for name, value in text.values.items()}
        return translated(code, SENTENCES[text.key]).format_map(values)
    if isinstance(text, Amount):
        return money_in(code, text.cents, text.currency)
    if isinstance(text, Figure):
        return number_in(code, text)
    return translated(code, text) if isinstance(text, Phrase) else text
