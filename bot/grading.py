"""Triage at the door: a new message is graded, a further one may raise its ticket, and chasers are counted.

A raised priority prices forward only, after notice; one that comes from chasers changes the price only after a
manager confirmed it. Source: mission, Rules, "Which priority is how fast", "Persistence", "Hold".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import desk, diary, notices, people, tickets
from bot.calendars import calendar_of
from bot.hours import Calendar, is_open, parse_calendar
from bot.messages import EMAIL, InboundMessage
from bot.outbox import SendClass
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.telling import requester_reader, tell_managers, tell_requester
from bot.tickets import OPEN, Ticket
from bot.triage import deadlines, persistence
from bot.triage.priority import Priority
from bot.triage.rules import Verdict
from bot.triage.signals import Circumstances


def judge(scene: Scene, message: InboundMessage, calendar: Calendar, *, manager_id: int | None) -> Verdict:
    """Triage of a message as it stands in the client's business time. manager_id: the client's own manager."""
    circumstances = Circumstances(
        at=scene.now,
        calendar=calendar,
        channel="email" if message.channel == EMAIL else "chat",
        is_pressing=message.urgent_button,
        manager_busy=_manager_busy(scene, manager_id),
    )
    return scene.policy.rules.judge(message.subject, message.text, circumstances)


def _manager_busy(scene: Scene, manager_id: int | None) -> str:
    """Booked, away or off duty in the hour to come, or "". Source: mission, Rules, "Within the hour"."""
    if manager_id is None:
        return ""
    manager = people.consultant(scene.tx, manager_id)
    if manager.away_until_at is not None and manager.away_until_at > scene.now:
        return "away"
    duty = parse_calendar(manager.hours, manager.zone)
    is_on_duty = is_open(duty, scene.now) and is_open(duty, scene.now + timedelta(minutes=59))
    if not is_on_duty:
        return "off duty"
    is_booked = diary.is_booked(scene.tx, manager.id, scene.now, scene.now + timedelta(hours=1))
    return "booked" if is_booked else ""


def desk_calendar(scene: Scene) -> Calendar:
    """The desk's own office hours, for tickets that belong to no client."""
    return parse_calendar(scene.policy.hours, scene.policy.zone)


def calendar_for(scene: Scene, ticket: Ticket) -> Calendar:
    """The business time of the ticket's client, or the desk's own."""
    if ticket.client_id is None:
        return desk_calendar(scene)
    return calendar_of(people.client(scene.tx, ticket.client_id), scene.now)


def promised_by(scene: Scene, ticket: Ticket) -> datetime:
    """By when a ticket of this priority is answered, from now on."""
    return deadlines.respond_by(ticket.priority, scene.now, calendar_for(scene, ticket), scene.policy.rules.promises)


def grade_again(scene: Scene, ticket: Ticket, message: InboundMessage, *, is_priced: bool) -> Ticket:
    """A further message on an open ticket may raise it, by what it says or by being one chaser too many.

    is_priced: False where the message does not prove who wrote it, for such a one spends nothing.
    """
    # Nothing raises a P1, so nothing need be read for it.
    if ticket.state not in OPEN or ticket.priority == Priority.P1:
        return ticket
    client = people.client(scene.tx, ticket.client_id) if ticket.client_id is not None else None
    manager_id = client.manager_id if client is not None else None
    verdict = judge(scene, message, calendar_for(scene, ticket), manager_id=manager_id)
    if verdict.priority < ticket.priority:
        ticket = change_priority(
            scene, ticket, verdict.priority, rule=verdict.rule, why=verdict.why, is_priced=is_priced
        )
        if ticket.client_id is not None:
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
    respond_by = deadlines.respond_by(priority, scene.now, calendar, scene.policy.rules.promises)
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
        rung_until_at=scene.policy.ladder.ends_at(ticket.step, priority, scene.now, calendar),
        is_priced=is_priced,
    )
    return desk.save(scene, change, actor=actor) if change.events else ticket


def _tell_requester(scene: Scene, ticket: Ticket, reason: str) -> None:
    assert ticket.client_id is not None
    notice = notices.priority_changed(ticket, requester_reader(scene, ticket), was=None, reason=reason)
    tell_requester(scene, ticket, notice, SendClass.MONEY)


def _count_chasers(scene: Scene, ticket: Ticket) -> Ticket:
    """Three unprompted chasers within a day, before our promise lapsed: answered as P1, priced only once confirmed."""
    if ticket.priority == Priority.P1 or ticket.respond_by is None or ticket.responded_at is not None:
        return ticket
    rules = scene.policy.rules
    chasers = persistence.counted(
        chasers_on(scene, ticket),
        now=scene.now,
        respond_by=ticket.respond_by,
        window=timedelta(hours=rules.chaser_window_hours),
        not_channels=rules.chaser_not_channels,
    )
    if chasers < rules.chasers_min:
        return replace(ticket, chasers=chasers)
    why = (f"{chasers} chasers within {rules.chaser_window_hours} hours, before we had promised to answer",)
    raised = change_priority(
        scene, replace(ticket, chasers=chasers), Priority.P1, rule="persistence", why=why, is_priced=False
    )
    tell_managers(scene, partial(notices.chased, raised, chasers=chasers), ticket_id=ticket.id, is_page=True)
    return raised


def chasers_on(scene: Scene, ticket: Ticket) -> list[persistence.Chaser]:
    """What asks again: the requester's words after the first message, each with whether they answer ours."""
    since = scene.now - timedelta(hours=scene.policy.rules.chaser_window_hours)
    rows = scene.tx.all(queries.CONVERSATION_SINCE, ticket_id=ticket.id, since=since)
    chasers = []
    was_asked = False
    for row in rows:
        if row.direction == "in" and row.written_at > ticket.opened_at and persistence.asks(row.text_written):
            chasers.append(persistence.Chaser(row.written_at, row.channel, is_prompted=was_asked))
        was_asked = row.direction == "out" or (was_asked and row.direction == "note")
    return chasers
