"""Messages that are kept and open no ticket: automatic mail, what the staff write, and what bystanders do.

Private by default: nothing that the staff type reaches a client unless it is sent by `reply`. In a ticket's thread it
becomes a note of the ticket; elsewhere in the staff's own conversations it is nobody's business. What they write where
the client reads it anyway, in the thread in which it asked, is an answer. Whom nobody knows yet has no say in a ticket:
their words beside it are kept, and told to whoever works on it.
Source: design, Trust, "Nothing typed in a team thread reaches a client".
"""

from __future__ import annotations

from functools import partial

from bot import books, bounced, desk, notices, outbox, people, tickets
from bot.addressing import token_in_message_id
from bot.intake import Arrival, keep, tell_staff_of_words
from bot.messages import EMAIL, Answer, InboundMessage, Receipt
from bot.notices.answers import in_language
from bot.queries import people as people_queries
from bot.queries import tickets as queries
from bot.receipts import send_answer
from bot.scene import Scene
from bot.sentences import sentence
from bot.telling import tell_consultant, tell_managers
from bot.tickets import OPEN, Ticket
from bot.triage import pleasantries

CHALLENGE_LETTERS_MAX = 1500


def keep_automatic(scene: Scene, arrival: Arrival, ticket: Ticket | None) -> int | None:
    """A bounce, an out-of-office or a list's mail: never answered, never a ticket, and it moves none.

    What a mail system reports of ours is acted on (`bounced`); the rest is kept on the ticket it answers. Returns the
    ticket it concerns.
    """
    message = arrival.message
    if message.report is not None:
        return bounced.take(scene, arrival)
    if message.is_challenge:
        ticket = ticket or _ticket_of_ours(scene, message)
    if ticket is not None:
        keep(scene, arrival, ticket)
    if message.is_challenge and ticket is not None:
        _tell_of_challenge(scene, ticket, arrival)
    until = message.away_until_on
    is_absence = until is not None and ticket is not None
    scene.record(
        "away" if is_absence else "automatic mail",
        ticket_id=ticket.id if ticket is not None else None,
        actor=arrival.actor.label,
        reason=f"back on {until:%a} {until.day} {until:%b %Y}" if until is not None else message.automatic or "",
        inbound_id=arrival.inbound_id,
        subject=message.subject[:200],
        until_on=until,
    )
    return ticket.id if ticket is not None else None


def _ticket_of_ours(scene: Scene, message: InboundMessage) -> Ticket | None:
    """The ticket of the delivery that a mail names, whoever wrote it: a filter answers from an address of its own."""
    tokens = (message.return_token, *(token_in_message_id(reference) for reference in message.references))
    for token in filter(None, tokens):
        row = bounced.named_by(scene, token)
        if row is not None and row.ticket_id is not None:
            return desk.ticket(scene.tx, row.ticket_id)
    return None


def _tell_of_challenge(scene: Scene, ticket: Ticket, arrival: Arrival) -> None:
    """Nobody but a person can answer it: who works on the ticket, else the lead or a manager."""
    message = arrival.message
    listener_id = ticket.claimant_id or ticket.lead_id
    person = people.recipient_of_consultant(scene.tx, listener_id) if listener_id is not None else None
    address, text = message.sender.address, message.text[:CHALLENGE_LETTERS_MAX]
    told = partial(notices.challenged, ticket, address=address, text=text)
    scene.record("challenged", ticket_id=ticket.id, actor=arrival.actor.label, reason=message.sender.address)
    if person is not None:
        tell_consultant(scene, listener_id, told, ticket_id=ticket.id)
    else:
        tell_managers(scene, told, ticket_id=ticket.id)


def keep_own(scene: Scene, arrival: Arrival) -> Receipt | None:
    """A mail that speaks to the desk's machinery, and to nobody in it; None for every other.

    What the desk itself once sent and comes back is known by its own signed mark, and is nobody's message, whatever
    became of its other header fields. A mail to the address that ends digests ends them.
    """
    message = arrival.message
    if message.digest_token and message.report is None and end_digests(scene, message.digest_token, by="a mail"):
        return Receipt("recorded", arrival.inbound_id)
    for token in (message.own_token, token_in_message_id(message.message_id)):
        row = bounced.named_by(scene, token) if token else None
        if row is not None:
            reason = f"our own {row.kind.replace('_', ' ')} to {row.address}, sent on to us"
            _note_own(scene, arrival, row.ticket_id, reason)
            return Receipt("recorded", arrival.inbound_id, row.ticket_id)
    return None


def _note_own(scene: Scene, arrival: Arrival, ticket_id: int | None, reason: str) -> None:
    scene.record(
        "own mail came back",
        ticket_id=ticket_id,
        actor=arrival.actor.label,
        reason=reason,
        inbound_id=arrival.inbound_id,
    )


def end_digests(scene: Scene, token: str, *, by: str) -> bool:
    """No more digests to the handle that a token was made for. False for a token that is none of ours."""
    handle = scene.policy.signer.verify("digest", token.lower()) or ""
    row = scene.tx.one(people_queries.HANDLE_BY_ID, handle_id=int(handle)) if handle.isdigit() else None
    if row is None:
        return False
    if people.want_digests(scene.tx, row.id, is_wanted=False):
        scene.record("digests ended", consultant_id=row.consultant_id, actor=f"handle:{row.id}", reason=f"by {by}")
    return True


def turn_away(scene: Scene, arrival: Arrival) -> Receipt:
    """Somebody whom the desk does not know as its own writes among the staff: never a ticket, never a note."""
    if arrival.message.is_addressed:
        answer = Answer(_told(arrival, sentence("heard stranger")), is_ok=False)
        send_answer(scene, arrival.actor, answer, arrival.message)
    return Receipt("recorded", arrival.inbound_id)


