"""What was written off of an invoice, and is taken back where a credit note comes after it: it was never paid."""

from __future__ import annotations

from datetime import date, datetime

from bot.books.entries import Cause, post, postings_of
from bot.books.settlements import Part, evidence_of, invoice_numbered, settle
from bot.ledger.postings import Account, write_off_draft
from bot.money import divide
from bot.queries import invoices as queries
from bot.store import Row, Tx


def take_back_loss(tx: Tx, client: Row, number: str, cents: int, *, key: str, on: date, now: datetime) -> int:
    """Open again up to so many cents of what was written off of an invoice; returns them. The client is locked."""
    rows = tx.all(queries.LOSSES, invoice_id=invoice_numbered(tx, number).id)
    lost = sum(int(row.cents) for row in rows)
    back = min(cents, lost)
    if back <= 0:
        return 0
    tax = sum(
        posting.amount for row in rows for posting in postings_of(tx, row.entry_id) if posting.account is Account.TAX
    )
    # As the difference of totals, so that parts take back exactly the tax that was given up.
    part_tax = tax - divide(tax * (lost - back), lost)
    part = Part(number, -back, "write-off", on)
    cause = Cause(f"{key}:loss", client.id, now, reason=f"{number} is credited", evidence=evidence_of(part))
    settle(tx, part, entry_id=post(tx, write_off_draft(part_tax - back, -part_tax), cause))
    return back
