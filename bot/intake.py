"""What becomes of a message: recorded once, then obeyed, joined to its ticket, or opened as a new one.

Everything here runs inside the one transaction of `reception.receive` and may run twice. Who wrote is decided by
identity alone: a reply joins a ticket only for a person of that ticket, and unproven mail neither commands nor spends.
Source: mission, "From message to work", Rules "Unknown sender", "Persistence"; design, "An email", "Trust".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import desk, notices, outbox, people, tickets
from bot.calendars import calendar_of
from bot.grading import desk_calendar, grade_again, judge
from bot.hours import Calendar, add_business_minutes, is_open, next_opening
from bot.laddering import put_on_offer
from bot.messages import EMAIL, Answer, InboundMessage, Trust
from bot.notices import Reader
from bot.people import Actor
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_consultant, tell_contact, tell_managers, tell_requester
from bot.tickets import State, Ticket
from bot.triage import deadlines
from bot.triage.priority import Priority
from bot.triage.rules import Verdict
from bot.urgent import watch_urgent_contact

UNVERIFIED_PATIENCE_MINUTES = 60
# Messages of one chat conversation belong together for so long, where the channel has no threads.
CHAT_PAUSE = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A recorded message with its author; shas are the blobs of its attachments."""

    message: InboundMessage
    actor: Actor
    inbound_id: int
    shas: tuple[str, ...]


# ---------------------------------------------------------------- who wrote, and on which ticket


def identify(scene: Scene, message: InboundMessage) -> Actor:
    """The author. A reply token that was made for exactly this handle proves a mail as well as its domain could."""
    actor = people.identify(scene.tx, message.sender, message.trust, scene.now)
    if message.trust is Trust.UNPROVEN and _token(scene, message)[1] == actor.handle_id:
        return people.identify(scene.tx, message.sender, Trust.PROVEN, scene.now)
    return actor


def _token(scene: Scene, message: InboundMessage) -> tuple[int | None, int | None]:
    """Ticket and handle of a valid reply token; (None, None) without one."""
    payload = scene.policy.signer.verify("reply", message.reply_token) if message.reply_token else None
    ticket, _, handle = (payload or "").partition("-")
    return (int(ticket), int(handle)) if ticket.isdigit() and handle.isdigit() else (None, None)


def find_ticket(scene: Scene, message: InboundMessage, actor: Actor) -> Ticket | None:
    """The ticket that this message answers, if the author is a person of it."""
    by_token, token_handle = _token(scene, message)
    candidates: list[int | None] = [by_token]
    if message.references:
        conversation = desk.conversation_of(message.place)
        candidates.append(desk.find_by_refs(scene.tx, message.channel, conversation, message.references))
    for ticket_id in candidates:
        if ticket_id is None or scene.tx.one(queries.BY_ID, ticket_id=ticket_id) is None:
            continue
        ticket = desk.locked(scene.tx, ticket_id)
        if is_person_of(scene, ticket, actor) or (ticket_id == by_token and token_handle == actor.handle_id):
            return ticket
        scene.record(
            "not joined", ticket_id=ticket_id, actor=actor.label, reason="the author is no person of this ticket"
        )
    return _open_chat(scene, message, actor)


def _open_chat(scene: Scene, message: InboundMessage, actor: Actor) -> Ticket | None:
    """In a chat without threads, what follows within hours belongs to the ticket at hand."""
    if message.channel == EMAIL or message.references or message.place.thread or message.opens_new:
        return None
    row = scene.tx.one(
        queries.LATEST_OF_HANDLE,
        handle_id=actor.handle_id,
        conversation=message.place.conversation,
        since=scene.now - CHAT_PAUSE,
    )
    return desk.locked(scene.tx, row.id) if row is not None and row.state != State.RESOLVED else None


def is_meant_for_us(scene: Scene, message: InboundMessage) -> bool:
    """Whether a message that answers nothing asks for a ticket: what people say among themselves does not.

    In a client's own request channel or group every message does.
    """
    if message.is_addressed:
        return True
    place = scene.tx.one(queries.PLACE, channel=message.channel, conversation=message.place.conversation)
    return place is not None and place.client_id is not None


def is_known(scene: Scene, ticket: Ticket, message: InboundMessage) -> bool:
    """Whether this very message stands on the ticket already: somebody pointed at it a second time."""
    if message.channel == EMAIL or not message.is_addressed or message.message_id not in message.references:
        return False
    conversation = desk.conversation_of(message.place)
    return desk.find_by_refs(scene.tx, message.channel, conversation, (message.message_id,)) == ticket.id


