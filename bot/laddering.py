"""How a ticket goes on offer: the lead's hold first, then rung by rung. Used by every door."""

from __future__ import annotations

from dataclasses import replace

from bot import desk, notices, outbox, people, tickets
from bot.calendars import calendar_of
from bot.escalation import CALM, Candidate, next_step
from bot.grading import calendar_for
from bot.hours import is_open
from bot.notices import Reader
from bot.queries import people as people_queries
from bot.queries import tickets as ticket_queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import requester_reader, tell_consultant, tell_requester
from bot.tickets import State, Ticket
from bot.triage import deadlines, routing
from bot.triage.priority import Priority


def put_on_offer(scene: Scene, ticket: Ticket, client: Row, *, text: str) -> Ticket:
    """Offer a fresh ticket of a client: to the lead for the hold, or straight to the ladder where no lead can be."""
    lead = _present_lead(scene, client.lead_id)
    if lead is None:
        return climb(scene, ticket, reason="no lead")
    calendar = calendar_of(client, scene.now)
    until_at = deadlines.hold_until(
        client.hold_minutes, ticket.priority, scene.now, calendar, respond_by=ticket.respond_by or scene.now
    )
    held = desk.save_hold(scene, tickets.hold(ticket, until_at))
    reader = Reader(lead.zone, lead.language)
    notice = notices.offered(held, reader, until_at=until_at, client_name=client.name, text=text)
    tell_consultant(
        scene, lead.id, notice, ticket_id=held.id, is_page=held.priority == Priority.P1, expires_at=until_at
    )
    return held


def _present_lead(scene: Scene, lead_id: int | None) -> Row | None:
    if lead_id is None:
        return None
    lead = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=lead_id)
    if lead is None or not is_available(lead, scene):
        return None
    # A hold for somebody who cannot be told of it would only lose its time.
    return lead if people.recipient_of_consultant(scene.tx, lead.id) is not None else None


def is_available(consultant: Row, scene: Scene) -> bool:
    """Active, and not away now."""
    is_away = consultant.away_until_at is not None and consultant.away_until_at > scene.now
    return consultant.status == "active" and not is_away


def is_introduced(scene: Scene, consultant_id: int, contact_id: int | None) -> bool:
    """Was an assistant introduced to that contact? Source: mission, People (C)."""
    known = scene.tx.one(people_queries.INTRODUCTION, contact_id=contact_id, consultant_id=consultant_id)
    return known is not None


def climb(scene: Scene, ticket: Ticket, *, reason: str) -> Ticket:
    """Go to the next rung and tell everybody concerned. reason: passed, hold lapsed, released, no lead, unanswered."""
    people_rows = {row.id: row for row in scene.tx.all(people_queries.CONSULTANTS)}
    offers = scene.tx.all(ticket_queries.OFFERED_TO, ticket_id=ticket.id)
    asked = frozenset(row.consultant_id for row in offers if row.step > 0 and ticket.step > 0)
    is_lapse = ticket.state is State.HELD and ticket.hold_until_at is not None
    answered = {row.consultant_id: row.answer for row in offers}
    if is_lapse and ticket.lead_id is not None:
        answered[ticket.lead_id] = "lapsed"
    step = next_step(
        scene.policy.ladder,
        ticket.step,
        _candidates(scene, ticket, list(people_rows.values()), answered),
        priority=ticket.priority,
        asked=asked,
        now=scene.now,
        calendar=calendar_for(scene, ticket),
    )
    change = tickets.climb(ticket, step.number, step.rung, audience=step.audience, until_at=step.until_at)
    climbed = desk.save(scene, change)
    if is_lapse and ticket.lead_id in people_rows:
        lead = people_rows[ticket.lead_id]
        tell_consultant(
            scene, lead.id, notices.hold_lapsed(climbed, Reader(lead.zone, lead.language)), ticket_id=ticket.id
        )
    is_last = step.number == len(scene.policy.ladder.rungs)
    for consultant_id in step.audience:
        if is_last or consultant_id not in asked:
            _offer_to(scene, climbed, people_rows[consultant_id], is_last=is_last)
    if reason in ("passed", "hold lapsed", "released"):
        lead = people_rows.get(ticket.lead_id) if ticket.lead_id is not None else None
        _tell_requester_widened(scene, climbed, reason, lead_name=lead.name if lead is not None else "")
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    return climbed


