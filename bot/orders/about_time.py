"""Use cases of time that runs, time that was wrong, and words straight to a person.

Source: mission, Rules, "Direct contact", "Billed priority"; an edit is a reversal and a new entry.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import books, desk, outbox, people
from bot.calendars import calendar_of
from bot.commands import Work as Told
from bot.commands.about_desk import Stop
from bot.commands.about_time import Correct, DirectContact, Reverse, StartClock, StopClock
from bot.errors import NotAllowed, UserError
from bot.hours import is_open
from bot.messages import Answer, Place
from bot.notices import moment
from bot.orders import about_desk
from bot.orders.about_work import book_time
from bot.orders.usecase import UseCases, must_be_claimed
from bot.orders.wording import reader_of
from bot.people import Actor
from bot.queries import money as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.tickets import Change, Event, State, Ticket
from bot.triage import deadlines
from bot.triage.priority import Priority
from bot.triage.signals import Circumstances

# ---------------------------------------------------------------- the clock


def start(scene: Scene, actor: Actor, command: StartClock) -> Answer:
    """Let the clock run; one at a time for each consultant."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_be_claimed(ticket, "start")
    running = scene.tx.one(queries.TIMER_OF, consultant_id=actor.consultant_id)
    if running is not None:
        since = moment(running.started_at, reader_of(scene, actor))
        raise UserError(sentence("clock runs already", id=running.ticket_id, at=since))
    scene.tx.insert("timer", consultant_id=actor.consultant_id, ticket_id=ticket.id, started_at=scene.now)
    return Answer(sentence("clock runs", id=ticket.id), ticket_id=ticket.id)


