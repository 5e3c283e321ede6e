"""Estimates from the catalogues: hours as printed, quarters, the price in each tier, the balance after.

Source: mission, "Also": averages, and only an estimate; a component of 0.00 hours is quoted on request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import books
from bot.commands import Estimate
from bot.errors import UserError
from bot.ledger import estimates
from bot.ledger.statements import hours_at_p4
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.scene import Scene
from bot.sentences import joined, sentence

COMPONENTS_MAX = 40
COUNT_MAX = 999
_ITEM = re.compile(r"(?:(?P<before>[0-9]{1,3})\s?[x×]\s)?(?P<name>[^×]+?)(?:\s?[x×]\s?(?P<after>[0-9]{1,3}))?")
_CATALOGUES = {"website": "website", "web": "website", "helpdesk": "helpdesk", "help-desk": "helpdesk"}


def estimate(scene: Scene, actor: Actor, command: Estimate) -> Answer:
    """Hours of components on average, and what they would cost. Nothing is ordered or kept."""
    components = scene.policy.prices.components
    if not components:
        raise UserError(sentence("estimate ask"))
    catalogue, wanted = read_wanted(command.text)
    found = [(estimates.find(components, name, catalogue=catalogue), count) for name, count in wanted]
    told = estimates.estimate(found, scene.policy.prices.card)
    is_own = actor.client_id is not None and actor.may_approve
    effect = effect_on(scene, actor.client_id, told) if is_own else []
    return Answer(joined("\n", estimate_lines(told, scene.policy.currency, effect)))


def estimate_lines(told: estimates.Estimate, currency: str, effect: Sequence[str] = ()) -> list[str]:
    """An estimate as a client reads it. effect: what it would leave of the reader's own credit."""
    lines = [_line(line) for line in told.lines]
    if told.quarters:
        lines.append(sentence("estimate together", hours=told.hours, count=told.quarters))
        prices = [
            sentence(f"estimate price {tier}", amount=format_cents(cents, currency))
            for tier, cents in told.cents_by_tier.items()
        ]
        lines.append(joined("", [joined(", ", prices), "."]))
        lines += effect
    if told.on_request:
        lines.append(sentence("estimate quoted"))
    return [*lines, sentence("estimate averages")]


def read_wanted(text: str) -> tuple[str, list[tuple[str, int]]]:
    """The catalogue, "" for both, and the names with how many of each: `website "Standard Pages" x4, Login`."""
    first, _, rest = text.strip().partition(" ")
    catalogue = _CATALOGUES.get(first.lower().rstrip(":"), "")
    wanted = []
    for part in (rest if catalogue else text).split(","):
        item = _ITEM.fullmatch(part.replace('"', "").strip())
        if item is None:
            continue
        count = int(item["after"] or item["before"] or 1)
        if not 1 <= count <= COUNT_MAX:
            raise UserError(sentence("estimate how many", what=item["name"], most=COUNT_MAX))
        wanted.append((item["name"].strip(), count))
    if not wanted:
        raise UserError(sentence("estimate for what", usage='estimate website "Standard Pages" x4, Login'))
    if len(wanted) > COMPONENTS_MAX:
        raise UserError(sentence("estimate too many", count=len(wanted), most=COMPONENTS_MAX))
    return catalogue, wanted


def _line(line: estimates.EstimateLine) -> str:
    times = f" × {line.count}" if line.count > 1 else ""
    if line.component.is_on_request:
        return sentence("estimate on request", what=f"{line.component.name}{times}")
    if not times:
        return sentence("estimate line", what=line.component.name, hours=line.component.hours)
    each = line.component.hours
    return sentence("estimate line each", what=f"{line.component.name}{times}", each=each, hours=line.hours)


def effect_on(scene: Scene, client_id: int | None, told: estimates.Estimate) -> list[str]:
    """What it would leave of a client's own credit, as the client reads it; [] where it never had any."""
    left = books.balance(scene.tx, client_id).left_units if client_id is not None and told.quarters else None
    if left is None:
        return []
    units = told.units
    if units <= left:
        return [sentence("estimate left", hours=hours_at_p4(left), left=hours_at_p4(left - units))]
    rest = scene.policy.prices.card.cents_per_use(units - left)
    paid = format_cents(rest, scene.policy.currency)
    return [sentence("estimate used up", hours=hours_at_p4(left), amount=paid)]


USE_CASES: UseCases = {Estimate: estimate}
