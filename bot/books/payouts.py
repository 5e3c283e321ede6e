"""A payout closes a period for one consultant: what is owed is posted as paid, put on a statement and in a bank file.

What accrues, or is taken back, after it belongs to the next one. Locks: the consultant, then every client
concerned, in order, before anything is read; the number is the consultant's own, without a gap.
Source: mission, "Money to people".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.books.entries import Cause, lock_clients, post
from bot.books.evidence import kept
from bot.errors import NotFound, UserError
from bot.ledger.pay import why_said
from bot.ledger.postings import payout_draft
from bot.money import format_cents
from bot.plain import cell
from bot.queries import payouts as queries
from bot.sentences import joined, sentence
from bot.store import Row, Tx


@dataclass(frozen=True, slots=True)
class Earnings:
    """What one consultant earned over local days: opening + accrued − taken back − paid = closing, in cents."""

    opening_cents: int
    pay: tuple[Row, ...]
    commissions: tuple[Row, ...]
    payouts: tuple[Row, ...]

    @property
    def closing_cents(self) -> int:
        accrued = sum(row.cents for row in (*self.pay, *self.commissions))
        paid = sum(row.pay_cents + row.commission_cents for row in self.payouts)
        return int(self.opening_cents + accrued - paid)


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A payout as it was posted, and the statement that says so."""

    number: str
    pay_cents: int
    commission_cents: int
    statement: str

    @property
    def cents(self) -> int:
        return self.pay_cents + self.commission_cents


def earnings(tx: Tx, consultant_id: int, *, first_on: date, last_on: date) -> Earnings:
    """What was earned and paid on the days from first to last, both counted."""
    span = {"consultant_id": consultant_id, "first_on": first_on, "last_on": last_on}
    before = tx.one(queries.OWED_BEFORE, consultant_id=consultant_id, on=first_on)
    assert before is not None
    return Earnings(
        before.pay_cents + before.commission_cents - before.paid_cents,
        tuple(tx.all(queries.PAY_BETWEEN, **span)),
        tuple(tx.all(queries.COMMISSIONS_BETWEEN, **span)),
        tuple(tx.all(queries.PAYOUTS_BETWEEN, **span)),
    )


def pay_out(tx: Tx, consultant: Row, *, to_on: date, paid_on: date, now: datetime, currency: str = "USD") -> PaidOut:
    """Settle everything that a consultant earned up to a day, that day included.

    Raises UserError without a tax form or a bank account, and where nothing, or less, is owed.
    """
    _check_papers(consultant)
    # Two payouts of one consultant may concern different clients: its own row keeps them apart.
    tx.one(queries.LOCKED, consultant_id=consultant.id)
    clients = [row.client_id for row in tx.all(queries.CLIENTS_OWING, consultant_id=consultant.id, to_on=to_on)]
    lock_clients(tx, clients)
    sums = [
        row
        for row in tx.all(queries.CLIENTS_OWING, consultant_id=consultant.id, to_on=to_on)
        if row.client_id in clients
    ]
    pay, commission = sum(row.pay_cents for row in sums), sum(row.commission_cents for row in sums)
    if pay + commission <= 0:
        owed = format_cents(pay + commission, currency)
        raise UserError(sentence("pay owed", on=to_on, name=consultant.name, amount=owed))
    lines = _lines(tx, consultant, clients, to_on, currency=currency)
    last = tx.one(queries.LAST_PAYOUT, consultant_id=consultant.id)
    number = f"PAY-{consultant.member_number}-{last.payouts + 1 if last is not None else 1}"
    year = _year(tx, consultant.id, paid_on) + pay + commission
    statement = _statement(
        consultant, number, lines, (pay, commission), to_on=to_on, paid_on=paid_on, year_cents=year, currency=currency
    )
    made: dict[str, object] = {"consultant_id": consultant.id, "number": number, "pay_cents": pay, "to_on": to_on}
    made |= {"commission_cents": commission, "paid_on": paid_on, "bank_account": consultant.bank_account}
    made |= {"statement": statement}
    payout_id = tx.insert("payout", **made)
    evidence = {"payout": number, "row": kept(**made)}
    for row in sums:
        cause = Cause(f"payout:{number}:{row.client_id}", row.client_id, now, evidence=evidence)
        post(tx, payout_draft(row.pay_cents, row.commission_cents), cause)
        told = {"payout_id": payout_id, "consultant_id": consultant.id, "client_id": row.client_id, "to_on": to_on}
        tx.run(queries.SETTLE_PAY, **told)
        tx.run(queries.SETTLE_COMMISSIONS, **told)
    return PaidOut(number, pay, commission, statement)


@dataclass(frozen=True, slots=True)
class Settled:
    """A payout with what it settled. year_cents: paid in the payout's year, up to it and with it."""

    payout: Row
    pay: tuple[Row, ...]
    commissions: tuple[Row, ...]
    year_cents: int


