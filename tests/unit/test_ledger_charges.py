"""Charges against a reckoner that goes minute by minute, and their invariants under any order and any cut."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.hours import parse_calendar
from bot.ledger import credits, plans
from bot.ledger.charges import Charge, charge_contact, charge_work
from bot.ledger.credits import PER_USE, Draw, Grant
from bot.ledger.days import Day, Rounding
from bot.ledger.kinds import Kind
from bot.ledger.work import Terms, Work, grade
from bot.triage.priority import Priority

NY = parse_calendar("Mon-Fri 09:00-17:00", "America/New_York", ["2026-11-26"])
UNITS = {"P4": 2, "P3": 3, "P2": 4, "P1": 5}
KIND_ROWS = {
    "remote": "P4",
    "consultation": "P4",
    "remote-unscheduled": "P3",
    "bench": "P3",
    "onsite": "P2",
    "travel": "P2",
    "planned-coding": "P2",
    "production-coding": "P1",
}
COVERED = {"remote", "consultation", "remote-unscheduled"}


def terms(plan: str = "per-use", rounding: str = "day", calendar: Any = NY) -> Terms:
    return Terms(calendar, plans.STANDARD[plan], Rounding(rounding))


def work(at: str = "2026-11-18T10:00-05:00", minutes: int = 15, **changes: Any) -> Work:
    return replace(Work(Priority.P4, Kind.REMOTE, datetime.fromisoformat(at), minutes), **changes)


def bill_all(client: Terms, items: list[Work], grants: tuple[Grant, ...] = ()) -> list[Charge]:
    """Bill the items of one ticket and one local day, one after the other."""
    day, charges = Day(), []
    for item in items:
        charge = charge_work(client, item, day, grants)
        day, grants = charge.day, credits.after(grants, charge.draws)
        charges.append(charge)
    return charges


# ---------------------------------------------------------------- against the minute-by-minute reckoner

ZONES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1), date(2026, 11, 18)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 18)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4), date(2026, 11, 18)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4), date(2026, 11, 18)],
    "Asia/Kolkata": [date(2026, 11, 18)],
}
HOURS = ["Mon-Fri 09:00-17:00", "Mon-Fri 08:00-12:00 13:00-18:00; Sat 10:00-14:00", "Mon-Sun 22:00-06:00", "24/7", ""]


@st.composite
def a_day_of_work(draw: st.DrawFn) -> tuple[Terms, list[Work]]:
    zone = draw(st.sampled_from(sorted(ZONES)))
    on = draw(st.sampled_from(ZONES[zone]))
    calendar = parse_calendar(draw(st.sampled_from(HOURS)), zone, [on] if draw(st.integers(0, 5)) == 0 else [])
    begin = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    items = [
        Work(
            draw(st.sampled_from(list(Priority))),
            Kind(draw(st.sampled_from(sorted(KIND_ROWS)))),
            begin + timedelta(minutes=draw(st.integers(60, 1300))),
            draw(st.integers(0, 200)),
            was_asked=draw(st.booleans()),
            is_booked=draw(st.integers(0, 3)) == 0,
            is_billable=draw(st.integers(0, 4)) > 0,
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    plan = draw(st.sampled_from(["per-use", "flat", "flat-24h"]))
    return Terms(calendar, plans.STANDARD[plan], draw(st.sampled_from(list(Rounding)))), items


def minutes_by_row(client: Terms, item: Work) -> Counter[str]:
    """The Rules, word by word, for one minute after another; P4 … P1 are compared as the digits they are."""
    counted: Counter[str] = Counter()
    zone = ZoneInfo(client.calendar.zone)
    for minute in range(item.minutes if item.is_billable else 0):
        wall = (item.started_at + timedelta(minutes=minute)).astimezone(zone)
        reading = wall.hour * 60 + wall.minute
        ranges = () if wall.date() in client.calendar.holidays else client.calendar.weekly[wall.weekday()]
        is_closed = not any(start <= reading < end for start, end in ranges)
        counts_as_closed = is_closed and item.was_asked and not item.is_booked
        rows = [KIND_ROWS[item.kind.value]]
        if not item.is_booked:
            rows.append(item.priority.value)
        if counts_as_closed:
            rows.append("P1")
        if client.plan.name == "flat-24h" and item.kind.value in COVERED:
            continue
        if client.plan.name == "flat" and item.kind.value in COVERED and not counts_as_closed:
            continue
        counted[min(rows)] += 1
    return counted


def table_of(minutes: Counter[str]) -> Counter[str]:
    table: Counter[str] = Counter()
    total = 0
    for row in ("P1", "P2", "P3", "P4"):
        before = math.ceil(total / 15)
        total += minutes[row]
        table[row] = math.ceil(total / 15) - before
    return +table


@given(a_day_of_work())
@settings(deadline=None, max_examples=250)
def test_a_day_costs_what_the_minute_by_minute_reckoner_says(day_of_work: tuple[Terms, list[Work]]) -> None:
    client, items = day_of_work
    charges = bill_all(client, items)
    by_day: dict[date, Counter[str]] = {}
    for item, charge in zip(items, charges, strict=True):
        minutes = minutes_by_row(client, item)
        if client.rounding is Rounding.ITEM:
            expected = table_of(minutes)
        else:
            expected = table_of(by_day.setdefault(charge.work_on, Counter()) + minutes)
            by_day[charge.work_on] += minutes
        assert Counter({row.value: count for row, count in charge.day_quarters.items()}) == expected
    if len({charge.work_on for charge in charges}) == 1:
        tables = [charge.day_quarters for charge in charges]
        last = tables if client.rounding is Rounding.ITEM else tables[-1:]
        total = sum(UNITS[row.value] * count for table in last for row, count in table.items())
        assert sum(charge.units for charge in charges) == total
    assert all(charge.units >= 0 for charge in charges)


@given(a_day_of_work(), st.randoms(use_true_random=False), st.sets(st.integers(0, 4)))
@settings(deadline=None, max_examples=150)
def test_the_order_of_logging_never_changes_what_a_day_costs(
    day_of_work: tuple[Terms, list[Work]], chance: Any, contacts: set[int]
) -> None:
    client, items = day_of_work
    first = items[0].started_at.replace(hour=12)
    items = [replace(item, started_at=first + timedelta(minutes=n)) for n, item in enumerate(items)]

    def total(order: list[int]) -> int:
        day, sums = Day(), 0
        for index in order:
            if index in contacts:
                charge = charge_contact(client, first, day, ())
                sums, day = sums + charge.units, charge.day
            charge = charge_work(client, items[index], day, ())
            sums, day = sums + charge.units, charge.day
        return sums

    order = list(range(len(items)))
    contacts &= set(order)
    shuffled = chance.sample(order, len(order))
    assert total(order) == total(shuffled)


@given(a_day_of_work(), st.integers(0, 200))
@settings(deadline=None, max_examples=200)
def test_cutting_an_interval_never_bills_less_and_at_most_one_quarter_a_row_more(
    day_of_work: tuple[Terms, list[Work]], cut: int
) -> None:
    # Per item, one plan, one work date: the second half is given the date of the first by billing it on its own.
    client, items = day_of_work
    client, whole = replace(client, rounding=Rounding.ITEM), items[0]
    cut = min(cut, whole.minutes)
    halves = [
        replace(whole, minutes=cut),
        replace(whole, started_at=whole.started_at + timedelta(minutes=cut), minutes=whole.minutes - cut),
    ]
    one = charge_work(client, whole, Day(), ())
    two = [charge_work(client, half, Day(), ()) for half in halves]
    assert sum(charge.units for charge in two) >= one.units
    for row in Priority:
        parts = sum(charge.day_quarters.get(row, 0) for charge in two)
        assert parts <= one.day_quarters.get(row, 0) + 1
    total = sum(sum(charge.day_quarters.values()) for charge in two)
    assert total <= sum(one.day_quarters.values()) + 1


@given(a_day_of_work())
@settings(deadline=None, max_examples=150)
def test_rounded_by_the_day_a_cut_changes_nothing(
    day_of_work: tuple[Terms, list[Work]],
) -> None:
    client, items = day_of_work
    client = replace(client, rounding=Rounding.DAY)
    whole = replace(items[0], started_at=datetime(2026, 11, 18, 15, tzinfo=UTC), minutes=min(items[0].minutes, 120))
    cut = whole.minutes // 3
    halves = [
        replace(whole, minutes=cut),
        replace(whole, started_at=whole.started_at + timedelta(minutes=cut), minutes=whole.minutes - cut),
    ]
    charges = bill_all(client, halves)
    if charges[0].work_on == charges[1].work_on:
        assert sum(charge.units for charge in charges) == charge_work(client, whole, Day(), ()).units


@given(a_day_of_work(), st.lists(st.integers(0, 60), max_size=4), st.data())
@settings(deadline=None, max_examples=150)
def test_units_are_drawn_once_and_never_from_a_grant_that_may_not_be_used(
    day_of_work: tuple[Terms, list[Work]], sizes: list[int], data: st.DataObject
) -> None:
    client, items = day_of_work
    on = charge_work(client, items[0], Day(), ()).work_on
    grants = tuple(
        Grant(
            index,
            "12h",
            size,
            data.draw(st.sampled_from([None, on, on + timedelta(days=1)])),
            on + timedelta(days=data.draw(st.integers(-2, 1))),
        )
        for index, size in enumerate(sizes)
    )
    charges = bill_all(client, items, grants)
    assert all(sum(draw.units for draw in charge.draws) == charge.units for charge in charges)
    drawn: Counter[object] = Counter()
    for charge in charges:
        for draw in charge.draws:
            drawn[draw.grant_id] += draw.units
            if draw.grant_id is not PER_USE:
                grant = grants[int(str(draw.grant_id))]
                assert grant.bought_on <= charge.work_on
                assert grant.lapses_on is None or charge.work_on < grant.lapses_on
    for grant in grants:
        assert 0 <= drawn[grant.id] <= grant.units
    assert sum(charge.due_cents for charge in charges) == drawn[PER_USE] * 1000


# ---------------------------------------------------------------- contacts


def test_a_contact_is_the_first_p1_quarter_of_the_day_in_either_order() -> None:
    night = work("2026-11-18T22:10-05:00", 40, priority=Priority.P1, was_asked=True)
    at = datetime.fromisoformat("2026-11-18T22:00-05:00")
    contact = charge_contact(terms(), at, Day(), ())
    assert (contact.units, charge_work(terms(), night, contact.day, ()).units) == (5, 10)  # 3 quarters = 15
    worked = charge_work(terms(), night, Day(), ())
    assert (worked.units, charge_contact(terms(), at, worked.day, ()).units) == (15, 0)


def test_two_contacts_on_one_day_are_one_quarter() -> None:
    first = charge_contact(terms(), datetime.fromisoformat("2026-11-18T06:00-05:00"), Day(), ())
    second = charge_contact(terms(), datetime.fromisoformat("2026-11-18T22:00-05:00"), first.day, ())
    assert (first.units, second.units, second.day_quarters) == (5, 0, {"P1": 1})


def test_a_contact_counts_once_for_a_client_rounded_per_item_too() -> None:
    client = terms(rounding="item")
    contact = charge_contact(client, datetime.fromisoformat("2026-11-18T22:00-05:00"), Day(), ())
    night = work("2026-11-18T22:10-05:00", 40, priority=Priority.P1)
    charge = charge_work(client, night, contact.day, ())
    assert (contact.units, charge.units, charge.day_quarters) == (5, 10, {"P1": 3})
    again = charge_work(client, night, charge.day, ())
    assert (again.units, again.day_quarters) == (15, {"P1": 3})


@pytest.mark.parametrize(("plan", "expected"), [("per-use", 5), ("flat", 5), ("flat-24h", 0)])
def test_only_a_round_the_clock_plan_covers_a_contact(plan: str, expected: int) -> None:
    charge = charge_contact(terms(plan), datetime.fromisoformat("2026-11-18T23:20-05:00"), Day(), ())
    assert charge.units == expected


def test_minutes_that_make_the_contacts_quarter_their_own_give_the_surplus_back() -> None:
    # Contact P1 1 = 5; 10 low minutes P4 1 = 2; then 5 P1 minutes: 15 minutes are one quarter, at P1: 5 in all.
    day, units, due = Day(), [], 0
    charge = charge_contact(terms(), datetime.fromisoformat("2026-11-18T06:00-05:00"), day, ())
    units.append(charge.units)
    for item in (work(minutes=10), work("2026-11-18T20:00-05:00", 5, was_asked=True)):
        charge = charge_work(terms(), item, charge.day, ())
        units.append(charge.units)
        due += charge.due_cents
    assert units == [5, 2, -2]
    assert (charge.draws, charge.due_cents, charge.day_quarters) == ((Draw(PER_USE, -2),), -2000, {"P1": 1})


def test_what_is_given_back_goes_back_to_the_grant_it_came_from() -> None:
    grants = (Grant("a", "12h", 6, None, date(2026, 1, 5)),)
    contact = charge_contact(terms(), datetime.fromisoformat("2026-11-18T06:00-05:00"), Day(), grants)
    low = charge_work(terms(), work(minutes=10), contact.day, credits.after(grants, contact.draws))
    assert low.draws == (Draw("a", 1), Draw(PER_USE, 1))
    late = work("2026-11-18T20:00-05:00", 5, was_asked=True)
    assert charge_work(terms(), late, low.day, ()).draws == (Draw(PER_USE, -1), Draw("a", -1))


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("booked_until", "minutes", "expected"),
    [
        ("2026-11-18T11:00-05:00", 60, {"P4": 4}),
        ("2026-11-18T11:00-05:00", 90, {"P4": 6}),  # 30 minutes over: still booked
        ("2026-11-18T11:00-05:00", 91, {"P1": 1, "P4": 6}),  # one more: the ticket's own priority counts for it
        ("2026-11-18T09:00-05:00", 45, {"P1": 3}),  # the slot was over before the work began
    ],
)
def test_an_overrun_up_to_thirty_minutes_stays_booked(
    booked_until: str, minutes: int, expected: dict[str, int]
) -> None:
    until = datetime.fromisoformat(booked_until)
    item = work(minutes=minutes, priority=Priority.P1, is_booked=True, booked_until=until)
    assert charge_work(terms(), item, Day(), ()).day_quarters == expected


@pytest.mark.parametrize(
    ("plan", "at", "changes", "covered"),
    [
        ("flat", "2026-11-18T10:00-05:00", {"priority": Priority.P1}, True),  # any priority in open hours
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.CONSULTATION}, True),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.REMOTE_UNSCHEDULED}, True),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.CHECK}, True),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.BENCH}, False),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.ONSITE}, False),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.TRAVEL}, False),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.PLANNED_CODING}, False),
        ("flat", "2026-11-18T10:00-05:00", {"kind": Kind.PRODUCTION_CODING}, False),
        ("flat", "2026-11-18T22:00-05:00", {"was_asked": True}, False),
        ("flat", "2026-11-18T22:00-05:00", {"was_asked": False}, True),  # own choice: as in open time
        ("flat", "2026-11-18T22:00-05:00", {"was_asked": True, "is_booked": True}, True),  # no closed-time rule
        ("flat-24h", "2026-11-18T22:00-05:00", {"was_asked": True}, True),
        ("flat-24h", "2026-11-18T22:00-05:00", {"was_asked": True, "kind": Kind.ONSITE}, False),
        ("per-use", "2026-11-18T10:00-05:00", {}, False),
    ],
)
def test_what_a_flat_plan_covers(plan: str, at: str, changes: dict[str, Any], covered: bool) -> None:
    charge = charge_work(terms(plan), work(at, 30, **changes), Day(), ())
    assert (charge.units == 0) == covered
    assert charge.covered_seconds == (1800 if covered else 0)


def test_covered_minutes_are_no_part_of_the_days_rounding() -> None:
    # 10 covered open minutes, then 10 closed ones that were asked for: one quarter, not two.
    item = work("2026-11-18T16:50-05:00", 20, was_asked=True)
    charge = charge_work(terms("flat"), item, Day(), ())
    assert (charge.day_quarters, charge.units, charge.covered_seconds) == ({"P1": 1}, 5, 600)


def test_a_piece_says_which_rule_made_its_row() -> None:
    item = work("2026-11-18T16:50-05:00", 20, was_asked=True, kind=Kind.TRAVEL)
    pieces = grade(terms(), item)
    assert [(piece.row, piece.rule) for piece in pieces] == [
        (Priority.P2, "kind travel"),
        (Priority.P1, "asked for in closed time"),
    ]


def test_evidence_names_calendar_zone_readings_and_the_day_before() -> None:
    calendar = replace(NY, version=7)
    first = charge_work(terms(calendar=calendar), work(minutes=3), Day(), ())
    evidence = charge_work(terms(calendar=calendar), work("2026-11-18T11:00-05:00", 3), first.day, ()).evidence
    assert evidence["calendar_version"] == 7
    assert evidence["zone"] == "America/New_York"
    assert evidence["local_reading"] == "2026-11-18T11:00:00-05:00"
    assert evidence["day_before"] == {
        "seconds": {"P4": 180},
        "item_table": {"P4": 1},
        "had_contact": False,
        "draws": [[None, 2]],
        "forgiven": 0,
        "posted_units": 2,
    }
    assert evidence["units"] == 0


def test_seconds_count_where_work_starts_between_minutes() -> None:
    # 16:59:30 for two minutes, asked for: 30 s open at P4, 90 s closed at P1: together under a quarter.
    item = work("2026-11-18T16:59:30-05:00", 2, was_asked=True)
    assert charge_work(terms(), item, Day(), ()).row_seconds == {Priority.P4: 30, Priority.P1: 90}


def test_every_pair_of_logs_costs_the_same_in_both_orders() -> None:
    minutes = (1, 14, 15, 16, 31)
    for first, second in itertools.product(minutes, minutes):
        pair = [work(minutes=first), work("2026-11-18T11:00-05:00", second, priority=Priority.P2)]
        forward, backward = (sum(c.units for c in bill_all(terms(), order)) for order in (pair, pair[::-1]))
        assert forward == backward
