"""Use cases that move a ticket, and words written on it. Source: mission, "From message to work", "Who may claim"."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot import booking, books, desk, diary, notices, outbox, people, tickets
from bot.commands import (
    Claim,
    Close,
    NoteOn,
    Offer,
    Pass,
    Release,
    Reopen,
    Reply,
    Show,
    Wait,
    Why,
)
from bot.errors import NotAllowed, UserError
from bot.grading import promised_by
from bot.laddering import climb, is_available, is_introduced
from bot.messages import Action, Answer, Notice
from bot.notices import Reader, span_text
from bot.notices.wording import button
from bot.orders.pages import show_text, why_text
from bot.orders.usecase import UseCases, keep, must_work_on, requester_reader, ticket_for
from bot.orders.wording import clock_time
from bot.outbox import SendClass
from bot.people import Actor
from bot.plain import one_line
from bot.queries import people as people_queries
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.telling import requester_of, tell_consultant, tell_requester, tell_watchers
from bot.tickets import OPEN, Claimer, NotOffered, State, Ticket
from bot.triage.priority import Priority

OFFER_MINUTES = 60


# ---------------------------------------------------------------- claim, pass, release, offer


def claim(scene: Scene, actor: Actor, command: Claim) -> Answer:
    """One winner; the loser is told who and when. The requester hears who helps."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    claimer = _claimer(scene, actor, ticket)
    is_anyone_asked = scene.policy.ladder.is_anyone_asked(ticket.step)
    change = tickets.claim(ticket, claimer, is_anyone_asked=is_anyone_asked, now=scene.now)
    if not change.events:
        mine = sentence("claim yours already", id=ticket.id)
        return Answer(mine, ticket_id=ticket.id, actions=_work_actions(ticket, actor))
    saved = keep(scene, actor, change)
    outbox.withdraw_offers(scene.tx, saved.id, scene.now)
    books.answer_contact(scene.tx, saved.id, now=scene.now, grace_minutes=scene.policy.grace_minutes)
    tell_requester(scene, saved, notices.claimed(saved, requester_reader(scene, saved), claimant_name=actor.name))
    told: list[str] = [sentence("claim yours", id=saved.id, subject=saved.subject.rstrip(". "))]
    if saved.promise_at:
        told.append(sentence("claim answer by", at=clock_time(saved.promise_at, scene, actor)))
    text = joined(" ", [*told, *_wished(scene, actor, saved)])
    return Answer(text, ticket_id=saved.id, actions=_work_actions(saved, actor))


def _wished(scene: Scene, actor: Actor, ticket: Ticket) -> list[str]:
    """The time that the client asked for, where it waits for a yes."""
    row = diary.standing(scene.tx, ticket.id)
    if row is None or row.state != "asked":
        return []
    at = span_text((row.starts_at, row.ends_at), Reader(actor.zone, actor.language))
    return [sentence("claim asked for", at=at, id=ticket.id)]


def _claimer(scene: Scene, actor: Actor, ticket: Ticket) -> Claimer:
    assert actor.consultant_id is not None
    row = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=actor.consultant_id)
    assert row is not None
    offers = scene.tx.all(queries.OFFERED_TO, ticket_id=ticket.id)
    client = people.client(scene.tx, ticket.client_id) if ticket.client_id is not None else None
    own_manager = client.manager_id if client is not None and client.manager_id is not None else None
    return Claimer(
        row.id,
        was_offered=any(offer.consultant_id == row.id for offer in offers),
        is_client_manager=own_manager == row.id or (own_manager is None and row.role == "manager"),
        is_desk_manager=row.role == "manager",
        is_active=row.status == "active",
        is_away=not is_available(row, scene) and row.status == "active",
    )


def _work_actions(ticket: Ticket, actor: Actor) -> tuple[Action, ...]:
    """What comes next, as buttons in the language of whoever claimed."""
    reader = Reader(actor.zone, actor.language)
    styles = {"resolve": "primary"}
    verbs = ("resolve", "reply", "log", "show", "why")
    return tuple(button(reader, verb, f"{verb} {ticket.id}", styles.get(verb, "")) for verb in verbs)


