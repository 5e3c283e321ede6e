"""What use cases share: their shape, the ticket as its giver may see it, and the reader on the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot import desk, outbox
from bot.commands import Command
from bot.errors import NotAllowed, NotFound, UserError
from bot.messages import Answer
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row
from bot.telling import requester_reader as requester_reader
from bot.tickets import OPEN, TAKEN, Change, Ticket

# Each use case takes the dataclass of its own verb.
UseCase = Callable[[Scene, Actor, Any], Answer]
UseCases = Mapping[type[Command], UseCase]


def ticket_for(scene: Scene, actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, locked, if the actor may see it. A contact sees its own client's only; to others it is not there.

    Source: mission, "Contact"; a requester sees own tickets, approver and owner all of their client. Raises NotFound.
    """
    ticket = desk.locked(scene.tx, ticket_id)
    if actor.is_staff or _is_own(ticket, actor):
        return ticket
    raise NotFound(sentence("answer no ticket", id=ticket_id))


def _is_own(ticket: Ticket, actor: Actor) -> bool:
    if not actor.is_contact or ticket.client_id != actor.client_id:
        return False
    return actor.may_approve or ticket.contact_id == actor.contact_id


def must_work_on(ticket: Ticket, actor: Actor) -> None:
    """Before a claim only the lead and managers know who the requester is; afterwards the claimant too."""
    if actor.is_manager or actor.staff_role == "assistant":
        return
    if actor.consultant_id in (ticket.claimant_id, ticket.lead_id):
        return
    if ticket.state in TAKEN:
        raise NotAllowed(sentence("work of another", id=ticket.id))
    raise NotAllowed(sentence("work claim first", id=ticket.id))


def must_be_claimed(ticket: Ticket, before: str) -> None:
    """before: what is wanted: start, log or book. Raises UserError with what takes the ticket first."""
    state = sentence(f"state {ticket.state}")
    if ticket.state not in OPEN:
        raise UserError(sentence("answer ended", id=ticket.id, state=state))
    if ticket.state not in TAKEN:
        raise UserError(sentence(f"work claim to {before}", id=ticket.id, state=state))


def may_see_books(actor: Actor, client: Row) -> bool:
    """What a client pays is for its own approvers, its lead and its assistant, and managers."""
    if not actor.is_staff:
        return bool(actor.client_id == client.id)
    return actor.is_manager or actor.consultant_id in (client.lead_id, client.assistant_id)


def must_see_books(actor: Actor, client: Row, what: str) -> None:
    """what: the thing that is not shown: balance, plan or quotes. Raises NotAllowed."""
    if not may_see_books(actor, client):
        raise NotAllowed(sentence(f"books {what}", client=client.name))


def keep(scene: Scene, actor: Actor, change: Change) -> Ticket:
    """Save a change that a person made, and let the cards follow."""
    if not change.events:
        return change.ticket
    saved = desk.save(scene, change, actor=actor.label)
    outbox.touch_cards(scene.tx, saved.id, scene.now)
    return saved
