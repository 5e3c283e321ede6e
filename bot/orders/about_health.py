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
from bot.sentences import joined, sentence
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
        return joined("\n", [*_client(found[0], currency), _desk(found)])
    lines: list[str] = []
    for one in found:
        total = _figures(one.total, currency)
        lines.append(sentence("health line", code=one.client.code, plan=one.client.plan, figures=total))
        lines.append(_hours_of(one))
    return joined("\n", [*lines, _desk(found)])


def _client(one: Health, currency: str) -> list[str]:
    total = _figures(one.total, currency)
    lines: list[str] = [sentence("health head", client=one.client.name, plan=one.client.plan, figures=total)]
    # Months before the plan say nothing, and before its first fee or work none does.
    begun = next((at for at, month in enumerate(one.months) if month.fee_cents or month.minutes), len(one.months))
    lines += [joined("", [f"  {month.first_on:%Y-%m}  ", _figures(month, currency)]) for month in one.months[begun:]]
    return [*lines, _hours_of(one)]


def _hours_of(one: Health) -> str:
    return joined("", ["  ", sentence("health hours", trend=_trend([month.minutes for month in one.months]))])


def _figures(month: Month, currency: str) -> str:
    rate = sentence("health no work")
    if month.rate_cents is not None:
        rate = sentence("health rate", amount=format_cents(month.rate_cents, currency))
    return sentence(
        "health figures",
        fee=format_cents(month.fee_cents, currency),
        hours=_hours(month.minutes),
        remote=_hours(month.remote),
        onsite=_hours(month.onsite),
        reactive=_hours(month.reactive),
        proactive=_hours(month.proactive),
        rate=rate,
    )


def _desk(found: Sequence[Health]) -> str:
    week = books.weekly_hours(list(found))
    clients, (low, high) = books.CLIENTS_OF_MEASURE, books.HOURS_OF_MEASURE
    return sentence(
        "health desk one" if len(found) == 1 else "health desk",
        count=len(found),
        week=f"{week:.1f}",
        clients=clients,
        low=low,
        high=high,
        least=f"{low * len(found) / clients:g}",
        most=f"{high * len(found) / clients:g}",
    )


def _trend(values: Sequence[int]) -> str:
    """A bar a month, the highest being the longest."""
    most = max(values) or 1
    return "".join(BARS[value * (len(BARS) - 1) // most] for value in values)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f} h"


USE_CASES: UseCases = {PlanHealth: health}
