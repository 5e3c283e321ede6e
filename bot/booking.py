"""Appointments as they are made, wished for, called off, near and over: the diary changes, and both sides hear.

Source: mission, "From message to work" (1), Rules "Billed priority" (booked work), "Who may claim".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot import desk, diary, notices, outbox, people
from bot.diary import Slot
from bot.invitations import Invitation
from bot.messages import Notice
from bot.notices import Reader
from bot.plain import one_line
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row
from bot.telling import requester_of, requester_reader, tell_consultant, tell_requester
from bot.tickets import OPEN, Change, Event, Ticket
from bot.zones import zone_named


@dataclass(frozen=True, slots=True)
class By:
    """Who does it: a consultant, or a contact of the client."""

    label: str
    name: str
    consultant_id: int | None = None


def book(scene: Scene, ticket: Ticket, slot: Slot, by: By) -> Ticket:
    """Put a slot into the claimant's diary, or move the one that stands. Raises SlotTaken."""
    assert ticket.claimant_id is not None
    was = diary.standing(scene.tx, ticket.id)
    diary.book(scene.tx, ticket.id, ticket.claimant_id, slot, now=scene.now)
    person = people.consultant(scene.tx, ticket.claimant_id)
    at = notices.span_text(_span(slot), requester_reader(scene, ticket))
    reason = sentence("how booked", at=at, kind=slot.kind, name=person.name)
    saved = _mark(scene, ticket, "booked", reason, by=by, is_booked=True)
    moved_from = (was.starts_at, was.ends_at) if was is not None and was.state == "booked" else None
    if ticket.contact_id is not None:
        reader = requester_reader(scene, saved)
        notice = notices.appointment_booked(
            saved, reader, _span(slot), kind=slot.kind, name=person.name, words=slot.words, was=moved_from
        )
        tell_requester(scene, saved, _with_slot(scene, saved, notice, slot, about=person.name))
    if by.consultant_id != person.id:
        told = notices.appointment_made(
            saved, _reader_of(person), _span(slot), kind=slot.kind, client_name=_client_name(scene, saved)
        )
        told = _with_slot(scene, saved, told, slot, about=_client_name(scene, saved))
        tell_consultant(scene, person.id, told, ticket_id=saved.id)
    return saved


def wish(scene: Scene, ticket: Ticket, slot: Slot, by: By) -> None:
    """A client asks for a time: kept, unless one is booked already, and told to whoever has the ticket."""
    standing = diary.standing(scene.tx, ticket.id)
    if standing is None or standing.state == "asked":
        diary.ask(scene.tx, ticket.id, slot, now=scene.now)
    starts = notices.span_text(_span(slot), requester_reader(scene, ticket))
    scene.record("appointment wished", ticket_id=ticket.id, client_id=ticket.client_id, actor=by.label, reason=starts)
    listener_id = ticket.claimant_id or ticket.lead_id
    if listener_id is None:
        return
    person = people.consultant(scene.tx, listener_id)
    notice = notices.appointment_wished(
        ticket, _reader_of(person), _span(slot), kind=slot.kind, name=by.name,
        client_name=_client_name(scene, ticket), line=_agreeing(scene, ticket, slot), words=slot.words,
    )  # fmt: skip
    tell_consultant(scene, listener_id, notice, ticket_id=ticket.id)


def _agreeing(scene: Scene, ticket: Ticket, slot: Slot) -> str:
    """The command that agrees, with the time that is read beside it: meanwhile another may be asked for."""
    zone = people.client(scene.tx, ticket.client_id).zone if ticket.client_id is not None else scene.policy.zone
    local = slot.starts_at.astimezone(zone_named(zone))
    return f"book {ticket.id} {local:%Y-%m-%d %H:%M} {_minutes(slot)}m {slot.kind}"


def call_off(scene: Scene, ticket: Ticket, reason: str, by: By) -> Ticket | None:
    """The appointment that stands falls through; the other side hears. None where none stands."""
    row = diary.standing(scene.tx, ticket.id)
    if row is None:
        return None
    diary.end(scene.tx, row.id, "cancelled")
    saved = _mark(scene, ticket, "appointment cancelled", reason or f"by {by.name}", by=by, is_booked=False)
    span = (row.starts_at, row.ends_at)
    slot = diary.slot_of(row) if row.state == "booked" else None
    if by.consultant_id is not None and ticket.contact_id is not None:
        notice = notices.appointment_cancelled(saved, requester_reader(scene, saved), span, reason=reason)
        tell_requester(scene, saved, _with_slot(scene, saved, notice, slot, about=reason, is_cancelled=True))
    listener_id = row.consultant_id or ticket.claimant_id or ticket.lead_id
    if listener_id is not None and listener_id != by.consultant_id:
        person = people.consultant(scene.tx, listener_id)
        words = reason or f"{by.name} called it off"
        notice = notices.appointment_cancelled(saved, _reader_of(person), span, reason=words)
        notice = _with_slot(scene, saved, notice, slot, about=words, is_cancelled=True)
        tell_consultant(scene, person.id, notice, ticket_id=saved.id)
    return saved


