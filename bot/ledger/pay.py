"""What a consultant earns with a piece of work: a share of its value, or so many cents an hour by billed priority.

The value is the rate card's at the client's tier: what a unit costs where it was drawn, and per use where included
hours or a flat plan paid for it. What a plan covers has no quarters; it is valued by its real minutes. Work that is
not billable has no value. A waiver cuts nothing unless a manager says so. Source: mission, "Money to people".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.ledger.rates import RateCard, Tier
from bot.ledger.units import QUARTER_SECONDS, Rows
from bot.money import amount_of, divide, format_cents, share
from bot.sentences import joined, sentence
from bot.triage.priority import Priority

HOUR_SECONDS = 3600
# As `earned` notes what a pay was reckoned from.
_SHARE = re.compile(r"([0-9.e+]{1,12}) % of (\S.{0,40})")
_WAGE = re.compile(r"([0-9]{1,9}) min (P[1-4]) at (\S.{0,40})/h")
# Units that cost the client nothing of their own are valued as if they were bought singly.
_PRICED = frozenset({Tier.CREDIT_12H, Tier.CREDIT_40H})


@dataclass(frozen=True, slots=True)
class PayTerms:
    """basis_points: share of the work's value. cents_per_hour: by billed priority; where there are any, they count."""

    basis_points: int = 0
    cents_per_hour: Mapping[Priority, int] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        return bool(self.basis_points or self.cents_per_hour)


@dataclass(frozen=True, slots=True)
class Earned:
    """Cents that work earns, negative where a day gives back; why: in words for the statement."""

    cents: int
    why: str


def pay_terms(basis_points: int, cents_json: str) -> PayTerms:
    """The terms that a consultant's row holds: {"P1": 9000, …} in cents an hour, or a share."""
    table = json.loads(cents_json) if cents_json else {}
    return PayTerms(basis_points, {Priority(row): cents for row, cents in table.items()})


def value_cents(drawn: Sequence[tuple[str, int]], covered_seconds: Rows, card: RateCard) -> int:
    """What work is worth: (tier, units) as drawn, and the seconds by row that a plan covered."""
    units_cents = sum(units * _unit_cents(tier, card) for tier, units in drawn)
    per_use = card.cents_per_use(1)
    covered = sum(seconds * card.units_per_quarter[row] * per_use for row, seconds in covered_seconds.items())
    return units_cents + divide(covered, QUARTER_SECONDS)


def earned(terms: PayTerms, *, value: int, seconds: Rows, currency: str = "USD") -> Earned:
    """The pay for work of that value (cents), and of those seconds by billed row."""
    if terms.cents_per_hour:
        rated = {row: count for row, count in seconds.items() if count and terms.cents_per_hour.get(row)}
        cents = divide(sum(count * terms.cents_per_hour[row] for row, count in rated.items()), HOUR_SECONDS)
        parts = (
            f"{count // 60} min {row} at {format_cents(terms.cents_per_hour[row], currency)}/h"
            for row, count in rated.items()
        )
        return Earned(cents, ", ".join(parts))
    return Earned(
        share(value, terms.basis_points), f"{terms.basis_points / 100:g} % of {format_cents(value, currency)}"
    )


def why_said(why: str, currency: str) -> str:
    """What `earned` noted of a pay, as sentences again; the words of a person, who took it back, as they are."""
    if (share_of := _SHARE.fullmatch(why)) is not None:
        return sentence("pay share", percent=share_of[1], amount=amount_of(share_of[2], currency))
    wages = [_WAGE.fullmatch(part) for part in why.split(", ")]
    if all(wages):
        rates = [(wage[1], wage[2], amount_of(wage[3], currency)) for wage in wages if wage is not None]
        return joined(", ", [sentence("pay wage", count=count, row=row, amount=cents) for count, row, cents in rates])
    return why


@dataclass(frozen=True, slots=True)
class Basis:
    """What a pay is reckoned from: a share of a value, or wages as (billed row, seconds, cents an hour)."""

    terms: PayTerms
    value_cents: int
    seconds: Rows

    @property
    def basis_points(self) -> int:
        return self.terms.basis_points

    @property
    def wages(self) -> tuple[tuple[Priority, int, int], ...]:
        rates = self.terms.cents_per_hour
        return tuple((row, count, rates[row]) for row, count in self.seconds.items() if count and rates.get(row))


def basis_of(evidence: Mapping[str, Any]) -> Basis:
    """What the evidence of an entry says that a pay was reckoned from (see books.paying)."""
    card = RateCard(
        {Priority(row): count for row, count in evidence["units_per_quarter"].items()},
        {Tier(tier): cents for tier, cents in evidence["unit_cents"].items()},
        {},
    )
    terms = PayTerms(
        evidence["basis_points"], {Priority(row): cents for row, cents in evidence["cents_per_hour"].items()}
    )
    seconds = {Priority(row): count for row, count in evidence["seconds"].items()}
    covered = {Priority(row): count for row, count in evidence["covered_seconds"].items()}
    return Basis(terms, value_cents([(tier, units) for tier, units in evidence["drawn"]], covered, card), seconds)


def earned_again(evidence: Mapping[str, Any]) -> int:
    """The pay that the evidence of an entry makes, by the code that made it first."""
    basis = basis_of(evidence)
    return earned(basis.terms, value=basis.value_cents, seconds=basis.seconds).cents


def _unit_cents(tier: str, card: RateCard) -> int:
    return card.unit_cents[Tier(tier)] if tier in _PRICED else card.cents_per_use(1)
