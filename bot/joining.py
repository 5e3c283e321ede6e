"""Tickets that belong together: offered to be joined when somebody writes anew, joined, and parted again.

What was written on the joined ticket, and the names by which answers find it, go over to the other; an answer to
either finds the one that is open. Money stays where it was posted, so a ticket with work on it is joined by nobody.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

from bot import desk, diary, notices, outbox, people, tickets
from bot.errors import UserError
from bot.grading import calendar_for, change_priority, desk_calendar, judge, promised_by
from bot.laddering import put_on_offer
from bot.messages import EMAIL, Handle, InboundMessage, Place, Trust
from bot.people import Actor
from bot.queries import joining as queries
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row
from bot.subjects import is_answer, is_same_topic, ticket_marks, topic
from bot.telling import requester_reader, tell_consultant, tell_requester
from bot.tickets import OPEN, TAKEN, State, Ticket
from bot.triage import deadlines

# How far back an open ticket may lie for a fresh message to be taken as part of it.
LOOK_BACK = timedelta(days=30)
# Who opens more than this within an hour is written to as sparingly as a stranger: it may be a program.
OPENED_PER_HOUR_MAX = 5
HOUR = timedelta(hours=1)


# ---------------------------------------------------------------- a fresh message


def lately_of(scene: Scene, actor: Actor) -> list[Row]:
    """The tickets that a contact opened lately, newest first."""
    if actor.contact_id is None:
        return []
    return scene.tx.all(queries.LATELY_OF_CONTACT, contact_id=actor.contact_id, since=scene.now - LOOK_BACK)


def begins_anew(scene: Scene, ticket: Ticket, message: InboundMessage) -> bool:
    """Whether a mail in the thread of a ticket speaks of something else, by its subject.

    Not where it bears the ticket's mark or an answer's "Re:", has no subject of its own, or the ticket never had one.
    """
    subject = message.subject
    if message.channel != EMAIL or not topic(subject) or is_answer(subject) or ticket.id in ticket_marks(subject):
        return False
    subjects = [row.subject for row in scene.tx.all(queries.SUBJECTS, ticket_id=ticket.id) if topic(row.subject)]
    known = [*subjects, ticket.subject] if subjects else []
    return bool(known) and not any(is_same_topic(subject, one) for one in known)


def writes_like_a_program(scene: Scene, ticket: Ticket, lately: list[Row]) -> bool:
    """Whether so many tickets came from one person within an hour that a loop is likely; an event says so."""
    count = sum(1 for row in lately if row.opened_at > scene.now - HOUR)
    if count <= OPENED_PER_HOUR_MAX:
        return False
    reason = sentence("how loop", count=count)
    scene.record("loop suspected", ticket_id=ticket.id, client_id=ticket.client_id, reason=reason)
    return True


def offer_to_join(scene: Scene, ticket: Ticket, actor: Actor, text: str, *, lately: list[Row]) -> None:
    """Whoever works for the same contact on an open ticket hears that this one may be a part of it."""
    open_one = next((row for row in lately if row.id != ticket.id and row.state in OPEN), None)
    if open_one is None or not actor.is_proven:
        return
    consultant_id = open_one.claimant_id if open_one.state in TAKEN else None
    if open_one.state == State.HELD:
        consultant_id = open_one.lead_id
    reason = sentence("how together", name=actor.name, number=open_one.id, id=ticket.id)
    scene.record("may belong together", ticket_id=ticket.id, client_id=ticket.client_id, reason=reason)
    if consultant_id is None:
        return
    older = desk.ticket(scene.tx, open_one.id)
    told = partial(notices.wrote_anew, older, new_id=ticket.id, sender_name=actor.name, text=text)
    tell_consultant(scene, consultant_id, told, ticket_id=older.id)


# ---------------------------------------------------------------- joining


def join(scene: Scene, actor: Actor, ticket: Ticket, into: Ticket) -> Ticket:
    """Make one ticket a part of another; returns the other. Both are locked. Raises UserError."""
    _must_be_free_of_money(scene, ticket)
    moved = tuple(row.id for row in scene.tx.all(queries.MESSAGE_IDS, ticket_id=ticket.id))
    refs = tuple(row.id for row in scene.tx.all(queries.REF_IDS, ticket_id=ticket.id))
    joined = desk.save(scene, tickets.join(ticket, into, messages=moved, refs=refs, now=scene.now), actor=actor.label)
    for query in (queries.MOVE_MESSAGES, queries.MOVE_REFS):
        scene.tx.run(query, ticket_id=ticket.id, into_id=into.id)
    outbox.withdraw_offers(scene.tx, ticket.id, scene.now)
    scene.record(
        "took in",
        ticket_id=into.id,
        client_id=into.client_id,
        actor=actor.label,
        reason=sentence("how took in", id=ticket.id),
    )
    into = _go_on(scene, actor, into)
    if ticket.priority < into.priority:
        why = (f"ticket {ticket.id}, which is part of it now, was {ticket.priority}",)
        was = into.priority
        into = change_priority(scene, into, ticket.priority, rule=ticket.rule, why=why, actor=actor.label)
        told = notices.priority_changed(into, requester_reader(scene, into), was=was, reason=why[0])
        tell_requester(scene, into, told, outbox.SendClass.MONEY)
    tell_requester(scene, joined, notices.joined_for_you(joined, requester_reader(scene, joined), into_id=into.id))
    _tell_claimant(scene, actor, joined, into)
    for one in (joined, into):
        outbox.touch_cards(scene.tx, one.id, scene.now)
    return into


def _must_be_free_of_money(scene: Scene, ticket: Ticket) -> None:
    if scene.tx.one(queries.WORK_ON, ticket_id=ticket.id) is not None:
        raise UserError(sentence("join time", id=ticket.id))
    if scene.tx.one(queries.CONTACT_ON, ticket_id=ticket.id) is not None:
        raise UserError(sentence("join contact", id=ticket.id))
    if diary.standing(scene.tx, ticket.id) is not None:
        raise UserError(sentence("join appointment", id=ticket.id))


def _go_on(scene: Scene, actor: Actor, into: Ticket) -> Ticket:
    """The requester wrote on it, as it were: what waited goes on, what was resolved is open again."""
    days = scene.policy.reopen_days
    respond_by = promised_by(scene, into) if into.state is State.RESOLVED else None
    change = tickets.hear(into, now=scene.now, reopen_days=days, respond_by=respond_by)
    return desk.save(scene, change, actor=actor.label) if change.events else into


def _tell_claimant(scene: Scene, actor: Actor, joined: Ticket, into: Ticket) -> None:
    for consultant_id in {into.claimant_id, joined.claimant_id} - {None, actor.consultant_id}:
        told = partial(notices.joined, joined, into_id=into.id, by_name=actor.name)
        tell_consultant(scene, consultant_id, told, ticket_id=into.id)


# ---------------------------------------------------------------- parting


def part(scene: Scene, actor: Actor, ticket: Ticket) -> Ticket:
    """Undo a join: everything goes back to where it was written, and the ticket is open again. Raises UserError."""
    into_id = ticket.joined_to_id
    respond_by = promised_by(scene, ticket)
    parted = desk.save(scene, tickets.part(ticket, now=scene.now, respond_by=respond_by), actor=actor.label)
    event = scene.tx.one(queries.JOINED_EVENT, ticket_id=ticket.id)
    detail = json.loads(event.detail_json) if event is not None else {}
    for query, ids in ((queries.MOVE_MESSAGE, detail["messages"]), (queries.MOVE_REF, detail["refs"])):
        for row_id in ids:
            scene.tx.run(query, id=row_id, ticket_id=into_id, into_id=ticket.id)
    assert into_id is not None
    reason = sentence("how gave back", id=ticket.id, number=into_id)
    scene.record("gave back", ticket_id=into_id, client_id=ticket.client_id, actor=actor.label, reason=reason)
    _tell_of_split(scene, parted, into_id)
    for one in (ticket.id, into_id):
        outbox.touch_cards(scene.tx, one, scene.now)
    return parted


def split_last(scene: Scene, actor: Actor, ticket: Ticket) -> Ticket:
    """Give the last message on a ticket one of its own, which is offered like any other. Raises UserError."""
    words = scene.tx.all(queries.LAST_WORDS, ticket_id=ticket.id)
    if len(words) < 2:
        raise UserError(sentence("split one", id=ticket.id))
    new = _open_for(scene, ticket, words[0])
    scene.tx.run(queries.MOVE_MESSAGE, id=words[0].id, ticket_id=ticket.id, into_id=new.id)
    scene.tx.run(queries.MOVE_REF_NAMED, remote_id=words[0].remote_id, ticket_id=ticket.id, into_id=new.id)
    opened = tickets.Event("opened", f"split off ticket {ticket.id}", None, {"refers_to": ticket.id})
    triaged = tickets.Event("triaged", "; ".join(new.why), None, {"rule": new.rule, "is": new.priority})
    desk.record_events(scene, new, (opened, triaged), actor=actor.label)
    scene.record(
        "split off",
        ticket_id=ticket.id,
        client_id=ticket.client_id,
        actor=actor.label,
        reason=sentence("how split off", number=new.id, id=ticket.id),
    )
    outbox.want_card(scene.tx, new.id, scene.policy.staff_places, scene.now)
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    if new.client_id is not None:
        client = people.client(scene.tx, new.client_id)
        new = put_on_offer(scene, new, client, text=words[0].text_written)
    _tell_of_split(scene, new, ticket.id)
    return new


def _open_for(scene: Scene, ticket: Ticket, words: Row) -> Ticket:
    """A ticket for one message, judged by what it says, for who wrote it."""
    client = people.client(scene.tx, ticket.client_id) if ticket.client_id is not None else None
    place = Place(ticket.channel, ticket.conversation, words.remote_id if ticket.thread else "")
    message = InboundMessage(
        channel=words.channel,
        key=f"split:{words.id}",
        sender=Handle(words.channel, words.address, words.display_name),
        received_at=words.written_at,
        text=words.text_written,
        place=place,
        subject=words.subject,
        body_text=words.body_text,
        trust=Trust(words.trust or Trust.UNPROVEN),
    )
    calendar = calendar_for(scene, ticket) if client is not None else desk_calendar(scene)
    verdict = judge(scene, message, calendar, manager_id=client.manager_id if client is not None else None)
    title = " ".join((words.subject or words.text_written).split())
    new = desk.NewTicket(
        client_id=ticket.client_id,
        contact_id=words.contact_id or ticket.contact_id,
        handle_id=words.handle_id,
        place=place,
        subject=title if len(title) <= 100 else f"{title[:97]}…",
        priority=verdict.priority,
        rule=verdict.rule,
        why=verdict.why,
        expertise=scene.policy.rules.vocabulary.expertise_of(words.subject, words.text_written),
        lead_id=client.lead_id if client is not None else None,
        respond_by=deadlines.respond_by(verdict.priority, scene.now, calendar, scene.policy.rules.promises),
        remind_at=scene.now if client is None else None,
        is_billing_on_hold=ticket.is_billing_on_hold,
    )
    return desk.open_ticket(scene, new)


def _tell_of_split(scene: Scene, ticket: Ticket, of_id: int) -> None:
    notice = notices.split_for_you(ticket, requester_reader(scene, ticket), of_id=of_id)
    tell_requester(scene, ticket, notice)
