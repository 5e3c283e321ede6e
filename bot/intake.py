"""What becomes of a message: recorded once, then obeyed, joined to its ticket, or opened as a new one.

Everything here runs inside the one transaction of `reception.receive` and may run twice. Who wrote is decided by
identity alone: a reply joins a ticket only for a person of that ticket, and unproven mail neither commands nor spends.
Source: mission, "From message to work", Rules "Unknown sender", "Persistence"; design, "An email", "Trust".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot import desk, joining, notices, outbox, people, resembling, tickets
from bot.calendars import calendar_of
from bot.grading import desk_calendar, grade_again, judge, promised_by
from bot.hours import Calendar, add_business_minutes, is_open, next_opening
from bot.laddering import put_on_offer
from bot.messages import EMAIL, Answer, Attachment, InboundMessage
from bot.notices import Reader
from bot.notices.answers import in_language
from bot.outbox import SendClass
from bot.people import Actor
from bot.receipts import send_answer
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row
from bot.telling import (
    contact_reader,
    requester_reader,
    tell_consultant,
    tell_contact,
    tell_managers,
    tell_requester,
    tell_watchers,
)
from bot.tickets import State, Ticket
from bot.triage import deadlines
from bot.triage.priority import Priority
from bot.triage.rules import Verdict
from bot.urgent import watch_urgent_contact

UNVERIFIED_PATIENCE_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Arrival:
    """A recorded message with its author; shas are the blobs of its attachments."""

    message: InboundMessage
    actor: Actor
    inbound_id: int
    shas: tuple[str, ...]

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The attachments as they are kept: by their blobs."""
        pairs = zip(self.message.attachments, self.shas, strict=True)
        return tuple(replace(file, content=None, sha256=sha256) for file, sha256 in pairs)


# ---------------------------------------------------------------- joining


def join(scene: Scene, arrival: Arrival, ticket: Ticket, *, how: str) -> Ticket:
    """Put a message on its ticket: what waited goes on, what was resolved reopens, chasers count, the claimant hears.

    A message on a ticket that ended too long ago, or with a new subject, opens a new one that refers to it.
    how: what made it part of the ticket, for `why`.
    """
    message, actor = arrival.message, arrival.actor
    now, reopen_days = scene.now, scene.policy.reopen_days
    if joining.begins_anew(scene, ticket, message):
        return open_new(scene, arrival, refers_to=ticket.id)
    was_ended = ticket.state in (State.RESOLVED, State.CLOSED)
    if was_ended and not tickets.may_reopen(ticket, now=now, reopen_days=reopen_days):
        return open_new(scene, arrival, refers_to=ticket.id)
    if was_ended:
        respond_by = promised_by(scene, ticket)
        change = tickets.reopen(ticket, "the requester wrote", now=now, reopen_days=reopen_days, respond_by=respond_by)
    else:
        change = tickets.hear(ticket, now=now, reopen_days=reopen_days)
    keep(scene, arrival, ticket)
    if message.channel == EMAIL and not actor.is_proven:
        how = f"{how}; nothing proves the sender{_because(message)}"
    scene.record("joined", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason=how)
    if change.events:
        ticket = desk.save(scene, change, actor=actor.label)
    was_urgent = ticket.priority == Priority.P1
    ticket = grade_again(scene, ticket, message, is_priced=actor.is_proven)
    tell_staff_of_words(scene, ticket, arrival, was_ended=was_ended)
    if ticket.state is State.UNVERIFIED and ticket.priority == Priority.P1 and not was_urgent:
        _tell_of_stranger(scene, ticket, arrival)
    if actor.is_proven:
        # Mail that proves nothing spends nothing.
        watch_urgent_contact(scene, ticket, inbound_id=arrival.inbound_id)
    if message.urgent_button and was_urgent:
        # Nothing changes by it, so that nothing else would say that it was heard.
        send_answer(scene, actor, Answer(_urgent_already(actor, ticket), ticket_id=ticket.id), message)
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    return ticket


