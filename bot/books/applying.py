"""What a client paid ahead is moved to an open invoice, and taken off it again. No cash moves: two claims meet.

An order of credit that is settled so becomes usable, and the commission of a fee follows, as with any cash. What is
taken off opens the invoice again; credit that became usable stays so, as it does after a refund.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.books.bundles import fulfil
from bot.books.commissions import follow_cash
from bot.books.entries import Cause, lock_client, post
from bot.books.settlements import Part, ahead_cents, evidence_of, invoice_numbered, open_cents, settle
from bot.calendars import calendar_of
from bot.errors import UserError
from bot.hours import local_day
from bot.ledger.postings import apply_draft
from bot.money import format_cents
from bot.pricelist import STANDARD, PriceList
from bot.queries import fees as fee_queries
from bot.queries import invoices as queries
from bot.sentences import sentence
from bot.store import Row, Tx


@dataclass(frozen=True, slots=True)
class Applied:
    """What was moved. open_cents: of the invoice; ahead_cents: what still waits; granted: tier of a bundle, or ""."""

    number: str
    client_id: int
    cents: int
    open_cents: int
    ahead_cents: int
    granted: str = ""


def apply_ahead(
    tx: Tx, number: str, cents: int | None, *, key: str, now: datetime, currency: str = "USD",
    prices: PriceList = STANDARD,
) -> Applied:  # fmt: skip
    """Settle an invoice with what its client paid ahead; None for as much as there is and it takes.

    Raises NotFound, and UserError where nothing waits, nothing is open, or less than was named.
    """
    row, client = _locked(tx, number)
    waits, left = ahead_cents(tx, client.id), open_cents(row)
    if row.kind != "invoice" or left <= 0:
        raise UserError(sentence("invoice nothing open", number=row.number))
    if not waits:
        raise UserError(sentence("apply nothing", client=client.name))
    wanted = min(waits, left) if cents is None else cents
    if not 0 < wanted <= min(waits, left):
        amount, rest = format_cents(waits, currency), format_cents(left, currency)
        raise UserError(sentence("apply how much", amount=amount, client=client.name, left=rest, number=row.number))
    _move(tx, client, Part(row.number, wanted, "credit", local_day(calendar_of(client, now), now)), key, now=now)
    granted = fulfil(tx, row, now=now, prices=prices) if wanted == left and row.ordered else ""
    return Applied(row.number, client.id, wanted, left - wanted, waits - wanted, granted)


def take_off(
    tx: Tx, number: str, cents: int | None, *, key: str, reason: str, now: datetime, currency: str = "USD"
) -> Applied:
    """Undo that: what was applied to an invoice waits again; None for all of it.

    Raises NotFound, and UserError for more than was applied and still stands against the invoice.
    """
    row, client = _locked(tx, number)
    cash = tx.one(fee_queries.CASH_OF_INVOICE, invoice_id=row.id)
    assert cash is not None
    # A refund may have opened a part of it again.
    standing = max(0, min(row.balance_cents, cash.cents))
    wanted = standing if cents is None else cents
    if not 0 < wanted <= standing:
        if not standing:
            raise UserError(sentence("unapply none", number=row.number))
        raise UserError(sentence("unapply most", amount=format_cents(standing, currency), number=row.number))
    part = Part(row.number, -wanted, "credit", local_day(calendar_of(client, now), now))
    _move(tx, client, part, key, now=now, reason=reason)
    return Applied(row.number, client.id, wanted, open_cents(row) + wanted, ahead_cents(tx, client.id))


def open_invoices(tx: Tx, client_id: int, *, limit: int = 3) -> list[Row]:
    """The invoices that are open, the one that is due first before the others."""
    return tx.all(queries.OPEN_OF_CLIENT, client_id=client_id, limit=limit)


def _locked(tx: Tx, number: str) -> tuple[Row, Row]:
    """The invoice as it stands under the lock of its client, and the client."""
    client = lock_client(tx, invoice_numbered(tx, number).client_id)
    return invoice_numbered(tx, number), client


def _move(tx: Tx, client: Row, part: Part, key: str, *, now: datetime, reason: str = "") -> None:
    cause = Cause(key, client.id, now, reason=reason, evidence=evidence_of(part))
    settle(tx, part, entry_id=post(tx, apply_draft(part.cents), cause))
    follow_cash(tx, client, invoice_numbered(tx, part.number).id, on=part.on, now=now)
