"""Cash that comes in or goes back, and the commission that follows it.

Source: mission, "Money to people": 10 % of the net subscription fee, on cash received for service in the client's
first 12 months, by the day; refunds reverse it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.books.entries import Cause, lock_client, post
from bot.errors import NotFound, UserError
from bot.ledger.commissions import commission_change
from bot.ledger.postings import commission_draft, payment_draft
from bot.queries import money as queries
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
    """Book cash from a client. net_cents: without tax; all of it where not said.

    A subscription names the span of service it pays for, the end exclusive. Raises UserError for a reference that was
    booked before, an amount or span that makes no sense, and a commission that cannot be reckoned.
    """
    client = lock_client(tx, client_id)
    net = cents if net_cents is None else net_cents
    if purpose not in PURPOSES:
        raise UserError(f"{purpose!r} is no purpose of a payment. Write one of {', '.join(PURPOSES)}.")
    if not 0 < net <= cents:
        raise UserError("Write the amount that came in, above zero, and of it what is net.")
    if purpose == SUBSCRIPTION and (
        service_from_on is None or service_to_on is None or service_to_on <= service_from_on
    ):
        raise UserError("Which period does it pay for? Write its first day, and the first day after it.")
    cash = _Cash(purpose, cents, net, reference, received_on, service_from_on, service_to_on)
    paid = _book(tx, client, cash, now)
    if purpose != SUBSCRIPTION or client.brought_by_id is None:
        return paid
    return _commission(tx, client, paid, cash, now=now, net_before=0, consultant_id=client.brought_by_id)


def refund_payment(
    tx: Tx,
    *,
    of_reference: str,
    cents: int,
    reference: str,
    received_on: date,
    now: datetime,
    net_cents: int | None = None,
) -> Paid:
    """Book cash that goes back to a client, of a payment booked before; its commission goes back in proportion.

    Raises NotFound, and UserError for more than is left of the payment.
    """
    original = tx.one(queries.PAYMENT_BY_REFERENCE, reference=of_reference)
    if original is None or original.cents <= 0:
        raise NotFound(f"No payment has the reference {of_reference}.")
    client = lock_client(tx, original.client_id)
    payments = tx.all(queries.PAYMENTS_OF_CLIENT, client_id=client.id)
    parts = [row for row in payments if row.id == original.id or row.refunds_id == original.id]
    left_cents, left_net = sum(row.cents for row in parts), sum(row.net_cents for row in parts)
    net = net_cents if net_cents is not None else (left_net if cents == left_cents else cents)
    if not (0 < cents <= left_cents and 0 < net <= min(cents, left_net)):
        raise UserError(f"Of {of_reference}, {left_cents} cents are left to refund, {left_net} of them net.")
    cash = _Cash(
        original.kind,
        -cents,
        -net,
        reference,
        received_on,
        original.service_from_on,
        original.service_to_on,
        refunds_id=original.id,
    )
    paid = _book(tx, client, cash, now)
    earner = tx.one(queries.COMMISSIONS_OF_PAYMENT, payment_id=original.id)
    if earner is None:
        return paid
    return _commission(tx, client, paid, cash, now=now, net_before=left_net, consultant_id=earner.consultant_id)


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


def _book(tx: Tx, client: Row, cash: _Cash, now: datetime) -> Paid:
    if tx.one(queries.PAYMENT_BY_REFERENCE, reference=cash.reference) is not None:
        raise UserError(f"A payment with the reference {cash.reference} was booked before.")
    evidence = {
        "purpose": cash.purpose,
        "cents": cash.cents,
        "net_cents": cash.net_cents,
        "reference": cash.reference,
        "received_on": cash.received_on.isoformat(),
    }
    draft = payment_draft(cash.cents, cash.net_cents, is_fee=cash.purpose == SUBSCRIPTION)
    entry_id = post(tx, draft, Cause(f"payment:{cash.reference}", client.id, now, evidence=evidence))
    payment_id = tx.insert(
        "payment",
        client_id=client.id,
        kind=cash.purpose,
        cents=cash.cents,
        net_cents=cash.net_cents,
        received_on=cash.received_on,
        service_from_on=cash.service_from_on,
        service_to_on=cash.service_to_on,
        reference=cash.reference,
        entry_id=entry_id,
        refunds_id=cash.refunds_id,
    )
    return Paid(payment_id, entry_id)


def _commission(
    tx: Tx, client: Row, paid: Paid, cash: _Cash, *, now: datetime, net_before: int, consultant_id: int
) -> Paid:
    """Accrue, or take back, what the change of net cash earns whoever brought the client."""
    if client.service_started_on is None:
        raise UserError(
            f"When did the service for {client.name} begin? The commission needs that day: "
            f"`client set {client.code} started DATE`."
        )
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
    cause = Cause(f"commission:{paid.payment_id}", client.id, now, evidence=evidence)
    entry_id = post(tx, commission_draft(cents), cause)
    tx.insert(
        "commission",
        payment_id=paid.payment_id,
        consultant_id=consultant_id,
        client_id=client.id,
        cents=cents,
        accrued_on=cash.received_on,
        entry_id=entry_id,
    )
    return Paid(paid.payment_id, paid.entry_id, cents, consultant_id)
