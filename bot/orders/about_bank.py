"""Use cases of bank lines that matched nothing by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import books
from bot.commands.about_bank import BankAside, BankLines, BankMatch, BankRead
from bot.errors import UserError
from bot.ledger.bankfiles import BankLine, read_lines, text_of
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.about_invoices import paid_line
from bot.orders.crediting import tell_usable
from bot.orders.cutting import rest
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.plain import one_line
from bot.queries import bank as queries
from bot.scene import Scene
from bot.sentences import joined, read_again, sentence

LINES_MAX = 1_000
LISTED_MAX = 200


def read(scene: Scene, actor: Actor, command: BankRead) -> Answer:
    """Book the lines of files that are attached, or of text that was pasted; what is in doubt is shown."""
    texts = [text_of(scene.read(file)) for file in scene.files if scene.read is not None and not file.is_inline]
    texts += [command.text] if command.text else []
    if not texts:
        raise UserError(sentence("bank attach"))
    found = [line for text in texts for line in read_lines(text)]
    if len(found) > LINES_MAX:
        raise UserError(sentence("bank too many", count=len(found), most=LINES_MAX))
    policy = scene.policy
    done = [take(scene, line) for line in found]
    for paid in (paid for one in done for paid in one.paid):
        amount = format_cents(paid.applied_cents + paid.ahead_cents, policy.currency)
        scene.record("payment received", client_id=paid.client_id, actor=actor.label, reason=paid.number, amount=amount)
    return Answer(joined("\n", told_of(done, policy.currency)))


def take(scene: Scene, line: BankLine) -> books.Matched:
    """Keep a line, and book it where it is beyond doubt; the client hears of credit that it made usable."""
    policy = scene.policy
    done = books.take_line(scene.tx, line, now=scene.now, currency=policy.currency, prices=policy.prices)
    for client_id in dict.fromkeys(paid.client_id for paid in done.paid if paid.granted):
        tell_usable(replace(scene, cause=f"{scene.cause}:{line.key}"), client_id)
    return done


def told_of(done: Sequence[books.Matched], currency: str) -> list[str]:
    """What became of a file's lines: what is settled, what waits and why, and how many of each."""
    told: list[str] = [
        sentence("bank settled", on=one.line.on, amount=format_cents(one.line.cents, currency), number=paid.number)
        for one in done
        for paid in one.paid
    ]
    waiting = [one for one in done if one.line_id is not None and not one.paid and one.line.cents > 0]
    for one in waiting:
        payer, words = one_line(one.line.payer, 60), one_line(one.line.reference, 80)
        amount = format_cents(one.line.cents, currency)
        told.append(_line(one.line_id, payer, words, on=one.line.on, amount=amount, reason=one.reason))
    matched, before = sum(bool(one.paid) for one in done), sum(one.line_id is None for one in done)
    out = sum(one.line.cents <= 0 and one.line_id is not None for one in done)
    told.append(sentence("bank summary", matched=matched, waiting=len(waiting), before=before, out=out))
    if waiting:
        told.append(sentence("bank how"))
    return told


def _line(line_id: int | None, payer: str, words: str, *, on: object, amount: str, reason: str) -> str:
    if not payer:
        return sentence("bank line bare", id=line_id, on=on, amount=amount, words=words, reason=reason)
    return sentence("bank line", id=line_id, on=on, amount=amount, name=payer, words=words, reason=reason)


def lines(scene: Scene, actor: Actor, command: BankLines) -> Answer:
    rows = scene.tx.all(queries.UNMATCHED, limit=LISTED_MAX + 1)
    shown = [
        _line(
            row.id,
            one_line(row.payer, 60) or sentence("bank nobody"),
            one_line(row.reference, 80),
            on=row.booked_on,
            amount=format_cents(row.cents, scene.policy.currency),
            reason=read_again(row.reason),
        )
        for row in rows[:LISTED_MAX]
    ]
    return Answer(joined("\n", [*shown, *rest(rows, LISTED_MAX)]) if shown else sentence("bank none"))


def match(scene: Scene, actor: Actor, command: BankMatch) -> Answer:
    """Book a line for the invoice a person names: a part, all, or more than it is open."""
    currency = scene.policy.currency
    paid = books.match_line(scene.tx, command.line_id, command.number, now=scene.now, prices=scene.policy.prices)
    amount = format_cents(paid.applied_cents + paid.ahead_cents, currency)
    scene.record("payment received", client_id=paid.client_id, actor=actor.label, reason=paid.number, amount=amount)
    if paid.granted:
        tell_usable(scene, paid.client_id)
    return Answer(paid_line(paid, paid.number, amount, currency))


def aside(scene: Scene, actor: Actor, command: BankAside) -> Answer:
    row = books.set_line_aside(scene.tx, command.line_id, reason=command.reason)
    scene.record("bank line set aside", actor=actor.label, reason=command.reason, line=row.id)
    return Answer(sentence("bank set aside", id=row.id, reason=command.reason))


USE_CASES: UseCases = {BankRead: read, BankLines: lines, BankMatch: match, BankAside: aside}
