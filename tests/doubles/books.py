"""Builders of what the books need: a client, a ticket, work, a price notice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import books, people
from bot.books import Logged
from bot.ledger.kinds import Kind
from bot.ledger.work import Work
from bot.queries import money
from bot.store import Tx
from bot.triage.priority import Priority

LONG_AGO = datetime(2026, 1, 5, 15, tzinfo=UTC)


def ny(text: str) -> datetime:
    """An instant by the wall clock of New York."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def a_client(tx: Tx, code: str = "ACME", **columns: Any) -> int:
    """A client in New York, billed per use by the day unless `columns` say otherwise."""
    values = {"zone": "America/New_York", "plan": "per-use", "rounding": "day", **columns}
    client_id = people.add_client(tx, code, f"{code.title()} Ltd", now=LONG_AGO, **values)
    books.keep_terms(tx, client_id, now=LONG_AGO)
    return client_id


def prepaid_cents(tx: Tx, client_id: int) -> int:
    """What a client's bought credit is still worth, as the books keep it."""
    rows = tx.all(money.ACCOUNTS, client_id=client_id)
    return -sum(row.balance for row in rows if row.name == "prepaid")


def a_ticket(tx: Tx, client_id: int | None, **columns: Any) -> int:
    values = {"client_id": client_id, "state": "claimed", "subject": "Printer", "opened_at": LONG_AGO, **columns}
    return tx.insert("ticket", **values)


def a_grant(tx: Tx, client_id: int, tier: str = "12h", **terms: Any) -> int:
    terms = {"bought_on": date(2026, 1, 5), "now": LONG_AGO, **terms}
    return books.grant(tx, client_id=client_id, tier=tier, key=terms.pop("key", f"g:{tier}:{len(terms)}"), **terms)


def some_work(at: str, minutes: int, **changes: Any) -> Work:
    values = {"priority": Priority.P4, "kind": Kind.REMOTE, **changes}
    return Work(started_at=ny(at), minutes=minutes, **values)


def log(tx: Tx, ticket_id: int, work: Work, *, key: str, now: datetime | None = None, **more: Any) -> Logged:
    """Log work as soon as it is done, unless said otherwise."""
    return books.log_time(tx, work, ticket_id=ticket_id, consultant_id=None, key=key, now=now or work.ended_at, **more)


def busy_books(tx: Tx) -> list[int]:
    """Two clients whose books hold an entry of every kind; returns their ids."""
    broker = people.add_consultant(tx, "M7", "Bea Broker", now=LONG_AGO)
    acme = a_client(tx, "ACME", brought_by_id=broker, service_started_on=date(2026, 1, 15))
    nord = a_client(tx, "NORD_1", plan="flat", zone="Europe/Berlin")
    ticket, other = a_ticket(tx, acme), a_ticket(tx, nord)
    a_grant(tx, acme, units=42)
    a_grant(tx, acme, "included", units=24, lapses_on=date(2026, 11, 20), key="included")
    log(tx, ticket, some_work("2026-11-18T10:00", 50, kind=Kind.TRAVEL), key="a")
    night = log(tx, ticket, some_work("2026-11-18T16:30", 61, was_asked=True), key="b")
    log(tx, ticket, some_work("2026-11-19T10:00", 200, priority=Priority.P1), key="c")
    free = log(tx, ticket, some_work("2026-11-19T15:00", 20, is_billable=False), key="free")
    log(tx, other, some_work("2026-11-18T10:00", 90), key="covered")
    log(tx, other, some_work("2026-11-18T10:00", 90, kind=Kind.ONSITE), key="onsite")
    assert night.charge_id is not None and free.charge_id is not None
    books.waive(tx, night.charge_id, reason='a "gift"; really | so', now=ny("2026-11-19T16:00"))
    wrong = log(tx, ticket, some_work("2026-11-20T10:00", 7), key="wrong")
    log(tx, ticket, some_work("2026-11-20T11:00", 7), key="right")
    assert wrong.charge_id is not None
    books.reverse(tx, wrong.charge_id, reason="wrong ticket", now=ny("2026-11-20T12:00"))
    for row in tx.all(money.GRANTS, client_id=acme):
        books.lapse(tx, row, now=ny("2026-11-21T00:00"))
    now = ny("2026-11-21T10:00")
    books.record_payment(
        tx, client_id=acme, cents=7140, net_cents=6000, purpose="subscription", reference="R1", now=now,
        received_on=date(2026, 11, 21), service_from_on=date(2026, 11, 1), service_to_on=date(2026, 12, 1),
    )  # fmt: skip
    books.record_payment(
        tx, client_id=acme, cents=31_500, purpose="credit", reference="=R2", now=now, received_on=date(2026, 11, 21)
    )
    worker = people.add_consultant(tx, "C9", "Will Worker", now=LONG_AGO, pay_basis_points=5000)
    visit = some_work("2026-11-23T10:00", 30, kind=Kind.ONSITE)
    books.log_time(tx, visit, ticket_id=other, consultant_id=worker, key="paid", now=visit.ended_at)
    issued = books.invoice_work(tx, nord, key="busy", now=ny("2026-11-23T11:00"))
    assert issued is not None
    books.pay_invoice(
        tx, issued.number, 5000, reference="R3", received_on=date(2026, 11, 23), now=ny("2026-11-23T12:00")
    )
    return [acme, nord]


def a_delivery(tx: Tx, ticket_id: int, key: str = "notice") -> int:
    return tx.insert("delivery", key=key, ticket_id=ticket_id, kind="price_told", created_at=LONG_AGO)
