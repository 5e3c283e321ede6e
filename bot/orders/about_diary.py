"""Use cases of appointments. Times of day are read in the client's zone; whoever has the ticket owns its slot."""

from __future__ import annotations

from datetime import timedelta

from bot import booking, desk, diary, outbox, people
from bot.booking import By
from bot.calendars import calendar_of
from bot.commands import Book, Cancel, Diary, earliest
from bot.diary import Slot
from bot.errors import NotAllowed, UserError
from bot.laddering import put_on_offer
from bot.ledger.kinds import Kind
from bot.messages import Answer, Place
from bot.notices import Reader, span_text
from bot.orders.usecase import UseCases, must_be_claimed, ticket_for
from bot.orders.wording import reader_of
from bot.people import Actor
from bot.plain import one_line
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.tickets import OPEN, Event, Ticket
from bot.triage import deadlines
from bot.triage.signals import Circumstances

DEFAULT_MINUTES = 60
AHEAD_MAX = timedelta(days=730)


def book(scene: Scene, actor: Actor, command: Book) -> Answer:
    """A consultant books, moves, or agrees to what was asked for; a contact asks."""
    if not actor.is_staff:
        return _ask(scene, actor, command)
    if command.ticket_id is None:
        raise UserError("Which ticket? Write its number: book 42 tomorrow 14:00 90m onsite")
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_be_claimed(ticket, "you book a time")
    assert ticket.claimant_id is not None
    if ticket.claimant_id != actor.consultant_id and not actor.is_manager:
        raise NotAllowed(f"Only the consultant who has ticket {ticket.id}, or a manager, books a time for it.")
    standing = diary.standing(scene.tx, ticket.id)
    if command.starts is None and (standing is None or standing.state != "asked"):
        raise UserError(f"Nobody asked for a time on ticket {ticket.id}. Name one: book {ticket.id} tomorrow 14:00 60m")
    slot = _slot(scene, _zone(scene, ticket), command, standing)
    person = people.consultant(scene.tx, ticket.claimant_id)
    if person.away_until_at is not None and person.away_until_at > slot.starts_at:
        raise UserError(f"{person.name} is away then. Write a later time, or `back`.")
    try:
        saved = booking.book(scene, ticket, slot, _by(actor))
    except diary.SlotTaken as taken:
        row = taken.with_row
        when = span_text((row.starts_at, row.ends_at), reader_of(scene, actor))
        raise UserError(f"{person.name} has ticket {row.ticket_id} {when}. Write another time.") from None
    return Answer(f"{_both(scene, actor, saved, slot)} {_told(saved)}", ticket_id=saved.id)


def _told(ticket: Ticket) -> str:
    return "The client is told." if ticket.contact_id is not None else "Nobody of the client is known to be told."


def _ask(scene: Scene, actor: Actor, command: Book) -> Answer:
    """A contact wishes a time: on a ticket of theirs, or as a ticket of its own."""
    assert actor.client_id is not None
    client = people.client(scene.tx, actor.client_id)
    if command.starts is None:
        what = "tuesday 10:00 new laptop" if command.ticket_id is None else f"{command.ticket_id} tuesday 10:00"
        raise UserError(sentence("answer when", usage=f"book {what}"))
    if command.ticket_id is None:
        slot = _slot(scene, client.zone, command, None)
        ticket = _open(scene, actor, client, slot)
        diary.ask(scene.tx, ticket.id, slot, now=scene.now)
        asked = sentence("answer wished new", id=ticket.id, at=_when(slot, client.zone, actor.language))
        return Answer(asked, ticket_id=ticket.id)
    ticket = ticket_for(scene, actor, command.ticket_id)
    if ticket.state not in OPEN:
        raise UserError(sentence("answer ended", id=ticket.id, state=sentence(f"state {ticket.state}")))
    standing = diary.standing(scene.tx, ticket.id)
    slot = _slot(scene, client.zone, command, standing)
    booking.wish(scene, ticket, slot, _by(actor))
    told = [sentence("answer wished", at=_when(slot, client.zone, actor.language), id=ticket.id)]
    if standing is not None and standing.state == "booked":
        until = _when(diary.slot_of(standing), client.zone, actor.language)
        told.append(sentence("answer wished until", at=until))
    return Answer(joined(" ", told), ticket_id=ticket.id)


