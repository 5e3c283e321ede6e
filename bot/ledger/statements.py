"""A client's statement: what it had, what came, what went, what is left, in units and in cents, and that it adds up.

It refuses to state figures that do not foot: then an invariant of the books broke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import LedgerError
from bot.sentences import Figure

UNITS_PER_HOUR_AT_P4 = 8


class Line(StrEnum):
    """Why a balance moved."""

    BOUGHT = "bought"
    INCLUDED = "included"
    GIVEN = "given"  # as a gift
    FEES = "fees"
    USED = "used"
    REFUNDED = "refunded"
    ADJUSTED = "adjusted"  # reversals, waivers, credit notes, write-offs
    LAPSED = "lapsed"
    TAX = "tax"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a balance, in whatever the balance is counted in; `ticket_id` where it was used on one."""

    line: Line
    amount: int
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Opening + every line = closing."""

    opening: int
    lines: Mapping[Line, int]
    used_by_ticket: Mapping[int, int]
    closing: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Credit in units, and what is owed in cents. ahead_cents: what was paid, in the end, and is for no invoice yet."""

    credit_units: Figures
    owed_cents: Figures
    notes: tuple[str, ...] = field(default=())
    ahead_cents: int = 0


def figures(opening: int, moves: Iterable[Move], closing: int) -> Figures:
    """Add up moves by line. Raises LedgerError unless opening and moves make the closing balance."""
    lines: dict[Line, int] = {}
    by_ticket: dict[int, int] = {}
    for move in moves:
        lines[move.line] = lines.get(move.line, 0) + move.amount
        if move.line is Line.USED and move.ticket_id is not None:
            by_ticket[move.ticket_id] = by_ticket.get(move.ticket_id, 0) + move.amount
    reached = opening + sum(lines.values())
    if reached != closing:
        raise LedgerError(f"the statement does not foot: {opening} and its lines make {reached}, not {closing}")
    return Figures(opening, {line: lines[line] for line in Line if line in lines}, by_ticket, closing)


def hours_at_p4(units: int) -> Figure:
    """Units as the hours of low-priority work they buy: 26 → "3.25"."""
    thousandths = abs(units) * 1000 // UNITS_PER_HOUR_AT_P4
    whole, part = divmod(thousandths, 1000)
    digits = f"{part:03d}".rstrip("0")
    return Figure(f"{'-' if units < 0 else ''}{whole}{'.' + digits if digits else ''}")