def is_person_of(scene: Scene, ticket: Ticket, actor: Actor) -> bool:
    """Does this ticket concern the author: its requester, a proven contact of its client, or staff?"""
    if actor.handle_id == ticket.handle_id or actor.is_staff:
        return True
    if ticket.client_id is not None and actor.is_contact and actor.client_id == ticket.client_id:
        return True
    wrote = scene.tx.all(queries.HANDLES_OF_TICKET, ticket_id=ticket.id)
    return any(row.handle_id == actor.handle_id for row in wrote)


# ---------------------------------------------------------------- joining


def join(scene: Scene, arrival: Arrival, ticket: Ticket) -> Ticket:
    """Put a message on its ticket: what waited goes on, what was resolved reopens, chasers count, the claimant hears.

    A message on a ticket that ended too long ago opens a new one that refers to it.
    """
    message, actor = arrival.message, arrival.actor
    if ticket.state is State.CLOSED and not tickets.may_reopen(
        ticket, now=scene.now, reopen_days=scene.policy.reopen_days
    ):
        return open_new(scene, arrival, refers_to=ticket.id)
    if ticket.state is State.CLOSED:
        change = tickets.reopen(ticket, "the requester wrote", now=scene.now, reopen_days=scene.policy.reopen_days)
    else:
        change = tickets.hear(ticket, now=scene.now, reopen_days=scene.policy.reopen_days)
    was_ended = ticket.state in (State.RESOLVED, State.CLOSED)
    _keep(scene, arrival, ticket)
    scene.record("joined", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason=message.channel)
    if change.events:
        ticket = desk.save(scene, change, actor=actor.label)
    ticket = grade_again(scene, ticket, message)
    _tell_staff(scene, ticket, arrival, was_ended=was_ended)
    watch_urgent_contact(scene, ticket, inbound_id=arrival.inbound_id)
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    return ticket


def _tell_staff(scene: Scene, ticket: Ticket, arrival: Arrival, *, was_ended: bool) -> None:
    listener_id = ticket.claimant_id or (ticket.lead_id if ticket.state is State.HELD else None)
    if listener_id is None:
        return
    recipient = people.recipient_of_consultant(scene.tx, listener_id)
    reader = Reader(recipient.zone if recipient is not None else scene.policy.zone)
    if was_ended:
        notice = notices.reopened(ticket, reader, reason=f"{arrival.actor.name} wrote: {arrival.message.text[:2000]}")
    else:
        files = tuple(file.filename for file in arrival.message.attachments)
        notice = notices.message_added(
            ticket, reader, sender_name=arrival.actor.name, text=arrival.message.text, files=files
        )
    tell_consultant(scene, listener_id, notice, ticket_id=ticket.id)


# ---------------------------------------------------------------- opening


def open_new(scene: Scene, arrival: Arrival, *, refers_to: int | None = None) -> Ticket:
    """Open a ticket: triage, promise, hold or ladder, and everybody is told."""
    message, actor = arrival.message, arrival.actor
    client = people.client(scene.tx, actor.client_id) if actor.client_id is not None else None
    calendar = calendar_of(client, scene.now) if client is not None else desk_calendar(scene)
    verdict = judge(scene, message, calendar, manager_id=client.manager_id if client is not None else None)
    ticket = desk.open_ticket(
        scene,
        desk.NewTicket(
            client_id=actor.client_id,
            contact_id=actor.contact_id,
            handle_id=actor.handle_id,
            place=message.place,
            subject=subject_of(message),
            priority=verdict.priority,
            rule=verdict.rule,
            why=verdict.why,
            expertise=scene.policy.rules.vocabulary.expertise_of(message.subject, message.text),
            lead_id=client.lead_id if client is not None else None,
            respond_by=deadlines.respond_by(verdict.priority, scene.now, calendar, scene.policy.rules.promises),
            remind_at=_remind_at(scene, client, verdict, calendar),
            is_billing_on_hold=client is not None and not (actor.is_proven and actor.is_managed),
        ),
    )
    _keep(scene, arrival, ticket)
    refers = {"refers_to": refers_to} if refers_to is not None else {}
    opened = tickets.Event("opened", f"by {message.channel}", None, {"trust": str(message.trust), **refers})
    desk.record_events(scene, ticket, (opened,), actor=actor.label)
    triaged = tickets.Event("triaged", "; ".join(verdict.why), None, {"rule": verdict.rule, "is": verdict.priority})
    desk.record_events(scene, ticket, (triaged,))
    outbox.want_card(scene.tx, ticket.id, scene.policy.staff_places, scene.now)
    if client is None:
        _welcome_stranger(scene, ticket, arrival)
        return ticket
    return _offer_and_tell(scene, ticket, client, calendar, arrival)


