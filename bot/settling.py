"""What follows from a delivery that went out, or did not: threading, the price that was told, the next channel."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial

from bot import books, desk, news, notices, outbox, people, tickets
from bot.messages import CardView, Notice, Place, RemoteRef
from bot.outbox import CardLease, Draft, Lane, Lease, Recipient, SendClass
from bot.policy import Policy
from bot.queries import bounces as bounce_queries
from bot.queries import outbox as outbox_queries
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.store import Row, Tx
from bot.telling import tell_consultant, tell_managers
from bot.tickets.model import TAKEN

PRICE_NOTICE, ANSWER = "price_told", "replied"
# The longest that a delivery waits: the tries after a bounce.
WAITING_SPAN = timedelta(days=3)


def sent(tx: Tx, lease: Lease, ref: RemoteRef, *, policy: Policy, now: datetime) -> None:
    """A delivery went out: an answer to it will find its ticket; a price notice starts the grace time."""
    if not outbox.settle_sent(tx, lease, ref, now):
        return
    row = lease.row
    if row.ticket_id is not None and ref.message_id:
        conversation = desk.conversation_of(Place(row.channel, ref.conversation))
        desk.keep_ref(tx, row.ticket_id, row.channel, conversation, remote_id=ref.message_id, is_ours=True)
    if row.kind == PRICE_NOTICE:
        books.contact_told(tx, row.id, now=now, grace_minutes=policy.grace_minutes)


def delayed(
    tx: Tx, lease: Lease, reason: str, retry_after_seconds: float | None, *, policy: Policy, now: datetime
) -> None:
    """A delivery failed for now; after hours of that it is dead. A page does not wait so long."""
    # A service that only asks for patience is no reason to try another channel, unless the page grows old.
    is_failing = retry_after_seconds is None or now - lease.row.created_at >= outbox.PAGE_PATIENCE
    scene = Scene(tx, policy, now, f"delayed:{lease.row.id}")
    if is_failing and outbox.should_page_elsewhere(lease, now) and _try_next_channel(scene, lease.row, lease.notice):
        outbox.settle_dead(tx, lease, f"{reason}; moved to the next channel", now)
        return
    if not outbox.delay(tx, lease, reason, retry_after_seconds=retry_after_seconds, now=now):
        refused(tx, lease, f"{reason}; gave up after three hours", policy=policy, now=now)


def refused(
    tx: Tx,
    lease: Lease,
    reason: str,
    *,
    policy: Policy,
    now: datetime,
    is_address_dead: bool = False,
    is_place_closed: bool = False,
) -> None:
    """A delivery will never arrive here. is_place_closed: nothing will, in its conversation; its reader is alive."""
    if not outbox.settle_dead(tx, lease, reason, now):
        return
    row, scene = lease.row, Scene(tx, policy, now, f"dead:{lease.row.id}")
    if is_place_closed and row.conversation:
        news.refuse_place(scene, Place(row.channel, row.conversation), reason)
    not_reached(scene, row, lease.notice, reason, is_address_dead=is_address_dead, is_place_closed=is_place_closed)


def not_reached(
    scene: Scene,
    row: Row,
    notice: Notice,
    reason: str,
    *,
    is_address_dead: bool,
    is_place_closed: bool = False,
    event: str = "undeliverable",
    actor: str = "desk",
) -> None:
    """A delivery failed for good, when it was sent or by a bounce: the address is marked, the next channel tried.

    Who works on the ticket hears of it, else the manager: always where nothing reached the person, and the first
    time where a contact's address turned out to be dead.
    """
    is_new = is_address_dead and people.mark_dead(scene.tx, row.handle_id, reason, now=scene.now)
    scene.record(
        event,
        ticket_id=row.ticket_id,
        consultant_id=row.consultant_id,
        actor=actor,
        reason=reason,
        delivery=row.id,
        notice=row.kind,
        channel=row.channel,
    )
    is_moved = _try_next_channel(scene, row, notice, may_be_direct=is_place_closed)
    if is_new:
        _redirect_waiting(scene, row)
    is_news = is_new and row.contact_id is not None
    # A notice of a failure that fails itself is told to nobody else: that would never end.
    if row.kind == ANSWER and not is_moved and row.ticket_id is not None:
        _owe_again(scene, row)
    if row.kind != "undeliverable" and (is_news or not is_moved):
        _tell_staff(scene, row, reason, is_address_dead=is_address_dead, is_moved=is_moved)


def _owe_again(scene: Scene, row: Row) -> None:
    """An answer that reached nobody kept no promise, unless another one did."""
    if scene.tx.one(bounce_queries.OTHER_ANSWER, ticket_id=row.ticket_id, id=row.id) is None:
        change = tickets.unanswer(desk.locked(scene.tx, row.ticket_id))
        if change.events:
            desk.save(scene, change)


def _redirect_waiting(scene: Scene, dead: Row) -> None:
    """What else waits for an address that nothing reaches goes to the person's next channel, or stays undelivered."""
    waiting = scene.tx.all(bounce_queries.WAITING_FOR, handle_id=dead.handle_id, since=scene.now - WAITING_SPAN)
    for row in waiting:
        if row.id != dead.id:
            error = f"not sent: delivery {dead.id} found the address dead"
            scene.tx.run(outbox_queries.SETTLE_UNLEASED, id=row.id, state="dead", now=scene.now, error=error)
            _try_next_channel(scene, row, outbox.notice_from_json(row.notice_json))


