"""Cash that comes in or goes back, and the commission that follows it.

Source: mission, "Money to people": 10 % of the net subscription fee, on cash received for service in the client's
first 12 months, by the day; refunds reverse it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.books import fees
from bot.books.bundles import fulfil
from bot.books.commissions import accrue, follow_cash
from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import kept
from bot.books.settlements import Part, ahead_cents, evidence_of, invoice_numbered, open_cents, settle
from bot.calendars import calendar_of
from bot.errors import NotFound, UserError
from bot.hours import local_day
from bot.ledger.commissions import commission_change
from bot.ledger.postings import payment_draft
from bot.money import BASIS_POINTS, divide, format_cents
from bot.pricelist import STANDARD, PriceList
from bot.queries import invoices as invoice_queries
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx

SUBSCRIPTION = "subscription"
PURPOSES = (SUBSCRIPTION, "credit", "per-use")


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as it was booked; commission_cents went to commission_to_id, if that is anybody."""

    payment_id: int
    entry_id: int
    commission_cents: int = 0
    commission_to_id: int | None = None


def record_payment(
    tx: Tx,
    *,
    client_id: int,
    cents: int,
    purpose: str,
    reference: str,
    received_on: date,
    now: datetime,
    net_cents: int | None = None,
    service_from_on: date | None = None,
    service_to_on: date | None = None,
) -> Paid:
    """Book cash from a client. net_cents: without tax; where not said, what a fee comes to on the client's tax terms.

    A subscription names the span of service it pays for, the end exclusive. Raises UserError for a reference that was
    booked before, an amount or span that makes no sense, and a commission that cannot be reckoned.
    """
    client = lock_client(tx, client_id)
    net = _net_of(client, purpose, cents) if net_cents is None else net_cents
    if purpose not in PURPOSES:
        raise UserError(sentence("received purpose", word=repr(purpose), what=", ".join(PURPOSES)))
    if not 0 < net <= cents:
        raise UserError(sentence("received amount"))
    if purpose == SUBSCRIPTION and (
        service_from_on is None or service_to_on is None or service_to_on <= service_from_on
    ):
        raise UserError(sentence("received period"))
    cash = _Cash(purpose, cents, net, reference, received_on, service_from_on, service_to_on)
    paid = _book(tx, client, cash, now)
    if purpose != SUBSCRIPTION or service_from_on is None or service_to_on is None:
        return paid
    fees.keep_fee(
        tx, client, net_cents=net, from_on=service_from_on, to_on=service_to_on, now=now, payment_id=paid.payment_id
    )
    if client.brought_by_id is None:
        return paid
    return _commission(tx, client, paid, cash, now=now, net_before=0, consultant_id=client.brought_by_id)


def refund_payment(
    tx: Tx,
    *,
    of_reference: str,
    cents: int,
    reference: str,
    received_on: date | None,
    now: datetime,
    net_cents: int | None = None,
    currency: str = "USD",
) -> Paid:
    """Book cash that goes back to a client, of a payment booked before; its commission goes back in proportion.

    received_on: None for the client's own day. Raises NotFound, and UserError for more than is left of the payment.
    """
    original = tx.one(queries.PAYMENT_BY_REFERENCE, reference=of_reference)
    if original is None or original.cents <= 0:
        raise NotFound(sentence("refund none", reference=of_reference))
    client = lock_client(tx, original.client_id)
    received_on = received_on or local_day(calendar_of(client, now), now)
    payments = tx.all(queries.PAYMENTS_OF_CLIENT, client_id=client.id)
    parts = [row for row in payments if row.id == original.id or row.refunds_id == original.id]
    left_cents, left_net = sum(row.cents for row in parts), sum(row.net_cents for row in parts)
    # As the difference of totals, so that refunds in parts take back exactly the tax that the payment held.
    kept_net = divide(original.net_cents * (left_cents - cents), original.cents)
    net = left_net - kept_net if net_cents is None else net_cents
    if not (0 < cents <= left_cents and 0 < net <= min(cents, left_net)):
        raise UserError(sentence("refund most", reference=of_reference, amount=format_cents(left_cents, currency)))
    is_fee = original.kind == SUBSCRIPTION
    cash = _Cash(
        original.kind,
        -cents,
        -net,
        reference,
        received_on,
        original.service_from_on,
        original.service_to_on,
        refunds_id=original.id,
        parts=() if is_fee else _reopened(tx, client, original, cents, on=received_on),
    )
    paid = _book(tx, client, cash, now)
    _settle(tx, client, cash, paid, payment_id=original.id, now=now)
    if original.kind == SUBSCRIPTION:
        fees.shrink_fee(tx, client, original.id, net_cents=net, now=now)
    earner = tx.one(queries.COMMISSIONS_OF_PAYMENT, payment_id=original.id)
    if earner is None:
        return paid
    return _commission(tx, client, paid, cash, now=now, net_before=left_net, consultant_id=earner.consultant_id)


def _net_of(client: Row, purpose: str, cents: int) -> int:
    """A fee that comes without an invoice holds the client's tax; other cash is for an invoice, which states it."""
    if purpose != SUBSCRIPTION:
        return cents
    return max(1, divide(cents * BASIS_POINTS, BASIS_POINTS + client.tax_basis_points)) if cents > 0 else cents


