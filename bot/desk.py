"""The room of tickets: loads them, keeps what a transition decided, and the messages, offers and events on them.

A ticket is saved only where its version is still the one loaded; otherwise StaleVersion, and the door runs again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from bot.errors import NotFound, StaleVersion
from bot.messages import EMAIL, Attachment, InboundMessage, Place
from bot.queries import tickets as queries
from bot.scene import Scene, detail_json, with_reason
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.tickets import Change, Event, State, Ticket
from bot.triage.priority import Priority

SUBJECT_LENGTH_MAX = 300
_COLUMNS = tuple(column.name for column in fields(Ticket))
_PLAIN = tuple(name for name in _COLUMNS if name not in ("state", "priority", "priced_priority", "why", "expertise"))
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is known of a ticket when it opens."""

    client_id: int | None
    contact_id: int | None
    handle_id: int
    place: Place
    subject: str
    priority: Priority
    rule: str
    why: tuple[str, ...]
    expertise: tuple[str, ...]
    lead_id: int | None
    respond_by: datetime | None
    remind_at: datetime | None = None
    is_billing_on_hold: bool = False


def ticket(tx: Tx, ticket_id: int) -> Ticket:
    """The ticket. Raises NotFound."""
    row = tx.one(queries.BY_ID, ticket_id=ticket_id)
    if row is None:
        raise NotFound(sentence("answer no ticket", id=ticket_id))
    return from_row(row)


def locked(tx: Tx, ticket_id: int) -> Ticket:
    """The ticket, its row locked to the end of the transaction. Raises NotFound."""
    row = tx.one(queries.LOCKED, ticket_id=ticket_id)
    if row is None:
        raise NotFound(sentence("answer no ticket", id=ticket_id))
    return from_row(row)


def from_row(row: Row) -> Ticket:
    """A row as the value that rules work on."""
    return Ticket(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        priority=Priority(row.priority),
        priced_priority=Priority(row.priced_priority),
        why=tuple(json.loads(row.why_json)),
        expertise=tuple(filter(None, row.expertise.split(","))),
    )


def priced_priority_at(tx: Tx, on: Ticket, at: datetime) -> Priority:
    """The priority that work is priced by which started at that instant: prices change forward only."""
    priced = None
    for row in tx.all(queries.PRICED_HISTORY, ticket_id=on.id):
        if priced is not None and row.at > at:
            break
        detail = json.loads(row.detail_json)
        priced = Priority(detail.get("priced") or detail["is"])
    return priced or on.priced_priority


def open_ticket(scene: Scene, new: NewTicket) -> Ticket:
    """Insert a ticket in its first state; a hold or the ladder follows as a change."""
    draft = Ticket(
        id=0,
        client_id=new.client_id,
        contact_id=new.contact_id,
        handle_id=new.handle_id,
        channel=new.place.channel,
        conversation=new.place.conversation,
        thread=new.place.thread,
        subject=new.subject[:SUBJECT_LENGTH_MAX],
        state=State.UNVERIFIED if new.client_id is None else State.OFFERED,
        priority=new.priority,
        priced_priority=new.priority,
        rule=new.rule,
        why=new.why,
        expertise=new.expertise,
        lead_id=new.lead_id,
        claimant_id=None,
        opened_at=scene.now,
        hold_until_at=None,
        step=0,
        step_at=None,
        respond_by=new.respond_by,
        # A promise is made to clients; whoever is unknown is told that somebody looks at it.
        promise_at=new.respond_by if new.client_id is not None else None,
        responded_at=None,
        claimed_at=None,
        resolved_at=None,
        closed_at=None,
        close_at=None,
        remind_at=new.remind_at,
        is_booked=False,
        is_billing_on_hold=new.is_billing_on_hold,
        chasers=0,
        version=1,
    )
    return replace(draft, id=scene.tx.insert("ticket", **_values(draft)))


def save(scene: Scene, change: Change, *, actor: str = "desk") -> Ticket:
    """Keep a transition: the ticket where its version still holds, its events, and the offers they made.

    Returns the ticket with its new version. Raises StaleVersion.
    """
    after = change.ticket
    if scene.tx.run(queries.SAVE, ticket_id=after.id, **_values(after)) != 1:
        raise StaleVersion(f"ticket {after.id} changed meanwhile")
    record_events(scene, after, change.events, actor=actor)
    return replace(after, version=after.version + 1)


def save_hold(scene: Scene, change: Change) -> Ticket:
    """`save` for the beginning of a hold, which every new ticket passes: of what it changes alone."""
    held = change.ticket
    row = {"state": str(held.state), "hold_until_at": held.hold_until_at, "step": held.step, "step_at": held.step_at}
    if scene.tx.run(queries.SAVE_HOLD, ticket_id=held.id, version=held.version, **row) != 1:
        raise StaleVersion(f"ticket {held.id} changed meanwhile")
    record_events(scene, held, change.events)
    return replace(held, version=held.version + 1)


