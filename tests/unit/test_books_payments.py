"""Payments and refunds in the books, and the commission that follows them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from bot import books, people
from bot.books import Paid
from bot.books.looking import balance
from bot.errors import NotFound, UserError
from bot.queries import money as queries
from bot.store import Store, Tx
from tests.doubles.books import LONG_AGO, a_client, ny

NOW = ny("2026-11-20T10:00")
MONTH = {"service_from_on": date(2026, 11, 1), "service_to_on": date(2026, 12, 1)}


def a_brought_client(tx: Tx, **columns: Any) -> tuple[int, int]:
    broker = people.add_consultant(tx, "M7", "Bea Broker", now=LONG_AGO)
    columns = {"brought_by_id": broker, "service_started_on": date(2026, 1, 15), **columns}
    return a_client(tx, **columns), broker


def pay(tx: Tx, client: int, cents: int = 6000, reference: str = "R1", **changes: Any) -> Paid:
    terms: dict[str, Any] = {"purpose": "subscription", "received_on": date(2026, 11, 20), **MONTH, **changes}
    return books.record_payment(tx, client_id=client, cents=cents, reference=reference, now=NOW, **terms)


def kept(tx: Tx, client: int) -> dict[str, int]:
    return {row.name: row.balance for row in tx.all(queries.ACCOUNTS, client_id=client)}


def owed_commission(tx: Tx, client: int) -> int:
    accounts = {row.name: row.balance for row in tx.all(queries.ACCOUNTS, client_id=client)}
    return -accounts.get("commission-payable", 0)


def test_ten_per_cent_of_the_first_years_fee_go_to_who_brought_the_client(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, broker = a_brought_client(tx)
        paid = pay(tx, client)
        assert (paid.commission_cents, paid.commission_to_id) == (600, broker)
        # The span crosses the end of the first year: 14 of January's 31 days count.
        january = {"service_from_on": date(2027, 1, 1), "service_to_on": date(2027, 2, 1)}
        assert pay(tx, client, reference="R2", **january).commission_cents == 271
        february = {"service_from_on": date(2027, 2, 1), "service_to_on": date(2027, 3, 1)}
        assert pay(tx, client, reference="R3", **february).commission_cents == 0
        assert owed_commission(tx, client) == 871
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_commission_is_of_the_net_fee(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, _ = a_brought_client(tx)
        assert pay(tx, client, 7140, net_cents=6000).commission_cents == 600

    store.run_sync(unit)


def test_fee_without_an_invoice_holds_the_clients_tax_and_refunds_in_parts_take_it_back(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, _ = a_brought_client(tx, tax_basis_points=1900)
        # $71.40 are $60.00 and 19 % tax; 10 % of the net is the commission.
        assert pay(tx, client, 7140).commission_cents == 600
        assert kept(tx, client)["tax"] == -1140
        back = partial(books.refund_payment, tx, of_reference="R1", received_on=date(2026, 11, 21), now=NOW)
        # A third: $23.80, of it $20.00 net. Then what is left.
        assert back(cents=2380, reference="R2").commission_cents == -200
        assert (kept(tx, client)["tax"], kept(tx, client)["cash"]) == (-760, 4760)
        assert back(cents=4760, reference="R3").commission_cents == -400
        assert not any(kept(tx, client).get(name) for name in ("tax", "cash", "deferred"))
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_refunds_reverse_it_to_the_cent(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, broker = a_brought_client(tx)
        pay(tx, client, 6005)  # 600.5 → 601
        taken = [
            books.refund_payment(
                tx, of_reference="R1", cents=cents, reference=f"B{cents}", received_on=date(2026, 11, 25), now=NOW
            )
            for cents in (2002, 4003)
        ]
        assert sum(paid.commission_cents for paid in taken) == -601
        assert {paid.commission_to_id for paid in taken} == {broker}
        assert owed_commission(tx, client) == 0
        with pytest.raises(UserError, match=r"\$0\.00 are left to refund"):
            books.refund_payment(
                tx, of_reference="R1", cents=1, reference="B3", received_on=date(2026, 11, 25), now=NOW
            )
        with pytest.raises(NotFound, match="R9"):
            books.refund_payment(
                tx, of_reference="R9", cents=1, reference="B4", received_on=date(2026, 11, 25), now=NOW
            )
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_a_client_that_nobody_brought_earns_nobody_a_commission(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        assert pay(tx, client).commission_to_id is None
        assert owed_commission(tx, client) == 0

    store.run_sync(unit)


def test_a_payment_settles_what_is_owed_and_earns_no_commission(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, _ = a_brought_client(tx)
        books.grant(tx, client_id=client, tier="12h", key="g", now=NOW)
        paid = pay(tx, client, 72_000, purpose="credit", service_from_on=None, service_to_on=None)
        assert (paid.commission_cents, balance(tx, client).owed_cents) == (0, 0)

    store.run_sync(unit)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"purpose": "gift"}, "no purpose"),
        ({"cents": 0}, "above zero"),
        ({"cents": -5}, "above zero"),
        ({"net_cents": 7000}, "above zero"),
        ({"service_to_on": None}, "Which period"),
        ({"service_to_on": date(2026, 11, 1)}, "Which period"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(store: Store, changes: dict[str, Any], named: str) -> None:
    def unit(tx: Tx) -> None:
        pay(tx, a_client(tx), **changes)

    with pytest.raises(UserError, match=named):
        store.run_sync(unit)


def test_one_reference_is_booked_once(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        pay(tx, client)
        with pytest.raises(UserError, match="R1 was booked before"):
            pay(tx, client)

    store.run_sync(unit)


def test_a_commission_needs_the_first_day_of_service(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client, _ = a_brought_client(tx, service_started_on=None)
        pay(tx, client)

    with pytest.raises(UserError, match="client set ACME started=DATE"):
        store.run_sync(unit)
