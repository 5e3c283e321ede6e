"""Deliveries in the courier's hands: leased, settled, delayed, given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages import Notice, RemoteRef
from bot.outbox.posting import Lane, SendClass, notice_from_json, notice_to_json
from bot.queries import outbox as queries
from bot.store import Row, Tx

LEASE_SECONDS = 60
BACKOFF_SECONDS = (5, 15, 45, 120, 300, 600, 1200, 1800)
GIVE_UP_AFTER = timedelta(hours=3)
# A page that failed twice, or is two minutes old, moves to the person's next channel.
PAGE_TRIES, PAGE_PATIENCE = 2, timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Lease:
    """A delivery in the courier's hands until the lease runs out."""

    row: Row
    token: str
    notice: Notice


def lease_due(tx: Tx, *, lane: Lane, token: str, now: datetime, limit: int, channels: Sequence[str]) -> list[Lease]:
    """Take due deliveries of a lane, oldest first; what has expired is settled here and never sent late.

    channels: those that have a sender here; rows of others wait for one without standing in the way.
    """
    leases = []
    due = (tx.all(queries.DUE, now=now, lane=str(lane), channel=channel, limit=limit) for channel in channels)
    for row in (row for rows in due for row in rows):
        if row.expires_at is not None and row.expires_at <= now:
            tx.run(queries.SETTLE_UNLEASED, id=row.id, state="expired", now=now, error="too late to be of use")
            continue
        notice = _fold(tx, row, now)
        until = now + timedelta(seconds=LEASE_SECONDS)
        tx.run(queries.LEASE, id=row.id, token=token, until=until, first_tried_at=row.first_tried_at or now)
        leases.append(Lease(row, token, notice))
    return leases


def renew(tx: Tx, leases: Sequence[Lease], now: datetime) -> None:
    """Keep what is still in hand: no other worker may take it while it is being sent."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    for lease in leases:
        tx.run(queries.RENEW, id=lease.row.id, token=lease.token, until=until)


def _fold(tx: Tx, row: Row, now: datetime) -> Notice:
    """Join what else waits for the same contact on the same ticket into this one delivery."""
    notice = notice_from_json(row.notice_json)
    if row.send_class != SendClass.CONTACT or row.ticket_id is None or row.attempts:
        return notice
    younger = tx.all(
        queries.FOLDABLE, ticket_id=row.ticket_id, handle_id=row.handle_id, lane=row.lane, id=row.id, now=now
    )
    for other in younger:
        later = notice_from_json(other.notice_json)
        invitation = later.invitation or notice.invitation
        notice = replace(later, kind=notice.kind, body=f"{notice.body}\n\n{later.body}", invitation=invitation)
        tx.run(queries.SETTLE_UNLEASED, id=other.id, state="folded", now=now, error=f"sent with delivery {row.id}")
    if younger:
        tx.run(queries.REWRITE, id=row.id, notice_json=notice_to_json(notice))
    return notice


def settle_sent(tx: Tx, lease: Lease, ref: RemoteRef, now: datetime) -> bool:
    """Note that a delivery went out. False when the lease had been lost to another worker."""
    return (
        tx.run(
            queries.SETTLE,
            id=lease.row.id,
            token=lease.token,
            state="sent",
            now=now,
            error="",
            remote_conversation=ref.conversation,
            remote_id=ref.message_id,
        )
        == 1
    )


def settle_dead(tx: Tx, lease: Lease, reason: str, now: datetime) -> bool:
    """Give a delivery up, with the reason that stands on the ticket."""
    return (
        tx.run(
            queries.SETTLE,
            id=lease.row.id,
            token=lease.token,
            state="dead",
            now=now,
            error=reason[:500],
            remote_conversation="",
            remote_id="",
        )
        == 1
    )


def delay(tx: Tx, lease: Lease, reason: str, *, retry_after_seconds: float | None, now: datetime) -> bool:
    """Try again later. False when the time for trying is over: the caller then settles it as dead."""
    if now - (lease.row.first_tried_at or now) >= GIVE_UP_AFTER:
        return False
    step = BACKOFF_SECONDS[min(lease.row.attempts, len(BACKOFF_SECONDS) - 1)]
    wait = step if retry_after_seconds is None else max(1.0, retry_after_seconds)
    tx.run(queries.DELAY, id=lease.row.id, token=lease.token, due_at=now + timedelta(seconds=wait), error=reason[:500])
    return True


def should_page_elsewhere(lease: Lease, now: datetime) -> bool:
    """Has a page failed long enough to try the person's next channel?"""
    return bool(
        lease.row.lane == Lane.PAGE
        and (lease.row.attempts + 1 >= PAGE_TRIES or now - lease.row.created_at >= PAGE_PATIENCE)
    )


def withdraw_offers(tx: Tx, ticket_id: int, now: datetime) -> None:
    """Offers that have not been sent yet are void once the ticket is taken."""
    tx.run(queries.WITHDRAW_OFFERS, ticket_id=ticket_id, now=now)
