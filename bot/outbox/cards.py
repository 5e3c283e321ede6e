"""Cards: one row a ticket and place, shown anew until it shows what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import CardView, Place, RemoteRef
from bot.outbox.leasing import BACKOFF_SECONDS, LEASE_SECONDS
from bot.queries import outbox as queries
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class CardLease:
    """A card in the courier's hands."""

    card_id: int
    ticket_id: int
    token: str
    place: Place
    wanted_version: int
    ref: RemoteRef | None
    attempts: int


def want_card(tx: Tx, ticket_id: int, places: Iterable[Place], now: datetime) -> None:
    """A card of the ticket shall stand in each of these places, and show the newest state."""
    for place in places:
        tx.run(
            queries.CARD_WANT,
            ticket_id=ticket_id,
            channel=place.channel,
            conversation=place.conversation,
            now=now,
        )


def touch_cards(tx: Tx, ticket_id: int, now: datetime) -> None:
    """The ticket changed: every card of it, wherever it stands, is due for an edit."""
    tx.run(queries.CARDS_TOUCH, ticket_id=ticket_id, now=now)


def lease_cards(tx: Tx, *, token: str, now: datetime, limit: int, channels: Sequence[str]) -> list[CardLease]:
    """Take the cards that are out of date in the places of these channels."""
    leases = []
    due = (tx.all(queries.CARDS_DUE, now=now, channel=channel, limit=limit) for channel in channels)
    for row in (row for rows in due for row in rows):
        tx.run(queries.CARD_LEASE, id=row.id, token=token, until=now + timedelta(seconds=LEASE_SECONDS))
        ref = RemoteRef(row.remote_conversation, row.remote_id) if row.remote_id else None
        place = Place(row.channel, row.conversation, row.thread)
        leases.append(CardLease(row.id, row.ticket_id, token, place, row.wanted_version, ref, row.attempts))
    return leases


def settle_card(tx: Tx, lease: CardLease, view: CardView, *, ref: RemoteRef, now: datetime) -> None:
    """Note which version a card shows; it stays due where a newer one is wanted already."""
    tx.run(
        queries.CARD_SHOWN,
        id=lease.card_id,
        token=lease.token,
        version=view.version,
        remote_conversation=ref.conversation,
        remote_id=ref.message_id,
        thread=ref.thread,
        now=now,
    )


def delay_card(tx: Tx, lease: CardLease, reason: str, *, retry_after_seconds: float | None, now: datetime) -> None:
    """Show the card later; after the last back-off it waits for the ticket's next change."""
    last = lease.attempts >= len(BACKOFF_SECONDS) and retry_after_seconds is None
    wait = retry_after_seconds or BACKOFF_SECONDS[min(lease.attempts, len(BACKOFF_SECONDS) - 1)]
    due_at = None if last else now + timedelta(seconds=wait)
    tx.run(queries.CARD_DELAY, id=lease.card_id, token=lease.token, due_at=due_at, error=reason[:500])