def pass_(scene: Scene, actor: Actor, command: Pass) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    assert actor.consultant_id is not None
    change = tickets.pass_(ticket, actor.consultant_id, command.reason, now=scene.now)
    offers = {offer.consultant_id: offer for offer in scene.tx.all(queries.OFFERED_TO, ticket_id=ticket.id)}
    if ticket.state is State.OFFERED and actor.consultant_id not in offers:
        raise NotOffered(ticket.id)
    said = offers.get(actor.consultant_id)
    if ticket.state is State.OFFERED and said is not None and said.answer in ("passed", "lapsed"):
        return Answer(sentence("pass over", id=ticket.id), ticket_id=ticket.id)
    saved = keep(scene, actor, change)
    others = [one for one in offers.values() if one.consultant_id != actor.consultant_id and one.step == ticket.step]
    is_last = ticket.step == len(scene.policy.ladder.rungs)
    if saved.state is State.OFFERED and (is_last or any(not one.answer for one in others)):
        return Answer(sentence("pass more", id=saved.id, count=len(others)), ticket_id=saved.id)
    reason = "passed" if ticket.state is State.HELD else "unanswered"
    saved = climb(scene, saved, reason=reason)
    return Answer(sentence("pass others", id=saved.id), ticket_id=saved.id)


def release(scene: Scene, actor: Actor, command: Release) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    assert actor.consultant_id is not None
    change = tickets.release(ticket, actor.consultant_id, command.reason, by_manager=actor.is_manager, now=scene.now)
    saved = keep(scene, actor, change)
    if ticket.claimant_id != actor.consultant_id:
        tell_consultant(scene, ticket.claimant_id, partial(notices.put_back, saved), ticket_id=saved.id)
    if saved.state is State.UNVERIFIED:
        return Answer(sentence("release unverified", id=saved.id), ticket_id=saved.id)
    booking.put_back(scene, saved)
    saved = climb(scene, saved, reason="released")
    return Answer(sentence("release done", id=saved.id), ticket_id=saved.id)


def offer(scene: Scene, actor: Actor, command: Offer) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    person = people.consultant_named(scene.tx, command.consultant)
    if not is_available(person, scene):
        raise UserError(sentence("offer away", name=person.name))
    until_at = scene.now + timedelta(minutes=OFFER_MINUTES)
    saved = keep(scene, actor, tickets.offer(ticket, person.id, until_at))
    told = partial(notices.offered, saved, until_at=until_at, client_name=None, text=None)
    is_page = saved.priority == Priority.P1
    tell_consultant(scene, person.id, told, ticket_id=saved.id, is_page=is_page, expires_at=until_at)
    return Answer(sentence("offer done", id=saved.id, name=person.name), ticket_id=saved.id)


# ---------------------------------------------------------------- words


