"""From worked time to quarters, and from quarters to units.

All work of one day on one ticket is rounded up together, dearest row first: with the rows sorted dearest first and
m₁, m₂, … their minutes, row k gets ⌈(m₁+…+m_k)/15⌉ quarters less those of the rows before it. Source: mission,
"Quarters".
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.ledger.rates import RateCard
from bot.triage.priority import Priority

QUARTER_SECONDS = 15 * 60

# Worked seconds, or quarters, by row of the rate card; a row without any is left out.
Rows = Mapping[Priority, int]

DEAREST_FIRST = (Priority.P1, Priority.P2, Priority.P3, Priority.P4)


def quarters(seconds: Rows) -> dict[Priority, int]:
    """Round worked seconds up to quarters, dearest row first."""
    table: dict[Priority, int] = {}
    worked = counted = 0
    for row in DEAREST_FIRST:
        worked += seconds.get(row, 0)
        reached = -(-worked // QUARTER_SECONDS)
        if reached > counted:
            table[row] = reached - counted
        counted = reached
    return table


def with_contact(table: Rows) -> dict[Priority, int]:
    """The table of a day that also had an urgent off-hours contact: P1 quarters = max(1, those of the minutes)."""
    return {Priority.P1: 1} | dict(table)


def added(first: Rows, second: Rows) -> dict[Priority, int]:
    """Row by row; dearest first."""
    sums = {row: first.get(row, 0) + second.get(row, 0) for row in DEAREST_FIRST}
    return {row: total for row, total in sums.items() if total}


def units(table: Rows, card: RateCard) -> int:
    """What quarters cost in units: 2 each at P4, 3 at P3, 4 at P2, 5 at P1."""
    return sum(count * card.units_per_quarter[row] for row, count in table.items())
