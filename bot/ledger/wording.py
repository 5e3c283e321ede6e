"""A charge in one line, for the person who logged the work: minutes, row, quarters, units, where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ledger.charges import Charge
from bot.ledger.days import Rounding
from bot.ledger.rates import Tier
from bot.ledger.statements import hours_at_p4
from bot.ledger.units import Rows
from bot.money import format_cents
from bot.sentences import joined, sentence
from bot.triage.priority import Priority

NAMES_OF_TIERS = {
    Tier.PER_USE: sentence("cost per use"),
    Tier.CREDIT_12H: sentence("cost credit", hours=12),
    Tier.CREDIT_40H: sentence("cost credit", hours=40),
    Tier.INCLUDED: sentence("cost included"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Units of a charge that came from one tier, and what they are worth there; negative where given back."""

    tier: str
    units: int
    cents: int


def charge_line(
    charge: Charge,
    sources: Sequence[Source],
    *,
    minutes: int,
    kind: str,
    left_units: int | None = None,
    currency: str = "USD",
) -> str:
    """ "50 min → 4 quarters at P2 (travel) = 16 units from the 12-hour credit ($120.00); 3.25 h left at P4".

    left_units: credit left after it; None where the client has no credit.
    """
    evidence = charge.evidence
    if evidence.get("is_billable") is False:
        return sentence("cost kept", count=minutes)
    covered = sentence("cost covered", plan=evidence["plan"])
    if not charge.row_seconds:
        return joined("", [f"{minutes} min → ", covered]) if charge.covered_seconds else "0 min → nothing"
    parts = [f"{minutes} min → ", _quarters(charge, kind), *_cost(charge, sources, currency)]
    if charge.covered_seconds > 0:
        parts += [f", {charge.covered_seconds // 60} min ", covered]
    if left_units is not None:
        parts += ["; ", sentence("cost left", hours=hours_at_p4(left_units), row=Priority.P4)]
    return joined("", parts)


def sources_line(sources: Sequence[Source], currency: str) -> str:
    """ "5 units from the 12-hour credit ($37.50) + 3 units per use ($30.00)"."""
    parts = []
    for source in _together(sources):
        name = next(
            (name for tier, name in NAMES_OF_TIERS.items() if tier == source.tier), f"from {source.tier} credit"
        )
        price = [] if source.tier == Tier.INCLUDED else [joined("", ["(", format_cents(source.cents, currency), ")"])]
        parts.append(joined(" ", [units_words(source.units), name, *price]))
    return joined(" + ", parts)


def units_words(count: int) -> str:
    """ "1 unit", "16 units"."""
    return sentence("cost unit" if abs(count) == 1 else "cost units", count=count)


def hours_left(units: int) -> str:
    """ "3.25 h at P4"."""
    return sentence("cost hours", hours=hours_at_p4(units), row=Priority.P4)


def _together(sources: Sequence[Source]) -> list[Source]:
    """Several parcels of one kind read as one, where the first of them stands."""
    by_tier: dict[str, Source] = {}
    for source in sources:
        before = by_tier.get(source.tier, Source(source.tier, 0, 0))
        by_tier[source.tier] = Source(source.tier, before.units + source.units, before.cents + source.cents)
    return list(by_tier.values())


def _quarters(charge: Charge, kind: str) -> str:
    table = rows_line(charge.day_quarters)
    if charge.evidence["rounding"] == Rounding.ITEM or charge.day.posted_units == charge.units:
        return joined(" ", [table, f"({kind})"])
    return joined(" ", [table, sentence("cost day"), f"({kind})"])


def _cost(charge: Charge, sources: Sequence[Source], currency: str) -> list[str]:
    if not charge.units and not sources:
        return [", ", sentence("cost nothing more")]
    if charge.units < 0:
        back = [Source(source.tier, -source.units, -source.cents) for source in sources]
        return [", ", sentence("cost back"), ": ", sources_line(back, currency)]
    return [" = ", sources_line(sources, currency)]


def rows_line(table: Rows) -> str:
    """ "2 quarters at P1 + 1 quarter at P4"."""
    return joined(
        " + ",
        [
            sentence("cost quarter" if count == 1 else "cost quarters", count=count, row=row.value)
            for row, count in table.items()
        ],
    )
