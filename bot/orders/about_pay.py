"""Use cases of pay: what a consultant earned and is owed, payouts, their papers. Source: mission, "Money to people"."""

from __future__ import annotations

from datetime import date, timedelta

from bot import books, people
from bot.commands.about_pay import (
    Earnings,
    Payout,
    PayoutArrived,
    PayoutFile,
    PayoutList,
    PayoutShow,
    TaxForm,
)
from bot.errors import NotAllowed, UserError
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.usecase import UseCases
from bot.pay_papers import ask_for_earnings, ask_for_payout, ask_for_receipt
from bot.people import Actor
from bot.queries import payouts as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.statement_text import month_of
from bot.store import Row
from bot.zones import zone_named


def earnings(scene: Scene, actor: Actor, command: Earnings) -> Answer:
    """A consultant's own account of a month, opening to closing; a manager sees everybody's. Sent, it is a PDF, too."""
    person = _whose(scene, actor, command.name)
    first_on, last_on = month_of(command.month or _today(scene))
    stated = books.earnings(scene.tx, person.id, first_on=first_on, last_on=last_on)
    currency = scene.policy.currency
    if command.is_sent:
        key = f"earnings:{person.id}:{scene.cause}"
        ask_for_earnings(scene, person, stated, first_on=first_on, last_on=last_on, key=key)
        scene.record("earnings sent", actor=actor.label, consultant_id=person.id, reason=f"{first_on:%Y-%m}")
    lines: list[str] = [sentence("pay of", name=person.name, number=person.member_number, first=first_on, last=last_on)]
    lines.append(sentence("pay before", amount=format_cents(stated.opening_cents, currency)))
    lines += [books.pay_line(row, currency) for row in stated.pay]
    lines += [sentence("pay commission", line=books.commission_line(row, currency)) for row in stated.commissions]
    lines += [
        sentence(
            "pay paid",
            on=row.paid_on,
            number=row.number,
            amount=format_cents(-row.pay_cents - row.commission_cents, currency),
        )
        for row in stated.payouts
    ]
    lines.append(sentence("pay after", amount=format_cents(stated.closing_cents, currency)))
    lines += [sentence("pay sent", name=person.name)] * command.is_sent
    return Answer(joined("\n", lines))


def payout(scene: Scene, actor: Actor, command: Payout) -> Answer:
    """Close a period: posting, statement, bank line; the consultant is told, and says when it arrived."""
    person = people.consultant_named(scene.tx, command.name)
    today = _today(scene)
    to_on = command.to_on or today - timedelta(days=1)
    if to_on >= today:
        raise UserError(sentence("pay early", on=to_on))
    currency = scene.policy.currency
    paid = books.pay_out(scene.tx, person, to_on=to_on, paid_on=today, now=scene.now, currency=currency)
    amount = format_cents(paid.cents, currency)
    scene.record("paid out", actor=actor.label, consultant_id=person.id, reason=paid.number, amount=amount)
    ask_for_payout(scene, person, paid.number)
    return Answer(joined("\n", [paid.statement, sentence("pay file", name=person.name)]))


def show(scene: Scene, actor: Actor, command: PayoutShow) -> Answer:
    return Answer(books.payout_numbered(scene.tx, command.number).statement)


def payouts(scene: Scene, actor: Actor, command: PayoutList) -> Answer:
    """A year's payouts, and what they come to for each consultant."""
    year = command.year or _today(scene).year
    span = {"first_on": date(year, 1, 1), "last_on": date(year, 12, 31)}
    if command.name or not actor.is_manager:
        person = _whose(scene, actor, command.name)
        rows = scene.tx.all(queries.PAYOUTS_BETWEEN, consultant_id=person.id, **span)
    else:
        rows = scene.tx.all(queries.PAYOUTS_PAID, **span)
    if not rows:
        return Answer(sentence("pay nothing", year=year))
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.name] = totals.get(row.name, 0) + row.pay_cents + row.commission_cents
    currency = scene.policy.currency
    sums = [
        sentence("pay sum", name=name, year=year, amount=format_cents(cents, currency))
        for name, cents in totals.items()
    ]
    return Answer(joined("\n", [*(_line(row, currency) for row in rows), *sums]))


def _line(row: Row, currency: str) -> str:
    return sentence(
        "pay arrived" if row.confirmed_at is not None else "pay not arrived",
        number=row.number,
        name=row.name,
        until=row.to_on,
        amount=format_cents(row.pay_cents + row.commission_cents, currency),
        on=row.paid_on,
    )


def bank_file(scene: Scene, actor: Actor, command: PayoutFile) -> Answer:
    """The month's payouts as lines that a bank takes."""
    first_on, last_on = month_of(command.month or _today(scene))
    rows = scene.tx.all(queries.PAYOUTS_PAID, first_on=first_on, last_on=last_on)
    if not rows:
        raise UserError(sentence("pay nothing", year=f"{first_on:%Y-%m}"))
    return Answer(books.bank_file(rows, scene.policy.currency))


def arrived(scene: Scene, actor: Actor, command: PayoutArrived) -> Answer:
    """The consultant's receipt."""
    assert actor.consultant_id is not None
    row = books.confirm_payout(scene.tx, command.number, consultant_id=actor.consultant_id, now=scene.now)
    scene.record("pay arrived", actor=actor.label, consultant_id=actor.consultant_id, reason=row.number)
    ask_for_receipt(scene, people.consultant(scene.tx, actor.consultant_id), row)
    return Answer(sentence("pay noted", number=row.number))


def tax_form(scene: Scene, actor: Actor, command: TaxForm) -> Answer:
    person = people.consultant_named(scene.tx, command.name)
    on = command.handed_in_on or _today(scene)
    books.keep_tax_form(scene.tx, person, command.form, on=on)
    scene.record("tax form kept", actor=actor.label, consultant_id=person.id, reason=command.form)
    return Answer(sentence("pay tax form", form=command.form, name=person.name, on=on))


def _whose(scene: Scene, actor: Actor, name: str) -> Row:
    """The consultant meant: oneself, or anybody for a manager."""
    assert actor.consultant_id is not None
    person = people.consultant_named(scene.tx, name) if name else people.consultant(scene.tx, actor.consultant_id)
    if person.id != actor.consultant_id and not actor.is_manager:
        raise NotAllowed(sentence("pay own only"))
    return person


def _today(scene: Scene) -> date:
    return scene.now.astimezone(zone_named(scene.policy.zone)).date()


USE_CASES: UseCases = {
    Earnings: earnings,
    Payout: payout,
    PayoutShow: show,
    PayoutList: payouts,
    PayoutFile: bank_file,
    PayoutArrived: arrived,
    TaxForm: tax_form,
}
