"""Twenty writers at once: nothing billed twice, no grant overdrawn, no number missing."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from bot import books, people
from bot.books.looking import balance
from bot.commands.about_invoices import CloseMonth
from bot.errors import UserError
from bot.messages import CONSOLE, Handle, Trust
from bot.orders.about_invoices import close_month
from bot.queries import money as queries
from bot.scene import Scene
from bot.store import Query, Store, Tx
from tests.desk import Desk
from tests.doubles.books import LONG_AGO, a_client, a_delivery, a_grant, a_ticket, log, ny, prepaid_cents, some_work

WRITERS = 20
AT = ny("2026-11-18T23:10")


def test_twenty_writers_draw_on_one_grant(fresh_store: Store) -> None:
    def prepare(tx: Tx) -> tuple[int, list[int]]:
        client = a_client(tx)
        a_grant(tx, client, units=100, price_cents=75_000)
        return client, [a_ticket(tx, client) for _ in range(WRITERS)]

    client, tickets = fresh_store.run_sync(prepare)

    def write(number: int) -> int:
        billed = 0
        for item in range(4):
            work = some_work(f"2026-11-1{6 + item}T10:00", 30)
            key = f"{number}:{item}"
            billed += fresh_store.run_sync(lambda tx, w=work, k=key: log(tx, tickets[number], w, key=k)).units  # type: ignore[misc]
        return billed

    with ThreadPoolExecutor(WRITERS) as pool:
        billed = sum(pool.map(write, range(WRITERS)))
    # 20 tickets × 4 days × 2 quarters × 2 units; 100 of them from the credit.
    assert billed == 320

    def check(tx: Tx) -> None:
        assert books.audit(tx, client) == []
        standing = balance(tx, client)
        assert (standing.left_units, prepaid_cents(tx, client)) == (0, 0)
        assert standing.owed_cents == 75_000 + 220 * 1000
        numbers = [row.number for row in tx.all(queries.ENTRIES_OF_CLIENT, client_id=client)]
        assert numbers == list(range(1, 1 + 2 + 80))

    fresh_store.read_sync(check)


def test_two_ticks_bill_a_contact_once_and_lapse_a_grant_once(fresh_store: Store) -> None:
    def prepare(tx: Tx) -> tuple[int, int, int]:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        grant = a_grant(tx, client, "included", lapses_on=date(2026, 11, 18))
        period = (ny("2026-11-18T17:00"), ny("2026-11-19T09:00"))
        noted = books.note_contact(tx, ticket, client, inbound_id=None, period=period, now=AT)
        assert noted is not None
        delivery = a_delivery(tx, ticket)
        books.contact_told(tx, delivery, now=AT)
        books.answer_contact(tx, ticket, now=AT + timedelta(minutes=2))
        return client, noted.id, grant

    client, contact, grant = fresh_store.run_sync(prepare)
    due_contact = fresh_store.read_sync(lambda tx: tx.one(queries.CONTACT, contact_id=contact))
    due_grant = fresh_store.read_sync(lambda tx: tx.one(queries.GRANT, grant_id=grant))
    now = AT + timedelta(minutes=10)

    def tick(_: int) -> tuple[bool, bool]:
        billed = fresh_store.run_sync(lambda tx: books.settle_contact(tx, due_contact, now=now))
        lapsed = fresh_store.run_sync(lambda tx: books.lapse(tx, due_grant, now=now))
        return billed is not None, lapsed is not None

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(tick, range(8)))
    assert [sum(column) for column in zip(*results, strict=True)] == [1, 1]

    def check(tx: Tx) -> None:
        assert books.audit(tx, client) == []
        assert balance(tx, client).owed_cents == 5000

    fresh_store.read_sync(check)


IS_AWAITED = Query(
    "SELECT 1 AS yes FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)) LIMIT 1"
)


@pytest.mark.parametrize("meets", ["claim", "bounce"])
def test_a_tick_that_meets_a_claim_or_a_bounce_half_way_goes_by_it(fresh_store: Store, meets: str) -> None:
    def prepare(tx: Tx) -> tuple[int, int]:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        period = (ny("2026-11-18T17:00"), ny("2026-11-19T09:00"))
        noted = books.note_contact(tx, ticket, client, inbound_id=None, period=period, now=AT)
        assert noted is not None
        delivery = a_delivery(tx, ticket)
        books.contact_told(tx, delivery, now=AT)
        if meets == "bounce":
            books.answer_contact(tx, ticket, now=AT)
        return ticket, noted.id

    ticket, contact = fresh_store.run_sync(prepare)
    due = fresh_store.read_sync(lambda tx: tx.one(queries.CONTACT, contact_id=contact))
    now, is_answered = AT + timedelta(minutes=10), Event()

    def meet(tx: Tx) -> None:
        if meets == "claim":
            books.answer_contact(tx, ticket, now=now)
        else:
            assert not books.contact_untold(tx, ticket)
        is_answered.set()
        # On SQLite only one writes at a time.
        if tx.dialect == "postgresql":
            assert any(tx.one(IS_AWAITED) for _ in range(50_000)), "the tick does not wait"

    def settle() -> None:
        is_answered.wait(10)
        fresh_store.run_sync(lambda tx: books.settle_contact(tx, due, now=now))

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(fresh_store.run_sync, meet), pool.submit(settle)):
            done.result(60)
    after = fresh_store.read_sync(lambda tx: tx.one(queries.CONTACT, contact_id=contact))
    # Of a notice that came back nobody was told: nothing is billed.
    assert after is not None and after.outcome == ("billed" if meets == "claim" else "")


@pytest.mark.parametrize("work", ["terms", "close-month"])
def test_who_waits_for_a_client_holds_no_number(fresh_store: Store, tmp_path: Path, work: str) -> None:
    """A batch over two clients meets an invoice of the second: neither runs into the other, nothing is set aside."""
    desk = Desk(fresh_store, tmp_path, now=ny("2026-11-30T12:00"))
    maria = desk.a_consultant("M-1", "Maria Rossi", role="manager")
    clients = [desk.a_client(code) for code in ("ACME", "ZED")]
    for number, client in enumerate(clients):
        ticket = fresh_store.run_sync(partial(a_ticket, client_id=client.id))
        fresh_store.run_sync(
            partial(log, ticket_id=ticket, work=some_work("2026-11-18T10:00", 30), key=f"{work}:{number}")
        )
        asyncio.run(desk.do(maria, f"plan start {client.code} managed fee 450 from 2026-12-01"))
    desk.clock.move_to(ny("2026-12-01T09:00"))
    is_held, runs = Event(), list[int]()

    def meet(tx: Tx) -> None:
        runs.append(1)
        books.lock_clients(tx, [clients[1].id])
        is_held.set()
        if tx.dialect == "postgresql":
            assert any(tx.one(IS_AWAITED) for _ in range(50_000)), "the batch does not wait"
        assert books.invoice_work(tx, clients[1].id, key="met", now=desk.now) is not None

    def close(tx: Tx) -> None:
        runs.append(1)
        actor = people.identify(tx, Handle(CONSOLE, maria.handles[CONSOLE]), Trust.PROVEN, desk.now)
        close_month(Scene(tx, desk.policy, desk.now, "close"), actor, CloseMonth(date(2026, 11, 1)))

    def batch() -> None:
        is_held.wait(10)
        if work == "terms":
            runs.append(1)
            asyncio.run(desk.stage.tick.run_once())
        else:
            fresh_store.run_sync(close)

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(fresh_store.run_sync, meet), pool.submit(batch)):
            done.result(60)
    # Neither was broken off and run again.
    assert runs == [1, 1]
    assert [desk.client(client).failures for client in clients] == [0, 0]
    assert [desk.faults_in_books(client) for client in clients] == [[], []]
    assert fresh_store.read_sync(books.desk_faults) == []


def test_the_same_import_at_once_buys_once(fresh_store: Store) -> None:
    client = fresh_store.run_sync(a_client)

    def buy(_: int) -> None:
        fresh_store.run_sync(
            lambda tx: books.buy_credit(
                tx, client_id=client, tier="12h", bought_on=date(2026, 1, 5), note="INV-1", now=LONG_AGO
            )
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(buy, range(8)))
    assert fresh_store.read_sync(lambda tx: balance(tx, client).left_units) == 96


def test_managers_pay_a_consultant_out_once_while_work_goes_on(fresh_store: Store) -> None:
    def prepare(tx: Tx) -> tuple[int, list[int], list[int]]:
        worker = people.add_consultant(tx, "C-1", "Tom Becker", now=LONG_AGO, pay_basis_points=5000)
        people.set_consultant(tx, worker, {"bank_account": "DE1"})
        books.keep_tax_form(tx, people.consultant(tx, worker), "W-9", on=date(2026, 1, 5))
        clients = [a_client(tx, f"C{number}") for number in range(4)]
        return worker, clients, [a_ticket(tx, client) for client in clients]

    worker, clients, tickets = fresh_store.run_sync(prepare)
    now = ny("2026-11-19T12:00")

    def write(number: int) -> int:
        work, ticket = some_work(f"2026-11-{10 + number % 8}T10:00", 15), tickets[number % len(tickets)]

        def unit(tx: Tx) -> int:
            if number % 4:
                books.log_time(tx, work, ticket_id=ticket, consultant_id=worker, key=f"p{number}", now=now)
                return 0
            try:
                paid = books.pay_out(tx, people.consultant(tx, worker), to_on=now.date(), paid_on=now.date(), now=now)
            except UserError:
                return 0
            return paid.cents

        return fresh_store.run_sync(unit)

    with ThreadPoolExecutor(WRITERS) as pool:
        paid = sum(pool.map(write, range(2 * WRITERS)))

    def check(tx: Tx) -> None:
        assert [books.audit(tx, client) for client in clients] == [[]] * 4
        accounts = [row for client in clients for row in tx.all(queries.ACCOUNTS, client_id=client)]
        earned = sum(row.balance for row in accounts if row.name == "pay")
        owed = -sum(row.balance for row in accounts if row.name == "pay-payable")
        # Nothing is paid twice, and nothing is lost: what is not paid yet is owed.
        assert earned == paid + owed
        assert paid == -sum(row.balance for row in accounts if row.name == "cash")

    fresh_store.read_sync(check)
