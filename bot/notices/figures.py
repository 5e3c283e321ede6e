"""Amounts and dates as each language writes them, as Babel's tables have it: a test holds every form to them.

English keeps what is read alike on both sides of the Atlantic: $1,234.50 and 2026-12-02. Babel itself is not loaded:
it costs the desk 90 ms and its memory for five languages and three currencies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.money import format_cents
from bot.notices.catalogues import known_language

_SPACE, _THIN = "\u00a0", "\u202f"  # neither breaks a line


@dataclass(frozen=True, slots=True)
class _Form:
    """How a language writes amounts (decimal comma everywhere) and dates. signs: where they differ from the common."""

    group: str
    amount: str
    day: str
    months: tuple[str, ...] = ()
    signs: Mapping[str, str] = field(default_factory=dict)


_BEHIND, _BEFORE = "{minus}{figure}" + _SPACE + "{sign}", "{minus}{sign}" + _SPACE + "{figure}"
_COMMON = {"USD": "$", "EUR": "€", "GBP": "£"}
_FORMS: Mapping[str, _Form] = {
    "de": _Form(".", _BEHIND, "{on:%d.%m.%Y}"),
    "es": _Form(
        ".", _BEHIND, "{on.day} {month} {on.year}",
        ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
        {"USD": "US$", "GBP": "GBP"},
    ),
    "fr": _Form(
        _THIN, _BEHIND, "{on.day} {month} {on.year}",
        ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
        {"USD": "$US", "GBP": "£GB"},
    ),
    "pt": _Form(
        ".", _BEFORE, "{on.day} de {month} de {on.year}",
        ("jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."),
        {"USD": "US$"},
    ),
}  # fmt: skip


def money_in(language: str, cents: int, currency: str) -> str:
    """An amount: 123450 → "$1,234.50", "1.234,50 $"."""
    form = _FORMS.get(known_language(language))
    if form is None:
        return format_cents(cents, currency)
    whole, rest = divmod(abs(cents), 100)
    figure = f"{whole:,}".replace(",", form.group) + f",{rest:02d}"
    sign = form.signs.get(currency) or _COMMON.get(currency, currency)
    return form.amount.format(minus="-" if cents < 0 else "", figure=figure, sign=sign)


def day_in(language: str, on: date) -> str:
    """A date: 2026-12-02, 02.12.2026, 2 déc. 2026."""
    form = _FORMS.get(known_language(language))
    if form is None:
        return on.isoformat()
    return form.day.format(on=on, month=form.months[on.month - 1] if form.months else "")


def number_in(language: str, figure: str) -> str:
    """A plain figure with a decimal point, as hours are: "3.25" → "3,25"."""
    return figure if known_language(language) not in _FORMS else figure.replace(".", ",")
