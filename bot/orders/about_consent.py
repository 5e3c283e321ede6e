"""Use cases of the client's yes: to chargeable work, to a person, and to urgent work at the price told.

Source: mission, Rules, "Plan or agreement first", "Unknown sender", "Urgent off-hours contact".
"""

from __future__ import annotations

from dataclasses import replace

from bot import books, people, tickets
from bot.commands import (
    Accept,
    Choose,
)
from bot.errors import NotAllowed
from bot.messages import Answer
from bot.notices.agreements import AGREEMENT, URGENT
from bot.orders.usecase import UseCases, keep, ticket_for
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.tickets import Change


def accept(scene: Scene, actor: Actor, command: Accept) -> Answer:
    """An approver's yes: to chargeable work, and to a person who wrote from the client's domain."""
    if actor.client_id is None:
        raise NotAllowed(sentence("for approvers accept"))
    done: list[str] = []
    if command.ticket_id is not None:
        ticket = ticket_for(scene, actor, command.ticket_id)
        if ticket.is_billing_on_hold:
            event = tickets.Event("billing accepted", f"by {actor.name}: {command.words}")
            keep(scene, actor, Change(replace(ticket, is_billing_on_hold=False), (event,)))
            if ticket.contact_id is not None:
                people.confirm_contact(scene.tx, ticket.contact_id)
            done.append(sentence("answer may bill", id=ticket.id))
        books.accept_contact(scene.tx, ticket.id, now=scene.now)
    client = people.client(scene.tx, actor.client_id)
    if _agree(scene, actor, command.words, AGREEMENT):
        done.append(sentence("answer agreed", client=client.name))
    billed = books.bill_waiting(
        scene.tx,
        client_id=client.id,
        ticket_id=None,
        now=scene.now,
        currency=scene.policy.currency,
        prices=scene.policy.prices,
    )
    for logged in billed:
        scene.record("billed", client_id=client.id, actor=actor.label, reason=logged.line)
        done.append(joined("", [logged.line, "."]))
    if not done:
        return Answer(sentence("answer nothing waits"), ticket_id=command.ticket_id)
    return Answer(joined(" ", done), ticket_id=command.ticket_id)


def _agree(scene: Scene, actor: Actor, words: str, text: str) -> bool:
    """Keep the agreement to chargeable work, unless a plan or an earlier agreement stands."""
    assert actor.client_id is not None
    client = people.client(scene.tx, actor.client_id)
    if books.may_charge(scene.tx, client, scene.now, scene.policy.prices):
        return False
    people.agree(scene.tx, client.id, actor.contact_id, words, text=text, now=scene.now)
    books.keep_terms(scene.tx, client.id, now=scene.now)
    scene.record("agreed", client_id=client.id, actor=actor.label, reason=words, text=text)
    return True


def choose(scene: Scene, actor: Actor, command: Choose) -> Answer:
    """Now at the price told, or at the next opening. Source: mission, "Urgent off-hours contact"."""
    ticket = ticket_for(scene, actor, command.ticket_id)
    if command.is_now and actor.may_approve:
        # Without plan or agreement the approver's explicit yes to the price is the agreement.
        _agree(scene, actor, f"now {ticket.id}", URGENT)
    outcome = books.choose_contact(
        scene.tx,
        ticket.id,
        is_now=command.is_now,
        is_approver=actor.may_approve,
        now=scene.now,
        grace_minutes=scene.policy.grace_minutes,
    )
    word = "now" if command.is_now else "later"
    scene.record("chose", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason=word)
    return Answer(outcome, ticket_id=ticket.id)


USE_CASES: UseCases = {Accept: accept, Choose: choose}
