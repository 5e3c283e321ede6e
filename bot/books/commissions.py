"""The commission of whoever brought a client: 10 % of its first year's net fees, on the cash that came in for them.

A fee that was invoiced earns as it is paid, in whatever parts, and loses it again as the money goes back: what is
posted is the difference between what the cash held now is worth and what was posted before. Source: mission, "Money to
people".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.books.entries import Cause, post
from bot.books.evidence import kept
from bot.ledger.commissions import commission_cents
from bot.ledger.postings import commission_draft
from bot.money import divide
from bot.queries import fees as queries
from bot.queries import invoices as invoice_queries
from bot.store import Row, Tx


def accrue(
    tx: Tx,
    *,
    key: str,
    client_id: int,
    consultant_id: int,
    cents: int,
    on: date,
    now: datetime,
    evidence: Mapping[str, object],
    payment_id: int | None = None,
    invoice_id: int | None = None,
) -> None:
    """Post a commission, or take it back where negative, and keep it beside its entry."""
    row: dict[str, object] = {"payment_id": payment_id, "invoice_id": invoice_id, "consultant_id": consultant_id}
    row |= {"client_id": client_id, "cents": cents, "accrued_on": on}
    cause = Cause(key, client_id, now, evidence={**evidence, "row": kept(**row)})
    tx.insert("commission", **row, entry_id=post(tx, commission_draft(cents), cause))


def follow_cash(tx: Tx, client: Row, invoice_id: int, *, on: date, now: datetime) -> int:
    """Bring the commission of an invoiced fee in line with the cash held for it; returns the change in cents.

    Whoever earned of it first keeps earning; the client's row is locked. 0 for an invoice that is no fee.
    """
    fee = tx.one(queries.FEE_OF_INVOICE, invoice_id=invoice_id)
    if fee is None:
        return 0
    so_far = tx.one(queries.COMMISSION_OF_INVOICE, invoice_id=invoice_id)
    assert so_far is not None
    consultant_id = so_far.consultant_id or client.brought_by_id
    if consultant_id is None:
        return 0
    held = _net_held(tx, invoice_id)
    began_on = client.service_started_on or fee.from_on
    due = commission_cents(held, fee.from_on, fee.to_on, began_on=began_on) if held else 0
    cents = due - so_far.cents
    if not cents:
        return 0
    evidence = {
        "consultant_id": consultant_id,
        "invoice_id": invoice_id,
        "net_cents_held": held,
        "cents_before": so_far.cents,
        "service_from_on": fee.from_on.isoformat(),
        "service_to_on": fee.to_on.isoformat(),
        "service_started_on": began_on.isoformat(),
    }
    accrue(
        tx, key=f"commission:invoice:{invoice_id}:{so_far.postings + 1}", client_id=client.id,
        consultant_id=consultant_id, cents=cents, on=on, now=now, evidence=evidence, invoice_id=invoice_id,
    )  # fmt: skip
    return int(cents)


def _net_held(tx: Tx, invoice_id: int) -> int:
    """The net part of the cash that stands against an invoice, never more than what credit notes left of it."""
    row = tx.one(invoice_queries.INVOICE, invoice_id=invoice_id)
    cash = tx.one(queries.CASH_OF_INVOICE, invoice_id=invoice_id)
    credited = tx.one(invoice_queries.CREDITED, invoice_id=invoice_id)
    assert row is not None and cash is not None and credited is not None
    net = divide(row.net_cents * cash.cents, row.net_cents + row.tax_cents)
    return int(min(net, row.net_cents + credited.net_cents))
