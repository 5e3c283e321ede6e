"""What is settled of an invoice, and what is open: by cash, by what was paid ahead, credit notes and write-offs.

Each settlement stands in the evidence of the entry that moved the receivable, so that a changed row is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.books.entries import lock_client
from bot.errors import NotFound
from bot.queries import invoices as queries
from bot.queries import money
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.zones import first_reading

FIRST_REMINDER_DAYS = 3
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an invoice that an entry settles, or opens again where negative.

    how: payment, credit (paid ahead), credit-note, write-off, refund.
    """

    number: str
    cents: int
    how: str
    on: date


def evidence_of(*parts: Part) -> dict[str, object]:
    """What the entry that settles these parts keeps of them; the audit holds the rows to it."""
    return {"settles": [[part.number, part.cents, part.how, part.on.isoformat()] for part in parts if part.cents]}


def open_cents(row: Row) -> int:
    """What is still to be paid of an invoice."""
    return int(row.net_cents + row.tax_cents - row.paid_cents)


def settle(tx: Tx, part: Part, *, entry_id: int, payment_id: int | None = None) -> bool:
    """Note that a part of an invoice is settled, or open again; True once nothing is open.

    entry_id: the entry that moved it, with `evidence_of` the part in its evidence.
    """
    row = invoice_numbered(tx, part.number)
    if not part.cents:
        return open_cents(row) == 0
    is_settled = open_cents(row) - part.cents == 0
    remind_at = None if is_settled else row.remind_at
    if part.cents < 0 and remind_at is None:
        # Paid, and open again: whoever owes it is reminded anew.
        remind_at = first_reminder_at(lock_client(tx, row.client_id), max(row.due_on, part.on))
    tx.insert(
        "settlement", invoice_id=row.id, payment_id=payment_id, cents=part.cents, how=part.how, entry_id=entry_id,
        settled_on=part.on,
    )  # fmt: skip
    tx.run(
        queries.SETTLE, invoice_id=row.id, cents=part.cents, state="settled" if is_settled else "open",
        remind_at=remind_at,
    )  # fmt: skip
    return is_settled


def first_reminder_at(client: Row, due_on: date) -> datetime:
    """The morning, by the client's clock, on which an invoice is first reminded of."""
    return first_reading(client.zone, datetime.combine(due_on + timedelta(days=FIRST_REMINDER_DAYS), MORNING))


def invoice_numbered(tx: Tx, number: str) -> Row:
    """The document of that number. Raises NotFound."""
    row = tx.one(queries.BY_NUMBER, number=number.upper())
    if row is None:
        raise NotFound(sentence("invoice none", number=number.upper()))
    return row


def ahead_cents(tx: Tx, client_id: int) -> int:
    """What a client paid that is not for any invoice yet."""
    kept = {row.name: row.balance for row in tx.all(money.ACCOUNTS, client_id=client_id) if row.commodity == "cents"}
    return max(0, -int(kept.get("unapplied", 0)))