def reply(scene: Scene, actor: Actor, command: Reply) -> Answer:
    """Words of a person, sent to the requester in their own channel. The only way from the staff to a client."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_work_on(ticket, actor)
    _must_be_introduced(scene, ticket, actor)
    assert actor.consultant_id is not None
    message_id = desk.write_message(
        scene, ticket.id, command.text, consultant_id=actor.consultant_id, direction="out", channel=actor.channel
    )
    desk.keep_files(scene, message_id, scene.files)
    saved = keep(scene, actor, tickets.answer(ticket, actor.consultant_id, now=scene.now))
    scene.record("replied", ticket_id=saved.id, client_id=saved.client_id, actor=actor.label)
    books.answer_contact(scene.tx, saved.id, now=scene.now, grace_minutes=scene.policy.grace_minutes)
    notice = notices.replied(saved, requester_reader(scene, saved), author_name=actor.name, text=command.text)
    recipient = requester_of(scene, saved)
    if recipient is None or tell_requester(scene, saved, notice, SendClass.TYPED, files=scene.files) is None:
        raise UserError(sentence("reply nobody", id=saved.id))
    contact = scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=saved.contact_id)
    name = contact.name if contact is not None else sentence("the requester")
    told = sentence("reply sent", name=name, channel=recipient.channel)
    if scene.files:
        files = one_line(", ".join(file.filename for file in scene.files), 200)
        told = sentence("reply sent with", name=name, channel=recipient.channel, files=files)
    return Answer(told, ticket_id=saved.id)


def _must_be_introduced(scene: Scene, ticket: Ticket, actor: Actor) -> None:
    """An assistant who stands in answers only after the introduction. Source: mission, People (C).

    Whoever has claimed the ticket was named to its requester then.
    """
    is_claimant = actor.consultant_id == ticket.claimant_id
    if actor.staff_role != "assistant" or is_claimant or ticket.contact_id is None:
        return
    assert actor.consultant_id is not None
    if not is_introduced(scene, actor.consultant_id, ticket.contact_id):
        number = people.consultant(scene.tx, actor.consultant_id).member_number
        raise NotAllowed(sentence("reply introduced", id=ticket.id, number=number))


def note(scene: Scene, actor: Actor, command: NoteOn) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    message_id = desk.write_message(
        scene, ticket.id, command.text, consultant_id=actor.consultant_id, direction="note", channel=actor.channel
    )
    desk.keep_files(scene, message_id, scene.files)
    scene.record("noted", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label)
    return Answer(sentence("note kept", id=ticket.id), ticket_id=ticket.id)


def wait(scene: Scene, actor: Actor, command: Wait) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_work_on(ticket, actor)
    saved = keep(scene, actor, tickets.wait(ticket, command.reason))
    return Answer(sentence("wait done", id=saved.id), ticket_id=saved.id)


# ---------------------------------------------------------------- reopening, closing


def reopen(scene: Scene, actor: Actor, command: Reopen) -> Answer:
    ticket = ticket_for(scene, actor, command.ticket_id)
    stands_by = actor.is_manager or actor.staff_role == "assistant"
    if actor.is_staff and not stands_by and actor.consultant_id not in (ticket.claimant_id, ticket.lead_id):
        raise NotAllowed(sentence("reopen who", id=ticket.id))
    reason = command.reason or f"by {actor.name}"
    respond_by = promised_by(scene, ticket)
    change = tickets.reopen(ticket, reason, now=scene.now, reopen_days=scene.policy.reopen_days, respond_by=respond_by)
    saved = keep(scene, actor, change)
    if saved.claimant_id != actor.consultant_id:
        tell_consultant(scene, saved.claimant_id, partial(notices.reopened, saved, reason=reason), ticket_id=saved.id)
    _tell_who_asked(scene, actor, saved, notices.reopened_for_you(saved, requester_reader(scene, saved)))
    return Answer(sentence("answer reopened", id=saved.id), ticket_id=saved.id)


def close(scene: Scene, actor: Actor, command: Close) -> Answer:
    ticket = ticket_for(scene, actor, command.ticket_id)
    if actor.is_staff and ticket.state in OPEN and not actor.is_manager and actor.consultant_id != ticket.claimant_id:
        raise NotAllowed(sentence("close who", id=ticket.id))
    saved = keep(scene, actor, tickets.close(ticket, command.reason or f"by {actor.name}", now=scene.now))
    outbox.withdraw_offers(scene.tx, saved.id, scene.now)
    saved = booking.end_with(scene, saved, booking.By(actor.label, actor.name, actor.consultant_id))
    _tell_who_asked(scene, actor, saved, notices.closed(saved, requester_reader(scene, saved), reason=command.reason))
    if not actor.is_staff:
        told = partial(notices.closed, saved, reason=command.reason or f"{actor.name} closed it")
        tell_consultant(scene, saved.claimant_id, told, ticket_id=saved.id)
    return Answer(sentence("answer closed", id=saved.id), ticket_id=saved.id)


def _tell_who_asked(scene: Scene, actor: Actor, ticket: Ticket, notice: Notice) -> None:
    """The requester hears it from the desk, but for what they did themselves; who watches hears it always."""
    if actor.handle_id == ticket.handle_id or (actor.contact_id is not None and actor.contact_id == ticket.contact_id):
        tell_watchers(scene, ticket, notice, but_for=requester_of(scene, ticket))
    else:
        tell_requester(scene, ticket, notice)


# ---------------------------------------------------------------- looking


def why(scene: Scene, actor: Actor, command: Why) -> Answer:
    ticket = ticket_for(scene, actor, command.ticket_id)
    return Answer(why_text(scene, actor, ticket), ticket_id=ticket.id)


def show(scene: Scene, actor: Actor, command: Show) -> Answer:
    ticket = ticket_for(scene, actor, command.ticket_id)
    return Answer(show_text(scene, actor, ticket), ticket_id=ticket.id)


USE_CASES: UseCases = {
    Claim: claim,
    Pass: pass_,
    Release: release,
    Offer: offer,
    Reply: reply,
    NoteOn: note,
    Wait: wait,
    Reopen: reopen,
    Close: close,
    Why: why,
    Show: show,
}