def _offer_to(scene: Scene, ticket: Ticket, person: Row, *, is_last: bool) -> None:
    reader = Reader(person.zone, person.language)
    assert ticket.step_at is not None
    if is_last:
        waited = int((scene.now - ticket.opened_at).total_seconds() // 60)
        notice = notices.asked_again(ticket, reader, waited_minutes=waited)
    else:
        notice = notices.offered(ticket, reader, until_at=ticket.step_at, client_name=None, text=None)
    is_urgent = ticket.priority == Priority.P1 or is_last
    # A calm ticket wakes nobody.
    is_page = is_urgent and (ticket.priority not in CALM or is_open(calendar_for(scene, ticket), scene.now))
    tell_consultant(scene, person.id, notice, ticket_id=ticket.id, is_page=is_page, expires_at=ticket.step_at)


def _tell_requester_widened(scene: Scene, ticket: Ticket, reason: str, *, lead_name: str) -> None:
    if ticket.client_id is None:
        return
    reader = requester_reader(scene, ticket)
    tell_requester(scene, ticket, notices.widened(ticket, reader, reason=reason, lead_name=lead_name))


def _candidates(scene: Scene, ticket: Ticket, rows: list[Row], answered: dict[int, str]) -> list[Candidate]:
    """Everybody who could be asked, best match first.

    answered: what each one said to an offer. A lead who passed or let the hold lapse is not asked again, nor is
    whoever gave the ticket back.
    """
    stated = [routing.Candidate(row.id, row.member_number, tuple(row.expertise.split(","))) for row in rows]
    ranked = scene.policy.rules.vocabulary.rank(stated, ticket.expertise)
    by_id = {row.id: row for row in rows}
    heads = _heads(scene, ticket, by_id)
    return [
        Candidate(
            person.id,
            score=len(one.matched),
            is_manager=person.id in heads,
            is_available=is_available(person, scene) and person.role != "manager",
            has_passed=answered.get(person.id, "") in ("passed", "lapsed", "released"),
        )
        for one in ranked
        for person in (by_id[one.candidate.consultant_id],)
    ]


def _heads(scene: Scene, ticket: Ticket, by_id: dict[int, Row]) -> set[int]:
    """Whom the last rung asks: the client's manager, then its assistant if introduced, then the desk's managers.

    The first who is there; when asked again, and where nobody is there, all of them.
    Source: mission, Rights, "Manager on the ladder".
    """
    own: list[int | None] = []
    if ticket.client_id is not None:
        client = people.client(scene.tx, ticket.client_id)
        own = [client.manager_id]
        if client.assistant_id is not None and is_introduced(scene, client.assistant_id, ticket.contact_id):
            own.append(client.assistant_id)
    of_client = [by_id[one] for one in own if one in by_id]
    of_desk = [row for row in by_id.values() if row.role == "manager"]
    active = [row for row in (*of_client, *of_desk) if row.status == "active"]
    present = [row for row in active if is_available(row, scene)]
    if ticket.step == len(scene.policy.ladder.rungs) or not present:
        return {row.id for row in active}
    return {present[0].id}


def climb_holds_of(scene: Scene, consultant_id: int, reason: str = "the lead is away") -> list[Ticket]:
    """A lead is not there any more: every hold of theirs passes on at once."""
    rows = scene.tx.all(ticket_queries.HELD_FOR, consultant_id=consultant_id)
    climbed = []
    for row in rows:
        # One absence is the cause of several offers: what is told of one ticket is no repeat of another's.
        apart = replace(scene, cause=f"{scene.cause}:{row.id}")
        change = tickets.pass_(desk.locked(scene.tx, row.id), consultant_id, reason, now=scene.now)
        climbed.append(climb(apart, desk.save(apart, change), reason="passed"))
    return climbed