def end_with(scene: Scene, ticket: Ticket, by: By) -> Ticket:
    """The ticket was resolved or closed: what is still to come of its appointment is called off."""
    row = diary.standing(scene.tx, ticket.id)
    if row is None:
        return ticket
    if row.state == "booked" and scene.now >= row.starts_at:
        diary.end(scene.tx, row.id, "over")
        return _mark(scene, ticket, "appointment over", row.kind, by=by, is_booked=False)
    return call_off(scene, ticket, f"ticket {ticket.id} is {ticket.state}", by) or ticket


def put_back(scene: Scene, ticket: Ticket) -> None:
    """The consultant gave the ticket back: the time is only wished for again, until the next one agrees."""
    row = diary.standing(scene.tx, ticket.id)
    if row is None or row.state != "booked":
        return
    diary.ask(scene.tx, ticket.id, diary.slot_of(row), now=scene.now)
    if ticket.contact_id is not None:
        span = (row.starts_at, row.ends_at)
        notice = notices.appointment_unsure(ticket, requester_reader(scene, ticket), span)
        notice = _with_slot(scene, ticket, notice, diary.slot_of(row), about=row.words, is_cancelled=True)
        tell_requester(scene, ticket, notice)


def fall_due(scene: Scene, row: Row) -> None:
    """A reminder to both sides, or the end of the slot."""
    ticket = desk.locked(scene.tx, row.ticket_id)
    if row.state != "booked" or ticket.state not in OPEN:
        diary.end(scene.tx, row.id, "cancelled" if scene.now < row.starts_at else "over")
        return
    if scene.now >= row.ends_at + diary.OVER_AFTER:
        _end(scene, row, ticket)
        return
    diary.remind_later(scene.tx, row, scene.now)
    if scene.now >= row.starts_at:
        return
    person = people.consultant(scene.tx, row.consultant_id)
    span = (row.starts_at, row.ends_at)
    requester = requester_of(scene, ticket) if ticket.contact_id is not None else None
    other = requester.display_name if requester is not None else ""
    reminder = notices.appointment_near(
        ticket, _reader_of(person), span, kind=row.kind, name=other or _client_name(scene, ticket)
    )
    tell_consultant(scene, person.id, reminder, ticket_id=ticket.id, expires_at=row.ends_at)
    if requester is not None:
        reader = requester_reader(scene, ticket)
        tell_requester(scene, ticket, notices.appointment_near(ticket, reader, span, kind=row.kind, name=person.name))


def _end(scene: Scene, row: Row, ticket: Ticket) -> None:
    diary.end(scene.tx, row.id, "over")
    desk.save(scene, Change(replace(ticket, is_booked=False), (Event("appointment over", row.kind),)))
    if not diary.was_logged(scene.tx, row):
        person = people.consultant(scene.tx, row.consultant_id)
        notice = notices.appointment_over(ticket, _reader_of(person), kind=row.kind, minutes=_minutes(row))
        tell_consultant(scene, person.id, notice, ticket_id=ticket.id)


def _mark(scene: Scene, ticket: Ticket, kind: str, reason: str, *, by: By, is_booked: bool) -> Ticket:
    change = Change(replace(ticket, is_booked=is_booked), (Event(kind, reason, ticket.claimant_id),))
    saved = desk.save(scene, change, actor=by.label)
    outbox.touch_cards(scene.tx, saved.id, scene.now)
    return saved


def _with_slot(
    scene: Scene, ticket: Ticket, notice: Notice, slot: Slot | None, *, about: str, is_cancelled: bool = False
) -> Notice:
    """The notice with the slot for the reader's own calendar; each change of a ticket's slot has a higher number."""
    if slot is None:
        return notice
    invitation = Invitation(
        uid=f"ticket-{ticket.id}@{scene.policy.addresses[0].rpartition('@')[2]}",
        sequence=diary.changes(scene.tx, ticket.id),
        is_cancelled=is_cancelled,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        stamped_at=scene.now,
        summary=f"#{ticket.id} {one_line(ticket.subject, 120)}",
        description="\n".join(part for part in (slot.kind, about, slot.words) if part),
    )
    return replace(notice, invitation=invitation)


def _span(slot: Slot) -> tuple[datetime, datetime]:
    return slot.starts_at, slot.ends_at


def _minutes(slot: Slot | Row) -> int:
    return int((slot.ends_at - slot.starts_at).total_seconds() // 60)


def _reader_of(person: Row) -> Reader:
    return Reader(person.zone, person.language)


def _client_name(scene: Scene, ticket: Ticket) -> str:
    return str(people.client(scene.tx, ticket.client_id).name) if ticket.client_id is not None else "nobody"