def stop(scene: Scene, actor: Actor, command: StopClock) -> Answer:
    """Stop the clock and log what it counted, from the minute it began; less than a minute counts as one."""
    running = scene.tx.one(queries.TIMER_OF, consultant_id=actor.consultant_id)
    if running is None:
        raise UserError(sentence("clock runs not"))
    if command.ticket_id not in (None, running.ticket_id):
        raise UserError(sentence("clock of another", id=running.ticket_id, number=command.ticket_id))
    ticket = desk.locked(scene.tx, running.ticket_id)
    scene.tx.run(queries.TIMER_STOP, id=running.id, now=scene.now)
    minutes = max(1, (scene.now - running.started_at) // timedelta(minutes=1))
    booked = book_time(scene, actor, ticket, replace(command.work, minutes=minutes))
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    return Answer(booked.line, ticket_id=ticket.id)


def stop_either(scene: Scene, actor: Actor, command: Stop) -> Answer:
    """A bare "stop": the clock, where it runs; else no more notices here."""
    if actor.is_staff and scene.tx.one(queries.TIMER_OF, consultant_id=actor.consultant_id) is not None:
        return stop(scene, actor, StopClock())
    silenced = about_desk.stop(scene, actor, command)
    return Answer(joined(" ", [sentence("clock none ran"), silenced.text])) if actor.is_staff else silenced


# ---------------------------------------------------------------- what was wrong


def correct(scene: Scene, actor: Actor, command: Correct) -> Answer:
    """Take a charge back and log its work anew, as it really was."""
    charge, item = _own_work(scene, actor, command.charge_id)
    ticket = desk.locked(scene.tx, charge.ticket_id)
    books.reverse(scene.tx, charge.id, reason=f"corrected by {actor.name}", now=scene.now, prices=scene.policy.prices)
    scene.record(
        "taken back", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label,
        reason=sentence("how corrected", id=charge.id),
    )  # fmt: skip
    told = _merged(command.work, item)
    # A manager's correction takes nobody's pay for it away.
    booked = book_time(scene, actor, ticket, told, began_at=item.started_at, worker_id=item.consultant_id)
    return Answer(joined(" ", [sentence("charge taken back", id=charge.id), booked.line]), ticket_id=ticket.id)


def reverse(scene: Scene, actor: Actor, command: Reverse) -> Answer:
    """Take a charge back as if its work had never been logged."""
    charge, _ = _own_work(scene, actor, command.charge_id)
    ticket = desk.locked(scene.tx, charge.ticket_id)
    reason = command.reason or sentence("how taken back by", name=actor.name)
    books.reverse(scene.tx, charge.id, reason=reason, now=scene.now, prices=scene.policy.prices)
    scene.record(
        "taken back", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label,
        reason=sentence("how taken back", id=charge.id, reason=reason),
    )  # fmt: skip
    assert ticket.client_id is not None
    left = books.balance_line(scene.tx, ticket.client_id, now=scene.now, currency=scene.policy.currency)
    told = joined(" ", [sentence("charge taken back", id=charge.id), sentence("charge now", account=left)])
    return Answer(told, ticket_id=ticket.id)


def _own_work(scene: Scene, actor: Actor, charge_id: int) -> tuple[Row, Row]:
    """A charge and the work that made it: of whoever did it, or any for a manager."""
    charge = books.charge_of(scene.tx, charge_id)
    item = scene.tx.one(queries.WORK_ITEM, work_item_id=charge.work_item_id) if charge.work_item_id else None
    if item is None or item.is_contact:
        raise UserError(sentence("charge no time", id=charge_id))
    if item.consultant_id != actor.consultant_id and not actor.is_manager:
        raise NotAllowed(sentence("charge whose"))
    return charge, item


def _merged(told: Told, item: Row) -> Told:
    """The work as it was, with what is told anew."""
    is_free = told.free_reason or not item.is_billable
    return replace(
        told,
        minutes=None if told.span is not None else (told.minutes or item.minutes),
        kind=told.kind or item.kind,
        was_asked=item.was_asked if told.was_asked is None else told.was_asked,
        # Whether a time lies in its slot is looked up anew.
        is_booked=told.is_booked or (item.is_booked and item.booked_until_at is None),
        is_billable=not is_free,
        note=told.note or told.free_reason or item.note,
    )


# ---------------------------------------------------------------- straight to a person


def contact(scene: Scene, actor: Actor, command: DirectContact) -> Answer:
    """Record a direct contact: at least P3, its impact if worse, P1 if it was asked for in closed time."""
    client = people.client_by_code(scene.tx, command.client)
    ticket = _open(scene, actor, client, command)
    closed = command.work.was_asked is not False and ticket.rule == CLOSED
    told = replace(command.work, was_asked=closed or command.work.was_asked or False)
    booked = book_time(scene, actor, ticket, told)
    opened = sentence("contact logged", id=ticket.id, how=command.how, row=ticket.priority)
    return Answer(joined(" ", [opened, booked.line]), ticket_id=ticket.id)


CLOSED, DIRECT = "direct contact in closed time", "direct contact"


def _open(scene: Scene, actor: Actor, client: Row, command: DirectContact) -> Ticket:
    """A ticket that is claimed as it opens."""
    calendar = calendar_of(client, scene.now)
    priority, rule, why = _graded(scene, client, command)
    words = command.work.note
    ticket = desk.open_ticket(
        scene,
        desk.NewTicket(
            client_id=client.id,
            contact_id=None,
            handle_id=actor.handle_id,
            place=Place(actor.channel, ""),
            subject=words[:120],
            priority=priority,
            rule=rule,
            why=why,
            expertise=scene.policy.rules.vocabulary.expertise_of(words[:120], words),
            lead_id=client.lead_id,
            respond_by=deadlines.respond_by(priority, scene.now, calendar, scene.policy.rules.promises),
        ),
    )
    events = (
        Event("opened", f"by {command.how}, recorded by {actor.name}", None, {"direct": True}),
        Event("triaged", "; ".join(why), None, {"rule": rule, "is": priority}),
        Event("claimed", f"answered by {actor.name} at once", actor.consultant_id),
    )
    taken = replace(
        ticket, state=State.CLAIMED, claimant_id=actor.consultant_id, claimed_at=scene.now, responded_at=scene.now,
        promise_at=None,
    )  # fmt: skip
    return desk.save(scene, Change(taken, events), actor=actor.label)


def _graded(scene: Scene, client: Row, command: DirectContact) -> tuple[Priority, str, tuple[str, ...]]:
    at, calendar = scene.now, calendar_of(client, scene.now)
    if not is_open(calendar, at) and command.work.was_asked is not False:
        return Priority.P1, CLOSED, (f"by {command.how}, outside {client.hours}",)
    verdict = scene.policy.rules.judge("", command.work.note, Circumstances(at=at, calendar=calendar, channel="phone"))
    impact = Priority(command.priority) if command.priority else verdict.priority
    why = (f"said by {command.how}",) if command.priority else verdict.why
    worst = min(impact, Priority.P3)
    return worst, DIRECT, (*why, f"by {command.how}, straight to a person: at least P3")


USE_CASES: UseCases = {
    StartClock: start,
    StopClock: stop,
    Stop: stop_either,
    Correct: correct,
    Reverse: reverse,
    DirectContact: contact,
}
