"""Everything that goes out is a row here first, written in the transaction of its cause and sent by the courier.

This module writes rows, leases them and settles them; it knows the limits on what we send, and nothing of sockets.
Order is kept per ticket, person and lane by the row's id: the rows of one ticket are written under that ticket's lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.messages import Action, CardView, Notice, Place, RemoteRef
from bot.queries import outbox as queries
from bot.store import Row, Tx

LEASE_SECONDS = 60
BACKOFF_SECONDS = (5, 15, 45, 120, 300, 600, 1200, 1800)
GIVE_UP_AFTER = timedelta(hours=3)
# A page that failed twice, or is two minutes old, moves to the person's next channel.
PAGE_TRIES, PAGE_PATIENCE = 2, timedelta(minutes=2)


class SendClass(StrEnum):
    """Who is written to, and why: decides which limit counts (design, "What we send is bounded")."""

    STRANGER = "stranger"  # unproven or automatic sender
    CONTACT = "contact"  # proven contact, by the desk itself
    STAFF = "staff"
    TYPED = "typed"  # words of a person
    MONEY = "money"  # price notices and charges: pass every limit but the breaker


class Lane(StrEnum):
    """Deliveries of one lane keep their order; a page never waits behind conversation."""

    PAGE = "page"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the desk writes by itself to one person. Source: design, "What we send is bounded"."""

    stranger_per_thread_and_hour: int = 1
    stranger_per_day: int = 20
    contact_per_thread_and_day: int = 12
    coalesce_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person's handle, as people finds it."""

    handle_id: int
    channel: str
    address: str
    consultant_id: int | None = None
    contact_id: int | None = None
    display_name: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice to one person that is not a row yet.

    place: conversation and thread to post in; None for a direct message to the person.
    expires_at: after it the notice is worth nothing (an offer dies with its hold) and is never sent late.
    file_names: (filename, content type, sha256 of the blob, content id) of files that go with it.
    """

    notice: Notice
    to: Recipient
    send_class: SendClass
    lane: Lane = Lane.CONVERSATION
    place: Place | None = None
    expires_at: datetime | None = None
    files: tuple[tuple[str, str, str, str], ...] = ()


def post(
    tx: Tx, drafts: Sequence[Draft], *, cause: str, ticket_id: int | None, now: datetime, limits: Limits = Limits()
) -> list[int | None]:
    """Write drafts as deliveries. Returns their ids; None where the same cause was written before.

    cause: names what made us write ("inbound:55"), so that a repeat of the cause writes nothing twice.
    """
    return [_post_one(tx, draft, cause=cause, ticket_id=ticket_id, now=now, limits=limits) for draft in drafts]


def _post_one(tx: Tx, draft: Draft, *, cause: str, ticket_id: int | None, now: datetime, limits: Limits) -> int | None:
    key = f"{cause}:{draft.notice.kind}:{draft.to.handle_id}"
    if tx.one(queries.KNOWN_KEYS, key=key) is not None:
        return None
    due_at, held_because = _pace(tx, draft, ticket_id, now, limits)
    place = draft.place or Place(draft.to.channel, "")
    return tx.insert(
        "delivery",
        key=key,
        kind=draft.notice.kind,
        send_class=str(draft.send_class),
        lane=str(draft.lane),
        ticket_id=ticket_id,
        handle_id=draft.to.handle_id,
        consultant_id=draft.to.consultant_id,
        contact_id=draft.to.contact_id,
        channel=draft.to.channel,
        address=draft.to.address,
        conversation=place.conversation,
        thread=place.thread,
        notice_json=notice_to_json(draft.notice),
        files_json=json.dumps(draft.files),
        state="held" if held_because else "pending",
        error=held_because,
        due_at=due_at,
        expires_at=draft.expires_at,
        created_at=now,
    )


def _pace(tx: Tx, draft: Draft, ticket_id: int | None, now: datetime, limits: Limits) -> tuple[datetime | None, str]:
    """When to send, or why not: (due instant or None, reason for holding or "")."""
    if draft.send_class not in (SendClass.STRANGER, SendClass.CONTACT):
        return now, ""
    recent = tx.all(queries.RECENT_TO_HANDLE, handle_id=draft.to.handle_id, since=now - timedelta(days=1))
    counted = [row for row in recent if row.state not in ("held", "folded") and row.send_class == draft.send_class]
    in_thread = [row for row in counted if row.ticket_id == ticket_id]
    if draft.send_class is SendClass.STRANGER:
        last_hour = [row for row in in_thread if row.created_at > now - timedelta(hours=1)]
        if len(last_hour) >= limits.stranger_per_thread_and_hour:
            return None, f"limit: {limits.stranger_per_thread_and_hour} automatic answer a thread and hour"
        if len(counted) >= limits.stranger_per_day:
            return None, f"limit: {limits.stranger_per_day} automatic answers a day"
        return now, ""
    if len(in_thread) >= limits.contact_per_thread_and_day:
        return None, f"limit: {limits.contact_per_thread_and_day} notices a thread and day"
    quiet = timedelta(seconds=limits.coalesce_seconds)
    settled = [row.settled_at or row.created_at for row in in_thread]
    return max([now, *(instant + quiet for instant in settled if instant + quiet > now)]), ""


# ---------------------------------------------------------------- the courier's half


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
        notice = replace(later, kind=notice.kind, body=f"{notice.body}\n\n{later.body}")
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


# ---------------------------------------------------------------- cards


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


def settle_card(tx: Tx, lease: CardLease, view: CardView, ref: RemoteRef, now: datetime) -> None:
    """Note which version a card shows; it stays due where a newer one is wanted already."""
    tx.run(
        queries.CARD_SHOWN,
        id=lease.card_id,
        token=lease.token,
        version=view.version,
        remote_conversation=ref.conversation,
        remote_id=ref.message_id,
        now=now,
    )


def delay_card(tx: Tx, lease: CardLease, reason: str, *, retry_after_seconds: float | None, now: datetime) -> None:
    """Show the card later; after the last back-off it waits for the ticket's next change."""
    last = lease.attempts >= len(BACKOFF_SECONDS) and retry_after_seconds is None
    wait = retry_after_seconds or BACKOFF_SECONDS[min(lease.attempts, len(BACKOFF_SECONDS) - 1)]
    due_at = None if last else now + timedelta(seconds=wait)
    tx.run(queries.CARD_DELAY, id=lease.card_id, token=lease.token, due_at=due_at, error=reason[:500])


# ---------------------------------------------------------------- notices as JSON


def notice_to_json(notice: Notice) -> str:
    return json.dumps(asdict(notice), ensure_ascii=False)


def notice_from_json(text: str) -> Notice:
    fields = json.loads(text)
    actions = tuple(Action(**action) for action in fields.pop("actions"))
    return Notice(**fields, actions=actions)
