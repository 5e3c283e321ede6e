"""Use case of flat-plan health, and its words: also what the command line prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import books, people
from bot.books import Health, Month
from bot.commands.about_health import PlanHealth
from bot.errors import UserError
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.pricelist import PriceList
from bot.scene import Scene
from bot.sentences import sentence
from bot.stating import ask_for_chart
from bot.store import Tx
from bot.zones import zone_named

BARS = "▁▂▃▄▅▆▇█"


def health(scene: Scene, actor: Actor, command: PlanHealth) -> Answer:
    """Fee, hours, rate and trend of one client with a flat plan, or of all of them."""
    today = scene.now.astimezone(zone_named(scene.policy.zone)).date()
    found = healths(scene.tx, scene.policy.prices, command.client, today=today)
    # Without any work there is nothing to draw.
    if len(found) == 1 and found[0].total.minutes:
        ask_for_chart(scene, actor, found[0])
    return Answer(health_text(found, scene.policy.currency))


def healths(tx: Tx, prices: PriceList, code: str, *, today: date) -> list[Health]:
    """Of one client, or of all with a flat plan. Raises UserError where there is none."""
    clients = books.flat_clients(tx, prices.plans)
    if code:
        wanted = people.client_by_code(tx, code)
        clients = [row for row in clients if row.id == wanted.id]
        if not clients:
            raise UserError(sentence("health no plan", client=wanted.name, code=wanted.code))
    if not clients:
        raise UserError(sentence("health none"))
    return [books.health(tx, client, today=today) for client in clients]


def health_text(found: Sequence[Health], currency: str) -> str:
    """One client month by month, or a line a client; and the desk beside its measure."""
    if len(found) == 1:
        return "\n".join([*_client(found[0], currency), _desk(found)])
    lines = []
    for one in found:
        lines.append(f"{one.client.code}, {one.client.plan}, last 12 months: {_figures(one.total, currency)}")
        lines.append(f"  hours {_trend([month.minutes for month in one.months])}")
    return "\n".join([*lines, _desk(found)])


def _client(one: Health, currency: str) -> list[str]:
    lines = [f"{one.client.name}, {one.client.plan} plan, twelve months: {_figures(one.total, currency)}"]
    # Months before the plan say nothing, and before its first fee or work none does.
    begun = next((at for at, month in enumerate(one.months) if month.fee_cents or month.minutes), len(one.months))
    lines += [f"  {month.first_on:%Y-%m}  {_figures(month, currency)}" for month in one.months[begun:]]
    lines.append(f"  hours {_trend([month.minutes for month in one.months])}")
    return lines


def _figures(month: Month, currency: str) -> str:
    rate = f"{format_cents(month.rate_cents, currency)} an hour" if month.rate_cents is not None else "no work"
    hours = f"{_hours(month.minutes)} ({_hours(month.remote)} remote, {_hours(month.onsite)} on site;"
    return (
        f"fee {format_cents(month.fee_cents, currency)}, {hours} {_hours(month.reactive)} reactive,"
        f" {_hours(month.proactive)} proactive), {rate}"
    )


def _desk(found: Sequence[Health]) -> str:
    week = books.weekly_hours(list(found))
    clients, (low, high) = books.CLIENTS_OF_MEASURE, books.HOURS_OF_MEASURE
    fair = f"{low * len(found) / clients:g} to {high * len(found) / clients:g}"
    many = f"{len(found)} client{'s' * (len(found) != 1)}"
    measure = f"{clients} small ones in {low} to {high} make {fair}"
    return f"Together {many} in {week:.1f} h a week over three months; {measure}."


def _trend(values: Sequence[int]) -> str:
    """A bar a month, the highest being the longest."""
    most = max(values) or 1
    return "".join(BARS[value * (len(BARS) - 1) // most] for value in values)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f} h"


USE_CASES: UseCases = {PlanHealth: health}
