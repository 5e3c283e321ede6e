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
from bot.notices.answers import in_language
from bot.orders.cutting import with_rest
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
        raise UserError(sentence("book which"))
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_be_claimed(ticket, "book")
    assert ticket.claimant_id is not None
    if ticket.claimant_id != actor.consultant_id and not actor.is_manager:
        raise NotAllowed(sentence("book who", id=ticket.id))
    standing = diary.standing(scene.tx, ticket.id)
    if command.starts is None and (standing is None or standing.state != "asked"):
        raise UserError(sentence("book nobody asked", id=ticket.id))
    slot = _slot(scene, _zone(scene, ticket), command, standing)
    person = people.consultant(scene.tx, ticket.claimant_id)
    if person.away_until_at is not None and person.away_until_at > slot.starts_at:
        raise UserError(sentence("book away", name=person.name))
    try:
        saved = booking.book(scene, ticket, slot, _by(actor))
    except diary.SlotTaken as taken:
        row = taken.with_row
        when = span_text((row.starts_at, row.ends_at), reader_of(scene, actor))
        raise UserError(sentence("book taken", name=person.name, id=row.ticket_id, at=when)) from None
    told = sentence("book told" if saved.contact_id is not None else "book untold")
    return Answer(joined(" ", [_both(scene, actor, saved, slot), told]), ticket_id=saved.id)


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
    words = slot.words or in_language(actor.language, sentence("appointment subject"))
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
    at = _when(slot, client.zone, actor.language)
    text = in_language(actor.language, sentence("appointment opens", at=at, kind=slot.kind))
    text = f"{text} {slot.words}".strip()
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
        raise NotAllowed(sentence("book cancel who", id=ticket.id))
    saved = booking.call_off(scene, ticket, command.reason, _by(actor))
    if saved is None:
        raise UserError(sentence("answer no appointment", id=ticket.id))
    return Answer(sentence("answer called off", id=saved.id), ticket_id=saved.id)


def list_diary(scene: Scene, actor: Actor, command: Diary) -> Answer:
    """The giver's own appointments to come, in their zone."""
    assert actor.consultant_id is not None
    rows = diary.coming(scene.tx, actor.consultant_id, scene.now)
    if not rows:
        return Answer(sentence("diary none"))
    reader = reader_of(scene, actor)
    listed = "\n".join(
        f"{span_text((row.starts_at, row.ends_at), reader)}: #{row.ticket_id} {row.client_code or ''}, {row.kind}:"
        f" {one_line(row.subject, 80)}"
        for row in rows[: diary.COMING_MAX]
    )
    return Answer(with_rest(listed, rows, diary.COMING_MAX))


def _by(actor: Actor) -> By:
    return By(actor.label, actor.name, actor.consultant_id)


def _zone(scene: Scene, ticket: Ticket) -> str:
    return str(people.client(scene.tx, ticket.client_id).zone) if ticket.client_id is not None else scene.policy.zone


def _when(slot: Slot, zone: str, language: str = "en") -> str:
    return span_text((slot.starts_at, slot.ends_at), Reader(zone, language))


def _both(scene: Scene, actor: Actor, ticket: Ticket, slot: Slot) -> str:
    """The time as the client reads it, and as the giver does where that is another."""
    theirs, own = _when(slot, _zone(scene, ticket), actor.language), _when(slot, actor.zone, actor.language)
    if own == theirs:
        return sentence("book done", id=ticket.id, at=theirs, kind=slot.kind)
    return sentence("book done both", id=ticket.id, at=theirs, own=own, kind=slot.kind)


USE_CASES: UseCases = {Book: book, Cancel: cancel, Diary: list_diary}
