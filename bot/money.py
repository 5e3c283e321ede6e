"""Money in whole cents: reading it, writing it, and taking a share of it. Never a float, never a Decimal in a sum."""

from __future__ import annotations

import re

from bot.errors import UserError
from bot.sentences import sentence

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


def format_cents(cents: int, currency: str = "USD") -> str:
    """Write cents for a person: 123450 → "$1,234.50"; a currency without a sign of its own is named: "CHF 9.00"."""
    sign = _SIGNS.get(currency, f"{currency} ")
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{sign}{whole:,}.{rest:02d}"


def share(cents: int, basis_points: int) -> int:
    """That part of an amount, rounded half away from zero, so that a refund's share undoes the payment's."""
    return divide(cents * basis_points, BASIS_POINTS)


def divide(amount: int, by: int) -> int:
    """A quotient rounded half away from zero; `by` > 0."""
    if by <= 0:
        raise ValueError(f"cannot divide by {by}")
    quotient = (2 * abs(amount) + by) // (2 * by)
    return -quotient if amount < 0 else quotient
