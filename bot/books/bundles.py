"""Bundles: ordered, invoiced at once and usable when paid; or granted on credit, usable and invoiced at once.

Source: mission, Rules: "A bundle is usable when paid, or when a manager grants it on credit."
"""

from __future__ import annotations

from datetime import date, datetime

from bot.books import credit
from bot.books.entries import lock_client
from bot.books.invoicing import Issued, credit_line, invoice_bundle, issue
from bot.books.settlements import invoice_numbered, open_cents
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD, PriceList
from bot.queries import invoices as queries
from bot.queries import money
from bot.store import Row, Tx


def order_bundle(tx: Tx, client_id: int, tier: Tier, *, key: str, now: datetime, prices: PriceList) -> Issued:
    """Invoice a bundle; where what was paid ahead settles it at once, it is usable at once."""
    issued = invoice_bundle(tx, client_id, tier, key=key, now=now, prices=prices)
    row = invoice_numbered(tx, issued.number)
    if row.ordered and not open_cents(row):
        fulfil(tx, row, now=now, prices=prices)
    return issued


def grant_on_credit(
    tx: Tx, client_id: int, tier: str, *, units: int | None, lapses_on: date | None, key: str, note: str,
    by_id: int | None, now: datetime, prices: PriceList,
) -> Issued | None:  # fmt: skip
    """Make credit usable now and invoice it on the client's terms; None for what costs nothing: included units."""
    client = lock_client(tx, client_id)
    grant_id = credit.grant(
        tx, client_id=client_id, tier=tier, key=key, now=now, units=units, lapses_on=lapses_on, granted_by_id=by_id,
        note=note, prices=prices,
    )  # fmt: skip
    row = tx.one(money.GRANT, grant_id=grant_id)
    assert row is not None
    if not row.price_cents:
        return None
    line = credit_line(row.bought_on, Tier(tier), row.units, row.price_cents)
    return issue(tx, client, [line], key=f"{key}:invoice", now=now)


def fulfil(tx: Tx, row: Row, *, now: datetime, prices: PriceList = STANDARD, by_id: int | None = None) -> str:
    """Make an ordered bundle usable, at the price that its invoice comes to; returns its tier. The client is locked."""
    tx.run(queries.ORDER_ENDED, invoice_id=row.id)
    credited = tx.one(queries.CREDITED, invoice_id=row.id)
    assert credited is not None
    credit.grant(
        tx, client_id=row.client_id, tier=row.ordered, key=f"grant:{row.number}", now=now, granted_by_id=by_id,
        price_cents=row.net_cents + credited.net_cents, note=row.number, prices=prices,
    )  # fmt: skip
    return str(row.ordered)
