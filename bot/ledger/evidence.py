"""All that made a charge, kept beside it: enough to make the same charge again (see proof), and to show why.

It is fit for JSON. Nothing in it is looked up later: the opening hours, the holidays that the work touched, the plan's
cover, the prices, the day before and the grants that could be drawn on stand in it as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import as_utc
from bot.hours import midnight
from bot.ledger.credits import Draw, Grant
from bot.ledger.days import Day
from bot.ledger.work import GradedPiece, Terms, Work
from bot.zones import zone_named

if TYPE_CHECKING:
    from bot.ledger.charges import Charge

Evidence = Mapping[str, object]


def of_work(
    terms: Terms, work: Work, pieces: Sequence[GradedPiece], day: Day, *, grants: Sequence[Grant], charge: Charge
) -> Evidence:
    """What made the charge of a work item."""
    asked_for: dict[str, object] = {
        "ticket_priority": work.priority.value,
        "kind": work.kind.value,
        "minutes": work.minutes,
        "was_asked": work.was_asked,
        "is_booked": work.is_booked,
        "is_billable": work.is_billable,
    }
    if work.booked_until is not None:
        asked_for["booked_until"] = as_utc(work.booked_until).isoformat()
    shown = [
        {
            "from": piece.start.isoformat(),
            "to": piece.end.isoformat(),
            "is_open": piece.is_open,
            "row": piece.row.value,
            "rule": piece.rule,
            "is_covered": piece.is_covered,
        }
        for piece in pieces
    ]
    return _common(terms, (work.started_at, work.ended_at), day, grants, charge=charge) | asked_for | {"pieces": shown}


def of_contact(
    terms: Terms, at: datetime, day: Day, grants: Sequence[Grant], *, charge: Charge, is_covered: bool
) -> Evidence:
    """What made the charge of an urgent off-hours contact."""
    return _common(terms, (at, at), day, grants, charge=charge) | {"contact": True, "is_covered": is_covered}


def of_correction(terms: Terms, day: Day, grants: Sequence[Grant], charge: Charge) -> Evidence:
    """What made the charge that brings a day back in line with its table."""
    at = midnight(terms.calendar.zone, charge.work_on)
    return _common(terms, (at, at), day, grants, charge=charge) | {"correction": True}


def _common(
    terms: Terms, span: tuple[datetime, datetime], day: Day, grants: Sequence[Grant], *, charge: Charge
) -> dict[str, object]:
    """Clock readings, the calendar, the day before and after, the credit at hand, and the prices."""
    zone = zone_named(terms.calendar.zone)
    wall, last = as_utc(span[0]).astimezone(zone), as_utc(span[1]).astimezone(zone)
    common: dict[str, object] = {
        "started_at": as_utc(span[0]).isoformat(),
        "local_reading": wall.isoformat(),
        "work_on": charge.work_on.isoformat(),
        "zone": terms.calendar.zone,
        "calendar_version": terms.calendar.version,
        "weekly": [[list(opening) for opening in openings] for openings in terms.calendar.weekly],
        "holidays": [day_on.isoformat() for day_on in _touched(terms, wall.date(), last.date())],
        "is_holiday": charge.work_on in terms.calendar.holidays,
        "plan": terms.plan.name,
        "rounding": terms.rounding.value,
        "day_before": {
            "seconds": dict(day.seconds),
            "item_table": dict(day.item_table),
            "had_contact": day.had_contact,
            "draws": _pairs(day.draws),
            "forgiven": day.forgiven,
            "posted_units": day.posted_units,
        },
        "grants": [_grant(grant) for grant in grants],
        "row_seconds": dict(charge.row_seconds),
        "item_table": dict(charge.item_table),
        "day_quarters": dict(charge.day_quarters),
        "units": charge.units,
        "units_per_quarter": {row.value: count for row, count in terms.card.units_per_quarter.items()},
        "draws": _pairs(charge.draws),
        "cents_per_unit": terms.card.cents_per_use(1),
        "due_cents": charge.due_cents,
    }
    if terms.plan.covers:
        common["covers"] = sorted(kind.value for kind in terms.plan.covers)
        common["is_round_the_clock"] = terms.plan.is_round_the_clock
    if terms.onsite_seconds_left:
        common["onsite_seconds_left"] = terms.onsite_seconds_left
    if terms.minimum_units:
        common["minimum_units"] = terms.minimum_units
    return common


def _touched(terms: Terms, first_on: date, last_on: date) -> list[date]:
    """The holidays within the span, the days beside it included: a night belongs to two."""
    margin = timedelta(days=1)
    return sorted(on for on in terms.calendar.holidays if first_on - margin <= on <= last_on + margin)


def _pairs(draws: Sequence[Draw]) -> list[list[object]]:
    return [[item.grant_id, item.units] for item in draws]


def _grant(grant: Grant) -> list[object]:
    lapses_on = None if grant.lapses_on is None else grant.lapses_on.isoformat()
    return [grant.id, grant.tier, grant.units, lapses_on, grant.bought_on.isoformat()]