def _tell_staff(scene: Scene, row: Row, reason: str, *, is_address_dead: bool, is_moved: bool) -> None:
    told = partial(
        notices.undeliverable,
        row.ticket_id,
        kind=row.kind,
        channel=row.channel,
        name=_name_of(scene.tx, row),
        reason=reason,
        dead_address=row.address if is_address_dead else "",
        is_moved=is_moved,
    )
    ticket = desk.ticket(scene.tx, row.ticket_id) if row.ticket_id is not None else None
    claimant_id = ticket.claimant_id if ticket is not None and ticket.state in TAKEN else None
    is_told = None
    if claimant_id != row.consultant_id:
        is_told = tell_consultant(scene, claimant_id, told, ticket_id=row.ticket_id)
    if not is_told:
        tell_managers(scene, told, ticket_id=row.ticket_id)


def _try_next_channel(scene: Scene, row: Row, notice: Notice, *, may_be_direct: bool = False) -> bool:
    """Send the same notice to the person's next living channel; False where there is none.

    may_be_direct: where there is none, the same account is written to alone, outside of the conversation.
    """
    tried, living = _handles_tried(row), _recipients(scene.tx, row)
    left = [handle for handle in living if handle.handle_id not in tried]
    if not left and may_be_direct and row.conversation:
        left = [handle for handle in living if handle.handle_id == row.handle_id]
    if not left:
        return False
    draft = Draft(
        notice,
        left[0],
        SendClass(row.send_class),
        lane=Lane(row.lane),
        expires_at=row.expires_at,
        files=tuple((name, kind, sha256, mark) for name, kind, sha256, mark in json.loads(row.files_json)),
    )
    limits = scene.policy.limits
    cause = f"{row.key}+next"
    posted = outbox.post(scene.tx, [draft], cause=cause, ticket_id=row.ticket_id, now=scene.now, limits=limits)
    return posted != [None]


def _handles_tried(row: Row) -> set[int]:
    """The handles that a notice went to so far: its key ends with each of them, from channel to channel."""
    return {int(part.rpartition(":")[2]) for part in row.key.split("+next")}


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


def shown(tx: Tx, lease: CardLease, view: CardView, *, ref: RemoteRef, now: datetime) -> None:
    """A card stands in its place: what is written in its thread belongs to the ticket's staff."""
    if lease.ref is None:
        desk.keep_ref(
            tx, lease.ticket_id, lease.place.channel, ref.conversation, remote_id=ref.message_id, is_ours=True
        )
        if ref.thread:
            desk.keep_ref(
                tx, lease.ticket_id, lease.place.channel, ref.conversation, remote_id=ref.thread, is_ours=True
            )
    outbox.settle_card(tx, lease, view, ref=ref, now=now)
