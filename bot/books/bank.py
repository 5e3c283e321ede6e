"""Cash from a bank's file: matched to invoices by number and amount, and shown where it is not.

Only what leaves no doubt is booked by itself: the reference names invoices, and the amount is exactly what is open of
them together. A file may be read twice, and files may overlap: each line is kept once. Source: design, "Money".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.books.entries import lock_client, lock_clients
from bot.books.payments import PaidInvoice, pay_invoice
from bot.books.settlements import invoice_numbered, open_cents
from bot.errors import NotFound, UserError
from bot.ledger.bankfiles import BankLine, numbers_in
from bot.money import format_cents
from bot.pricelist import STANDARD, PriceList
from bot.queries import bank as queries
from bot.sentences import read_again, sentence, written
from bot.store import Row, Tx


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a line. line_id: None for one that was read before; paid: what was booked of it."""

    line_id: int | None
    line: BankLine
    paid: tuple[PaidInvoice, ...]
    reason: str = ""


def take_line(tx: Tx, line: BankLine, *, now: datetime, currency: str = "USD", prices: PriceList = STANDARD) -> Matched:
    """Keep a line of a bank's file, and book it where it is beyond doubt."""
    numbers = numbers_in(line.reference)
    lock_clients(tx, (row.client_id for row in (_known(tx, number) for number in numbers) if row is not None))
    reason = _doubt(tx, line, numbers, currency)
    state = "set aside" if line.cents <= 0 else "unmatched"
    made = tx.one(
        queries.LINE_NEW, key=line.key, booked_on=line.on, cents=line.cents, payer=line.payer,
        reference=line.reference, state=state, reason=written(reason), now=now,
    )  # fmt: skip
    if made is None:
        return Matched(None, line, (), sentence("bank before"))
    if reason:
        return Matched(made.id, line, (), reason)
    paid = tuple(_pay(tx, number, made.id, line, now=now, prices=prices) for number in numbers)
    tx.run(queries.SETTLED, line_id=made.id, state="matched", reason=", ".join(numbers), payment_id=None)
    return Matched(made.id, line, paid)


def match_line(tx: Tx, line_id: int, number: str, *, now: datetime, prices: PriceList = STANDARD) -> PaidInvoice:
    """A person says which invoice a line is for: all of it is booked there. Raises NotFound and UserError."""
    lock_client(tx, invoice_numbered(tx, number).client_id)
    row = unmatched_line(tx, line_id)
    line = BankLine(row.key, row.booked_on, row.cents, row.payer, row.reference)
    paid = pay_invoice(
        tx, number, line.cents, reference=_reference(row.id, number), received_on=line.on, now=now, prices=prices
    )
    tx.run(queries.SETTLED, line_id=row.id, state="matched", reason=paid.number, payment_id=None)
    return paid


def set_line_aside(tx: Tx, line_id: int, *, reason: str) -> Row:
    """A line that is no client's payment."""
    row = unmatched_line(tx, line_id)
    tx.run(queries.SETTLED, line_id=row.id, state="set aside", reason=reason, payment_id=None)
    return row


def unmatched_line(tx: Tx, line_id: int) -> Row:
    """A line that waits for a person, locked. Raises NotFound and UserError."""
    row = tx.one(queries.LINE, line_id=line_id)
    if row is None:
        raise NotFound(sentence("bank no line", id=line_id))
    if row.state != "unmatched":
        raise UserError(sentence("bank state", id=line_id, state=row.state, reason=read_again(row.reason)))
    return row


def _doubt(tx: Tx, line: BankLine, numbers: list[str], currency: str) -> str:
    """Why a line is not booked by itself; "" where it is beyond doubt."""
    if line.cents <= 0:
        return sentence("bank went out")
    if not numbers:
        return sentence("bank no number")
    rows = [_known(tx, number) for number in numbers]
    unknown = [number for number, row in zip(numbers, rows, strict=True) if row is None or row.kind != "invoice"]
    if unknown:
        return sentence("bank not ours", number=unknown[0])
    left = sum(open_cents(row) for row in rows if row is not None)
    if left == line.cents:
        return ""
    return sentence("bank open", amount=format_cents(left, currency), what=", ".join(numbers))


def _known(tx: Tx, number: str) -> Row | None:
    try:
        return invoice_numbered(tx, number)
    except NotFound:
        return None


def _pay(tx: Tx, number: str, line_id: int, line: BankLine, *, now: datetime, prices: PriceList) -> PaidInvoice:
    cents = open_cents(invoice_numbered(tx, number))
    reference = _reference(line_id, number)
    return pay_invoice(tx, number, cents, reference=reference, received_on=line.on, now=now, prices=prices)


def _reference(line_id: int, number: str) -> str:
    return f"BANK-{line_id}/{number.upper()}"
