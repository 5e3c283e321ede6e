"""Use cases of bank lines that matched nothing by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot import books
from bot.commands.about_bank import BankAside, BankLines, BankMatch, BankRead
from bot.errors import UserError
from bot.ledger.bankfiles import read_lines, text_of
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.cutting import rest
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.plain import one_line
from bot.queries import bank as queries
from bot.scene import Scene

LINES_MAX = 1_000
LISTED_MAX = 200


def read(scene: Scene, actor: Actor, command: BankRead) -> Answer:
    """Book the lines of files that are attached, or of text that was pasted; what is in doubt is shown."""
    texts = [text_of(scene.read(file)) for file in scene.files if scene.read is not None and not file.is_inline]
    texts += [command.text] if command.text else []
    if not texts:
        raise UserError("Attach the bank's CSV to `bank read`, or paste its lines below it.")
    found = [line for text in texts for line in read_lines(text)]
    if len(found) > LINES_MAX:
        raise UserError(
            f"{len(found)} lines are too many for a message. Send {LINES_MAX} at most, or use `holdline bank`."
        )
    policy = scene.policy
    done = [
        books.take_line(scene.tx, line, now=scene.now, currency=policy.currency, prices=policy.prices) for line in found
    ]
    for paid in (paid for one in done for paid in one.paid):
        amount = format_cents(paid.applied_cents + paid.ahead_cents, policy.currency)
        scene.record("payment received", client_id=paid.client_id, actor=actor.label, reason=paid.number, amount=amount)
    return Answer("\n".join(told_of(done, policy.currency)))


def told_of(done: Sequence[books.Matched], currency: str) -> list[str]:
    """What became of a file's lines: what is settled, what waits and why, and how many of each."""
    told = [
        f"{one.line.on} {format_cents(one.line.cents, currency)}: {paid.number} is settled"
        for one in done
        for paid in one.paid
    ]
    waiting = [one for one in done if one.line_id is not None and not one.paid and one.line.cents > 0]
    for one in waiting:
        payer, reference = one_line(one.line.payer, 60), one_line(one.line.reference, 80)
        said = f"{payer}, “{reference}”" if payer else f"“{reference}”"
        amount = format_cents(one.line.cents, currency)
        told.append(f"line {one.line_id}: {one.line.on} {amount} from {said}: {one.reason}")
    matched, before = sum(bool(one.paid) for one in done), sum(one.line_id is None for one in done)
    out = sum(one.line.cents <= 0 and one.line_id is not None for one in done)
    told.append(f"{matched} matched, {len(waiting)} not, {before} read before, {out} went out.")
    if waiting:
        told.append("`bank match LINE INVOICE` books one, `bank aside LINE -- REASON` sets one aside.")
    return told


def lines(scene: Scene, actor: Actor, command: BankLines) -> Answer:
    rows = scene.tx.all(queries.UNMATCHED, limit=LISTED_MAX + 1)
    shown = [
        f"line {row.id}: {row.booked_on} {format_cents(row.cents, scene.policy.currency)} from"
        f" {one_line(row.payer, 60) or 'nobody named'}, “{one_line(row.reference, 80)}”: {row.reason}"
        for row in rows[:LISTED_MAX]
    ]
    return Answer("\n".join([*shown, *rest(rows, LISTED_MAX)]) or "Every bank line is matched or set aside.")


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


USE_CASES: UseCases = {BankRead: read, BankLines: lines, BankMatch: match, BankAside: aside}
