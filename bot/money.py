"""Money in whole cents: reading it, writing it, and taking a share of it. Never a float, never a Decimal in a sum."""

from __future__ import annotations

import re

from bot.errors import UserError
from bot.sentences import Amount, amount, sentence

BASIS_POINTS = 10_000
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
# "1234.50", "$1,234.50", "-$60", "60 USD"; thousands in threes or not at all.
_AMOUNT = re.compile(
    r"(?P<minus>-?)\s?(?:[$€£]|USD|EUR|GBP)?\s?(?P<minus2>-?)"
    r"(?P<whole>\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(?P<cents>\d{1,2}))?\s?(?:[$€£]|USD|EUR|GBP)?",
    re.ASCII | re.IGNORECASE,
)


def parse_cents(text: str) -> int:
    """Read an amount as people type it: "60", "$1,234.50", "-0.5". Raises UserError for anything else."""
    found = _AMOUNT.fullmatch(text.strip()[:40])
    if found is None or (found["minus"] and found["minus2"]):
        raise UserError(sentence("bad amount", word=repr(text[:40])))
    cents = int(found["whole"].replace(",", "")) * 100 + int((found["cents"] or "").ljust(2, "0"))
    return -cents if found["minus"] or found["minus2"] else cents


def format_cents(cents: int, currency: str = "USD") -> Amount:
    """Write cents for a person: 123450 → "$1,234.50"; a currency without a sign of its own is named: "CHF 9.00".

    In a sentence it is said as the reader's language writes it (`notices.answers`); put into a text, it is English.
    """
    sign = _SIGNS.get(currency, f"{currency} ")
    whole, rest = divmod(abs(cents), 100)
    return amount(f"{'-' if cents < 0 else ''}{sign}{whole:,}.{rest:02d}", cents=cents, currency=currency)


def amount_of(text: str, currency: str) -> str:
    """An amount that `format_cents` once wrote into a text that was kept; any other text as it is."""
    try:
        cents = parse_cents(text.replace(f"{currency} ", ""))
    except UserError:
        return text
    found = format_cents(cents, currency)
    return found if found == text else text


def share(cents: int, basis_points: int) -> int:
    """That part of an amount, rounded half away from zero, so that a refund's share undoes the payment's."""
    return divide(cents * basis_points, BASIS_POINTS)


def divide(amount: int, by: int) -> int:
    """A quotient rounded half away from zero; `by` > 0."""
    if by <= 0:
        raise ValueError(f"cannot divide by {by}")
    quotient = (2 * abs(amount) + by) // (2 * by)
    return -quotient if amount < 0 else quotient