def _urgent_already(actor: Actor, ticket: Ticket) -> str:
    return in_language(actor.language, sentence("urgent already", id=ticket.id))


def tell_staff_of_words(
    scene: Scene,
    ticket: Ticket,
    arrival: Arrival,
    *,
    was_ended: bool = False,
    is_known: bool = True,
    is_calm: bool = False,
) -> None:
    """What somebody wrote on a ticket, to whoever has it.

    is_known: does the desk know who wrote? is_calm: nobody is to be woken by it, however urgent the ticket was.
    """
    listener_id = ticket.claimant_id or (ticket.lead_id if ticket.state is State.HELD else None)
    recipient = people.recipient_of_consultant(scene.tx, listener_id) if listener_id is not None else None
    reader = Reader(scene.policy.zone, scene.policy.language)
    if recipient is not None:
        reader = Reader(recipient.zone, recipient.language)
    if was_ended:
        wrote = sentence("somebody wrote", name=arrival.actor.name, what=arrival.message.text[:2000])
        notice = notices.reopened(ticket, reader, reason=in_language(reader.language, wrote))
    else:
        files = tuple(file.filename for file in arrival.message.attachments if not file.is_folded)
        unknown = "" if is_known else f" ({in_language(reader.language, sentence('bystander'))})"
        name = f"{arrival.actor.name}{unknown}"
        notice = notices.message_added(ticket, reader, sender_name=name, text=arrival.message.text, files=files)
    if listener_id is not None:
        is_page = ticket.priority == Priority.P1 and not is_calm
        tell_consultant(scene, listener_id, notice, ticket_id=ticket.id, is_page=is_page)
    tell_watchers(scene, ticket, notice, but_for=recipient)


# ---------------------------------------------------------------- opening


def open_new(scene: Scene, arrival: Arrival, *, refers_to: int | None = None) -> Ticket:
    """Open a ticket: triage, promise, hold or ladder, and everybody is told."""
    message, actor = arrival.message, arrival.actor
    client = people.client(scene.tx, actor.client_id) if actor.client_id is not None else None
    calendar = calendar_of(client, scene.now) if client is not None else desk_calendar(scene)
    verdict = judge(scene, message, calendar, manager_id=client.manager_id if client is not None else None)
    remind_at = _remind_at(scene, client, verdict, calendar)
    is_on_hold = client is not None and not (actor.is_proven and actor.is_managed)
    ticket = open_ticket(
        scene, arrival, client, verdict, calendar=calendar, remind_at=remind_at, is_billing_on_hold=is_on_hold
    )
    keep(scene, arrival, ticket)
    refers = {"refers_to": refers_to} if refers_to is not None else {}
    came = {"trust": str(message.trust), "channel": message.channel, **refers}
    opened = tickets.Event("opened", _how_opened(message, refers_to), None, came)
    desk.record_events(scene, ticket, (opened,), actor=actor.label)
    triaged = tickets.Event("triaged", "; ".join(verdict.why), None, {"rule": verdict.rule, "is": verdict.priority})
    desk.record_events(scene, ticket, (triaged,))
    outbox.want_card(scene.tx, ticket.id, scene.policy.staff_places, scene.now)
    if client is None:
        _welcome_stranger(scene, ticket, arrival)
        return ticket
    return _offer_and_tell(scene, ticket, client, calendar, arrival=arrival)


def _how_opened(message: InboundMessage, refers_to: int | None) -> str:
    """Where it came from, how far its sender is proven, and which ticket it goes on from."""
    proof = f", the sender is {message.trust}" if message.channel == EMAIL else ""
    why = _because(message) if proof else ""
    before = f"; it goes on from ticket {refers_to}" if refers_to is not None else ""
    return f"by {message.channel}{proof}{why}{before}"


def _because(message: InboundMessage) -> str:
    return f" ({message.trust_reason[:200]})" if message.trust_reason else ""


