"""What the day cost, ticket by ticket, and how each client stands; with the proof that the books are sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bot import books
from bot.ledger.wording import NAMES_OF_TIERS
from bot.money import format_cents
from bot.queries import rehearsal as queries
from bot.store import Row, Tx


def bills(tx: Tx, *, currency: str) -> list[str]:
    """The lines of the bills: work items with units, draws and what is due; then each client's standing."""
    tiers = {row.id: NAMES_OF_TIERS.get(row.tier, f"from {row.tier} credit") for row in tx.all(queries.TIERS)}
    lines: list[str] = []
    for ticket in tx.all(queries.TICKETS):
        work = tx.all(queries.WORK_OF_TICKET, ticket_id=ticket.id)
        if not work:
            continue
        lines.append(f"#{ticket.id} {ticket.code}, {ticket.priority}, {ticket.state}: {ticket.subject}")
        lines += [f"  {_item(row, tiers, currency)}" for row in work]
        lines.append(f"  in all: {books.cost_of(tx, ticket.id, currency=currency) or 'nothing'}")
    return [*(lines or ["No work was logged."]), "", *_standing(tx, currency)]


def _standing(tx: Tx, currency: str) -> Iterator[str]:
    for client in tx.all(queries.CLIENTS):
        standing = books.balance(tx, client.id)
        left = "no credit" if standing.left_units is None else f"{standing.left_units} units of credit left"
        faults = books.audit(tx, client.id)
        due = format_cents(standing.owed_cents, currency)
        yield f"{client.code} {client.name}: {left}, {due} due; books {'; '.join(faults) if faults else 'sound'}"


def _item(row: Row, tiers: Mapping[int, str], currency: str) -> str:
    what = "urgent contact in closed time" if row.is_contact else f"{row.minutes} min {row.kind}"
    who = f", {row.consultant_name}" if row.consultant_name else ""
    return f"{row.work_on.isoformat()} {what}{who}: {_cost(row, tiers, currency)}"


def _cost(row: Row, tiers: Mapping[int, str], currency: str) -> str:
    if row.charge_id is None:
        return "not billed yet" if row.is_billable else "not billable"
    if row.is_waived:
        return f"{row.units} units, waived"
    draws = [
        f"{units} {tiers.get(grant_id, 'per use')}" if grant_id is not None else f"{units} per use"
        for grant_id, units in json.loads(row.draws_json)
    ]
    drawn = f" ({', '.join(draws)})" if draws else ""
    due = f", {format_cents(row.due_cents, currency)} due" if row.due_cents else ""
    return f"{row.units} units{drawn}{due}"
