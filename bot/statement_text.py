"""A client's statement as text and as a document: hours and money, opening to closing, line by line, and the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from bot import books, letterhead
from bot.ledger.statements import Figures, Line, Statement, hours_at_p4
from bot.money import format_cents
from bot.plain import one_line
from bot.policy import Policy
from bot.store import Row, Tx
from bot.zones import zone_named


def month_of(on: date) -> tuple[date, date]:
    """First and last day of the month that a date lies in."""
    first_on = on.replace(day=1)
    return first_on, (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def statement_text(tx: Tx, client: Row, *, first_on: date, last_on: date, currency: str) -> str:
    """The statement of a period. Raises LedgerError if it does not foot: nothing is shown then."""
    stated = books.statement(tx, client.id, first_on=first_on, last_on=last_on)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    parts = [f"{client.name} ({client.code}), {first_on.isoformat()} to {last_on.isoformat()}"]
    for title, rows in _sections(stated, currency):
        wide = max(len(name) for name, _ in rows)
        parts.append("\n".join([title, *(f"  {name.ljust(wide)}  {amount}" for name, amount in rows)]))
    if charges:
        parts.append("\n".join(["Work", *(f"  {_work_line(row, currency)}" for row in charges)]))
    parts.extend(stated.notes)
    return "\n\n".join(parts)


def statement_document(
    tx: Tx, client: Row, *, first_on: date, last_on: date, policy: Policy, now: datetime
) -> Mapping[str, object]:
    """What the statement's PDF shows, as texts. Raises LedgerError if it does not foot."""
    stated = books.statement(tx, client.id, first_on=first_on, last_on=last_on)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    currency = policy.currency
    issued_on = now.astimezone(zone_named(client.zone)).date().isoformat()
    facts = [("Client", client.code), ("From", first_on.isoformat()), ("To", last_on.isoformat()), ("Date", issued_on)]
    facts.append(("Credit left", f"{hours_at_p4(stated.credit_units.closing)} h at P4"))
    facts.append(("Due", format_cents(stated.owed_cents.closing, currency)))
    return {
        "title": "Statement",
        "number": f"{client.code} {first_on.isoformat()[:7]}",
        "issued_on": issued_on,
        "about": "Credit is counted in hours at the lowest rate (P4); 8 units are such an hour.",
        "seller": letterhead.seller(policy),
        "buyer": {"name": client.name, "address": letterhead.parts_of(client.billing_address)},
        "facts": facts,
        "sections": [{"title": title, "rows": rows} for title, rows in _sections(stated, currency)],
        "work": [
            {
                "on": row.work_on.isoformat(),
                "text": f"Ticket {row.ticket_id}: {one_line(row.subject, 120)}",
                "detail": f"charge {row.id}; {_work_of(row)}",
                "units": str(row.units),
                "amount": format_cents(row.due_cents, currency) if row.due_cents else "",
            }
            for row in charges
        ],
    }


def _sections(stated: Statement, currency: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("Credit", _rows(stated.credit_units, _hours)),
        ("Due", [*_rows(stated.owed_cents, lambda cents: format_cents(cents, currency)), *_ahead(stated, currency)]),
    ]


def _ahead(stated: Statement, currency: str) -> list[tuple[str, str]]:
    """What of the closing balance waits, paid ahead, for an invoice."""
    return [("  of it paid ahead", format_cents(-stated.ahead_cents, currency))] if stated.ahead_cents else []


def _rows(figures: Figures, shown: Callable[[int], str]) -> list[tuple[str, str]]:
    rows = [("opening", shown(figures.opening))]
    for line, amount in figures.lines.items():
        if not amount:
            continue
        rows.append((str(line), shown(amount)))
        if line is Line.USED:
            rows.extend((f"  ticket {number}", shown(used)) for number, used in sorted(figures.used_by_ticket.items()))
    return [*rows, ("closing", shown(figures.closing))]


def _hours(units: int) -> str:
    return f"{hours_at_p4(units)} h at P4 ({units} units)"


def _work_line(row: Row, currency: str) -> str:
    per_use = f", {format_cents(row.due_cents, currency)} per use" if row.due_cents else ""
    line = f"{row.work_on} charge {row.id}, ticket {row.ticket_id}: {_work_of(row)}, {row.units} units{per_use}"
    return line + (f", {row.waived_units} given up" if row.waived_units else "")


def _work_of(row: Row) -> str:
    return f"{row.kind}, {row.minutes} min" if row.minutes else "contact" if not row.kind else row.kind