def _offer_and_tell(scene: Scene, ticket: Ticket, client: Row, calendar: Calendar, arrival: Arrival) -> Ticket:
    ticket = put_on_offer(scene, ticket, client, text=arrival.message.text)
    lead = people.recipient_of_consultant(scene.tx, ticket.lead_id) if ticket.lead_id is not None else None
    opens_at = None if is_open(calendar, scene.now) else next_opening(calendar, scene.now)
    reader = Reader(client.zone, arrival.actor.language)
    lead_name = lead.display_name if lead is not None and ticket.state is State.HELD else None
    tell_requester(scene, ticket, notices.received(ticket, reader, lead_name=lead_name, opens_at=opens_at))
    if ticket.is_billing_on_hold:
        _ask_approvers(scene, ticket, client, arrival.actor)
    watch_urgent_contact(scene, ticket, inbound_id=arrival.inbound_id)
    return ticket


def _ask_approvers(scene: Scene, ticket: Ticket, client: Row, actor: Actor) -> None:
    """Somebody of the client's domain, or unproven, wrote: billing waits for an approver's yes."""
    for approver in people.approvers(scene.tx, client.id):
        reader = Reader(client.zone, approver.language or client.language)
        notice = notices.approval_needed(ticket, reader, sender_name=actor.name, is_known=actor.is_managed)
        tell_contact(scene, approver.id, notice, ticket_id=ticket.id)


def _welcome_stranger(scene: Scene, ticket: Ticket, arrival: Arrival) -> None:
    """An unknown sender: acknowledged within the limits, and a manager hears at once where it is urgent."""
    reader = Reader(scene.policy.zone)
    tell_requester(scene, ticket, notices.received(ticket, reader, lead_name=None, opens_at=None))
    if ticket.priority == Priority.P1:
        notice = notices.unverified(
            ticket, reader, sender=arrival.actor.address, text=arrival.message.text, is_repeat=False
        )
        tell_managers(scene, notice, ticket_id=ticket.id, is_page=True)


def _remind_at(scene: Scene, client: Row | None, verdict: Verdict, calendar: Calendar) -> datetime | None:
    if client is not None:
        return None
    if verdict.priority == Priority.P1:
        return scene.now + timedelta(minutes=UNVERIFIED_PATIENCE_MINUTES)
    return add_business_minutes(calendar, scene.now, UNVERIFIED_PATIENCE_MINUTES)


# ---------------------------------------------------------------- shared


def subject_of(message: InboundMessage) -> str:
    """The subject, or the first words of a message that has none."""
    line = " ".join((message.subject or message.text).split())
    return line if len(line) <= 100 or message.subject else line[:97] + "…"


def _keep(scene: Scene, arrival: Arrival, ticket: Ticket) -> int:
    return desk.keep_message(
        scene,
        ticket,
        arrival.message,
        inbound_id=arrival.inbound_id,
        handle_id=arrival.actor.handle_id,
        shas=arrival.shas,
    )


# ---------------------------------------------------------------- automatic mail, and words of the staff


def keep_automatic(scene: Scene, arrival: Arrival, ticket: Ticket | None) -> None:
    """A bounce, an out-of-office or a list's mail: kept on the ticket it answers, never answered, never a ticket."""
    message = arrival.message
    if ticket is not None:
        _keep(scene, arrival, ticket)
    scene.record(
        "automatic mail",
        ticket_id=ticket.id if ticket is not None else None,
        actor=arrival.actor.label,
        reason=message.automatic or "",
        inbound_id=arrival.inbound_id,
        subject=message.subject[:200],
    )


def hear_staff(scene: Scene, arrival: Arrival, ticket: Ticket | None) -> Answer:
    """A consultant's words that are no command. Nothing typed by the staff reaches a client unless sent by `reply`."""
    if not arrival.actor.is_proven:
        scene.record("not obeyed", actor=arrival.actor.label, reason="the message does not prove its sender")
        return Answer("This message does not prove that it is from you, so it was kept and nothing else.", is_ok=False)
    if ticket is None:
        scene.record("not understood", actor=arrival.actor.label, inbound_id=arrival.inbound_id)
        return Answer("I kept your message, but it is no command. `help` shows what you can write.", is_ok=False)
    desk.write_message(
        scene,
        ticket.id,
        arrival.message.text,
        consultant_id=arrival.actor.consultant_id,
        direction="note",
        channel=arrival.message.channel,
    )
    scene.record("noted", ticket_id=ticket.id, client_id=ticket.client_id, actor=arrival.actor.label)
    text = f"Kept as a note on ticket {ticket.id}; the client does not see it. Begin with `reply` to write to them."
    return Answer(text, ticket_id=ticket.id)
