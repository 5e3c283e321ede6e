"""Prepaid credit: which grants a day's units are drawn from, in which order, and when included units lapse.

Source: mission, "Credit is counted in units": soonest lapse first, then oldest; the rest is per use. A quarter may be
split between sources, so that no remnant is stranded.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.errors import LedgerError

# In place of a grant: what was charged per use.
PER_USE = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A parcel of credit.

    units:     what is left of it.
    lapses_on: the first local date on which it may not be used; None = never.
    bought_on: the local date from which it may be used.
    """

    id: str | int
    tier: str
    units: int
    lapses_on: date | None
    bought_on: date

    def is_usable_on(self, on: date) -> bool:
        """Whether work of that date may draw from it, however late the work is logged.

        A grant bought after the work was done was not there to be used on its date.
        """
        return self.bought_on <= on and (self.lapses_on is None or on < self.lapses_on)


@dataclass(frozen=True, slots=True)
class Draw:
    """Units taken from a grant (grant_id None: charged per use); negative when given back."""

    grant_id: str | int | None
    units: int


def draw(grants: Sequence[Grant], units: int, *, on: date) -> tuple[Draw, ...]:
    """Take units for work of a date: from the grants usable on it, soonest lapse first, then oldest, then as given.

    Whatever they do not hold is the last draw, per use. The draws add up to `units` (>= 0); none of them is empty.
    Raises LedgerError if a grant holds less than nothing.
    """
    draws = []
    for grant in sorted((grant for grant in grants if grant.is_usable_on(on)), key=_order):
        if grant.units < 0:
            raise LedgerError(f"grant {grant.id} holds {grant.units} units")
        taken = min(grant.units, units)
        if taken:
            draws.append(Draw(grant.id, taken))
            units -= taken
    return (*draws, Draw(PER_USE, units)) if units else tuple(draws)


def give_back(draws: Iterable[Draw], units: int) -> tuple[Draw, ...]:
    """Undo that many of the units that a day drew, the last drawn first: per use before credit.

    draws: everything the day drew and gave back so far, in order. Returns negative draws, one a source; fewer units
    than asked for where the day holds no more.
    """
    returned: dict[str | int | None, int] = {}
    for held in reversed(outstanding(draws)):
        taken = min(held.units, units)
        if taken:
            returned[held.grant_id] = returned.get(held.grant_id, 0) - taken
            units -= taken
    return tuple(Draw(grant_id, taken) for grant_id, taken in returned.items())


def outstanding(draws: Iterable[Draw]) -> list[Draw]:
    """What remains of draws after what was given back of each source, oldest first; each of them positive."""
    held: list[Draw] = []
    for item in draws:
        if item.units > 0:
            held.append(item)
        else:
            _take_from_latest(held, item)
    return [item for item in held if item.units]


def _take_from_latest(held: list[Draw], returned: Draw) -> None:
    left = -returned.units
    for index in range(len(held) - 1, -1, -1):
        if held[index].grant_id == returned.grant_id:
            taken = min(left, held[index].units)
            held[index] = replace(held[index], units=held[index].units - taken)
            left -= taken


def after(grants: Iterable[Grant], draws: Iterable[Draw]) -> tuple[Grant, ...]:
    """The grants, with what is left of each after the draws."""
    drawn: dict[str | int | None, int] = {}
    for item in draws:
        drawn[item.grant_id] = drawn.get(item.grant_id, 0) + item.units
    return tuple(
        replace(grant, units=grant.units - drawn[grant.id]) if grant.id in drawn else grant for grant in grants
    )


def anniversary(began_on: date, months: int) -> date:
    """The date so many months later, clamped to the month's end: 31 January + 1 month is 28 or 29 February.

    Terms are counted from the first day, so that one short month does not shift the later ones.
    """
    year, month = divmod(began_on.year * 12 + began_on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(began_on.day, last))


def value_cents(price_cents: int, granted_units: int, *, drawn_before: int, units: int) -> int:
    """What units drawn from a grant are worth of its price; over the whole grant it adds up to the price exactly.

    drawn_before: units of the grant that were used before; `units` may be negative, when they are given back.
    """
    if granted_units <= 0:
        raise LedgerError(f"a grant of {granted_units} units")
    used = drawn_before + units
    return price_cents * used // granted_units - price_cents * drawn_before // granted_units


def _order(grant: Grant) -> tuple[bool, date, date]:
    return grant.lapses_on is None, grant.lapses_on or date.max, grant.bought_on
