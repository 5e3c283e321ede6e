"""Use cases of money: credit, waivers, payments, and what a client may see of its own books."""

from __future__ import annotations

from functools import partial

from bot import books, desk, notices, outbox, people
from bot.calendars import calendar_of
from bot.commands import Balance, Buy, Grant, Received, Statement, Waive
from bot.errors import UserError
from bot.hours import local_day
from bot.ledger.rates import Tier
from bot.ledger.wording import hours_left, units_words
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.about_invoices import ahead_offer, told_of
from bot.orders.about_people import client_of
from bot.orders.crediting import tell_usable
from bot.orders.usecase import UseCases, must_see_books, requester_reader
from bot.paperwork import payers
from bot.people import Actor
from bot.queries import invoices as invoice_queries
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.statement_text import month_of, statement_text
from bot.stating import ask_for
from bot.telling import tell_managers, tell_requester

HOURS = {"12h": 12, "40h": 40}


def balance(scene: Scene, actor: Actor, command: Balance) -> Answer:
    """A client's own balance; for a consultant those of the clients they lead, for a manager every client's."""
    if actor.client_id is not None or command.client:
        client = client_of(scene, actor, command.client)
        must_see_books(actor, client, "balance")
        return Answer(sentence("answer balance", client=client.name, account=_standing(scene, client.id)))
    if actor.is_manager:
        rows = scene.tx.all(people_queries.CLIENTS)
    else:
        rows = scene.tx.all(people_queries.CLIENTS_OF_LEAD, consultant_id=actor.consultant_id)
    lines = [sentence("answer balance", client=row.code, account=_standing(scene, row.id)) for row in rows]
    return Answer(joined("\n", lines) if lines else sentence("balance none"))


def grant(scene: Scene, actor: Actor, command: Grant) -> Answer:
    """Credit is usable at once, on credit: it is invoiced, unless it is included or a gift. Source: mission, Rules."""
    client = people.client_by_code(scene.tx, command.client)
    ordered = scene.tx.one(invoice_queries.ORDERED, client_id=client.id, tier=command.tier)
    if ordered is not None and command.units is None and command.lapses_on is None and not command.is_gift:
        # It was ordered and invoiced: usable now, to be paid all the same.
        books.fulfil(scene.tx, ordered, now=scene.now, prices=scene.policy.prices, by_id=actor.consultant_id)
        scene.record("granted", client_id=client.id, actor=actor.label, reason=ordered.number)
        tell_usable(scene, client.id)
        line = _standing(scene, client.id)
        return Answer(
            sentence("grant invoiced", client=client.name, tier=command.tier, number=ordered.number, account=line)
        )
    key, prices = f"grant:{scene.cause}", scene.policy.prices
    told: list[str] = []
    if command.is_gift:
        books.grant(
            scene.tx, client_id=client.id, tier=command.tier, key=key, now=scene.now, units=command.units,
            lapses_on=command.lapses_on, granted_by_id=actor.consultant_id, note=command.note, kind="gift",
            prices=prices,
        )  # fmt: skip
    else:
        issued = books.grant_on_credit(
            scene.tx, client.id, command.tier, units=command.units, lapses_on=command.lapses_on, key=key,
            note=command.note, by_id=actor.consultant_id, now=scene.now, prices=prices,
        )  # fmt: skip
        told += [told_of(scene, actor, client, issued)] if issued is not None else []
    scene.record("granted", client_id=client.id, actor=actor.label, reason=command.note, tier=command.tier)
    tell_usable(scene, client.id)
    # So many units are not the whole bundle that they are priced as.
    part = joined("", [hours_left(command.units), f" ({command.tier})"]) if command.units is not None else command.tier
    granted = sentence(
        "grant gift" if command.is_gift else "grant done",
        client=client.name,
        tier=part,
        account=_standing(scene, client.id),
    )
    return Answer(joined("\n", [granted, *told]))


def _standing(scene: Scene, client_id: int) -> str:
    return books.balance_line(scene.tx, client_id, now=scene.now, currency=scene.policy.currency)


def waive(scene: Scene, actor: Actor, command: Waive) -> Answer:
    """Give a charge up; the client hears of it."""
    reason = command.reason or sentence("how waived", name=actor.name)
    if command.charge_id is not None:
        waived = [_waived(scene, command.charge_id, command.units, reason)]
        if command.is_unpaid:
            books.cut(scene.tx, books.charge_of(scene.tx, command.charge_id).entry_id, now=scene.now)
    else:
        assert command.ticket_id is not None
        desk.locked(scene.tx, command.ticket_id)
        waived = books.waive_contacts(scene.tx, command.ticket_id, reason=reason, now=scene.now)
    for one in waived:
        scene.record(
            "waived", ticket_id=one.ticket_id, client_id=one.client_id, actor=actor.label, reason=reason,
            charge=one.charge_id,
        )  # fmt: skip
        ticket = desk.ticket(scene.tx, one.ticket_id)
        cost = _cost(scene, one)
        notice = notices.waived(ticket, requester_reader(scene, ticket), cost=cost, reason=command.reason)
        tell_requester(scene, ticket, notice, outbox.SendClass.MONEY)
    if not waived:
        return Answer(sentence("waive open"), ticket_id=command.ticket_id)
    return Answer(
        sentence("waive done", what=joined(", ", [_cost(scene, one) for one in waived])),
        ticket_id=waived[0].ticket_id,
    )