def _offer_and_tell(scene: Scene, ticket: Ticket, client: Row, calendar: Calendar, *, arrival: Arrival) -> Ticket:
    ticket = put_on_offer(scene, ticket, client, text=arrival.message.text)
    lead = people.recipient_of_consultant(scene.tx, ticket.lead_id) if ticket.lead_id is not None else None
    opens_at = None if is_open(calendar, scene.now) else next_opening(calendar, scene.now)
    reader = Reader(client.zone, arrival.actor.language)
    lead_name = lead.display_name if lead is not None and ticket.state is State.HELD else None
    notice = notices.received(
        ticket, reader, lead_name=lead_name, opens_at=opens_at, direct_number=scene.policy.direct_number
    )
    lately = joining.lately_of(scene, arrival.actor)
    is_loop = joining.writes_like_a_program(scene, ticket, lately)
    # To an address that may be forged the desk writes no more than to a stranger.
    is_trusted = arrival.actor.is_proven and not is_loop
    tell_requester(scene, ticket, notice, SendClass.CONTACT if is_trusted else SendClass.STRANGER)
    if is_trusted:
        joining.offer_to_join(scene, ticket, arrival.actor, arrival.message.text, lately=lately)
    if ticket.is_billing_on_hold:
        _ask_approvers(scene, ticket, client, arrival.actor)
    watch_urgent_contact(scene, ticket, inbound_id=arrival.inbound_id)
    return ticket


def _ask_approvers(scene: Scene, ticket: Ticket, client: Row, actor: Actor) -> None:
    """Somebody of the client's domain, or unproven, wrote: billing waits for an approver's yes."""
    for approver in people.approvers(scene.tx, client.id):
        reader = contact_reader(scene, approver, client)
        notice = notices.approval_needed(ticket, reader, sender_name=actor.name, is_known=actor.is_managed)
        tell_contact(scene, approver.id, notice, ticket_id=ticket.id)


def _welcome_stranger(scene: Scene, ticket: Ticket, arrival: Arrival) -> None:
    """An unknown sender: acknowledged within the limits, and a manager hears at once where it is urgent."""
    reader = requester_reader(scene, ticket)
    tell_requester(scene, ticket, notices.received(ticket, reader, lead_name=None, opens_at=None))
    if ticket.priority == Priority.P1:
        _tell_of_stranger(scene, ticket, arrival)


def _tell_of_stranger(scene: Scene, ticket: Ticket, arrival: Arrival) -> None:
    sender, text = arrival.actor.address, arrival.message.text
    told = partial(notices.unverified, ticket, sender=sender, text=text, is_repeat=False)
    tell_managers(scene, told, ticket_id=ticket.id, is_page=True)


def open_ticket(
    scene: Scene,
    arrival: Arrival,
    client: Row | None,
    verdict: Verdict,
    *,
    calendar: Calendar,
    remind_at: datetime | None,
    is_billing_on_hold: bool,
) -> Ticket:
    """The ticket of a graded message, of which nobody was told yet."""
    message, actor = arrival.message, arrival.actor
    new = desk.NewTicket(
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
        remind_at=remind_at,
        is_billing_on_hold=is_billing_on_hold,
    )
    return desk.open_ticket(scene, new)


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


def keep(scene: Scene, arrival: Arrival, ticket: Ticket) -> int:
    """Put the message on its ticket; returns its id."""
    if name := resembling.likeness(scene, arrival.actor, arrival.message.sender.display_name):
        reason = f"the sender calls themself {name}, as one of our consultants does, and writes from another address"
        scene.record(
            "flagged", ticket_id=ticket.id, client_id=ticket.client_id, actor=arrival.actor.label, reason=reason
        )
    return desk.keep_message(
        scene,
        ticket,
        arrival.message,
        inbound_id=arrival.inbound_id,
        handle_id=arrival.actor.handle_id,
        shas=arrival.shas,
    )
