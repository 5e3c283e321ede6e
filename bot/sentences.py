"""A sentence of the desk as a value: which one it is, and what it is filled with.

It is a str, the English sentence, for whoever only reads it: an error, a log, a test. `notices.answers` says the same
value in another language. Each sentence stands once, in one of the `texts_of_…` beside this module. A key that is not
there, a value that is missing and one too many are faults of the program, and are no sentence at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Self

from bot.texts_of_answers import ANSWERS
from bot.texts_of_grammar import GRAMMAR
from bot.texts_of_ledger import LEDGER
from bot.texts_of_orders import ORDERS
from bot.texts_of_pages import PAGES

SENTENCES: Mapping[str, str] = {**ANSWERS, **GRAMMAR, **PAGES, **ORDERS, **LEDGER}


_NAME = re.compile(r"\{(\w+)\}")


class Words(str):
    """Text that stays itself where it is only read: `str` of an error whose sentence it is gives it back."""

    def __str__(self) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} of a sentence cannot be changed")


class Sentence(Words):
    """One sentence. key: in ANSWERS; values: by the names that it fills in, and each may be a sentence itself."""

    key: str
    values: Mapping[str, object]


class Joined(Words):
    """Sentences, and words of others, one after the other: each of them stays what it is."""

    sign: str
    parts: tuple[str, ...]


class Phrase(Words):
    """Words of the desk that stand elsewhere, such as a line of `help`; the catalogues have them as they are."""


class Amount(Words):
    """An amount of money, as English writes it; each language writes it its own way. See `money.format_cents`."""

    cents: int
    currency: str


class Figure(Words):
    """A plain figure with a decimal point, such as hours; other languages write a comma."""


@lru_cache(maxsize=1024)
def _names(key: str) -> frozenset[str]:
    """The names that a sentence fills in, read when it is first said: most are never said in a run."""
    return frozenset(_NAME.findall(SENTENCES[key]))


def packed(text: str) -> object:
    """A text as JSON has it, from which `unpacked` makes the same value again: for what is kept and said later."""
    if isinstance(text, Amount):
        return {"amount": str.__str__(text), "cents": text.cents, "currency": text.currency}
    if isinstance(text, Figure):
        return {"figure": str.__str__(text)}
    if isinstance(text, Joined):
        return {"sign": text.sign, "parts": [packed(part) for part in text.parts]}
    if isinstance(text, Sentence):
        return {"key": text.key, "values": {name: _kept(value) for name, value in text.values.items()}}
    return str.__str__(text)


def _kept(value: object) -> object:
    return packed(value) if isinstance(value, str) else value if isinstance(value, int | float) else str(value)


def unpacked(kept: object) -> str:
    """The value that was packed. Raises KeyError for a sentence that is said otherwise today."""
    if isinstance(kept, dict) and "key" in kept:
        values = {name: unpacked(value) for name, value in kept["values"].items()}
        return sentence(kept["key"], **values)
    if isinstance(kept, dict) and "amount" in kept:
        return amount(kept["amount"], cents=kept["cents"], currency=kept["currency"])
    if isinstance(kept, dict) and "figure" in kept:
        return Figure(kept["figure"])
    if isinstance(kept, dict):
        return joined(kept["sign"], [unpacked(part) for part in kept["parts"]])
    return str(kept)


def written(text: str) -> str:
    """A text for a column: a sentence as JSON, from which `read_again` makes it; words of others as they are."""
    is_made = isinstance(text, Sentence | Joined)
    return json.dumps(packed(text), ensure_ascii=False) if is_made else text


def read_again(column: str) -> str:
    """What `written` wrote; any other text as it is."""
    try:
        return unpacked(json.loads(column)) if column.startswith("{") else column
    except (ValueError, KeyError, TypeError):
        return column


def sentence(key: str, /, **values: object) -> Sentence:
    """The sentence of that key, filled. Raises KeyError unless the values are those that it has names for."""
    if values.keys() != _names(key):
        raise KeyError(f"{key}: filled with {sorted(values)}, and it says {sorted(_names(key))}")
    made = Sentence(SENTENCES[key].format_map(values))
    made.__dict__.update(key=key, values=values)
    return made


def amount(text: str, *, cents: int, currency: str) -> Amount:
    """The amount that reads so in English."""
    made = Amount(text)
    made.__dict__.update(cents=cents, currency=currency)
    return made


def joined(sign: str, parts: Iterable[str]) -> Joined:
    """The parts, the sign between them."""
    kept = tuple(parts)
    made = Joined(sign.join(kept))
    made.__dict__.update(sign=sign, parts=kept)
    return made
