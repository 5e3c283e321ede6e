"""Estimates from the two catalogues: hours as they are printed, the quarters they would bill, and the price by tier.

They are averages, and only an estimate; a component printed as 0.00 is quoted on request, never free. Source: mission,
"Also" and the facts' two catalogues (78 website, 26 help-desk components).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz, process, utils

from bot.errors import UserError
from bot.ledger.rates import RateCard, Tier
from bot.sentences import sentence
from bot.triage.priority import Priority

CATALOGUES = ("website", "helpdesk")
# Below this likeness a name is asked back rather than taken.
LIKENESS_MIN = 75
QUARTERS_PER_HOUR = 4


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a catalogue; `hours` as printed: 1.88 stays 1.88."""

    catalogue: str
    name: str
    hours: Decimal

    @property
    def is_on_request(self) -> bool:
        return self.hours == 0


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """A component some number of times; no hours where they are on request."""

    component: Component
    count: int

    @property
    def hours(self) -> Decimal:
        return self.component.hours * self.count


@dataclass(frozen=True, slots=True)
class Estimate:
    """Lines, and what all of them come to: work is rounded up once, over the sum of the hours."""

    lines: tuple[EstimateLine, ...]
    hours: Decimal
    quarters: int
    units: int
    cents_by_tier: Mapping[Tier, int]
    on_request: tuple[str, ...]


def parse_catalogues(text: str) -> tuple[Component, ...]:
    """Read the catalogues' CSV: catalogue, component, hours."""
    rows = csv.DictReader(io.StringIO(text))
    return tuple(Component(row["catalogue"], row["component"], Decimal(row["hours"])) for row in rows)


def find(components: Sequence[Component], name: str, *, catalogue: str = "") -> Component:
    """The component meant by a name, however it is spelt. Raises UserError naming the nearest if none is near."""
    offered = [component for component in components if not catalogue or component.catalogue == catalogue]
    if not components:
        raise UserError(sentence("estimate none"))
    if not offered:
        raise UserError(sentence("estimate no catalogue", word=repr(catalogue[:40]), what=", ".join(CATALOGUES)))
    names = [component.name for component in offered]
    matches = process.extract(name[:100], names, scorer=fuzz.WRatio, processor=utils.default_process, limit=3)
    if not matches or matches[0][1] < LIKENESS_MIN:
        nearest = ", ".join(f"“{match[0]}”" for match in matches)
        raise UserError(sentence("estimate no component", word=repr(name[:60]), what=nearest))
    exact = [index for index, known in enumerate(names) if known.casefold() == name.strip().casefold()]
    return offered[exact[0] if exact else matches[0][2]]


def estimate(wanted: Sequence[tuple[Component, int]], card: RateCard, *, row: Priority = Priority.P4) -> Estimate:
    """Price components, each some number of times (at least once), at one row of the rate card, in each tier."""
    lines = tuple(EstimateLine(component, count) for component, count in wanted)
    if any(line.count < 1 for line in lines):
        raise UserError(sentence("estimate count"))
    hours = sum((line.hours for line in lines), Decimal(0))
    quarters = math.ceil(hours * QUARTERS_PER_HOUR)
    tiers = (Tier.PER_USE, Tier.CREDIT_12H, Tier.CREDIT_40H)
    return Estimate(
        lines=lines,
        hours=hours,
        quarters=quarters,
        units=quarters * card.units_per_quarter[row],
        cents_by_tier={tier: quarters * card.cents_per_quarter(row, tier) for tier in tiers},
        on_request=tuple(line.component.name for line in lines if line.component.is_on_request),
    )
