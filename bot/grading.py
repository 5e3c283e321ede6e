"""Triage at the door: a new message is graded, a further one may raise its ticket, and chasers are counted.

A raised priority prices forward only, after notice; one that comes from chasers changes the price only after a
manager confirmed it. Source: mission, Rules, "Which priority is how fast", "Persistence", "Hold".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import desk, notices, people, tickets
from bot.calendars import calendar_of
from bot.hours import Calendar, parse_calendar
from bot.messages import EMAIL, InboundMessage
from bot.notices import Reader
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_managers, tell_requester
from bot.tickets import OPEN, Ticket
from bot.triage import deadlines
from bot.triage.priority import Priority
from bot.triage.rules import Facts, Verdict

CHASER_WINDOW = timedelta(hours=24)
CHASERS_FOR_P1 = 3


def judge(scene: Scene, message: InboundMessage, calendar: Calendar) -> Verdict:
    """Triage of a message as it stands in the client's business time."""
    facts = Facts(
        received_at=scene.now,
        calendar=calendar,
        channel="email" if message.channel == EMAIL else "chat",
        is_urgent_button=message.urgent_button,
    )
    return scene.policy.rules.judge(message.subject, message.text, facts)


def desk_calendar(scene: Scene) -> Calendar:
    """The desk's own office hours, for tickets that belong to no client."""
    return parse_calendar(scene.policy.hours, scene.policy.zone)


def calendar_for(scene: Scene, ticket: Ticket) -> Calendar:
    """The business time of the ticket's client, or the desk's own."""
    if ticket.client_id is None:
        return desk_calendar(scene)
    return calendar_of(people.client(scene.tx, ticket.client_id), scene.now)


def grade_again(scene: Scene, ticket: Ticket, message: InboundMessage) -> Ticket:
    """A further message on an open ticket may raise it, by what it says or by being one chaser too many."""
    if ticket.state not in OPEN:
        return ticket
    verdict = judge(scene, message, calendar_for(scene, ticket))
    if verdict.priority < ticket.priority:
        ticket = change_priority(scene, ticket, verdict.priority, rule=verdict.rule, why=verdict.why)
        _tell_requester(scene, ticket, "; ".join(verdict.why))
    return _count_chasers(scene, ticket)


def change_priority(
    scene: Scene,
    ticket: Ticket,
    priority: Priority,
    *,
    rule: str,
    why: tuple[str, ...],
    is_priced: bool = True,
    actor: str = "desk",
) -> Ticket:
    """Set a priority and what hangs on it: promise and hold, recomputed from now."""
    calendar = calendar_for(scene, ticket)
    respond_by = deadlines.respond_by(priority, scene.now, calendar)
    hold_until_at = None
    if ticket.client_id is not None and ticket.hold_until_at is not None:
        client = people.client(scene.tx, ticket.client_id)
        hold_until_at = deadlines.hold_until(client.hold_minutes, priority, scene.now, calendar, respond_by=respond_by)
    change = tickets.set_priority(
        ticket,
        priority,
        rule=rule,
        why=why,
        respond_by=respond_by,
        hold_until_at=hold_until_at,
        is_priced=is_priced,
    )
    return desk.save(scene, change, actor=actor) if change.events else ticket


def _tell_requester(scene: Scene, ticket: Ticket, reason: str) -> None:
    zone, language = scene.policy.zone, "en"
    if ticket.client_id is not None:
        client = people.client(scene.tx, ticket.client_id)
        zone, language = client.zone, client.language
    notice = notices.priority_changed(ticket, Reader(zone, language), was=None, reason=reason)
    tell_requester(scene, ticket, notice)


def _count_chasers(scene: Scene, ticket: Ticket) -> Ticket:
    """Three unprompted chasers within a day, before our promise lapsed: answered as P1, priced only once confirmed."""
    if ticket.priority == Priority.P1 or ticket.respond_by is None or scene.now >= ticket.respond_by:
        return ticket
    chasers = chasers_on(scene, ticket)
    if chasers < CHASERS_FOR_P1:
        return replace(ticket, chasers=chasers)
    why = (f"{chasers} chasers within 24 hours, before we had promised to answer",)
    raised = change_priority(
        scene, replace(ticket, chasers=chasers), Priority.P1, rule="persistence", why=why, is_priced=False
    )
    tell_managers(
        scene, notices.chased(raised, Reader(scene.policy.zone), chasers=chasers), ticket_id=ticket.id, is_page=True
    )
    return raised


def chasers_on(scene: Scene, ticket: Ticket) -> int:
    """How often the requester chased: chat messages after the first, but for mail and answers to what we wrote."""
    rows = scene.tx.all(queries.CONVERSATION_SINCE, ticket_id=ticket.id, since=scene.now - CHASER_WINDOW)
    chasers, was_asked = 0, False
    for row in rows:
        if row.direction == "out":
            was_asked = True
        elif row.direction == "in":
            is_opening = _is_opening(row.written_at, ticket.opened_at, row.id, rows)
            if not is_opening and not was_asked and row.channel != EMAIL:
                chasers += 1
            was_asked = False
    return chasers


def _is_opening(written_at: datetime, opened_at: datetime, message_id: int, rows: list[Row]) -> bool:
    first = next((row.id for row in rows if row.direction == "in"), None)
    return message_id == first and written_at <= opened_at + timedelta(minutes=1)
