"""Bills one work item, or one urgent off-hours contact: the only place where worked time becomes a charge.

Worked time → open and closed pieces → billed row of each → the day's quarters, dearest row first → units → grants,
soonest lapse first → the rest per use. Each log posts the difference to what the day had. That difference can be
negative in one case: a contact was billed as the day's first P1 quarter, and a few P1 minutes then fit into the
rounding of other rows; the surplus is given back, last drawn first. Source: mission, Rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from bot.hours import local_day
from bot.ledger import credits, evidence, units
from bot.ledger.credits import PER_USE, Draw, Grant
from bot.ledger.days import Day, Rounding
from bot.ledger.units import Rows
from bot.ledger.work import GradedPiece, Terms, Work, grade
from bot.triage.priority import Priority

_NONE: Rows = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Charge:
    """What one item adds to a day's bill.

    day_quarters: the day's table after it; for a client rounded per item, the item's own.
    draws:        where its units come from, per use last; they add up to `units`.
    row_seconds:  the item's own billed seconds; `item_table` its own quarters; covered_rows: its covered seconds.
    day:          the day after it.
    evidence:     all that made the charge, fit for JSON.
    """

    units: int
    day_quarters: Rows
    draws: tuple[Draw, ...]
    due_cents: int
    work_on: date
    row_seconds: Rows
    item_table: Rows
    covered_rows: Rows
    day: Day
    evidence: Mapping[str, object]

    @property
    def covered_seconds(self) -> int:
        return sum(self.covered_rows.values())


def charge_work(terms: Terms, work: Work, day: Day, grants: Sequence[Grant]) -> Charge:
    """Bill one work item, with all the evidence that made its charge.

    day:    what the ticket's local day (of the work's start) was billed before.
    grants: open grants of the client, in any order; ties are drawn in the order given.
    """
    pieces = grade(terms, work)
    charge = _price(terms, work, pieces, day, grants=grants)
    return replace(charge, evidence=evidence.of_work(terms, work, pieces, day, grants=grants, charge=charge))


def price_work(terms: Terms, work: Work, day: Day, grants: Sequence[Grant]) -> Charge:
    """The same charge, without the evidence: for whoever asks for the price and posts nothing."""
    return _price(terms, work, grade(terms, work), day, grants=grants)


def charge_contact(terms: Terms, at: datetime, day: Day, grants: Sequence[Grant]) -> Charge:
    """Bill an urgent off-hours contact: the first P1 quarter of that day's work, not one on top.

    Whether it may be billed at all (closed time, once a closed period, told and answered) was decided before (books).
    A plan that is round the clock covers it.
    """
    work_on = local_day(terms.calendar, at)
    is_covered = terms.plan.is_covering_contacts
    grown = day if is_covered else replace(day, had_contact=True)
    own_table = {} if is_covered else units.with_contact({})
    charge = _difference(terms, grown, own_table, grants, work_on=work_on)
    return replace(charge, evidence=evidence.of_contact(terms, at, day, grants, charge=charge, is_covered=is_covered))


def settle_day(terms: Terms, day: Day, grants: Sequence[Grant], work_on: date) -> Charge:
    """Bring what was posted for a day in line with its table, after something was taken out of it: a correction."""
    charge = _difference(terms, day, {}, grants, work_on=work_on)
    return replace(charge, evidence=evidence.of_correction(terms, day, grants, charge))


def _price(terms: Terms, work: Work, pieces: Sequence[GradedPiece], day: Day, *, grants: Sequence[Grant]) -> Charge:
    row_seconds: dict[Priority, int] = {}
    covered_rows: dict[Priority, int] = {}
    for piece in pieces if work.is_billable else ():
        rows = covered_rows if piece.is_covered else row_seconds
        rows[piece.row] = rows.get(piece.row, 0) + piece.seconds
    own_table = units.quarters(row_seconds)
    grown = replace(
        day,
        seconds=units.added(day.seconds, row_seconds),
        item_table=units.added(day.item_table, own_table),
    )
    work_on = local_day(terms.calendar, work.started_at)
    return _difference(
        terms, grown, own_table, grants, work_on=work_on, row_seconds=row_seconds, covered_rows=covered_rows
    )


def _difference(
    terms: Terms,
    grown: Day,
    own_table: Rows,
    grants: Sequence[Grant],
    *,
    work_on: date,
    row_seconds: Rows = _NONE,
    covered_rows: Rows = _NONE,
) -> Charge:
    """Draw what the grown day costs more than was posted, or give back what it costs less."""
    table = grown.table(terms.rounding)
    least = terms.minimum_units if table else 0
    wanted = max(least, units.units(table, terms.card)) - grown.posted_units
    if wanted >= 0:
        draws = credits.draw(grants, wanted, on=work_on)
    else:
        draws = credits.give_back(grown.draws, -wanted)
    per_use = sum(item.units for item in draws if item.grant_id is PER_USE)
    return Charge(
        units=sum(item.units for item in draws),
        day_quarters=table if terms.rounding is Rounding.DAY else own_table,
        draws=draws,
        due_cents=terms.card.cents_per_use(per_use),
        work_on=work_on,
        row_seconds=row_seconds,
        item_table=own_table,
        covered_rows=covered_rows,
        day=replace(grown, draws=grown.draws + draws),
        evidence={},
    )
