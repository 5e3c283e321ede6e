"""Use cases of a ticket's priority, set by hand, and of its price. Source: mission, Rules, "Persistence"."""

from __future__ import annotations

from bot import desk, notices, outbox, tickets
from bot.commands import ConfirmPrice, SetPriority
from bot.grading import change_priority
from bot.messages import Answer
from bot.orders.usecase import UseCases, keep, must_work_on, requester_reader
from bot.outbox import SendClass
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import sentence
from bot.telling import tell_requester
from bot.triage.priority import Priority


def set_priority(scene: Scene, actor: Actor, command: SetPriority) -> Answer:
    """A raised priority prices forward only, and the requester is told; lowering is for claimant or manager."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    must_work_on(ticket, actor)
    priority = Priority(command.priority)
    if priority == ticket.priority:
        return Answer(sentence("priority same", id=ticket.id, row=priority), ticket_id=ticket.id)
    was = ticket.priority
    why = (command.reason or f"set by {actor.name}",)
    saved = change_priority(scene, ticket, priority, rule="by hand", why=why, actor=actor.label)
    outbox.touch_cards(scene.tx, saved.id, scene.now)
    notice = notices.priority_changed(saved, requester_reader(scene, saved), was=was, reason=why[0])
    tell_requester(scene, saved, notice, SendClass.MONEY)
    return Answer(sentence("priority set", id=saved.id, row=priority, was=was), ticket_id=saved.id)


def confirm_price(scene: Scene, actor: Actor, command: ConfirmPrice) -> Answer:
    """A manager confirms that a chased ticket is priced as it is answered, from now on, after telling the client."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    change = tickets.confirm_price(ticket, reason=sentence("how confirmed", name=actor.name))
    if not change.events:
        return Answer(sentence("priority priced already", id=ticket.id, row=ticket.priority), ticket_id=ticket.id)
    saved = keep(scene, actor, change)
    tell_requester(scene, saved, notices.price_confirmed(saved, requester_reader(scene, saved)), SendClass.MONEY)
    return Answer(sentence("priority priced", id=saved.id, row=saved.priority), ticket_id=saved.id)


USE_CASES: UseCases = {SetPriority: set_priority, ConfirmPrice: confirm_price}