def _slot(scene: Scene, zone: str, command: Book, standing: Row | None) -> Slot:
    """The time that is meant; what is not said is as in the one that stands."""
    was = diary.slot_of(standing) if standing is not None else None
    if command.starts is None:
        assert was is not None
        starts_at = was.starts_at
    else:
        starts_at = earliest(command.starts, zone, after=scene.now)
    if starts_at <= scene.now:
        raise UserError(sentence("answer over", usage="tomorrow 14:00"))
    if starts_at > scene.now + AHEAD_MAX:
        raise UserError(sentence("answer too far"))
    length = timedelta(minutes=command.minutes or DEFAULT_MINUTES)
    if command.minutes is None and was is not None:
        length = was.ends_at - was.starts_at
    kind = command.kind or (was.kind if was is not None else Kind.REMOTE.value)
    return Slot(starts_at, starts_at + length, kind, command.words or (was.words if was is not None else ""))


def _open(scene: Scene, actor: Actor, client: Row, slot: Slot) -> Ticket:
    """A ticket for an appointment that was asked for, instead of one that describes what is wrong."""
    calendar = calendar_of(client, scene.now)
    words = slot.words or "Appointment"
    circumstances = Circumstances(at=scene.now, calendar=calendar, channel="chat", is_booked=True)
    verdict = scene.policy.rules.judge("Appointment", words, circumstances)
    ticket = desk.open_ticket(
        scene,
        desk.NewTicket(
            client_id=client.id,
            contact_id=actor.contact_id,
            handle_id=actor.handle_id,
            place=Place(actor.channel, ""),
            subject=one_line(words, 120),
            priority=verdict.priority,
            rule=verdict.rule,
            why=verdict.why,
            expertise=scene.policy.rules.vocabulary.expertise_of(words, words),
            lead_id=client.lead_id,
            respond_by=deadlines.respond_by(verdict.priority, scene.now, calendar, scene.policy.rules.promises),
            is_billing_on_hold=not actor.is_managed,
        ),
    )
    text = f"An appointment: {_when(slot, client.zone)} ({slot.kind}). {slot.words}".strip()
    desk.write_message(
        scene, ticket.id, text, consultant_id=None, direction="in", channel=actor.channel, handle_id=actor.handle_id
    )
    opened = Event("opened", f"by {actor.channel}, as an appointment", None, {"channel": actor.channel})
    triaged = Event("triaged", "; ".join(verdict.why), None, {"rule": verdict.rule, "is": verdict.priority})
    desk.record_events(scene, ticket, (opened, triaged), actor=actor.label)
    outbox.want_card(scene.tx, ticket.id, scene.policy.staff_places, scene.now)
    return put_on_offer(scene, ticket, client, text=text)


def cancel(scene: Scene, actor: Actor, command: Cancel) -> Answer:
    """Either side calls it off; the other one hears, and the ticket goes on."""
    ticket = ticket_for(scene, actor, command.ticket_id)
    if actor.is_staff and not actor.is_manager and actor.consultant_id not in (ticket.claimant_id, ticket.lead_id):
        raise NotAllowed(f"Only the consultant who has ticket {ticket.id}, or a manager, calls its appointment off.")
    saved = booking.call_off(scene, ticket, command.reason, _by(actor))
    if saved is None:
        raise UserError(sentence("answer no appointment", id=ticket.id))
    return Answer(sentence("answer called off", id=saved.id), ticket_id=saved.id)


def list_diary(scene: Scene, actor: Actor, command: Diary) -> Answer:
    """The giver's own appointments to come, in their zone."""
    assert actor.consultant_id is not None
    rows = diary.coming(scene.tx, actor.consultant_id, scene.now)
    if not rows:
        return Answer("You have no appointment to come. `book NUMBER DAY TIME` makes one.")
    reader = reader_of(scene, actor)
    return Answer("\n".join(
        f"{span_text((row.starts_at, row.ends_at), reader)}: #{row.ticket_id} {row.client_code or ''}, {row.kind}:"
        f" {one_line(row.subject, 80)}"
        for row in rows
    ))  # fmt: skip


def _by(actor: Actor) -> By:
    return By(actor.label, actor.name, actor.consultant_id)


def _zone(scene: Scene, ticket: Ticket) -> str:
    return str(people.client(scene.tx, ticket.client_id).zone) if ticket.client_id is not None else scene.policy.zone


def _when(slot: Slot, zone: str, language: str = "en") -> str:
    return span_text((slot.starts_at, slot.ends_at), Reader(zone, language))


def _both(scene: Scene, actor: Actor, ticket: Ticket, slot: Slot) -> str:
    """The time as the client reads it, and as the giver does where that is another."""
    theirs, own = _when(slot, _zone(scene, ticket)), _when(slot, actor.zone)
    also = f" (yours: {own})" if own != theirs else ""
    return f"Ticket {ticket.id} is booked for {theirs}{also}, {slot.kind}."


USE_CASES: UseCases = {Book: book, Cancel: cancel, Diary: list_diary}
