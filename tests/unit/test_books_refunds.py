"""What a refund opens again: the invoices that the cash stands against, whichever payment brought it."""

from __future__ import annotations

from datetime import date

from bot import books
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD
from bot.queries import invoices as invoice_queries
from bot.queries import money as queries
from bot.store import Row, Store, Tx
from tests.doubles.books import a_client, ny

NOW = ny("2026-11-20T10:00")
ON = date(2026, 11, 20)


def an_invoice(tx: Tx, client: int, tier: Tier, key: str) -> str:
    return books.invoice_bundle(tx, client, tier, key=key, now=NOW, prices=STANDARD).number


def paid(tx: Tx, number: str, cents: int, reference: str) -> None:
    books.pay_invoice(tx, number, cents, reference=reference, received_on=ON, now=NOW)


def refunded(tx: Tx, of_reference: str, cents: int, reference: str) -> None:
    books.refund_payment(tx, of_reference=of_reference, cents=cents, reference=reference, received_on=ON, now=NOW)


def invoice(tx: Tx, number: str) -> Row:
    row = tx.one(invoice_queries.BY_NUMBER, number=number)
    assert row is not None
    return row


def unapplied(tx: Tx, client: int) -> int:
    return sum(row.balance for row in tx.all(queries.ACCOUNTS, client_id=client) if row.name == "unapplied")


def test_refund_of_what_was_paid_ahead_opens_the_invoice_that_it_settled(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        first = an_invoice(tx, client, Tier.CREDIT_12H, "k1")  # $720.00
        paid(tx, first, 72_000, "R1")
        paid(tx, first, 50_000, "R2")  # nothing is open of it: all of this is paid ahead
        second = an_invoice(tx, client, Tier.CREDIT_40H, "k2")  # $2,000.00, $500.00 of it paid ahead
        assert (unapplied(tx, client), invoice(tx, second).paid_cents) == (0, 50_000)
        refunded(tx, "R2", 50_000, "R3")
        assert (unapplied(tx, client), invoice(tx, second).paid_cents) == (0, 0)
        assert invoice(tx, first).state == "settled"
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_refunds_of_two_payments_open_no_more_than_they_settled(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        first = an_invoice(tx, client, Tier.CREDIT_12H, "k1")
        paid(tx, first, 72_000, "R1")
        paid(tx, first, 72_000, "R2")  # paid twice by mistake
        # The first one goes back: what the second left ahead is taken, and the invoice stays paid.
        refunded(tx, "R1", 72_000, "R3")
        assert (unapplied(tx, client), invoice(tx, first).paid_cents) == (0, 72_000)
        refunded(tx, "R2", 72_000, "R4")
        assert (unapplied(tx, client), invoice(tx, first).paid_cents) == (0, 0)
        assert invoice(tx, first).state == "open"
        assert books.audit(tx, client) == []

    store.run_sync(unit)