def _waived(scene: Scene, charge_id: int, units: int | None, reason: str) -> books.Waived:
    """All of a charge, or a part of it, given up."""
    if units is None:
        return books.waive(scene.tx, charge_id, reason=reason, now=scene.now)
    return books.waive_part(scene.tx, charge_id, units=units, reason=reason, now=scene.now)


def _cost(scene: Scene, waived: books.Waived) -> str:
    if waived.due_cents:
        return format_cents(waived.due_cents, scene.policy.currency)
    return units_words(waived.units)


def buy(scene: Scene, actor: Actor, command: Buy) -> Answer:
    """An approver's choice when credit ran out. A bundle is usable when paid, or when a manager grants it on credit."""
    client = client_of(scene, actor, command.client)
    scene.record("credit choice", client_id=client.id, actor=actor.label, reason=command.choice)
    if command.choice in HOURS:
        told = partial(
            notices.credit_wanted,
            client_name=client.name,
            client_code=client.code,
            tier=command.choice,
            by_name=actor.name,
        )
        # What waits to be paid is not ordered twice, and a manager has heard of it.
        if scene.tx.one(invoice_queries.ORDERED, client_id=client.id, tier=command.choice) is None:
            tell_managers(scene, told, ticket_id=None)
        issued = books.order_bundle(
            scene.tx, client.id, Tier(command.choice), key=f"buy:{scene.cause}", now=scene.now,
            prices=scene.policy.prices,
        )  # fmt: skip
        hours, amount = HOURS[command.choice], format_cents(issued.gross_cents, scene.policy.currency)
        if issued.applied_cents == issued.gross_cents:
            return Answer(sentence("answer bought paid", hours=hours, amount=amount))
        return Answer(sentence("answer bought", hours=hours, number=issued.number, amount=amount, on=issued.due_on))
    people.choose_after_credit(scene.tx, client.id, command.choice)
    books.keep_terms(scene.tx, client.id, now=scene.now)
    if command.choice == "stop":
        return Answer(sentence("answer buy stop"))
    return Answer(sentence("answer per use"))


def received(scene: Scene, actor: Actor, command: Received) -> Answer:
    """Book a payment; the first-year commission of a subscription follows from it."""
    client = people.client_by_code(scene.tx, command.client)
    paid = books.record_payment(
        scene.tx,
        client_id=client.id,
        cents=command.cents,
        purpose=command.purpose,
        reference=command.reference,
        received_on=command.received_on or local_day(calendar_of(client, scene.now), scene.now),
        service_from_on=command.service_from_on,
        service_to_on=command.service_to_on,
        now=scene.now,
    )
    amount = format_cents(command.cents, scene.policy.currency)
    scene.record("payment received", client_id=client.id, actor=actor.label, reason=command.reference, amount=amount)
    told = [sentence("received done", amount=amount, client=client.name, reference=command.reference)]
    if paid.commission_to_id is not None:
        name = people.consultant(scene.tx, paid.commission_to_id).name
        commission = format_cents(paid.commission_cents, scene.policy.currency)
        told.append(sentence("received commission", name=name, amount=commission))
    return Answer(joined(" ", [*told, *ahead_offer(scene, client.id)]))


def statement(scene: Scene, actor: Actor, command: Statement) -> Answer:
    client = client_of(scene, actor, command.client)
    must_see_books(actor, client, "balance")
    first_on, last_on = month_of(command.month or local_day(calendar_of(client, scene.now), scene.now))
    currency, spoken = scene.policy.currency, actor.language
    text = statement_text(scene.tx, client, first_on=first_on, last_on=last_on, currency=currency, language=spoken)
    if not command.is_sent:
        return Answer(text)
    to = payers(scene.tx, client.id)
    if not to:
        raise UserError(sentence("statement nobody", client=client.name))
    ask_for(scene.tx, client, first_on=first_on, last_on=last_on, key=scene.cause, policy=scene.policy, now=scene.now)
    scene.record("statement sent", client_id=client.id, actor=actor.label, reason=f"{first_on:%Y-%m}")
    goes = sentence("statement goes", what=", ".join(payer.address for payer in to))
    return Answer(joined("\n\n", [text, goes]))


USE_CASES: UseCases = {
    Balance: balance,
    Grant: grant,
    Waive: waive,
    Buy: buy,
    Received: received,
    Statement: statement,
}
