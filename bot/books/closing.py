"""The close of a month, client by client: its work goes on an invoice, its lapsed credit stays lapsed.

Each client is one transaction of its own and is done once, so that a run that was killed goes on where it stopped.
Work dated in a closed month is still billed when it is logged later; it goes on the next invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.books.entries import lock_client
from bot.books.invoicing import Issued, invoice_work
from bot.books.standing_terms import keep_terms
from bot.ledger.credits import anniversary
from bot.queries import invoices as queries
from bot.store import Row, Tx
from bot.zones import zone_named


@dataclass(frozen=True, slots=True)
class Closed:
    """What a close did for one client. was_closed: it was closed before, and nothing happened."""

    client_id: int
    issued: Issued | None
    was_closed: bool


def month_after(month: date) -> date:
    """The first day after a month."""
    return anniversary(month.replace(day=1), 1)


def is_over(client: Row, month: date, *, now: datetime) -> bool:
    """Whether a month is over where the client is."""
    return now.astimezone(zone_named(client.zone)).date() >= month_after(month)


def close_month(tx: Tx, client_id: int, month: date, *, now: datetime) -> Closed:
    """Invoice everything dated before the month's end, and lock it. A second close of it changes nothing."""
    client = lock_client(tx, client_id)
    to_on = month_after(month)
    if client.closed_to_on is not None and client.closed_to_on >= to_on:
        return Closed(client_id, None, was_closed=True)
    key = f"month:{client_id}:{month:%Y-%m}"
    issued = invoice_work(tx, client_id, key=key, now=now, before_on=to_on)
    tx.run(queries.CLOSE_MONTH, client_id=client_id, to_on=to_on)
    keep_terms(tx, client_id, now=now)
    return Closed(client_id, issued, was_closed=False)
