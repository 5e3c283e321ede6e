"""Use cases of one charge: why it is what it is, a client's dispute, a manager's decision."""

from __future__ import annotations

from functools import partial

from bot import books, desk, people
from bot.commands.about_charges import Decide, DisputeCharge, WhyCharge
from bot.errors import NotAllowed, NotFound
from bot.ledger.why import why_charge
from bot.ledger.wording import units_words
from bot.messages import Answer
from bot.money import format_cents
from bot.notices.of_money import dispute_decided, dispute_opened
from bot.orders.usecase import UseCases, may_see_books, requester_reader
from bot.outbox import SendClass
from bot.people import Actor
from bot.queries import money as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.telling import tell_contact, tell_managers


def why(scene: Scene, actor: Actor, command: WhyCharge) -> Answer:
    """The evidence of a charge: hours in force, rule, rounding, draws."""
    charge = _visible(scene, actor, command.charge_id)
    kept = books.evidence(scene.tx, charge.id)
    lines = why_charge(kept, currency=scene.policy.currency)
    if charge.waived_units:
        lines.append(sentence("charge given up", count=charge.waived_units))
    if charge.is_disputed:
        lines.append(sentence("charge is disputed"))
    head = sentence("charge of", id=charge.id, number=charge.ticket_id)
    return Answer(joined("\n  ", [head, *lines]), ticket_id=charge.ticket_id)


def _visible(scene: Scene, actor: Actor, charge_id: int) -> Row:
    """A charge that the actor may see: contacts those of their client, consultants their own work's and of clients
    they lead, managers each. Raises NotFound."""
    charge = books.charge_of(scene.tx, charge_id)
    item = scene.tx.one(queries.WORK_ITEM, work_item_id=charge.work_item_id) if charge.work_item_id else None
    is_own_work = actor.is_staff and item is not None and item.consultant_id == actor.consultant_id
    if is_own_work or may_see_books(actor, people.client(scene.tx, charge.client_id)):
        return charge
    if actor.is_staff:
        raise NotAllowed(sentence("charge for whom", id=charge_id))
    raise NotFound(sentence("answer no charge", id=charge_id))


def dispute(scene: Scene, actor: Actor, command: DisputeCharge) -> Answer:
    """An approver says that a charge is not right: it stays off invoices, and a manager decides."""
    charge = _visible(scene, actor, command.charge_id)
    # Locked before the client: retention, which takes nothing of a disputed ticket, locks it too.
    ticket = desk.locked(scene.tx, charge.ticket_id)
    books.dispute(scene.tx, charge.id, contact_id=actor.contact_id, words=command.words, now=scene.now)
    scene.record(
        "disputed", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason=command.words,
        charge=charge.id,
    )  # fmt: skip
    cost = _cost(scene, charge.units, charge.due_cents)
    told = partial(dispute_opened, ticket, charge_id=charge.id, cost=cost, by_name=actor.name, words=command.words)
    tell_managers(scene, told, ticket_id=ticket.id)
    return Answer(sentence("answer disputed", id=charge.id, account=cost), ticket_id=ticket.id)


def decide(scene: Scene, actor: Actor, command: Decide) -> Answer:
    """A manager upholds, waives or gives up a part; whoever disputed hears it."""
    decided = books.decide(
        scene.tx, command.charge_id, outcome=command.outcome, units=command.units, by_id=actor.consultant_id,
        reason=command.reason, now=scene.now,
    )  # fmt: skip
    ticket = desk.ticket(scene.tx, decided.ticket_id)
    given_up = _cost(scene, decided.waived.units, decided.waived.due_cents) if decided.waived is not None else ""
    told = sentence("how given up", account=given_up) if given_up else sentence("reason upheld")
    scene.record(
        "dispute decided", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label,
        reason=command.reason or told, charge=command.charge_id, outcome=command.outcome,
    )  # fmt: skip
    if decided.contact_id is not None:
        notice = dispute_decided(
            ticket,
            requester_reader(scene, ticket),
            charge_id=command.charge_id,
            given_up=given_up,
            reason=command.reason,
        )
        tell_contact(scene, decided.contact_id, notice, ticket_id=ticket.id, send_class=SendClass.MONEY)
    answer = sentence("decide upheld", id=command.charge_id)
    if given_up:
        answer = sentence("decide done", id=command.charge_id, account=given_up)
    return Answer(answer, ticket_id=ticket.id)


def _cost(scene: Scene, units: int, due_cents: int) -> str:
    money = [format_cents(due_cents, scene.policy.currency)] if due_cents else []
    return joined(", ", [units_words(units), *money])


USE_CASES: UseCases = {WhyCharge: why, DisputeCharge: dispute, Decide: decide}
