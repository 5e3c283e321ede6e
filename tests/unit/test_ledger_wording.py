"""A charge in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.hours import parse_calendar
from bot.ledger import plans
from bot.ledger.charges import Charge, charge_work
from bot.ledger.days import Day
from bot.ledger.kinds import Kind
from bot.ledger.wording import Source, charge_line
from bot.ledger.work import Terms, Work
from bot.triage.priority import Priority

TERMS = Terms(parse_calendar("Mon-Fri 09:00-17:00", "America/New_York"), plans.STANDARD["per-use"])


def bill(minutes: int, day: Day | None = None, plan: str = "per-use", **changes: Any) -> Charge:
    at = datetime.fromisoformat(changes.pop("at", "2026-11-18T10:00-05:00"))
    work = replace(Work(Priority.P4, Kind.REMOTE, at, minutes), **changes)
    return charge_work(replace(TERMS, plan=plans.STANDARD[plan]), work, day or Day(), ())


def test_work_from_credit_in_one_line() -> None:
    line = charge_line(
        bill(50, kind=Kind.TRAVEL), [Source("12h", 16, 12_000)], minutes=50, kind="travel", left_units=26
    )
    assert line == "50 min → 4 quarters at P2 (travel) = 16 units from the 12-hour credit ($120.00); 3.25 h left at P4"


def test_credit_that_runs_out_inside_a_quarter() -> None:
    sources = [Source("included", 4, 0), Source("12h", 3, 2250), Source("per-use", 3, 3000)]
    line = charge_line(bill(30, priority=Priority.P1), sources, minutes=30, kind="remote", left_units=0)
    assert line == (
        "30 min → 2 quarters at P1 (remote) = 4 units from the included hours"
        " + 3 units from the 12-hour credit ($22.50) + 3 units per use ($30.00); 0 h left at P4"
    )


def test_minutes_that_fit_into_a_quarter_already_billed() -> None:
    first = bill(3)
    line = charge_line(bill(3, first.day), [], minutes=3, kind="remote")
    assert line == "3 min → 1 quarter at P4 in all on this ticket that day (remote), nothing more to pay"


def test_both_sides_of_closing_time() -> None:
    charge = bill(46, at="2026-11-18T16:40-05:00", was_asked=True)
    line = charge_line(charge, [Source("per-use", 14, 14_000)], minutes=46, kind="remote")
    assert line == "46 min → 2 quarters at P1 + 2 quarters at P4 (remote) = 14 units per use ($140.00)"


def test_covered_kept_and_given_back() -> None:
    assert charge_line(bill(30, plan="flat"), [], minutes=30, kind="remote") == "30 min → covered by the flat plan"
    kept = bill(30, is_billable=False)
    assert charge_line(kept, [], minutes=30, kind="remote") == "30 min kept, not billable"
    back = replace(bill(5), units=-2)
    line = charge_line(back, [Source("per-use", -2, -2000)], minutes=5, kind="remote")
    assert line == (
        "5 min → 1 quarter at P4 in all on this ticket that day (remote), given back: 2 units per use ($20.00)"
    )


def test_a_part_that_the_plan_covers_is_told() -> None:
    charge = bill(20, plan="flat", at="2026-11-18T16:50-05:00", was_asked=True)
    line = charge_line(charge, [Source("per-use", 5, 5000)], minutes=20, kind="remote")
    assert line == "20 min → 1 quarter at P1 (remote) = 5 units per use ($50.00), 10 min covered by the flat plan"
