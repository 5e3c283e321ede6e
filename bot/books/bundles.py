"""Bundles that were ordered: invoiced at once, usable when paid or granted on credit, at the price that was agreed."""

from __future__ import annotations

from datetime import datetime

from bot.books import credit
from bot.books.invoicing import Issued, invoice_bundle
from bot.books.settlements import invoice_numbered, open_cents
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD, PriceList
from bot.queries import invoices as queries
from bot.store import Row, Tx


def order_bundle(tx: Tx, client_id: int, tier: Tier, *, key: str, now: datetime, prices: PriceList) -> Issued:
    """Invoice a bundle; where what was paid ahead settles it at once, it is usable at once."""
    issued = invoice_bundle(tx, client_id, tier, key=key, now=now, prices=prices)
    row = invoice_numbered(tx, issued.number)
    if row.ordered and not open_cents(row):
        fulfil(tx, row, now=now, prices=prices)
    return issued


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
