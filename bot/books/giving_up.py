"""What is invoiced and will not be paid: taken off as a gift, taken back as an order, or written off as lost.

Only what was delivered can be given up; an order of credit that is not usable yet is taken back without income or loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.books.bundles import fulfil
from bot.books.entries import Cause, lock_client, post
from bot.books.invoicing import Issued, credit_note
from bot.books.settlements import Part, evidence_of, invoice_numbered, open_cents, settle
from bot.calendars import calendar_of
from bot.errors import UserError
from bot.hours import local_day
from bot.ledger.postings import write_off_draft
from bot.money import divide
from bot.pricelist import STANDARD, PriceList
from bot.queries import invoices as queries
from bot.sentences import sentence
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit note. granted: tier of a bundle that is usable now; taken_back: of an order that is off; "" for none."""

    note: Issued
    granted: str
    taken_back: str


def credit_invoice(
    tx: Tx, number: str, net_cents: int | None, *, key: str, reason: str, now: datetime, currency: str = "USD",
    prices: PriceList = STANDARD,
) -> Credited:  # fmt: skip
    """Take a net amount off an invoice as a gift, None for all that is left of it.

    Where the rest was paid before, an ordered bundle is usable now. Raises NotFound, and UserError for more than the
    invoice holds.
    """
    lock_client(tx, invoice_numbered(tx, number).client_id)
    # Read under the lock: a payment that comes at the same moment may have made its bundle usable.
    row = invoice_numbered(tx, number)
    before = tx.one(queries.CREDITED, invoice_id=row.id)
    assert before is not None
    cents = row.net_cents + before.net_cents if net_cents is None else net_cents
    note = credit_note(tx, row.id, cents, key=key, reason=reason, now=now, is_gift=True, currency=currency)
    after = invoice_numbered(tx, number)
    granted = fulfil(tx, after, now=now, prices=prices) if after.ordered and not open_cents(after) else ""
    return Credited(note, granted, row.ordered if row.ordered and not after.ordered else "")


def write_off(tx: Tx, number: str, *, reason: str, now: datetime) -> int:
    """Give up as lost what is open of an invoice; returns the cents. Raises UserError where nothing is open."""
    row = invoice_numbered(tx, number)
    client = lock_client(tx, row.client_id)
    row = invoice_numbered(tx, number)
    left = open_cents(row)
    if left <= 0 or row.kind != "invoice":
        raise UserError(sentence("invoice nothing open", number=row.number))
    if row.ordered:
        raise UserError(sentence("write off order", tier=row.ordered, number=row.number))
    tax = divide(row.tax_cents * left, row.net_cents + row.tax_cents)
    part = Part(row.number, left, "write-off", local_day(calendar_of(client, now), now))
    key = f"write-off:{row.number}:{now.isoformat()}"
    cause = Cause(key, client.id, now, reason=reason, evidence=evidence_of(part))
    settle(tx, part, entry_id=post(tx, write_off_draft(left - tax, tax), cause))
    return left
