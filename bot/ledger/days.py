"""What one ticket's local day of the client was billed so far: the state that the next log posts its difference to.

Work belongs to the local date on which it started. Source: mission, "Quarters".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.ledger import units
from bot.ledger.credits import Draw
from bot.ledger.units import Rows
from bot.triage.priority import Priority


class Rounding(StrEnum):
    """Whether a ticket's work is rounded up by local day, or each item by itself."""

    DAY = "day"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Day:
    """What one ticket's local day of the client holds so far.

    seconds:    billed seconds by row (not what was covered or not billable).
    item_table: quarters by row, each item rounded by itself.
    draws:      where its units came from, in order, what was given back included.
    forgiven:   units that were waived: they count as posted, and nothing of them is given back.
    """

    seconds: Rows = field(default_factory=dict)
    item_table: Rows = field(default_factory=dict)
    had_contact: bool = False
    draws: tuple[Draw, ...] = ()
    forgiven: int = 0

    @property
    def posted_units(self) -> int:
        return sum(item.units for item in self.draws) + self.forgiven

    def table(self, rounding: Rounding) -> dict[Priority, int]:
        """The day's quarters by row."""
        rows = units.quarters(self.seconds) if rounding is Rounding.DAY else units.added(self.item_table, {})
        return units.with_contact(rows) if self.had_contact else rows
