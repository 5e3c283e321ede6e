"""Use cases of tickets that belong together. A join is undone by `split`, a split by `join`."""

from __future__ import annotations

from bot import desk, joining
from bot.commands import JoinTickets, SplitOff
from bot.errors import NotAllowed
from bot.messages import Answer
from bot.notices.wording import Reader, button
from bot.orders.usecase import UseCases, must_work_on
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import sentence
from bot.tickets import TAKEN, Ticket


def join(scene: Scene, actor: Actor, command: JoinTickets) -> Answer:
    """By who works on the ticket that stays; the other one must be of the same person and nobody else's."""
    # The older row first, so that two joins cannot wait for each other.
    locked = {number: desk.locked(scene.tx, number) for number in sorted({command.ticket_id, command.into_id})}
    ticket, into = locked[command.ticket_id], locked[command.into_id]
    must_work_on(into, actor)
    _must_be_free(ticket, into, actor)
    joining.join(scene, actor, ticket, into)
    reader = Reader(actor.zone, actor.language)
    undo = button(reader, "split again", f"split {ticket.id}")
    show = button(reader, "show", f"show {into.id}")
    text = sentence("join done", id=ticket.id, number=into.id)
    return Answer(text, ticket_id=into.id, actions=(show, undo))


def _must_be_free(ticket: Ticket, into: Ticket, actor: Actor) -> None:
    """Before a claim only lead and managers know who wrote: the others may join what the same person wrote."""
    if (
        actor.is_manager
        or actor.staff_role == "assistant"
        or actor.consultant_id in (ticket.lead_id, ticket.claimant_id)
    ):
        return
    if ticket.state in TAKEN:
        raise NotAllowed(sentence("join claimed", id=ticket.id))
    if ticket.contact_id is None or ticket.contact_id != into.contact_id:
        raise NotAllowed(sentence("join of another", id=ticket.id, number=into.id))


def split(scene: Scene, actor: Actor, command: SplitOff) -> Answer:
    ticket = desk.locked(scene.tx, command.ticket_id)
    if ticket.joined_to_id is not None:
        must_work_on(desk.locked(scene.tx, ticket.joined_to_id), actor)
        joining.part(scene, actor, ticket)
        return Answer(sentence("split apart", id=ticket.id), ticket_id=ticket.id)
    must_work_on(ticket, actor)
    new = joining.split_last(scene, actor, ticket)
    undo = button(Reader(actor.zone, actor.language), "join again", f"join {new.id} {ticket.id}")
    return Answer(sentence("split last", id=ticket.id, number=new.id), ticket_id=new.id, actions=(undo,))


USE_CASES: UseCases = {JoinTickets: join, SplitOff: split}
