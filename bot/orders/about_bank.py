"""Use cases of bank lines that matched nothing by themselves."""

from __future__ import annotations

from bot import books
from bot.commands.about_bank import BankAside, BankLines, BankMatch
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.plain import one_line
from bot.queries import bank as queries
from bot.scene import Scene


def lines(scene: Scene, actor: Actor, command: BankLines) -> Answer:
    rows = scene.tx.all(queries.UNMATCHED)
    shown = [
        f"line {row.id}: {row.booked_on} {format_cents(row.cents, scene.policy.currency)} from"
        f" {one_line(row.payer, 60) or 'nobody named'}, “{one_line(row.reference, 80)}”: {row.reason}"
        for row in rows
    ]
    return Answer("\n".join(shown) or "Every bank line is matched or set aside.")


def match(scene: Scene, actor: Actor, command: BankMatch) -> Answer:
    """Book a line for the invoice a person names: a part, all, or more than it is open."""
    currency = scene.policy.currency
    paid = books.match_line(scene.tx, command.line_id, command.number, now=scene.now, prices=scene.policy.prices)
    amount = format_cents(paid.applied_cents + paid.ahead_cents, currency)
    scene.record("payment received", client_id=paid.client_id, actor=actor.label, reason=paid.number, amount=amount)
    left = f"{format_cents(paid.open_cents, currency)} of it are open" if paid.open_cents else "it is settled"
    ahead = f", {format_cents(paid.ahead_cents, currency)} more wait for the next one" if paid.ahead_cents else ""
    return Answer(f"{amount} booked for {paid.number}: {left}{ahead}.")


def aside(scene: Scene, actor: Actor, command: BankAside) -> Answer:
    row = books.set_line_aside(scene.tx, command.line_id, reason=command.reason)
    scene.record("bank line set aside", actor=actor.label, reason=command.reason, line=row.id)
    return Answer(f"Bank line {row.id} is set aside: {command.reason}.")


USE_CASES: UseCases = {BankLines: lines, BankMatch: match, BankAside: aside}
