"""Builders of what the books need: a client, a ticket, work, a price notice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import books, people
from bot.books import Logged
from bot.ledger.kinds import Kind
from bot.ledger.work import Work
from bot.store import Tx
from bot.triage.priority import Priority

LONG_AGO = datetime(2026, 1, 5, 15, tzinfo=UTC)


def ny(text: str) -> datetime:
    """An instant by the wall clock of New York."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def a_client(tx: Tx, code: str = "ACME", **columns: Any) -> int:
    """A client in New York, billed per use by the day unless `columns` say otherwise."""
    values = {"zone": "America/New_York", "plan": "per-use", "rounding": "day", **columns}
    return people.add_client(tx, code, f"{code.title()} Ltd", now=LONG_AGO, **values)


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


def a_delivery(tx: Tx, ticket_id: int, key: str = "notice") -> int:
    return tx.insert("delivery", key=key, ticket_id=ticket_id, kind="price_told", created_at=LONG_AGO)