def settled_by(tx: Tx, number: str) -> Settled:
    """A payout and each pay and commission that it settled. Raises NotFound."""
    row = payout_numbered(tx, number)
    first_on = date(row.paid_on.year, 1, 1)
    before = tx.all(queries.PAYOUTS_BETWEEN, consultant_id=row.consultant_id, first_on=first_on, last_on=row.paid_on)
    return Settled(
        row,
        tuple(tx.all(queries.PAY_OF_PAYOUT, payout_id=row.id)),
        tuple(tx.all(queries.COMMISSIONS_OF_PAYOUT, payout_id=row.id)),
        sum(one.pay_cents + one.commission_cents for one in before if one.id <= row.id),
    )


def payout_numbered(tx: Tx, number: str) -> Row:
    """A payout by its number. Raises NotFound."""
    row = tx.one(queries.PAYOUT, number=number.upper())
    if row is None:
        raise NotFound(sentence("pay no payout", number=number))
    return row


def confirm_payout(tx: Tx, number: str, *, consultant_id: int, now: datetime) -> Row:
    """The consultant's receipt: the money arrived. Raises NotFound for another's, UserError for a second receipt."""
    row = payout_numbered(tx, number)
    if row.consultant_id != consultant_id:
        raise NotFound(sentence("pay not yours", number=number))
    if row.confirmed_at is not None:
        raise UserError(sentence("pay confirmed", number=row.number))
    tx.run(queries.CONFIRM, payout_id=row.id, now=now)
    return row


def bank_file(rows: Sequence[Row], currency: str) -> str:
    """Payouts as the CSV that a bank takes: one transfer a line."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["reference", "name", "account", "amount", "currency", "date"])
    for row in rows:
        cents = row.pay_cents + row.commission_cents
        account, name = cell(row.bank_account), cell(row.name)
        amount = f"{cents // 100}.{cents % 100:02d}"
        writer.writerow([row.number, name, account, amount, currency, row.paid_on.isoformat()])
    return made.getvalue()


def keep_tax_form(tx: Tx, consultant: Row, form: str, *, on: date) -> None:
    """Keep which tax form a consultant handed in: once. Raises UserError for a second one."""
    if consultant.tax_form:
        raise UserError(
            sentence("pay form kept", name=consultant.name, form=consultant.tax_form, on=consultant.tax_form_on)
        )
    tx.run(queries.KEEP_TAX_FORM, consultant_id=consultant.id, form=form, on=on)


# ---------------------------------------------------------------- the statement


def _check_papers(consultant: Row) -> None:
    if not consultant.tax_form:
        raise UserError(sentence("pay no form", name=consultant.name, number=consultant.member_number))
    if not consultant.bank_account:
        raise UserError(sentence("pay where", number=consultant.member_number, name=consultant.name))


def _lines(tx: Tx, consultant: Row, clients: Sequence[int], to_on: date, *, currency: str) -> list[str]:
    open_rows = {"consultant_id": consultant.id, "to_on": to_on}
    work = [row for row in tx.all(queries.OPEN_PAY, **open_rows) if row.client_id in clients]
    brought = [row for row in tx.all(queries.OPEN_COMMISSIONS, **open_rows) if row.client_id in clients]
    lines = ["Work"] * bool(work)
    lines += [f"  {pay_line(row, currency)}" for row in work]
    lines += ["Commissions"] * bool(brought)
    return lines + [f"  {commission_line(row, currency)}" for row in brought]


def pay_line(row: Row, currency: str) -> str:
    """ "2026-11-18 ACME ticket 42, travel 50 min: $66.00 (55 % of $120.00)"."""
    kind = sentence("pay urgent contact") if row.is_contact else f"{row.kind} {row.minutes} min"
    amount = format_cents(row.cents, currency)
    line = sentence("pay line", on=row.work_on, code=row.code, id=row.ticket_id, work=kind, amount=amount)
    return joined("", [line, " (", why_said(row.why, currency), ")"]) if row.why else line


def commission_line(row: Row, currency: str) -> str:
    """ "2026-11-20 ACME: $6.00"; negative where a refund took it back."""
    line = sentence("pay accrued", on=row.accrued_on, code=row.code, amount=format_cents(row.cents, currency))
    return joined(", ", [line, sentence("pay back")]) if row.cents < 0 else line


def _statement(
    consultant: Row,
    number: str,
    lines: Sequence[str],
    sums: tuple[int, int],
    *,
    to_on: date,
    paid_on: date,
    year_cents: int,
    currency: str,
) -> str:
    pay, commission = sums
    foot = [
        f"Work {format_cents(pay, currency)}, commissions {format_cents(commission, currency)}",
        f"Paid on {paid_on} to {consultant.bank_account}: {format_cents(pay + commission, currency)}",
        f"Paid in {paid_on.year} so far: {format_cents(year_cents, currency)} (tax form {consultant.tax_form})",
    ]
    head = f"Payout {number} to {consultant.name} ({consultant.member_number}), all that was earned up to {to_on}"
    return "\n".join([head, *lines, *foot])


def _year(tx: Tx, consultant_id: int, paid_on: date) -> int:
    first_on, last_on = date(paid_on.year, 1, 1), date(paid_on.year, 12, 31)
    rows = tx.all(queries.PAYOUTS_BETWEEN, consultant_id=consultant_id, first_on=first_on, last_on=last_on)
    return sum(row.pay_cents + row.commission_cents for row in rows)