def _values(on: Ticket) -> dict[str, object]:
    """The ticket's columns but its id, as the tables keep them."""
    return {name: getattr(on, name) for name in _PLAIN if name != "id"} | {
        "state": str(on.state),
        "priority": str(on.priority),
        "priced_priority": str(on.priced_priority),
        "why_json": _encode(on.why),
        "expertise": ",".join(on.expertise),
    }


def record_events(scene: Scene, on: Ticket, events: Sequence[Event], *, actor: str = "desk") -> None:
    """Append a transition's events, and keep the offers among them."""
    for event in events:
        if event.kind == "offered" and event.consultant_id is not None:
            step = int(str(event.detail.get("step", on.step)))
            scene.tx.run(
                queries.OFFER_NEW, ticket_id=on.id, consultant_id=event.consultant_id, step=step, now=scene.now
            )
        elif event.kind == "claimed":
            scene.tx.run(
                queries.OFFER_CLAIMED, ticket_id=on.id, consultant_id=event.consultant_id, step=on.step, now=scene.now
            )
        elif event.kind in _ANSWERS and event.consultant_id is not None:
            answer = _ANSWERS[event.kind]
            scene.tx.run(queries.OFFER_ANSWER, ticket_id=on.id, consultant_id=event.consultant_id, answer=answer)
    scene.tx.insert_many(
        "event",
        [
            {
                "at": scene.now,
                "kind": event.kind,
                "ticket_id": on.id,
                "client_id": on.client_id,
                "actor": actor,
                "consultant_id": event.consultant_id,
                "reason": event.reason,
                "detail_json": detail_json(with_reason(event.detail, event.reason)),
            }
            for event in events
        ],
    )


_ANSWERS = {"passed": "passed", "hold lapsed": "lapsed", "released": "released"}


# ---------------------------------------------------------------- messages


def keep_message(
    scene: Scene, on: Ticket, message: InboundMessage, *, inbound_id: int, handle_id: int, shas: Sequence[str]
) -> int:
    """Put an inbound message on a ticket, with its names for threading and its attachments.

    shas: the blob of each attachment, in their order.
    """
    message_id = scene.tx.insert(
        "message",
        ticket_id=on.id,
        inbound_id=inbound_id,
        direction="in",
        channel=message.channel,
        handle_id=handle_id,
        remote_id=message.message_id,
        subject=message.subject[:SUBJECT_LENGTH_MAX],
        text_written=message.text,
        body_text=message.body_text,
        trust=str(message.trust),
        automatic=message.automatic or ("" if message.is_addressed else "aside"),
        written_at=message.received_at,
    )
    if message.message_id:
        keep_ref(
            scene.tx,
            on.id,
            message.channel,
            conversation_of(message.place),
            remote_id=message.message_id,
            is_ours=False,
        )
    kept = zip(message.attachments, shas, strict=True)
    keep_files(scene, message_id, [replace(file, content=None, sha256=sha256) for file, sha256 in kept])
    return message_id


def write_message(
    scene: Scene,
    ticket_id: int,
    text: str,
    *,
    consultant_id: int | None,
    direction: str,
    channel: str,
    handle_id: int | None = None,
) -> int:
    """Put a person's words on a ticket: an answer ("out"), an internal note ("note"), a wish ("in", by a handle)."""
    return scene.tx.insert(
        "message",
        ticket_id=ticket_id,
        direction=direction,
        channel=channel,
        handle_id=handle_id,
        consultant_id=consultant_id,
        text_written=text,
        body_text=text,
        written_at=scene.now,
    )


def keep_files(scene: Scene, message_id: int, files: Sequence[Attachment]) -> None:
    """Put files, kept as blobs already, beside the words they came with."""
    scene.tx.insert_many(
        "attachment",
        [
            {
                "message_id": message_id,
                "filename": file.filename,
                "content_type": file.content_type,
                "size_bytes": file.size_bytes,
                "sha256": file.sha256,
                "is_inline": file.is_inline,
                "is_folded": file.is_folded,
            }
            for file in files
        ],
    )


def keep_ref(tx: Tx, ticket_id: int, channel: str, conversation: str, *, remote_id: str, is_ours: bool) -> None:
    """Remember a channel's name for a message, so that an answer to it finds the ticket."""
    tx.insert(
        "message_ref",
        channel=channel,
        conversation=conversation,
        remote_id=remote_id,
        ticket_id=ticket_id,
        is_ours=is_ours,
    )


def find_by_refs(tx: Tx, channel: str, conversation: str, references: Sequence[str]) -> int | None:
    """The ticket of the first of these messages that we know."""
    for remote_id in references[:30]:
        row = tx.one(queries.REF, channel=channel, remote_id=remote_id, conversation=conversation)
        if row is not None:
            return int(row.ticket_id)
    return None


def conversation_of(place: Place) -> str:
    """Where a message's name is unique: a Message-ID is so everywhere, a chat's only within its conversation."""
    return "" if place.channel == EMAIL else place.conversation