def _reopened(tx: Tx, client: Row, payment: Row, cents: int, *, on: date) -> tuple[Part, ...]:
    """What a refund takes from invoices, which are open again; what waits, paid ahead, is taken first.

    The invoices that the payment itself settled come before the others: what it left ahead may have settled those.
    """
    left = max(0, cents - ahead_cents(tx, client.id))
    parts = []
    for held in tx.all(invoice_queries.SETTLED_WITH_CASH, client_id=client.id, payment_id=payment.id):
        taken = min(left, int(held.cents))
        if taken > 0:
            parts.append(Part(held.number, -taken, "refund", on))
            left -= taken
    return tuple(parts)


def _settle(tx: Tx, client: Row, cash: _Cash, paid: Paid, *, payment_id: int, now: datetime) -> None:
    """Note on the invoices what the cash settled of them or opened again, and bring their commission in line."""
    for part in cash.parts:
        settle(tx, part, entry_id=paid.entry_id, payment_id=payment_id)
    for part in cash.parts:
        follow_cash(tx, client, invoice_numbered(tx, part.number).id, on=part.on, now=now)


def pay_invoice(
    tx: Tx, number: str, cents: int, *, reference: str, received_on: date, now: datetime, prices: PriceList = STANDARD
) -> PaidInvoice:
    """Book cash for an invoice; what is more than it is open waits for the next one.

    A bundle that was ordered is granted once its invoice is settled. Raises NotFound, and UserError for a reference
    that was booked before or an amount that is none.
    """
    row = invoice_numbered(tx, number)
    client = lock_client(tx, row.client_id)
    row = invoice_numbered(tx, number)
    if row.kind != "invoice" or cents <= 0:
        raise UserError(sentence("received nothing", number=row.number) if cents > 0 else sentence("received write"))
    applied = min(cents, open_cents(row))
    gross = row.net_cents + row.tax_cents
    net = max(1, divide(row.net_cents * cents, gross))
    parts = (Part(row.number, applied, "payment", received_on),)
    cash = _Cash("invoice", cents, net, reference, received_on, None, None, parts=parts)
    paid = _book(tx, client, cash, now)
    _settle(tx, client, cash, paid, payment_id=paid.payment_id, now=now)
    is_settled = applied == open_cents(row)
    granted = fulfil(tx, row, now=now, prices=prices) if is_settled and row.ordered else ""
    return PaidInvoice(row.number, client.id, applied, open_cents(row) - applied, cents - applied, granted)


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """What a payment did. granted: tier of a bundle that is usable now, or ""."""

    number: str
    client_id: int
    applied_cents: int
    open_cents: int
    ahead_cents: int
    granted: str


@dataclass(frozen=True, slots=True)
class _Cash:
    """Cash in, or back where negative, and the service it pays for."""

    purpose: str
    cents: int
    net_cents: int
    reference: str
    received_on: date
    service_from_on: date | None
    service_to_on: date | None
    refunds_id: int | None = None
    parts: tuple[Part, ...] = ()

    @property
    def applied_cents(self) -> int:
        """What of it settles invoices; negative where it opens them again."""
        return sum(part.cents for part in self.parts)


def _book(tx: Tx, client: Row, cash: _Cash, now: datetime) -> Paid:
    if tx.one(queries.PAYMENT_BY_REFERENCE, reference=cash.reference) is not None:
        raise UserError(sentence("received before", reference=cash.reference))
    row: dict[str, object] = {"client_id": client.id, "kind": cash.purpose, "reference": cash.reference}
    row |= {"cents": cash.cents, "net_cents": cash.net_cents, "received_on": cash.received_on}
    row |= {"service_from_on": cash.service_from_on, "service_to_on": cash.service_to_on}
    row |= {"refunds_id": cash.refunds_id}
    evidence = {"row": kept(**row), **evidence_of(*cash.parts)}
    draft = payment_draft(
        cash.cents, cash.net_cents, is_fee=cash.purpose == SUBSCRIPTION, applied_cents=cash.applied_cents
    )
    entry_id = post(tx, draft, Cause(f"payment:{cash.reference}", client.id, now, evidence=evidence))
    payment_id = tx.insert("payment", **row, entry_id=entry_id)
    return Paid(payment_id, entry_id)


def _commission(
    tx: Tx, client: Row, paid: Paid, cash: _Cash, *, now: datetime, net_before: int, consultant_id: int
) -> Paid:
    """Accrue, or take back, what the change of net cash earns whoever brought the client."""
    if client.service_started_on is None:
        raise UserError(sentence("received began", client=client.name, code=client.code))
    from_on, to_on = cash.service_from_on, cash.service_to_on
    assert from_on is not None and to_on is not None
    net_after = net_before + cash.net_cents
    cents = commission_change(net_before, net_after, from_on, to_on, began_on=client.service_started_on)
    if not cents:
        return paid
    evidence = {
        "consultant_id": consultant_id,
        "net_cents_before": net_before,
        "net_cents_after": net_after,
        "service_from_on": from_on.isoformat(),
        "service_to_on": to_on.isoformat(),
        "service_started_on": client.service_started_on.isoformat(),
    }
    accrue(
        tx, key=f"commission:{paid.payment_id}", client_id=client.id, consultant_id=consultant_id, cents=cents,
        on=cash.received_on, now=now, evidence=evidence, payment_id=paid.payment_id,
    )  # fmt: skip
    return Paid(paid.payment_id, paid.entry_id, cents, consultant_id)