def hear_staff(scene: Scene, arrival: Arrival, ticket: Ticket | None) -> Answer | None:
    """A consultant's words that are no command. Returns what they are told; None where silence says enough."""
    is_addressed = arrival.message.is_addressed
    if not arrival.actor.is_proven:
        scene.record("not obeyed", actor=arrival.actor.label, reason="the message does not prove its sender")
        return Answer(_told(arrival, sentence("heard unproven")), is_ok=False)
    if ticket is None and not is_addressed:
        return None
    if ticket is None:
        scene.record("not understood", actor=arrival.actor.label, inbound_id=arrival.inbound_id)
        return Answer(_told(arrival, sentence("heard no command")), is_ok=False)
    if is_in_sight(scene, ticket, arrival.message):
        _speak(scene, arrival, ticket)
        return None
    consultant_id = arrival.actor.consultant_id
    is_first = scene.tx.one(queries.NOTE_OF, ticket_id=ticket.id, consultant_id=consultant_id) is None
    _note(scene, arrival, ticket)
    if not is_addressed and not is_first:
        # Said once to each; after that a talk among the staff is not interrupted.
        return None
    return Answer(_told(arrival, sentence("note heard", id=ticket.id)), ticket_id=ticket.id)


def is_in_sight(scene: Scene, ticket: Ticket, message: InboundMessage) -> bool:
    """Is this written in the chat in which the ticket was asked for, and its people read along?"""
    if message.channel == EMAIL or scene.policy.is_staff_place(message.place):
        return False
    return (ticket.channel, ticket.conversation) == (message.channel, message.place.conversation)


def _speak(scene: Scene, arrival: Arrival, ticket: Ticket) -> None:
    """A consultant writes under the client's eyes: an answer that needs no sending, of whoever may answer.

    What somebody else of the desk says there, or said before it was a ticket, is kept beside it.
    """
    actor, message = arrival.actor, arrival.message
    is_older = message.message_id in message.references
    is_theirs = actor.is_manager or actor.consultant_id in (ticket.claimant_id, ticket.lead_id)
    if is_older or not is_theirs or ticket.state not in OPEN:
        _note(scene, arrival, ticket)
        return
    assert actor.consultant_id is not None
    change = tickets.answer(ticket, actor.consultant_id, now=scene.now)
    if change.events:
        desk.save(scene, change, actor=actor.label)
    _keep_words(scene, arrival, ticket, message.text, direction="out")
    scene.record("replied", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason="in the thread")
    books.answer_contact(scene.tx, ticket.id, now=scene.now, grace_minutes=scene.policy.grace_minutes)
    outbox.touch_cards(scene.tx, ticket.id, scene.now)


def says_thanks(scene: Scene, claimant_id: int | None, message: InboundMessage) -> bool:
    """Is the message nothing but thanks to who helped, by name or not, with the author's own name below?"""
    if message.urgent_button or any(not file.is_folded for file in message.attachments):
        return False
    helper = people.recipient_of_consultant(scene.tx, claimant_id) if claimant_id is not None else None
    names = (message.sender.display_name, helper.display_name if helper is not None else "")
    return pleasantries.is_thanks(message.text, names)


def take_thanks(scene: Scene, arrival: Arrival, ticket: Ticket) -> Receipt | None:
    """Thanks for what is done: kept on the ticket and told to who helped, and nothing is reopened. Else None."""
    if ticket.state in OPEN or not says_thanks(scene, ticket.claimant_id, arrival.message):
        return None
    keep(scene, arrival, ticket)
    reason = sentence("how thanked", id=ticket.id)
    actor = arrival.actor.label
    scene.record("joined", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor, reason=reason)
    tell_staff_of_words(scene, ticket, arrival, is_calm=True)
    return Receipt("joined", arrival.inbound_id, ticket.id)


def overhear(scene: Scene, arrival: Arrival, ticket: Ticket) -> Receipt:
    """Somebody whom the desk does not know writes in the thread of another's ticket: kept beside it, and told."""
    actor, message = arrival.actor, arrival.message
    known = in_language(scene.policy.language, sentence("bystander"))
    _keep_words(scene, arrival, ticket, f"{actor.name} ({known}): {message.text}", direction="note")
    scene.record("overheard", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label)
    tell_staff_of_words(scene, ticket, arrival, is_known=False)
    return Receipt("recorded", arrival.inbound_id, ticket.id)


def _told(arrival: Arrival, text: str) -> str:
    """A sentence in the language of whoever wrote."""
    return in_language(arrival.actor.language, text)


def _note(scene: Scene, arrival: Arrival, ticket: Ticket) -> None:
    _keep_words(scene, arrival, ticket, arrival.message.text, direction="note")
    scene.record("noted", ticket_id=ticket.id, client_id=ticket.client_id, actor=arrival.actor.label)


def _keep_words(scene: Scene, arrival: Arrival, ticket: Ticket, text: str, *, direction: str) -> None:
    message = arrival.message
    message_id = desk.write_message(
        scene,
        ticket.id,
        text,
        consultant_id=arrival.actor.consultant_id,
        direction=direction,
        channel=message.channel,
    )
    desk.keep_files(scene, message_id, arrival.files)
    if message.message_id:
        # Whoever answers these words is talking about this ticket too.
        conversation = desk.conversation_of(message.place)
        desk.keep_ref(scene.tx, ticket.id, message.channel, conversation, remote_id=message.message_id, is_ours=False)
