"""What follows from a delivery that went out, or did not: threading, the price that was told, the next channel."""

from __future__ import annotations

from datetime import datetime

from bot import books, desk, notices, outbox, people
from bot.messages import CardView, Place, RemoteRef
from bot.notices import Reader
from bot.outbox import CardLease, Draft, Lane, Lease, Recipient, SendClass
from bot.policy import Policy
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.store import Row, Tx
from bot.telling import tell_managers

PRICE_NOTICE = "price_told"


def sent(tx: Tx, lease: Lease, ref: RemoteRef, policy: Policy, now: datetime) -> None:
    """A delivery went out: an answer to it will find its ticket; a price notice starts the grace time."""
    if not outbox.settle_sent(tx, lease, ref, now):
        return
    row = lease.row
    if row.ticket_id is not None and ref.message_id:
        conversation = desk.conversation_of(Place(row.channel, ref.conversation))
        desk.keep_ref(tx, row.ticket_id, row.channel, conversation, ref.message_id, is_ours=True)
    if row.kind == PRICE_NOTICE:
        books.contact_told(tx, row.id, now=now, grace_minutes=policy.grace_minutes)


def delayed(
    tx: Tx, lease: Lease, reason: str, retry_after_seconds: float | None, policy: Policy, now: datetime
) -> None:
    """A delivery failed for now; after hours of that it is dead. A page does not wait so long."""
    # A service that only asks for patience is no reason to try another channel, unless the page grows old.
    is_failing = retry_after_seconds is None or now - lease.row.created_at >= outbox.PAGE_PATIENCE
    if is_failing and outbox.should_page_elsewhere(lease, now) and _try_next_channel(tx, lease, policy, now):
        outbox.settle_dead(tx, lease, f"{reason}; moved to the next channel", now)
        return
    if not outbox.delay(tx, lease, reason, retry_after_seconds=retry_after_seconds, now=now):
        refused(tx, lease, f"{reason}; gave up after three hours", False, policy, now)


def refused(tx: Tx, lease: Lease, reason: str, is_address_dead: bool, policy: Policy, now: datetime) -> None:
    """A delivery will never arrive here: try the person's next channel, else the manager hears of it."""
    row = lease.row
    if not outbox.settle_dead(tx, lease, reason, now):
        return
    if is_address_dead and row.handle_id is not None:
        tx.run(people_queries.HANDLE_DEAD, handle_id=row.handle_id, is_dead=True)
    scene = Scene(tx, policy, now, f"dead:{row.id}")
    scene.record(
        "undeliverable",
        ticket_id=row.ticket_id,
        consultant_id=row.consultant_id,
        reason=reason,
        delivery=row.id,
        notice=row.kind,
        channel=row.channel,
    )
    if _try_next_channel(tx, lease, policy, now) or row.kind == "undeliverable":
        return
    notice = notices.undeliverable(
        row.ticket_id,
        Reader(policy.zone),
        kind=row.kind,
        channel=row.channel,
        name=_name_of(tx, row),
        reason=reason,
    )
    tell_managers(scene, notice, ticket_id=row.ticket_id)


def _try_next_channel(tx: Tx, lease: Lease, policy: Policy, now: datetime) -> bool:
    """Send the same notice to the person's next living channel; False where there is none."""
    row = lease.row
    others = [handle for handle in _recipients(tx, row) if handle.handle_id != row.handle_id]
    tried = row.key.count("+next")
    if tried >= len(others):
        return False
    draft = Draft(
        lease.notice, others[tried], SendClass(row.send_class), lane=Lane(row.lane), expires_at=row.expires_at
    )
    cause = f"{row.key}+next"
    return outbox.post(tx, [draft], cause=cause, ticket_id=row.ticket_id, now=now, limits=policy.limits) != [None]


def _recipients(tx: Tx, row: Row) -> list[Recipient]:
    if row.consultant_id is not None:
        return people.recipients_of_consultant(tx, row.consultant_id)
    return people.recipients_of_contact(tx, row.contact_id) if row.contact_id is not None else []


def _name_of(tx: Tx, row: Row) -> str:
    if row.consultant_id is not None:
        person = tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=row.consultant_id)
    else:
        person = tx.one(people_queries.CONTACT_BY_ID, contact_id=row.contact_id)
    return str(person.name) if person is not None else row.address


def shown(tx: Tx, lease: CardLease, view: CardView, ref: RemoteRef, now: datetime) -> None:
    """A card stands in its place: what is written in its thread belongs to the ticket's staff."""
    if lease.ref is None:
        desk.keep_ref(tx, lease.ticket_id, lease.place.channel, ref.conversation, ref.message_id, is_ours=True)
        if ref.thread:
            desk.keep_ref(tx, lease.ticket_id, lease.place.channel, ref.conversation, ref.thread, is_ours=True)
    outbox.settle_card(tx, lease, view, ref, now)
