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

NAMES_OF_TIERS = {
    Tier.PER_USE: "per use",
    Tier.CREDIT_12H: "from the 12-hour credit",
    Tier.CREDIT_40H: "from the 40-hour credit",
    Tier.INCLUDED: "from the included hours",
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
        return f"{minutes} min kept, not billable"
    if not charge.row_seconds:
        return (
            f"{minutes} min → covered by the {evidence['plan']} plan" if charge.covered_seconds else "0 min → nothing"
        )
    left = "" if left_units is None else f"; {hours_at_p4(left_units)} h left at P4"
    covered = f", {charge.covered_seconds // 60} min covered by the {evidence['plan']} plan" * (
        charge.covered_seconds > 0
    )
    return f"{minutes} min → {_quarters(charge, kind)}{_cost(charge, sources, currency)}{covered}{left}"


def sources_line(sources: Sequence[Source], currency: str) -> str:
    """ "5 units from the 12-hour credit ($37.50) + 3 units per use ($30.00)"."""
    parts = []
    for source in _together(sources):
        name = next(
            (name for tier, name in NAMES_OF_TIERS.items() if tier == source.tier), f"from {source.tier} credit"
        )
        price = "" if source.tier == Tier.INCLUDED else f" ({format_cents(source.cents, currency)})"
        parts.append(f"{source.units} unit{'s' * (abs(source.units) != 1)} {name}{price}")
    return " + ".join(parts)


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
        return f"{table} ({kind})"
    return f"{table} in all on this ticket that day ({kind})"


def _cost(charge: Charge, sources: Sequence[Source], currency: str) -> str:
    if not charge.units and not sources:
        return ", nothing more to pay"
    if charge.units < 0:
        back = [Source(source.tier, -source.units, -source.cents) for source in sources]
        return f", given back: {sources_line(back, currency)}"
    return f" = {sources_line(sources, currency)}"


def rows_line(table: Rows) -> str:
    """ "2 quarters at P1 + 1 quarter at P4"."""
    return " + ".join(f"{count} quarter{'s' * (count != 1)} at {row.value}" for row, count in table.items())
