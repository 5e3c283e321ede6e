"""Credit in the books: granted, lapsed at its local midnight, and brought back for work that was logged late."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot import books
from bot.books.credit import next_anniversary
from bot.books.looking import balance, balance_line
from bot.errors import UserError
from bot.ledger.wording import Source
from bot.queries import money as queries
from bot.store import Store, Tx
from tests.doubles.books import LONG_AGO, a_client, a_grant, a_ticket, log, ny, prepaid_cents, some_work


def the_grant(tx: Tx, grant: int) -> Any:
    row = tx.one(queries.GRANT, grant_id=grant)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("tier", "units", "price", "expected"),
    [
        ("12h", None, None, (96, 72_000)),
        ("40h", None, None, (320, 200_000)),
        ("12h", 8, None, (8, 6000)),  # an hour at P4 of it: 8 × $7.50
        ("12h", 96, 0, (96, 0)),  # given
        ("included", None, None, (24, 0)),
    ],
)
def test_a_grant_has_the_size_and_price_of_its_tier(
    store: Store, tier: str, units: int | None, price: int | None, expected: tuple[int, int]
) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        row = the_grant(tx, a_grant(tx, client, tier, units=units, price_cents=price))
        assert (row.balance_units, row.price_cents) == expected
        standing = balance(tx, client)
        assert (standing.owed_cents, prepaid_cents(tx, client)) == (expected[1], expected[1])
        assert books.audit(tx, client) == []

    store.run_sync(unit)


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"tier": "gold"}, "no credit"),
        ({"units": 0}, "from 1 up"),
        ({"units": -5}, "from 1 up"),
        ({"lapses_on": date(2026, 1, 5)}, "later date"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(store: Store, terms: dict[str, Any], named: str) -> None:
    def unit(tx: Tx) -> None:
        a_grant(tx, a_client(tx), **terms)

    with pytest.raises(UserError, match=named):
        store.run_sync(unit)


@pytest.mark.parametrize(
    ("zone", "lapses_on", "instant"),
    [
        ("America/New_York", date(2026, 12, 1), "2026-12-01T05:00:00+00:00"),
        ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),  # before the clock goes back
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00:00+00:00"),  # its midnight is skipped
    ],
)
def test_included_units_lapse_at_local_midnight(store: Store, zone: str, lapses_on: date, instant: str) -> None:
    def unit(tx: Tx) -> None:
        row = the_grant(tx, a_grant(tx, a_client(tx, zone=zone), "included", lapses_on=lapses_on))
        assert row.lapse_at == datetime.fromisoformat(instant)
        assert books.lapse(tx, row, now=LONG_AGO) is None  # not due yet
        lapsed = books.lapse(tx, row, now=row.lapse_at)
        assert lapsed is not None and lapsed.units == 24
        assert books.lapse(tx, row, now=row.lapse_at) is None  # once
        assert balance(tx, row.client_id).left_units == 0
        assert books.audit(tx, row.client_id) == []

    store.run_sync(unit)


def test_bought_credit_that_lapses_is_earned(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        row = the_grant(tx, a_grant(tx, client, lapses_on=date(2026, 12, 1)))
        assert books.lapse(tx, row, now=ny("2026-12-01T00:00")) is not None
        standing = balance(tx, client)
        assert (standing.left_units, prepaid_cents(tx, client), standing.owed_cents) == (0, 0, 72_000)

    store.run_sync(unit)


def test_an_empty_grant_lapses_without_an_entry(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        row = the_grant(tx, a_grant(tx, client, "included", units=2, lapses_on=date(2026, 12, 1)))
        log(tx, a_ticket(tx, client), some_work("2026-11-18T10:00", 15), key="a")
        assert books.lapse(tx, row, now=ny("2026-12-01T00:00")) is None
        assert the_grant(tx, row.id).lapse_at is None

    store.run_sync(unit)


def test_work_of_the_old_term_that_is_logged_late_uses_what_has_lapsed(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        row = the_grant(tx, a_grant(tx, client, "included", lapses_on=date(2026, 12, 1)))
        assert books.lapse(tx, row, now=ny("2026-12-01T00:00")) is not None
        late = log(tx, ticket, some_work("2026-11-30T16:00", 30), key="late", now=ny("2026-12-02T09:00"))
        assert (late.sources, late.due_cents, late.left_units) == ((Source("included", 4, 0),), 0, 0)
        # The rest lapsed again at once; work of the new term gets nothing of it.
        fresh = log(tx, ticket, some_work("2026-12-01T10:00", 30), key="fresh", now=ny("2026-12-02T09:00"))
        assert (fresh.due_cents, fresh.left_units) == (4000, 0)
        more = log(
            tx, ticket, some_work("2026-11-29T10:00", 60, was_asked=False), key="more", now=ny("2026-12-02T10:00")
        )
        assert (more.sources, more.due_cents) == ((Source("included", 8, 0),), 0)
        assert books.audit(tx, client) == []
        assert more.charge_id is not None
        books.reverse(tx, more.charge_id, reason="wrong client", now=ny("2026-12-02T11:00"))
        assert balance(tx, client).left_units == 0  # what came back has lapsed
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_an_import_buys_the_same_credit_once(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        for _ in range(2):
            books.buy_credit(tx, client_id=client, tier="12h", bought_on=date(2026, 1, 5), note="INV-1", now=LONG_AGO)
        books.buy_credit(tx, client_id=client, tier="12h", bought_on=date(2026, 2, 5), note="INV-2", now=LONG_AGO)
        assert balance(tx, client).left_units == 192

    store.run_sync(unit)


def test_a_balance_in_one_line(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        now = ny("2026-11-18T10:00")
        assert balance_line(tx, client, now=now) == "nothing due"
        a_grant(tx, client, "12h", units=18, price_cents=0)
        a_grant(tx, client, "included", units=8, lapses_on=date(2026, 12, 1))
        assert balance_line(tx, client, now=now) == "3.25 h at P4 left, 1 h of it until 2026-12-01"
        tiers = [(grant.tier, grant.balance_units) for grant in balance(tx, client).grants]
        assert tiers == [("included", 8), ("12h", 18)]  # in the order in which they are drawn

    store.run_sync(unit)


@pytest.mark.parametrize(
    ("began_on", "after_on", "expected"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 1, 15), date(2026, 11, 14), date(2026, 11, 15)),
        (date(2026, 1, 15), date(2026, 11, 15), date(2026, 12, 15)),
        (date(2025, 12, 31), date(2026, 12, 30), date(2026, 12, 31)),
    ],
)
def test_a_term_ends_on_the_next_anniversary(began_on: date, after_on: date, expected: date) -> None:
    assert next_anniversary(began_on, after_on) == expected


def test_terms_of_included_hours_follow_the_first_day_of_service(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx, plan="managed", service_started_on=date(2025, 3, 31))
        row = the_grant(tx, a_grant(tx, client, "included", bought_on=date(2026, 2, 2)))
        assert (row.units, row.lapses_on) == (24, date(2026, 2, 28))
        assert row.lapse_at == datetime(2026, 2, 28, 5, tzinfo=UTC)

    store.run_sync(unit)
