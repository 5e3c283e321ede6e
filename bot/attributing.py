"""Who wrote a message, which ticket it answers, and whether it is meant for us at all.

Identity alone decides: a reply token or a known Message-ID names a ticket, and only a person of that ticket joins it.
Source: design, "Trust".
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot import asides, desk, people, resembling
from bot.adopting import adopt_tickets
from bot.bounced import named_by
from bot.messages import EMAIL, InboundMessage, Order, Trust
from bot.people import Actor
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Tx
from bot.tickets import OPEN, State, Ticket
from bot.triage import pleasantries

# Messages of one chat conversation belong together for so long, where the channel has no threads.
CHAT_PAUSE = timedelta(hours=8)
JOINS_MAX = 10


def identify(scene: Scene, message: InboundMessage) -> Actor:
    """The author. A reply token that was made for exactly this handle proves a mail as well as its domain could.

    What a program sends proves nobody: a client's mail system becomes no contact of theirs.
    """
    return resembling.marked(scene, _author(scene, message), message.sender.display_name)


def _author(scene: Scene, message: InboundMessage) -> Actor:
    identified = partial(people.identify, scene.tx, message.sender, now=scene.now, language=scene.policy.language)
    if message.automatic:
        return identified(Trust.UNPROVEN)
    actor = identified(message.trust)
    note_return(scene, actor)
    if actor.is_new and actor.client_id is not None and actor.contact_id is not None:
        client = people.client(scene.tx, actor.client_id)
        adopt_tickets(scene, actor.handle_id, actor.contact_id, client, is_confirmed=False)
    if message.trust is Trust.UNPROVEN and _token(scene, message)[1] == actor.handle_id:
        actor = identified(Trust.PROVEN)
        note_return(scene, actor)
    return actor


def note_return(scene: Scene, actor: Actor) -> None:
    """Keep that somebody whom nothing reached wrote, and is written to again."""
    if actor.is_back:
        scene.record("reached again", actor=actor.label, reason=f"{actor.address} wrote to the desk")


def _token(scene: Scene, message: InboundMessage) -> tuple[int | None, int | None]:
    """Ticket and handle of a valid reply token; (None, None) without one."""
    payload = scene.policy.signer.verify("reply", message.reply_token) if message.reply_token else None
    ticket, _, handle = (payload or "").partition("-")
    return (int(ticket), int(handle)) if ticket.isdigit() and handle.isdigit() else (None, None)


def _returned(scene: Scene, message: InboundMessage) -> tuple[int | None, int | None]:
    """Ticket and handle of the delivery to whose return path this was sent, as programs answer; else (None, None)."""
    row = named_by(scene, message.return_token)
    return (row.ticket_id, row.handle_id) if row is not None else (None, None)


def find_ticket(scene: Scene, message: InboundMessage, actor: Actor) -> Ticket | None:
    """The ticket that this message answers, if the author is a person of it."""
    if message.report is not None:
        return None  # by a mail system, about a delivery: see `bounced`
    by_token, token_handle = _token(scene, message)
    if by_token is None and message.return_token:
        by_token, token_handle = _returned(scene, message)
    candidates: list[int | None] = [by_token]
    if message.references:
        conversation = desk.conversation_of(message.place)
        candidates.append(desk.find_by_refs(scene.tx, message.channel, conversation, message.references))
    for ticket_id in candidates:
        row = scene.tx.one(queries.LOCKED, ticket_id=ticket_id) if ticket_id is not None else None
        if row is None:
            continue
        ticket = _where_it_went(scene, desk.from_row(row))
        if is_person_of(scene, ticket, actor) or (ticket_id == by_token and token_handle == actor.handle_id):
            return ticket
        if is_bystander(scene, ticket, message, actor):
            return ticket
        scene.record(
            "not joined", ticket_id=ticket_id, actor=actor.label, reason="the author is no person of this ticket"
        )
    return _open_chat(scene, message, actor)


def _where_it_went(scene: Scene, ticket: Ticket) -> Ticket:
    """The ticket that this one is part of, by however many joins; itself where it stands alone."""
    for _ in range(JOINS_MAX):
        if ticket.joined_to_id is None:
            break
        ticket = desk.locked(scene.tx, ticket.joined_to_id)
    return ticket


def how_found(scene: Scene, ticket: Ticket, message: InboundMessage) -> str:
    """What made a message part of its ticket, in words for `why`."""
    by_token, _ = _token(scene, message)
    if by_token is not None:
        if by_token == ticket.id:
            return sentence("how by token", channel=message.channel)
        return sentence("how by part", channel=message.channel, id=by_token)
    if message.references:
        return sentence("how by answer", channel=message.channel, what=message.references[0][:120])
    return sentence("how at hand", channel=message.channel)


def _open_chat(scene: Scene, message: InboundMessage, actor: Actor) -> Ticket | None:
    """In a chat without threads, what follows within hours belongs to the ticket at hand."""
    if message.channel == EMAIL or message.references or message.place.thread or message.opens_new:
        return None
    row = scene.tx.one(
        queries.LATEST_OF_HANDLE,
        handle_id=actor.handle_id,
        conversation=message.place.conversation,
        since=scene.now - CHAT_PAUSE,
    )
    if row is None or (row.state == State.RESOLVED and not asides.says_thanks(scene, row.claimant_id, message)):
        return None
    return desk.locked(scene.tx, row.id)


def is_meant_for_us(scene: Scene, message: InboundMessage) -> bool:
    """Whether a message that answers nothing asks for a ticket: what people say among themselves does not.

    In a client's own request channel or group every message does, but for a greeting, thanks and the like.
    """
    if message.is_addressed:
        return True
    if pleasantries.asks_nothing(message.text) and not message.attachments:
        return False
    conversation = message.place.conversation
    bare = conversation.rpartition(":")[2]
    place = scene.tx.one(queries.PLACE, channel=message.channel, conversation=conversation, bare=bare)
    return place is not None and place.client_id is not None


def is_known(scene: Scene, ticket: Ticket, message: InboundMessage) -> bool:
    """Whether this very message stands on the ticket already: somebody pointed at it a second time."""
    if message.channel == EMAIL or not message.is_addressed or message.message_id not in message.references:
        return False
    conversation = desk.conversation_of(message.place)
    return desk.find_by_refs(scene.tx, message.channel, conversation, (message.message_id,)) == ticket.id


def is_person_of(scene: Scene, ticket: Ticket, actor: Actor) -> bool:
    """Does this ticket concern the author: its requester, a proven contact of its client, or staff?"""
    if actor.handle_id == ticket.handle_id or actor.is_staff:
        return True
    if ticket.client_id is not None and actor.is_contact and actor.client_id == ticket.client_id:
        return True
    wrote = scene.tx.all(queries.HANDLES_OF_TICKET, ticket_id=ticket.id)
    return any(row.handle_id == actor.handle_id for row in wrote)


def is_bystander(scene: Scene, ticket: Ticket, message: InboundMessage, actor: Actor) -> bool:
    """Whom nobody knows yet, in the thread in which somebody else asked: beside an open ticket, and no person of it."""
    if actor.is_staff or actor.is_contact or ticket.state not in OPEN:
        return False
    return asides.is_in_sight(scene, ticket, message) and not is_person_of(scene, ticket, actor)


def ticket_at(tx: Tx, order: Order) -> int | None:
    """The ticket whose thread a command was given in."""
    if not order.place.thread:
        return None
    row = tx.one(
        queries.REF,
        channel=order.channel,
        remote_id=order.place.thread,
        conversation=order.place.conversation,
    )
    return int(row.ticket_id) if row is not None else None
