"""A client's statement as text: hours and money, opening to closing, line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot import books
from bot.ledger.statements import Figures, Line, hours_at_p4
from bot.money import format_cents
from bot.store import Row, Tx


def month_of(on: date) -> tuple[date, date]:
    """First and last day of the month that a date lies in."""
    first_on = on.replace(day=1)
    return first_on, (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def statement_text(tx: Tx, client: Row, *, first_on: date, last_on: date, currency: str) -> str:
    """The statement of a period. Raises LedgerError if it does not foot: nothing is shown then."""
    stated = books.statement(tx, client.id, first_on=first_on, last_on=last_on)
    parts = [f"{client.name} ({client.code}), {first_on.isoformat()} to {last_on.isoformat()}"]
    parts.append(_section("Credit", stated.credit_units, _hours))
    parts.append(_section("Due", stated.owed_cents, lambda cents: format_cents(cents, currency)))
    parts.extend(stated.notes)
    return "\n\n".join(parts)


def _hours(units: int) -> str:
    return f"{hours_at_p4(units)} h at P4 ({units} units)"


def _section(title: str, figures: Figures, shown: Callable[[int], str]) -> str:
    rows = [("opening", shown(figures.opening))]
    for line, amount in figures.lines.items():
        if not amount:
            continue
        rows.append((str(line), shown(amount)))
        if line is Line.USED:
            rows.extend((f"  ticket {number}", shown(used)) for number, used in sorted(figures.used_by_ticket.items()))
    rows.append(("closing", shown(figures.closing)))
    wide = max(len(name) for name, _ in rows)
    return "\n".join([title, *(f"  {name.ljust(wide)}  {amount}" for name, amount in rows)])
